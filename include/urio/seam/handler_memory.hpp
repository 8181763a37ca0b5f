// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Memory for an operation, from its handler's associated allocator (by default
// Asio's per-thread recycling), in units so that one block holds the operation
// and what trails it.
#pragma once

#include <urio/seam/asio_detail.hpp>

#include <cstddef>
#include <memory>
#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

struct alignas(std::max_align_t) memory_unit
{
    std::byte bytes[alignof(std::max_align_t)];
};

constexpr std::size_t memory_units(std::size_t bytes) noexcept
{
    return (bytes + sizeof(memory_unit) - 1) / sizeof(memory_unit);
}

// Up to Asio 1.26..1.28 (Boost 1.83) the deprecated allocation hooks of a
// handler still count; later versions know the associated allocator alone.
template <class Handler>
auto unit_allocator(Handler& handler)
{
    namespace ad = boost::asio::detail;
    using associated = typename boost::asio::associated_allocator<Handler>::type;
#if BOOST_ASIO_VERSION < 103000
    using hook = ad::get_hook_allocator<Handler, associated>;
    using allocator = typename std::allocator_traits<typename hook::type>;
    return typename allocator::template rebind_alloc<memory_unit>(
        hook::get(handler, boost::asio::get_associated_allocator(handler)));
#else
    using recycling =
        ad::get_recycling_allocator<associated, ad::thread_info_base::default_tag>;
    using allocator = typename std::allocator_traits<typename recycling::type>;
    return typename allocator::template rebind_alloc<memory_unit>(
        recycling::get(boost::asio::get_associated_allocator(handler)));
#endif
}

template <class Handler>
void* allocate_units(Handler& handler, std::size_t units)
{
    auto allocator = unit_allocator(handler);
    return std::to_address(
        std::allocator_traits<decltype(allocator)>::allocate(allocator, units));
}

template <class Allocator>
void deallocate_units(Allocator& allocator, void* memory, std::size_t units)
{
    using traits = std::allocator_traits<Allocator>;
    auto* first = static_cast<memory_unit*>(memory);
    if constexpr (std::is_pointer_v<typename traits::pointer>)
        traits::deallocate(allocator, first, units);
    else
        traits::deallocate(
            allocator, std::pointer_traits<typename traits::pointer>::pointer_to(*first),
            units);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

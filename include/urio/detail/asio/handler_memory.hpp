// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Memory for an operation, from its handler's associated allocator (by default Asio's
// per-thread recycling), which is used as Asio does: bound to the type of the operation,
// and asked for one. Some have a single place, and look at the size of the type alone.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>

#include <memory>
#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Whether the memory is Asio's own, whatever the operation's size.
template <class Handler>
inline constexpr bool has_default_allocator =
    std::is_same_v<typename boost::asio::associated_allocator<Handler>::type,
                   std::allocator<void>>;

// Up to Asio 1.26..1.28 (Boost 1.83) the deprecated allocation hooks of a
// handler still count; later versions know the associated allocator alone.
template <class T, class Handler>
auto allocator_for(Handler& handler)
{
    namespace ad = boost::asio::detail;
    using associated = typename boost::asio::associated_allocator<Handler>::type;
#if BOOST_ASIO_VERSION < 103000
    using hook = ad::get_hook_allocator<Handler, associated>;
    using allocator = typename std::allocator_traits<typename hook::type>;
    return typename allocator::template rebind_alloc<T>(
        hook::get(handler, boost::asio::get_associated_allocator(handler)));
#else
    using recycling =
        ad::get_recycling_allocator<associated, ad::thread_info_base::default_tag>;
    using allocator = typename std::allocator_traits<typename recycling::type>;
    return typename allocator::template rebind_alloc<T>(
        recycling::get(boost::asio::get_associated_allocator(handler)));
#endif
}

/// Memory for one T.
template <class T, class Handler>
void* allocate_for(Handler& handler)
{
    auto allocator = allocator_for<T>(handler);
    return std::to_address(
        std::allocator_traits<decltype(allocator)>::allocate(allocator, 1));
}

/// Give it back to an equal allocator.
template <class Allocator>
void deallocate_with(Allocator& allocator, void* memory)
{
    using traits = std::allocator_traits<Allocator>;
    auto* const object = static_cast<typename traits::value_type*>(memory);
    if constexpr (std::is_pointer_v<typename traits::pointer>)
        traits::deallocate(allocator, object, 1);
    else
        traits::deallocate(
            allocator, std::pointer_traits<typename traits::pointer>::pointer_to(*object),
            1);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

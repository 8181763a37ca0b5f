// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's registered buffers: how urio makes them, and knows its own again.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/engine/engine.hpp>

#include <boost/asio/registered_buffer.hpp>

#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// A registered buffer names its engine, and its number there.
struct registered_buffer_access : buffer_registration_base
{
    static boost::asio::mutable_registered_buffer
    make(const boost::asio::mutable_buffer& b, const engine& e, int slot) noexcept
    {
        return make_buffer(b, slot < 0 ? nullptr : std::addressof(e), slot);
    }
};

/// By which number the engine knows the buffer of an operation; -1 if it does not.
template <class Buffers>
int registered_slot(const engine& e, const Buffers& buffers) noexcept
{
    if constexpr (std::is_same_v<Buffers, boost::asio::mutable_registered_buffer> ||
                  std::is_same_v<Buffers, boost::asio::const_registered_buffer>)
    {
        int const slot = buffers.id().native_handle();
        // The name can be compared, not looked at.
        if (slot >= 0 && buffers.id() == registered_buffer_access::make({}, e, slot).id())
            return slot;
    }
    return -1;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

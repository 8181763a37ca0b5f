// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What a kind of wait, of sockets or of descriptors, waits for.
#pragma once

#include <urio/detail/system/readiness.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Bits of poll(2); 0 if there is no such kind of wait.
template <class WaitType>
constexpr short events_of_wait(WaitType w) noexcept
{
    switch (w)
    {
    case WaitType::wait_read:
        return readable_events;
    case WaitType::wait_write:
        return writable_events;
    case WaitType::wait_error:
        return error_events;
    default:
        return 0;
    }
}

/// Whether poll(2) says so, for one of these events or an error.
inline bool is_ready_now(int descriptor, short events) noexcept
{
    ::pollfd p{descriptor, static_cast<short>(events & ~POLLRDBAND), 0};
    return ::poll(&p, 1, 0) > 0;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

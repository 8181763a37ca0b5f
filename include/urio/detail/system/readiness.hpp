// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which bits of poll(2) stand for which kind of readiness, in io_uring's version
// of it.
#pragma once

#include <urio/config.hpp>

#include <poll.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

inline constexpr short readable_events = POLLIN;
inline constexpr short writable_events = POLLOUT;

/// Urgent data.
/**
 * A poll request for POLLPRI alone is not woken (seen on Linux 6.18: the kernel leaves
 * that bit out when it matches a wake-up with what is waited for). A socket that becomes
 * readable in any way wakes those who wait for POLLRDBAND, a bit that it never has when
 * it is looked at; so that bit in a result says that there was a wake-up, and that the
 * descriptor has still to be looked at, which another poll request does first.
 */
inline constexpr short urgent_events = POLLPRI | POLLRDBAND;

/// What counts as an error condition when it is waited for.
inline constexpr short error_events = urgent_events | POLLERR | POLLHUP;

/// Whether a poll's result is only a wake-up, see urgent_events.
constexpr bool is_wakeup_only(int result) noexcept
{
    return result >= 0 && (result & POLLRDBAND) != 0;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

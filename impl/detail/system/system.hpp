// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the system calls of operations have in common.
#pragma once

#include <urio/config.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The result of a call, or a negative error.
inline int or_error(::ssize_t result) noexcept
{
    return result < 0 ? -errno : static_cast<int>(result);
}

/// Takes O_NONBLOCK off.
inline void put_into_blocking_mode(int descriptor) noexcept
{
    int const flags = ::fcntl(descriptor, F_GETFL);
    if (flags >= 0)
        (void)::fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
}

/// What statx(2) is asked for.
#if defined(STATX_DIOALIGN)
inline constexpr unsigned status_mask = STATX_BASIC_STATS | STATX_BTIME | STATX_DIOALIGN;
#else
inline constexpr unsigned status_mask = STATX_BASIC_STATS | STATX_BTIME;
#endif

} // namespace detail
} // namespace urio::inline URIO_ABI

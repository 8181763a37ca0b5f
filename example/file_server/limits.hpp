// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the server may use of the descriptors and of its clients' time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <sys/resource.h>

struct server_limits
{
    /// Seconds without any progress after which a connection is closed.
    unsigned patience = 30;
    /// Files that the cache keeps open.
    std::size_t files = 512;
    /// Connections at once; further ones wait in the listener's queue.
    std::size_t connections = SIZE_MAX;
};

/// Of the descriptors that are left a quarter may be used by the cache, and half of that
/// is out of the connections' reach, so that a file can always be opened.
inline void divide_descriptors(server_limits& limits, std::size_t left)
{
    limits.files = std::clamp<std::size_t>(left / 4, 1, 512);
    limits.connections = std::max<std::size_t>(
        left - std::min(left, std::max<std::size_t>(limits.files / 2, 2)), 1);
}

/// The descriptors that the process may still open; a few are kept for others.
inline std::size_t descriptors_left()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    std::error_code ignored;
    std::filesystem::directory_iterator const open("/proc/self/fd", ignored);
    std::size_t const used =
        static_cast<std::size_t>(std::distance(begin(open), end(open))) + 4;
    return limit.rlim_cur > used ? static_cast<std::size_t>(limit.rlim_cur) - used : 0;
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How a pool of buffers is made, and what it counts.
#pragma once

#include <urio/config.hpp>

#include <cstddef>
#include <cstdint>

namespace urio::inline URIO_ABI
{

/// What becomes of a stream that finds all buffers of its pool taken.
enum class exhaustion : std::uint8_t
{
    wait, ///< it goes on when one has come back; what it receives stays in the socket
    grow, ///< there are `count` buffers more, up to `limit`; then as `wait`
    fail, ///< its next item is the error `no_buffer_space`, and another async_next() goes
          ///< on
};

struct pool_options
{
    std::size_t count = 64;  ///< of buffers
    std::size_t size = 4096; ///< of each, in bytes

    exhaustion when_empty = exhaustion::wait;
    /// Of buffers, with exhaustion::grow: at least `count`, at most 32768.
    std::size_t limit = 4096;
};

struct pool_statistics
{
    std::size_t buffers = 0;     ///< that there are
    std::size_t taken = 0;       ///< of them, by leases and by items nobody has fetched
    std::uint64_t exhausted = 0; ///< how often a stream found none
    std::uint64_t grown = 0;     ///< how often the pool has grown
    bool kernel_chooses = false; ///< whether io_uring has a ring of them (Linux 5.19)
};

} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an engine counts.
#pragma once

#include <urio/config.hpp>

#include <cstdint>

namespace urio::inline URIO_ABI
{

/// Counters of one context's engine since its set-up, as statistics_of() returns
/// them.
struct statistics
{
    std::uint64_t enters = 0;    ///< io_uring_enter(2) calls; waits of a reactor
    std::uint64_t submitted = 0; ///< submission entries that the kernel has taken
    /// completion entries seen; operations that a reactor has completed after a wait
    std::uint64_t completions = 0;
    std::uint64_t overflows = 0;  ///< times that the completion queue had overflowed
    std::uint64_t backlogged = 0; ///< operations that found the submission queue full
    std::uint64_t wakeups = 0;    ///< times that a waiting loop was woken by a thread
    std::uint64_t resubmitted =
        0;                       ///< operations given to the kernel again, or tried again
    std::uint64_t immediate = 0; ///< operations completed by a plain call when started
    std::uint64_t in_flight = 0; ///< operations started and not yet completed
    std::uint64_t pooled = 0;    ///< operations given to the threads for files
};

} // namespace urio::inline URIO_ABI

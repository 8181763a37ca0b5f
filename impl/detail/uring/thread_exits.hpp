// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which cancellations may be the kernel's own: it cancels what a thread has submitted
// that has ended since.
#pragma once

#include <urio/config.hpp>

#include <atomic>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// How many threads that have entered the kernel for a ring have ended, modulo 2^16: so
/// many do not end while one operation is pending and no other completes.
inline std::atomic<std::uint16_t> thread_exits{0};

inline constinit thread_local bool is_noted = false;

[[gnu::noinline]] inline void note_thread_once() noexcept
{
    struct note
    {
        ~note() { thread_exits.fetch_add(1, std::memory_order_release); }
    };
    thread_local note n;
    (void)n;
    is_noted = true;
}

/// Counts the end of the calling thread.
inline void note_thread() noexcept
{
    if (!is_noted) [[unlikely]]
        note_thread_once();
}

} // namespace detail
} // namespace urio::inline URIO_ABI

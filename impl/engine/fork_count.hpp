// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Tells a child process that it is one, for the price of a load: a child must
// not touch the queues that it shares with its parent.
#pragma once

#include <urio/config.hpp>

#include <atomic>
#include <pthread.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// How many times this process and its ancestors have been forked since count_forks()
/// was called in one of them.
inline std::atomic<unsigned> fork_count{0};

inline void count_forks()
{
    static int const registered = ::pthread_atfork(
        nullptr, nullptr, [] { fork_count.fetch_add(1, std::memory_order_relaxed); });
    (void)registered;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

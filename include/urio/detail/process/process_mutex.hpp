// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The mutex of everything that a child process may have to touch. Below everything else.
#pragma once

#include <urio/detail/process/fork_generation.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <sched.h>

namespace urio::process
{

/// A mutex that a child process finds free: a thread of the parent's that had it when the
/// process was forked is not there to let go of it.
class process_mutex
{
public:
    constexpr process_mutex() noexcept = default;
    process_mutex(const process_mutex&) = delete;
    process_mutex& operator=(const process_mutex&) = delete;

    void lock()
    {
        renew_if_inherited();
        mutex_.lock();
    }

    void unlock() { mutex_.unlock(); }

    /// In a child process: some thread had the lock at the fork, so that what it guards
    /// may be half changed.
    bool torn() noexcept
    {
        renew_if_inherited();
        return torn_;
    }

private:
    static constexpr unsigned being_renewed = 1u << 31;

    void renew_if_inherited() noexcept
    {
        unsigned const now = fork_generation();
        if (process_.load(std::memory_order_acquire) != now) [[unlikely]]
            renew(now);
    }

    /// Once in each process, by whichever thread comes first.
    void renew(unsigned now) noexcept
    {
        watch_forks();
        unsigned seen = process_.load(std::memory_order_acquire);
        while (seen != now)
            if (seen == (now | being_renewed))
            {
                ::sched_yield();
                seen = process_.load(std::memory_order_acquire);
            }
            else if (process_.compare_exchange_weak(seen, now | being_renewed,
                                                    std::memory_order_acquire))
            {
                if (mutex_.try_lock())
                    mutex_.unlock();
                else
                {
                    torn_ = true; // and stays so
                    std::construct_at(&mutex_);
                }
                process_.store(now, std::memory_order_release);
                return;
            }
    }

    std::mutex mutex_;
    std::atomic<unsigned> process_{0}; // none yet
    bool torn_ = false;
};

} // namespace urio::process

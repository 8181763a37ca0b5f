// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Threads for what would make the loop wait for a disk.
#pragma once

#include "visitors.hpp"

#include <urio/detail/op/operation.hpp>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <new>
#include <sched.h>
#include <signal.h>
#include <thread>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Carries an operation out on a thread that may wait.
inline int perform_in_pool(io_operation& op) noexcept
{
    try
    {
        int result;
        do
            result = op.kind().perform(op);
        while (result == -EINTR);
        return result;
    }
    catch (const std::bad_alloc&)
    {
        return -ENOMEM;
    }
}

/// A pool that starts its threads with its first operation, and makes do with fewer if
/// the system has no more.
/**
 * Operations are handed over under the engine's locks, where no thread is ever started:
 * a new thread would run beside a critical section that an engine_lock has entered
 * without its mutex, and the system takes its time. So whoever hands over sees to it that
 * open() is called after the locks are given up.
 */
class blocking_pool
{
public:
    /// Carries an operation out, on a thread of the pool; or completes it with the second
    /// argument, if that is not 0: no thread was to be had. Must not throw.
    using runner = std::function<void(io_operation&, int)>;

    blocking_pool(unsigned threads, runner run) : run_(std::move(run)), size_(threads)
    {
        ::new (&state_) state;
    }

    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;

    ~blocking_pool()
    {
        stop();
        state_.~state();
    }

    /// Any thread, any lock. Forgets the operation after stop().
    void submit(io_operation& op) noexcept
    {
        {
            std::lock_guard l(state_.mutex);
            if (state_.stopped)
                return;
            pending_.fetch_add(1, std::memory_order_relaxed);
            submitted_.fetch_add(1, std::memory_order_relaxed);
            state_.waiting.push(&op);
            if (state_.threads.empty())
                wants_threads_.store(true, std::memory_order_relaxed);
        }
        state_.changed.notify_one();
    }

    /// Whether open() has something to do.
    bool wants_threads() const noexcept
    {
        return wants_threads_.load(std::memory_order_relaxed);
    }

    /// Starts the threads, if operations wait for some. Where none is to be had, the
    /// operations end with result_not_begun, here and now. Any thread, without a lock.
    void open() noexcept
    {
        std::unique_lock l(state_.mutex);
        if (state_.opening)
            return; // whoever is at it sees to whatever is handed over meanwhile
        state_.opening = true;
        while (wants_threads() && !state_.stopped)
        {
            l.unlock();
            std::vector<std::thread> made = started_threads();
            op_queue<io_operation> refused;
            l.lock();
            wants_threads_.store(false, std::memory_order_relaxed);
            if (!made.empty())
                state_.threads = std::move(made);
            else if (!state_.stopped)
                refused.push(state_.waiting);
            l.unlock();
            refuse(refused);
            l.lock();
        }
        state_.opening = false;
        state_.changed.notify_all();
    }

    /// How many operations it has been given.
    std::uint64_t submitted() const noexcept
    {
        return submitted_.load(std::memory_order_relaxed);
    }

    /// Returns when all that has been handed over has ended. Without a lock.
    void settle() noexcept
    {
        for (; pending_.load(std::memory_order_acquire) != 0; ::sched_yield())
            if (wants_threads())
                open();
    }

    /// Forgets the operations that have not begun, and waits for those that have.
    void stop() noexcept
    {
        visitors_.await_end();
        {
            std::unique_lock l(state_.mutex);
            state_.stopped = true;
            state_.changed.notify_all();
            state_.changed.wait(l, [&] { return !state_.opening; });
        }
        for (std::thread& t : state_.threads)
            t.join();
        state_.threads.clear();
        while (!state_.waiting.empty())
            state_.waiting.pop();
    }

    /// In a child process, where its threads are not: the next operation starts new ones.
    /// What there is was the parent's, whose threads may have held the lock.
    void disown() noexcept
    {
        ::new (&state_) state;
        pending_ = 0;
        visitors_.forget();
        wants_threads_ = false;
    }

    /// Calls open() at the end of a scope in which operations may be handed over. Keeps
    /// the pool from its end, which an operation's completion may bring about.
    class opening
    {
    public:
        explicit opening(blocking_pool& p) noexcept : visit_(p.visitors_), pool_(p) {}
        opening(const opening&) = delete;
        opening& operator=(const opening&) = delete;
        ~opening()
        {
            if (pool_.wants_threads())
                pool_.open();
        }

    private:
        visitors::visit visit_;
        blocking_pool& pool_;
    };

private:
    struct state
    {
        std::mutex mutex;
        std::condition_variable changed;
        op_queue<io_operation> waiting;
        std::vector<std::thread> threads;
        bool opening = false;
        bool stopped = false;
    };

    std::vector<std::thread> started_threads() noexcept
    {
        std::vector<std::thread> made;
        // Signals are for the program's own threads.
        ::sigset_t all, before;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        try
        {
            made.reserve(size_);
            while (made.size() != size_)
                made.emplace_back([this] { run_operations(); });
        }
        catch (const std::exception&)
        {
            // With fewer, or none.
        }
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return made;
    }

    void refuse(op_queue<io_operation>& refused) noexcept
    {
        while (io_operation* const op = refused.front())
        {
            refused.pop();
            run_(*op, result_not_begun);
            pending_.fetch_sub(1, std::memory_order_release);
        }
    }

    void run_operations() noexcept
    {
        std::unique_lock l(state_.mutex);
        for (;;)
        {
            state_.changed.wait(l, [&]
                                { return state_.stopped || !state_.waiting.empty(); });
            if (state_.stopped)
                return;
            io_operation& op = *state_.waiting.front();
            state_.waiting.pop();
            l.unlock();
            run_(op, 0);
            pending_.fetch_sub(1, std::memory_order_release);
            l.lock();
        }
    }

    runner const run_;
    // Begun anew in a child process, without an end of what was there.
    union
    {
        state state_;
    };
    std::atomic<unsigned> pending_{0};
    std::atomic<std::uint64_t> submitted_{0};
    std::atomic<bool> wants_threads_{false};
    visitors visitors_;
    unsigned const size_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

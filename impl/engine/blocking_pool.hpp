// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Threads for what would make the loop wait for a disk.
#pragma once

#include <urio/config.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <signal.h>
#include <thread>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// A pool that starts its threads with its first job, and makes do with fewer if the
/// system has no more. (Asio's thread_pool never returns from its constructor then.)
class blocking_pool
{
public:
    explicit blocking_pool(unsigned threads) noexcept : size_(threads) {}

    /// Starts the threads, if they have not been. Any thread; without effect after
    /// stop(). Throws what submit() throws.
    void open()
    {
        std::lock_guard l(mutex_);
        if (!stopped_ && !jobs_)
            start();
    }

    /// Any thread. Forgets the job after stop(). Throws std::system_error if there is no
    /// thread to be had, and std::bad_alloc.
    template <class Function>
    void submit(Function f)
    {
        std::lock_guard l(mutex_);
        if (stopped_)
            return;
        if (!jobs_)
            start();
        pending_.fetch_add(1, std::memory_order_relaxed);
        try
        {
            boost::asio::post(jobs_->context,
                              [this, job = std::move(f)]() mutable
                              {
                                  job();
                                  pending_.fetch_sub(1, std::memory_order_release);
                              });
            submitted_.fetch_add(1, std::memory_order_relaxed);
        }
        catch (...)
        {
            pending_.fetch_sub(1, std::memory_order_relaxed);
            throw;
        }
    }

    /// How many jobs it has been given.
    std::uint64_t submitted() const noexcept
    {
        return submitted_.load(std::memory_order_relaxed);
    }

    /// Whether all jobs have returned.
    bool idle() const noexcept { return pending_.load(std::memory_order_acquire) == 0; }

    /// Forgets the jobs that have not begun, and waits for those that have.
    void stop() noexcept
    {
        std::unique_ptr<jobs> last;
        {
            std::lock_guard l(mutex_);
            stopped_ = true;
            last = std::move(jobs_);
        }
        if (!last)
            return;
        last->context.stop();
        for (std::thread& t : last->threads)
            t.join();
    }

    /// In a child process, where its threads are not: the next job starts new ones.
    void disown() noexcept
    {
        if (!jobs_)
            return;
        for (std::thread& t : jobs_->threads)
            t.detach();
        // A thread of the parent's may hold its locks for ever.
        (void)jobs_.release();
        pending_ = 0;
    }

private:
    struct jobs
    {
        boost::asio::io_context context;
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work =
            boost::asio::make_work_guard(context);
        std::vector<std::thread> threads;
    };

    void start()
    {
        auto made = std::make_unique<jobs>();
        made->threads.reserve(size_);
        // Signals are for the program's own threads.
        ::sigset_t all, before;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        try
        {
            while (made->threads.size() != size_)
                made->threads.emplace_back([&c = made->context] { c.run(); });
        }
        catch (const std::exception&)
        {
            if (made->threads.empty())
            {
                ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
                throw;
            }
        }
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        jobs_ = std::move(made);
    }

    std::mutex mutex_;
    std::unique_ptr<jobs> jobs_;
    std::atomic<unsigned> pending_{0};
    std::atomic<std::uint64_t> submitted_{0};
    bool stopped_ = false;
    unsigned size_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

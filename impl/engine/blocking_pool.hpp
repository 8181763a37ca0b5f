// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Threads for what would make the loop wait for a disk.
#pragma once

#include <urio/config.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// A thread pool that begins with its first job.
class blocking_pool
{
public:
    explicit blocking_pool(unsigned threads) noexcept : threads_(threads) {}

    /// Any thread. Throws what the start of a thread throws, and std::bad_alloc.
    template <class Function>
    void submit(Function f)
    {
        boost::asio::post(get(), std::move(f));
    }

    /// Forgets the jobs that have not begun, and waits for those that have.
    void stop() noexcept
    {
        if (!pool_)
            return;
        pool_->stop();
        pool_->join();
        pool_.reset();
    }

    /// In a child process, where its threads are not.
    void disown() noexcept { (void)pool_.release(); }

private:
    boost::asio::thread_pool& get()
    {
        std::lock_guard l(mutex_);
        if (!pool_)
            pool_ = std::make_unique<boost::asio::thread_pool>(threads_);
        return *pool_;
    }

    std::mutex mutex_;
    std::unique_ptr<boost::asio::thread_pool> pool_;
    unsigned threads_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

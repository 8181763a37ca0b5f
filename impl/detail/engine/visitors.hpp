// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Who is in something that must not end meanwhile.
#pragma once

#include <urio/config.hpp>

#include <atomic>
#include <sched.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Counts the threads that are in an object of several threads, so that its end can wait
/// until they have left: a handler may run, and have another thread end all, before the
/// call that has completed it has returned.
class visitors
{
public:
    /// Begins where the object is known to last, as under its lock. Its end is the last
    /// that the thread does with the object.
    class visit
    {
    public:
        explicit visit(visitors& v) noexcept : visitors_(v)
        {
            visitors_.count_.fetch_add(1, std::memory_order_relaxed);
        }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;
        ~visit() { visitors_.count_.fetch_sub(1, std::memory_order_release); }

    private:
        visitors& visitors_;
    };

    /// Returns when there are none.
    void await_end() const noexcept
    {
        while (count_.load(std::memory_order_acquire) != 0)
            ::sched_yield();
    }

    /// In a child process, where the parent's threads are not.
    void forget() noexcept { count_.store(0, std::memory_order_relaxed); }

private:
    std::atomic<unsigned> count_{0};
};

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Tasks of which so many are at work at once, on one thread.
#pragma once

#include "common.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace file_tools
{

/// A task may push others. The youngest come first, so that there are never many waiting:
/// what is in one directory is done before the next is listed.
template <class Task>
class work_stack
{
public:
    using function = std::function<net::awaitable<void>(Task)>;

    /// `work` handles its errors: others end the program.
    work_stack(net::any_io_executor ex, unsigned workers, function work)
        : executor_(std::move(ex))
        , most_(workers)
        , work_(std::move(work))
    {
    }

    void push(Task t)
    {
        if (stopped_)
            return;
        tasks_.push_back(std::move(t));
        if (workers_ >= most_)
            return;
        ++workers_;
        if (idle_.empty())
            idle_.push_back(&cancellations_.emplace_back());
        auto* const cancellation = idle_.back();
        idle_.pop_back();
        auto const ended = [this, cancellation](const std::exception_ptr& e)
        {
            --workers_;
            ++changes_;
            idle_.push_back(cancellation);
            if (e)
                std::rethrow_exception(e);
            if (workers_ == 0 && when_idle_)
                when_idle_();
        };
        net::co_spawn(executor_, run(),
                      net::bind_cancellation_slot(cancellation->slot(), ended));
    }

    /// Called whenever nothing is left to do.
    void when_idle(std::function<void()> f) { when_idle_ = std::move(f); }

    /// Cancels what is at work, and forgets the rest.
    void stop()
    {
        stopped_ = true;
        tasks_.clear();
        for (auto& cancellation : cancellations_)
            cancellation.emit(net::cancellation_type::terminal);
    }
    bool stopped() const noexcept { return stopped_; }

    /// Grows whenever fewer are at work than before.
    std::uint64_t changes() const noexcept { return changes_; }

    /// For a task that lacked what the others have taken: from now on one fewer is at
    /// work at once. Whether it may be pushed once more: not if it has been alone since
    /// changes() was `since`.
    bool retry_with_fewer(std::uint64_t since)
    {
        if (workers_ == 1)
            return since != changes_;
        most_ = workers_ - 1;
        ++changes_;
        return true;
    }

private:
    net::awaitable<void> run()
    {
        while (!tasks_.empty() && workers_ <= most_)
        {
            Task t = std::move(tasks_.back());
            tasks_.pop_back();
            co_await work_(std::move(t));
        }
    }

    net::any_io_executor executor_;
    unsigned most_;
    unsigned workers_ = 0;
    // One for each that has ever been at work at once.
    std::deque<net::cancellation_signal> cancellations_;
    std::vector<net::cancellation_signal*> idle_;
    std::uint64_t changes_ = 0;
    bool stopped_ = false;
    function work_;
    std::function<void()> when_idle_;
    std::vector<Task> tasks_;
};

} // namespace file_tools

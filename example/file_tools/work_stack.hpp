// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Tasks of which so many are at work at once, on one thread.
#pragma once

#include "common.hpp"

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
        tasks_.push_back(std::move(t));
        if (workers_ == most_)
            return;
        ++workers_;
        net::co_spawn(executor_, run(),
                      [this](const std::exception_ptr& e)
                      {
                          --workers_;
                          if (e)
                              std::rethrow_exception(e);
                      });
    }

private:
    net::awaitable<void> run()
    {
        while (!tasks_.empty())
        {
            Task t = std::move(tasks_.back());
            tasks_.pop_back();
            co_await work_(std::move(t));
        }
    }

    net::any_io_executor executor_;
    unsigned const most_;
    unsigned workers_ = 0;
    function work_;
    std::vector<Task> tasks_;
};

} // namespace file_tools

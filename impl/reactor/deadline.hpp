// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The time at which a wait ends.
#pragma once

#include <urio/reactor/timeout.hpp>

#include <chrono>
#include <limits>
#include <optional>

namespace urio::reactor::detail
{

/// Fixed when the wait begins, so that a wait that goes on after an interruption of its
/// own does not begin anew.
class deadline
{
public:
    explicit deadline(timeout t)
    {
        using clock = std::chrono::steady_clock;
        auto const limit = t.limit();
        forever_ = !limit;
        if (forever_ || limit->count() == 0)
            return;
        auto const now = clock::now();
        at_ = *limit < clock::time_point::max() - now ? now + *limit
                                                      : clock::time_point::max();
    }

    bool forever() const noexcept { return forever_; }

    bool expired() const { return !forever_ && remaining().count() == 0; }

    /// What is left, if there is a limit.
    std::chrono::nanoseconds remaining() const
    {
        if (!at_)
            return {};
        auto const left = *at_ - std::chrono::steady_clock::now();
        return left.count() > 0 ? std::chrono::nanoseconds(left)
                                : std::chrono::nanoseconds::zero();
    }

    /// The same in milliseconds, rounded up; -1 if there is no limit.
    int milliseconds() const
    {
        if (forever_)
            return -1;
        auto const ms = std::chrono::ceil<std::chrono::milliseconds>(remaining()).count();
        return ms < std::numeric_limits<int>::max() ? static_cast<int>(ms)
                                                    : std::numeric_limits<int>::max();
    }

private:
    bool forever_;
    std::optional<std::chrono::steady_clock::time_point> at_;
};

} // namespace urio::reactor::detail

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How late timers are that are set for random times within 20 milliseconds.
#pragma once

#include "program.hpp"

#include <algorithm>
#include <random>
#include <vector>

namespace bench
{

class lateness
{
public:
    // Of so many timers.
    explicit lateness(std::int64_t n) { late_.reserve(static_cast<std::size_t>(n)); }

    // When to set a timer for, in microseconds from now.
    unsigned next_delay() { return 200 + random_() % 19'800; }

    // A timer was so late, in microseconds.
    void add(double late) { late_.push_back(late); }

    void report(State& state)
    {
        if (late_.empty())
            return;
        std::sort(late_.begin(), late_.end());
        state.counters["p50_us"] = percentile(50);
        state.counters["p99_us"] = percentile(99);
    }

private:
    double percentile(std::size_t p) const { return late_[(late_.size() - 1) * p / 100]; }

    std::minstd_rand random_{1};
    std::vector<double> late_;
};

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Timers that are set in handlers, as most are, and do not expire.

#include "among_timers.hpp"
#include "net.hpp"

#include <chrono>
#include <random>
#include <vector>

namespace bench
{
namespace
{

using namespace std::chrono_literals;
using time_point = std::chrono::steady_clock::time_point;

// N timers that are not due for an hour, and what is done with them: a batch of steps in
// each handler. The handlers of cancelled timers run between two batches.
template <class Context>
class pending_timers
{
public:
    pending_timers(State& state, Context& context) : state_(state), context_(context)
    {
        auto const n = static_cast<std::size_t>(state.range(0));
        timers_.reserve(n + 1);
        for (std::size_t i = 0; i != n; ++i)
            set(add(), later());
    }

    net::steady_timer& add() { return timers_.emplace_back(context_); }

    // One after another, over and over.
    net::steady_timer& next()
    {
        if (next_ == timers_.size())
            next_ = 0;
        return timers_[next_++];
    }

    // At a random time.
    time_point later() { return base_ + std::chrono::microseconds(random_()); }

    // Before all others.
    time_point earlier() { return earliest_ -= 1us; }

    // Cancels it first if it is pending.
    void set(net::steady_timer& t, time_point when)
    {
        t.expires_at(when);
        t.async_wait([this](error_code ec)
                     { cancelled_ += ec == net::error::operation_aborted; });
    }

    // Each step sets one timer.
    template <class Step>
    void repeat(Step step)
    {
        net::post(context_, [&] { batch(step); });
        context_.run();
        tally_.finish(cancelled_ == state_.range(0) + state_.iterations());
    }

private:
    template <class Step>
    void batch(Step& step)
    {
        constexpr int size = 100;
        if (!tally_.more(size))
        {
            timers_.clear();
            return;
        }
        for (int i = 0; i != size; ++i)
            step();
        net::post(context_, [&] { batch(step); });
    }

    State& state_;
    tally tally_{state_};
    Context& context_;
    time_point const base_ = std::chrono::steady_clock::now() + 1h;
    time_point earliest_ = base_;
    std::minstd_rand random_{1};
    std::vector<net::steady_timer> timers_;
    std::size_t next_ = 0;
    std::int64_t cancelled_ = 0;
};

// One of N is set again, as a deadline is put off: it is cancelled and armed, and the
// handler that waited for it runs.
void timer_arm(State& state)
{
    with_loop(
        [&](auto& context)
        {
            pending_timers timers(state, context);
            timers.repeat([&] { timers.set(timers.next(), timers.later()); });
        });
}
BENCHMARK(timer_arm)->Apply(among_timers);

// The same, and it is the one that the loop has to wait for.
void timer_earliest(State& state)
{
    with_loop(
        [&](auto& context)
        {
            pending_timers timers(state, context);
            timers.repeat([&] { timers.set(timers.next(), timers.earlier()); });
        });
}
BENCHMARK(timer_earliest)->Apply(among_timers);

// One more than N is armed and cancelled, as a deadline that is kept.
void timer_cancel(State& state)
{
    with_loop(
        [&](auto& context)
        {
            pending_timers timers(state, context);
            net::steady_timer& one = timers.add();
            timers.repeat(
                [&]
                {
                    timers.set(one, timers.later());
                    one.cancel();
                });
        });
}
BENCHMARK(timer_cancel)->Apply(among_timers);

} // namespace
} // namespace bench

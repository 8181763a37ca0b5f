// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Timers that are set in a callback and do not expire. A timer that is stopped calls
// nothing, so all steps are made in the one callback.

#include "among_timers.hpp"
#include "loop.hpp"

#include <random>
#include <vector>

namespace bench
{
namespace
{

void never(uv_timer_t* t)
{
    *static_cast<bool*>(t->data) = false;
}

// N timers that are not due soon.
class pending_timers
{
public:
    explicit pending_timers(State& state)
        : state_(state)
        , timers_(static_cast<std::size_t>(state.range(0)) + 1)
    {
        for (uv_timer_t& t : timers_)
        {
            must(uv_timer_init(loop_.get(), &t));
            t.data = &good_;
        }
        for (std::int64_t i = 0; i != state.range(0); ++i)
            set(next(), later());
    }

    // One more.
    uv_timer_t& other() { return timers_.back(); }

    // One of them after another, over and over.
    uv_timer_t& next()
    {
        if (next_ == timers_.size() - 1)
            next_ = 0;
        return timers_[next_++];
    }

    // At a random time, milliseconds from now.
    std::uint64_t later() { return base_ + random_() % 4'000'000; }

    // Before all others.
    std::uint64_t earlier() { return --earliest_; }

    // Stops it first if it is pending.
    void set(uv_timer_t& t, std::uint64_t when)
    {
        good_ = uv_timer_start(&t, never, when, 0) == 0 && good_;
    }

    // Each step sets one timer.
    template <class Step>
    void repeat(Step step)
    {
        struct
        {
            pending_timers& self;
            Step& step;
        } what{*this, step};
        uv_timer_t now;
        must(uv_timer_init(loop_.get(), &now));
        now.data = &what;
        uv_timer_start(
            &now,
            [](uv_timer_t* t)
            {
                auto& w = *static_cast<decltype(&what)>(t->data);
                w.self.steps(w.step);
                close(*t);
            },
            0, 0);
        loop_.run();
    }

private:
    template <class Step>
    void steps(Step& step)
    {
        tally t(state_);
        constexpr int batch = 100;
        while (t.more(batch))
            for (int i = 0; i != batch; ++i)
                step();
        t.finish(good_);
        for (uv_timer_t& each : timers_)
            close(each);
    }

    static constexpr std::uint64_t base_ = std::uint64_t{1} << 50;

    State& state_;
    std::uint64_t earliest_ = base_;
    std::minstd_rand random_{1};
    std::vector<uv_timer_t> timers_;
    std::size_t next_ = 0;
    bool good_ = true;
    loop loop_; // destroyed before its timers
};

// One of N is set again, as a deadline is put off.
void timer_arm(State& state)
{
    pending_timers timers(state);
    timers.repeat([&] { timers.set(timers.next(), timers.later()); });
}
BENCHMARK(timer_arm)->Apply(among_timers);

// The same, and it is the one that the loop has to wait for.
void timer_earliest(State& state)
{
    pending_timers timers(state);
    timers.repeat([&] { timers.set(timers.next(), timers.earlier()); });
}
BENCHMARK(timer_earliest)->Apply(among_timers);

// One more than N is armed and stopped, as a deadline that is kept.
void timer_cancel(State& state)
{
    pending_timers timers(state);
    timers.repeat(
        [&]
        {
            timers.set(timers.other(), timers.later());
            uv_timer_stop(&timers.other());
        });
}
BENCHMARK(timer_cancel)->Apply(among_timers);

} // namespace
} // namespace bench

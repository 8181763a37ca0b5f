// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Timers that expire: what they cost, and how late they are.

#include "lateness.hpp"
#include "loop.hpp"

#include <utility>

namespace bench
{
namespace
{

// Sets N timers in each iteration, in the last callback of the one before.
template <class Delay, class Expired>
class rounds
{
public:
    rounds(State& state, Delay delay_ms, Expired expired)
        : tally_(state)
        , delay_ms_(std::move(delay_ms))
        , expired_(std::move(expired))
        , timers_(static_cast<std::size_t>(state.range(0)))
    {
        for (timer& t : timers_)
        {
            t.whole = this;
            must(uv_timer_init(loop_.get(), &t));
        }
        begin();
        loop_.run();
        tally_.finish(fired_ == state.iterations() * state.range(0), state.range(0));
        for (timer& each : timers_)
            close(each);
    }

private:
    struct timer : uv_timer_t
    {
        rounds* whole;
        double due_us = 0;
    };

    static double now_us() { return static_cast<double>(uv_hrtime()) / 1000; }

    void begin()
    {
        if (!tally_.more())
            return;
        left_ = timers_.size();
        uv_update_time(loop_.get());
        for (timer& t : timers_)
        {
            unsigned const delay_ms = delay_ms_();
            t.due_us = now_us() + delay_ms * 1000.0;
            uv_timer_start(
                &t,
                [](uv_timer_t* expired)
                {
                    auto* const t = static_cast<timer*>(expired);
                    t->whole->expired(now_us() - t->due_us);
                },
                delay_ms, 0);
        }
    }

    void expired(double late_us)
    {
        expired_(late_us);
        ++fired_;
        if (--left_ == 0)
            begin();
    }

    tally tally_;
    Delay delay_ms_;
    Expired expired_;
    std::vector<timer> timers_;
    std::size_t left_ = 0;
    std::int64_t fired_ = 0;
    loop loop_; // destroyed before its timers
};

// They are due at once, and fire without a turn of the loop.
void timer_fire(State& state)
{
    rounds(state, [] { return 0U; }, [](double) {});
}
BENCHMARK(timer_fire)->Arg(1)->Arg(1000)->MeasureProcessCPUTime()->UseRealTime();

// Timers are set for whole milliseconds, from a time that is rounded down to one: they
// may be early.
void timer_late(State& state)
{
    lateness late(state.max_iterations * state.range(0));
    rounds(
        state, [&] { return late.next_delay() / 1000; },
        [&](double late_us) { late.add(late_us); });
    late.report(state);
}
BENCHMARK(timer_late)->Arg(1)->Iterations(100)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(timer_late)->Arg(1000)->Iterations(10)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Timers that expire: what they cost, and how late they are.

#include "lateness.hpp"
#include "net.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace bench
{
namespace
{

// Sets N timers in each iteration, in the last handler of the one before.
template <class Delay, class Expired>
class rounds
{
public:
    template <class Context>
    rounds(State& state, Context& context, Delay delay, Expired expired)
        : tally_(state)
        , delay_(std::move(delay))
        , expired_(std::move(expired))
    {
        for (std::int64_t i = 0; i != state.range(0); ++i)
            timers_.emplace_back(context);
        net::post(context, [this] { begin(); });
        context.run();
        tally_.finish(fired_ == state.iterations() * state.range(0), state.range(0));
    }

private:
    void begin()
    {
        if (!tally_.more())
            return;
        left_ = timers_.size();
        for (net::steady_timer& t : timers_)
        {
            t.expires_after(delay_());
            t.async_wait(
                [this, &t](error_code ec)
                {
                    expired_(t);
                    fired_ += !ec;
                    if (--left_ == 0)
                        begin();
                });
        }
    }

    tally tally_;
    Delay delay_;
    Expired expired_;
    std::vector<net::steady_timer> timers_;
    std::size_t left_ = 0;
    std::int64_t fired_ = 0;
};

// They are due at once.
void timer_fire(State& state)
{
    with_loop(
        [&](auto& context)
        {
            rounds(
                state, context, [] { return std::chrono::seconds(0); },
                [](net::steady_timer&) {});
        });
}
BENCHMARK(timer_fire)->Arg(1)->Arg(1000)->MeasureProcessCPUTime()->UseRealTime();

void timer_late(State& state)
{
    with_loop(
        [&](auto& context)
        {
            lateness late(state.max_iterations * state.range(0));
            rounds(
                state, context,
                [&] { return std::chrono::microseconds(late.next_delay()); },
                [&](net::steady_timer& t)
                {
                    std::chrono::duration<double, std::micro> const d =
                        std::chrono::steady_clock::now() - t.expiry();
                    late.add(d.count());
                });
            late.report(state);
        });
}
BENCHMARK(timer_late)->Arg(1)->Iterations(100)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(timer_late)->Arg(1000)->Iterations(10)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Functions that are given to the loop.

#include "net.hpp"
#include "request.hpp"

#include <thread>

namespace bench
{
namespace
{

// N functions are posted in a handler; the last of them posts the next N.
template <class Context>
class rounds
{
public:
    rounds(State& state, Context& context) : state_(state), context_(context)
    {
        net::post(context, [this] { begin(); });
        context.run();
        tally_.finish(called_ == state.iterations() * state.range(0), state.range(0));
    }

private:
    void begin()
    {
        if (!tally_.more())
            return;
        left_ = state_.range(0);
        for (std::int64_t i = 0; i != state_.range(0); ++i)
            net::post(context_,
                      [this]
                      {
                          ++called_;
                          if (--left_ == 0)
                              begin();
                      });
    }

    State& state_;
    tally tally_{state_};
    Context& context_;
    std::int64_t left_ = 0;
    std::int64_t called_ = 0;
};

void post(State& state)
{
    with_loop([&](auto& context) { rounds r(state, context); });
}
BENCHMARK(post)->Arg(1)->Arg(1000)->MeasureProcessCPUTime()->UseRealTime();

// From a handler to another thread and back: the loop waits meanwhile, and so does the
// thread.
void post_foreign(State& state)
{
    with_loop(
        [&](auto& context)
        {
            request asked;
            bool more = true;
            tally t(state);
            std::int64_t answers = 0;
            auto const answer = [&]
            {
                ++answers;
                more = t.more();
                asked.give();
            };
            auto work = net::make_work_guard(context);
            std::jthread thread(
                [&]
                {
                    for (asked.wait(); more; asked.wait())
                        net::post(context, answer);
                    work.reset();
                });
            net::post(context, answer);
            context.run();
            thread.join();
            t.finish(answers == state.iterations() + 1);
        });
}
BENCHMARK(post_foreign)->MeasureProcessCPUTime()->UseRealTime();

// Called at once, in a handler.
void dispatch(State& state)
{
    with_loop(
        [&](auto& context)
        {
            std::int64_t called = 0;
            tally t(state);
            net::post(context,
                      [&]
                      {
                          constexpr int batch = 100;
                          while (t.more(batch))
                              for (int i = 0; i != batch; ++i)
                              {
                                  net::dispatch(context, [&] { ++called; });
                                  benchmark::ClobberMemory();
                              }
                      });
            context.run();
            t.finish(called == state.iterations());
        });
}
BENCHMARK(dispatch)->MeasureProcessCPUTime()->UseRealTime();

// As post/1, in a coroutine.
void awaitable(State& state)
{
    with_loop(
        [&](auto& context)
        {
            std::int64_t resumed = 0;
            bool failed = false;
            tally t(state);
            auto const coroutine = [&]() -> net::awaitable<void>
            {
                while (t.more())
                {
                    co_await net::post(net::use_awaitable);
                    ++resumed;
                }
            };
            net::co_spawn(context, coroutine,
                          [&](std::exception_ptr e) { failed = !!e; });
            context.run();
            t.finish(!failed && resumed == state.iterations());
        });
}
BENCHMARK(awaitable)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

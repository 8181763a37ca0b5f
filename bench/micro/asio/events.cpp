// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Operations of io_uring that do nothing: what async_submit() adds to them.

#include "net.hpp"

#if !defined(BENCH_STOCK_ASIO)

#include <urio/event/ring.hpp>
#include <urio/event/submit.hpp>

namespace bench
{
namespace
{

// N are in flight; each that ends starts another.
template <class Context>
class nops
{
public:
    nops(State& state, Context& context) : state_(state), context_(context)
    {
        net::post(context,
                  [this]
                  {
                      for (std::int64_t i = 0; i != state_.range(0); ++i)
                          start();
                  });
        context.run();
        tally_.finish(good_ && ended_ == state.iterations());
    }

private:
    void start()
    {
        more_ = more_ && tally_.more();
        if (!more_)
            return;
        net::async_submit(context_, net::event::nop(),
                          [this](boost::system::error_code ec, int, net::event::nop)
                          {
                              good_ = good_ && !ec;
                              ++ended_;
                              start();
                          });
    }

    State& state_;
    tally tally_{state_};
    Context& context_;
    bool more_ = true;
    bool good_ = true;
    std::int64_t ended_ = 0;
};

void nop(State& state)
{
    with_loop([&](auto& context) { nops n(state, context); });
}
BENCHMARK(nop)->Arg(1)->Arg(32)->Arg(1024)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

#endif

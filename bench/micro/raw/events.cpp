// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Operations that do nothing, so many at a time.

#include "ring.hpp"

#include <vector>

namespace bench
{
namespace
{

class nops
{
public:
    explicit nops(State& state) : state_(state)
    {
        std::vector<one> all(static_cast<std::size_t>(state.range(0)),
                             one{{&done}, this});
        for (one& o : all)
            start(o);
        ring_.run();
        tally_.finish(good_ && ended_ == state.iterations());
    }

private:
    struct one : operation
    {
        nops* whole;
    };

    static void done(operation* self, int result)
    {
        nops& n = *static_cast<one*>(self)->whole;
        n.good_ = n.good_ && result == 0;
        ++n.ended_;
        n.start(*static_cast<one*>(self));
    }

    void start(one& o)
    {
        more_ = more_ && tally_.more();
        if (more_)
            ring_.start(o, io_uring_prep_nop);
    }

    State& state_;
    tally tally_{state_};
    ring ring_;
    bool more_ = true;
    bool good_ = true;
    std::int64_t ended_ = 0;
};

void nop(State& state)
{
    nops n(state);
}
BENCHMARK(nop)->Arg(1)->Arg(32)->Arg(1024)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

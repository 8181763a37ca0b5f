// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How another thread wakes the loop.

#include "loop.hpp"
#include "request.hpp"

#include <thread>

namespace bench
{
namespace
{

// From a callback to another thread and back: the loop waits meanwhile, and so does the
// thread.
void post_foreign(State& state)
{
    struct
    {
        tally calls;
        request asked;
        bool more = true;
        std::int64_t answers = 0;
    } ping{tally(state), {}};
    loop l;
    uv_async_t async;
    async.data = &ping;
    must(uv_async_init(l.get(), &async,
                       [](uv_async_t* a)
                       {
                           auto* const p = static_cast<decltype(&ping)>(a->data);
                           ++p->answers;
                           p->more = p->calls.more();
                           if (!p->more)
                               close(*a);
                           p->asked.give();
                       }));
    std::jthread thread(
        [&]
        {
            for (ping.asked.wait(); ping.more; ping.asked.wait())
                uv_async_send(&async);
        });
    uv_async_send(&async);
    l.run();
    thread.join();
    ping.calls.finish(ping.answers == state.iterations() + 1);
}
BENCHMARK(post_foreign)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

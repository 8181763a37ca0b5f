// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Messages that bounce between connected sockets, all in one loop: in coroutines.

#include "net.hpp"
#include "trips.hpp"

namespace bench
{
namespace
{

using socket = net::local::stream_protocol::socket;

net::awaitable<void> near_end(socket s, trips& t)
{
    message sent{}, received{};
    std::size_t n;
    do
    {
        ++sent[0];
        co_await net::async_write(s, net::buffer(sent), net::use_awaitable);
        n = co_await s.async_read_some(net::buffer(received), net::use_awaitable);
    } while (t.another(sent, received, n));
}

// Until the other end is closed.
net::awaitable<void> far_end(socket s)
{
    message m;
    error_code ec;
    for (;;)
    {
        std::size_t const n = co_await s.async_read_some(
            net::buffer(m), net::redirect_error(net::use_awaitable, ec));
        if (ec)
            break;
        co_await net::async_write(s, net::buffer(m, n), net::use_awaitable);
    }
}

void echo_coroutine(State& state)
{
    with_loop(
        [&](auto& context)
        {
            trips t(state);
            auto const ended = [&](std::exception_ptr e)
            {
                if (e)
                    fail(state, "a coroutine has failed");
            };
            for (std::int64_t i = 0; i != state.range(0); ++i)
            {
                socket near(context), far(context);
                net::local::connect_pair(near, far);
                net::co_spawn(context, far_end(std::move(far)), ended);
                net::co_spawn(context, near_end(std::move(near), t), ended);
            }
            t.begin();
            context.run();
            t.finish();
        });
}
BENCHMARK(echo_coroutine)
    ->Arg(1)
    ->Arg(32)
    ->Arg(256)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

} // namespace
} // namespace bench

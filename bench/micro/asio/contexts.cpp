// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What it costs to start: a context is constructed, does one thing, and is destroyed.

#include "net.hpp"

namespace bench
{
namespace
{

// It calls a function, and never needs the backend.
void context(State& state)
{
    std::int64_t called = 0;
    tally t(state);
    while (t.more())
        with_context(
            [&](auto& context)
            {
                net::post(context, [&] { ++called; });
                context.run();
            });
    t.finish(called == state.iterations());
}
BENCHMARK(context)->MeasureProcessCPUTime()->UseRealTime();

// It waits for a byte in a socket.
void context_socket(State& state)
{
    std::int64_t received = 0;
    tally t(state);
    while (t.more())
        with_context(
            [&](auto& context)
            {
                net::local::stream_protocol::socket a(context), b(context);
                net::local::connect_pair(a, b);
                char from[1]{}, to[1];
                a.async_read_some(net::buffer(to), [&](error_code ec, std::size_t n)
                                  { received += !ec && n == 1; });
                net::write(b, net::buffer(from));
                context.run();
            });
    t.finish(received == state.iterations());
}
BENCHMARK(context_socket)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What it costs to start: a loop is set up, does one thing, and is closed.

#include "loop.hpp"

namespace bench
{
namespace
{

// It calls a function: a timer's.
void context(State& state)
{
    std::int64_t called = 0;
    tally t(state);
    while (t.more())
    {
        uv_timer_t timer;
        loop l;
        must(uv_timer_init(l.get(), &timer));
        timer.data = &called;
        uv_timer_start(
            &timer,
            [](uv_timer_t* expired)
            {
                ++*static_cast<std::int64_t*>(expired->data);
                close(*expired);
            },
            0, 0);
        l.run();
    }
    t.finish(called == state.iterations());
}
BENCHMARK(context)->MeasureProcessCPUTime()->UseRealTime();

struct receiver
{
    std::int64_t received = 0;
    char byte;
};

// It waits for a byte in a socket.
void context_socket(State& state)
{
    receiver r;
    tally t(state);
    while (t.more())
    {
        uv_pipe_t a, b;
        loop l;
        int fds[2];
        connect_pair(fds);
        must(uv_pipe_init(l.get(), &a, 0));
        must(uv_pipe_init(l.get(), &b, 0));
        must(uv_pipe_open(&a, fds[0]));
        must(uv_pipe_open(&b, fds[1]));
        a.data = &r;
        must(uv_read_start(
            reinterpret_cast<uv_stream_t*>(&a),
            [](uv_handle_t* h, std::size_t, uv_buf_t* to)
            { *to = uv_buf_init(&static_cast<receiver*>(h->data)->byte, 1); },
            [](uv_stream_t* s, ssize_t n, const uv_buf_t*)
            {
                static_cast<receiver*>(s->data)->received += n;
                close(*s);
            }));
        char byte = 0;
        uv_buf_t const from = uv_buf_init(&byte, 1);
        must(uv_try_write(reinterpret_cast<uv_stream_t*>(&b), &from, 1));
        close(b);
        l.run();
    }
    t.finish(r.received == state.iterations());
}
BENCHMARK(context_socket)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

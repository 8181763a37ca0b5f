// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What it costs to start: a ring is set up, does one thing, and is taken down.

#include "ring.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace bench
{
namespace
{

struct once : operation
{
    once()
        : operation{[](operation* self, int r) { static_cast<once*>(self)->result = r; }}
    {
    }

    int result = -1;
};

void context(State& state)
{
    bool good = true;
    tally t(state);
    while (t.more())
    {
        ring r;
        once nop;
        r.start(nop, io_uring_prep_nop);
        r.run();
        good = good && nop.result == 0;
    }
    t.finish(good);
}
BENCHMARK(context)->MeasureProcessCPUTime()->UseRealTime();

// It waits for a byte in a socket.
void context_socket(State& state)
{
    bool good = true;
    tally t(state);
    while (t.more())
    {
        ring r;
        int fds[2];
        good = good && ::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0;
        char from = 0, to;
        once receive;
        r.start(receive,
                [&](io_uring_sqe* sqe) { io_uring_prep_recv(sqe, fds[0], &to, 1, 0); });
        good = good && ::send(fds[1], &from, 1, 0) == 1;
        r.run();
        good = good && receive.result == 1;
        ::close(fds[0]);
        ::close(fds[1]);
    }
    t.finish(good);
}
BENCHMARK(context_socket)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Messages that bounce between connected sockets, all on one ring.

#include "ring.hpp"
#include "trips.hpp"

#include <deque>
#include <sys/socket.h>
#include <unistd.h>

namespace bench
{
namespace
{

class pair
{
public:
    pair(ring& r, trips& t) : ring_(r), trips_(t)
    {
        int fds[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
            bench::fail("socketpair", errno);
        near_.fd = fds[0];
        far_.fd = fds[1];
    }

    ~pair() { ::close(far_.fd); }

    void start()
    {
        receive(far_, copy_);
        send_near();
    }

private:
    // One end, and what it is doing.
    struct end : operation
    {
        pair* whole;
        int fd = -1;
        bool sends = false;

        end(pair* p, void (*done)(operation*, int)) : operation{done}, whole(p) {}
    };

    void receive(end& e, message& m)
    {
        e.sends = false;
        ring_.start(e, [&](io_uring_sqe* sqe)
                    { io_uring_prep_recv(sqe, e.fd, m.data(), m.size(), 0); });
    }

    void send(end& e, const message& m, std::size_t n)
    {
        e.sends = true;
        ring_.start(e, [&](io_uring_sqe* sqe)
                    { io_uring_prep_send(sqe, e.fd, m.data(), n, MSG_NOSIGNAL); });
    }

    void send_near()
    {
        ++message_[0];
        send(near_, message_, message_.size());
    }

    void near_done(int result)
    {
        if (near_.sends)
            receive(near_, answer_);
        else if (trips_.another(message_, answer_, static_cast<std::size_t>(result)))
            send_near();
        else
            ::close(near_.fd);
    }

    // Until the other end is closed.
    void far_done(int result)
    {
        if (far_.sends)
            receive(far_, copy_);
        else if (result > 0)
            send(far_, copy_, static_cast<std::size_t>(result));
    }

    ring& ring_;
    trips& trips_;
    end near_{this, [](operation* self, int result)
              { static_cast<end*>(self)->whole->near_done(result); }};
    end far_{this, [](operation* self, int result)
             { static_cast<end*>(self)->whole->far_done(result); }};
    message message_{}, answer_{}, copy_{};
};

void echo(State& state)
{
    ring r;
    trips t(state);
    std::deque<pair> pairs;
    for (std::int64_t i = 0; i != state.range(0); ++i)
        pairs.emplace_back(r, t);
    t.begin();
    for (pair& p : pairs)
        p.start();
    r.run();
    t.finish();
}
BENCHMARK(echo)->Arg(1)->Arg(32)->Arg(256)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

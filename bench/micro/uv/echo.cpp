// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Messages that bounce between connected sockets, all in one loop.

#include "loop.hpp"
#include "trips.hpp"

#include <deque>

namespace bench
{
namespace
{

class pair
{
public:
    pair(loop& l, trips& t) : trips_(t)
    {
        int fds[2];
        connect_pair(fds);
        near_.open(l, fds[0]);
        far_.open(l, fds[1]);
    }

    void start() { send_near(); }

private:
    struct end
    {
        pair& whole;
        void (pair::*received)(ssize_t);
        uv_pipe_t pipe{};
        // Larger than a message: libuv reads again if the buffer has been filled.
        message data[2]{};

        uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&pipe); }

        void open(loop& l, int fd)
        {
            must(uv_pipe_init(l.get(), &pipe, 0));
            must(uv_pipe_open(&pipe, fd));
            pipe.data = this;
            must(uv_read_start(
                stream(),
                [](uv_handle_t* h, std::size_t, uv_buf_t* to)
                {
                    message* const m = static_cast<end*>(h->data)->data;
                    *to = uv_buf_init(reinterpret_cast<char*>(m), sizeof data);
                },
                [](uv_stream_t* s, ssize_t n, const uv_buf_t*)
                {
                    end& self = *static_cast<end*>(s->data);
                    (self.whole.*self.received)(n);
                }));
        }

        // At once, as Node.js does: there is always room for so little.
        void send(message& m)
        {
            uv_buf_t const from =
                uv_buf_init(reinterpret_cast<char*>(m.data()), sizeof m);
            must(uv_try_write(stream(), &from, 1));
        }
    };

    void send_near()
    {
        ++message_[0];
        near_.send(message_);
    }

    void received_near(ssize_t n)
    {
        if (trips_.another(message_, near_.data[0], static_cast<std::size_t>(n)))
            send_near();
        else
            close(near_.pipe);
    }

    // Until the other end is closed.
    void received_far(ssize_t n)
    {
        if (n == sizeof(message))
            far_.send(far_.data[0]);
        else
            close(far_.pipe);
    }

    trips& trips_;
    message message_{};
    end near_{*this, &pair::received_near};
    end far_{*this, &pair::received_far};
};

void echo(State& state)
{
    trips t(state);
    std::deque<pair> pairs;
    loop l;
    for (std::int64_t i = 0; i != state.range(0); ++i)
        pairs.emplace_back(l, t);
    t.begin();
    for (pair& p : pairs)
        p.start();
    l.run();
    t.finish();
}
BENCHMARK(echo)->Arg(1)->Arg(32)->Arg(256)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP connections on the loopback interface, one after another, both ends in one loop.

#include "loop.hpp"

#include <netinet/in.h>

namespace bench
{
namespace
{

class connections
{
public:
    explicit connections(State& state) : state_(state)
    {
        sockaddr_in address;
        must(uv_ip4_addr("127.0.0.1", 0, &address));
        must(uv_tcp_init(loop_.get(), &acceptor_));
        must(uv_tcp_bind(&acceptor_, reinterpret_cast<sockaddr*>(&address), 0));
        must(uv_listen(reinterpret_cast<uv_stream_t*>(&acceptor_), 128,
                       [](uv_stream_t* s, int status)
                       { from(s->data).accepted(status); }));
        int size = sizeof address_;
        must(uv_tcp_getsockname(&acceptor_, reinterpret_cast<sockaddr*>(&address_),
                                &size));
        acceptor_.data = server_.data = client_.data = connect_.data = this;
    }

    void run()
    {
        begin();
        loop_.run();
        tally_.finish(made_ == state_.iterations());
    }

private:
    static connections& from(void* data) { return *static_cast<connections*>(data); }

    void begin()
    {
        if (!tally_.more())
        {
            close(acceptor_);
            return;
        }
        must(uv_tcp_init(loop_.get(), &server_));
        must(uv_tcp_init(loop_.get(), &client_));
        must(uv_tcp_connect(&connect_, &client_, reinterpret_cast<sockaddr*>(&address_),
                            [](uv_connect_t* c, int status)
                            { from(c->data).half(status); }));
    }

    void accepted(int status)
    {
        half(status != 0 ? status
                         : uv_accept(reinterpret_cast<uv_stream_t*>(&acceptor_),
                                     reinterpret_cast<uv_stream_t*>(&server_)));
    }

    void half(int status)
    {
        if (status != 0)
            fail(state_, uv_strerror(status));
        if (++halves_ != 2)
            return;
        // A reset, so that ports do not run out.
        uv_close_cb const closed = [](uv_handle_t* h)
        {
            connections& self = from(h->data);
            if (--self.halves_ == 0)
            {
                ++self.made_;
                self.begin();
            }
        };
        must(uv_tcp_close_reset(&client_, closed));
        close(server_, closed);
    }

    State& state_;
    tally tally_{state_};
    uv_tcp_t acceptor_, server_, client_;
    uv_connect_t connect_;
    sockaddr_storage address_;
    int halves_ = 0;
    std::int64_t made_ = 0;
    loop loop_; // destroyed before its handles
};

void connect(State& state)
{
    connections(state).run();
}
BENCHMARK(connect)->Iterations(1000)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

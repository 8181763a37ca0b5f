// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP connections on the loopback interface, one after another, both ends on one ring.

#include "ring.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace bench
{
namespace
{

class connections
{
public:
    explicit connections(State& state)
        : state_(state)
        , acceptor_(::socket(AF_INET, SOCK_STREAM, 0))
        , accept_{{[](operation* self, int result)
                   {
                       auto* const c = static_cast<half*>(self)->whole;
                       c->server_ = result;
                       c->done(result);
                   }},
                  this}
        , connect_{{[](operation* self, int result)
                    { static_cast<half*>(self)->whole->done(result); }},
                   this}
    {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address_;
        auto* const address = reinterpret_cast<sockaddr*>(&address_);
        if (::bind(acceptor_, address, size) != 0 || ::listen(acceptor_, 128) != 0 ||
            ::getsockname(acceptor_, address, &size) != 0)
            bench::fail("listen", errno);
    }

    ~connections() { ::close(acceptor_); }

    void run()
    {
        begin();
        ring_.run();
        tally_.finish(made_ == state_.iterations());
    }

private:
    struct half : operation
    {
        connections* whole;
    };

    void begin()
    {
        if (!tally_.more())
            return;
        client_ = ::socket(AF_INET, SOCK_STREAM, 0);
        ring_.start(accept_, [&](io_uring_sqe* sqe)
                    { io_uring_prep_accept(sqe, acceptor_, nullptr, nullptr, 0); });
        ring_.start(connect_,
                    [&](io_uring_sqe* sqe)
                    {
                        io_uring_prep_connect(sqe, client_,
                                              reinterpret_cast<sockaddr*>(&address_),
                                              sizeof address_);
                    });
    }

    void done(int result)
    {
        if (result < 0)
            fail(state_, std::strerror(-result));
        if (!std::exchange(other_half_, !other_half_))
            return;
        // A reset, so that ports do not run out.
        linger const no_time{1, 0};
        ::setsockopt(client_, SOL_SOCKET, SO_LINGER, &no_time, sizeof no_time);
        ::close(client_);
        ::close(server_);
        ++made_;
        begin();
    }

    State& state_;
    tally tally_{state_};
    ring ring_;
    int acceptor_, client_ = -1, server_ = -1;
    sockaddr_in address_{};
    half accept_, connect_;
    bool other_half_ = false;
    std::int64_t made_ = 0;
};

void connect(State& state)
{
    connections(state).run();
}
BENCHMARK(connect)->Iterations(1000)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP connections on the loopback interface, one after another, both ends in one loop.

#include "net.hpp"

#include <optional>

namespace bench
{
namespace
{

using net::ip::tcp;

template <class Context>
class connections
{
public:
    connections(State& state, Context& context)
        : state_(state)
        , context_(context)
        , acceptor_(context, {net::ip::address_v4::loopback(), 0})
        , server_(context)
        , client_(context)
        , tally_(state)
    {
        net::post(context, [this] { begin(); });
        context.run();
        tally_.finish(made_ == state.iterations());
    }

private:
    void begin()
    {
        if (!tally_.more())
            return;
        acceptor_.async_accept(
            [this](error_code ec, tcp::socket s)
            {
                server_ = std::move(s);
                half(ec);
            });
        client_.async_connect(acceptor_.local_endpoint(),
                              [this](error_code ec) { half(ec); });
    }

    void half(error_code ec)
    {
        if (ec)
            fail(state_, ec.message().c_str());
        if (!std::exchange(other_half_, !other_half_))
            return;
        // To linger for no time is to reset the connection: otherwise its port would be
        // taken for a minute, and they would run out.
        client_.set_option(net::socket_base::linger(true, 0));
        client_.close();
        server_.close();
        ++made_;
        begin();
    }

    State& state_;
    Context& context_;
    tcp::acceptor acceptor_;
    tcp::socket server_, client_;
    tally tally_;
    bool other_half_ = false;
    std::int64_t made_ = 0;
};

void connect(State& state)
{
    with_loop([&](auto& context) { connections c(state, context); });
}
BENCHMARK(connect)->Iterations(1000)->MeasureProcessCPUTime()->UseRealTime();

} // namespace
} // namespace bench

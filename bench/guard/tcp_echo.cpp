// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "echo.hpp"
#include "loops.hpp"
#include "tcp_pair.hpp"

namespace bench
{
namespace
{

struct stream
{
    template <class Handler>
    void send(message& m, std::size_t n, Handler handler)
    {
        net::async_write(socket, net::buffer(m.words, n), std::move(handler));
    }

    template <class Handler>
    void receive(message& m, Handler handler)
    {
        socket.async_read_some(net::buffer(m.words), std::move(handler));
    }

    net::ip::tcp::socket socket;
};

} // namespace

findings tcp_echo(const request& r)
{
    context c(r);
    net::ip::tcp::acceptor acceptor(c, {net::ip::address_v4::loopback(), 0});
    echo<stream>(r, c,
                 [&]
                 {
                     tcp_pair pair(acceptor);
                     return std::pair(stream{std::move(pair.client)},
                                      stream{std::move(pair.server)});
                 });
    return {};
}

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "echo.hpp"
#include "loops.hpp"

namespace bench
{
namespace
{

using net::ip::udp;

struct datagrams
{
    explicit datagrams(context& c) : socket(c, {net::ip::address_v4::loopback(), 0}) {}

    template <class Handler>
    void send(message& m, std::size_t n, Handler handler)
    {
        socket.async_send_to(net::buffer(m.words, n), peer, std::move(handler));
    }

    template <class Handler>
    void receive(message& m, Handler handler)
    {
        socket.async_receive_from(net::buffer(m.words), peer, std::move(handler));
    }

    udp::socket socket;
    udp::endpoint peer; // whom the last datagram was from
};

} // namespace

findings udp_echo(const request& r)
{
    context c(r);
    echo<datagrams>(r, c,
                    [&]
                    {
                        datagrams client(c), server(c);
                        client.peer = server.socket.local_endpoint();
                        return std::pair(std::move(client), std::move(server));
                    });
    return {};
}

} // namespace bench

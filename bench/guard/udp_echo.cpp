// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "context.hpp"
#include "loops.hpp"
#include "message.hpp"

#include <deque>

namespace bench
{
namespace
{

using net::ip::udp;

udp::endpoint any_port()
{
    return {net::ip::address_v4::loopback(), 0};
}

class server
{
public:
    server(context& c, std::uint64_t count) : socket_(c, any_port()), left_(count) {}

    udp::endpoint endpoint() const { return socket_.local_endpoint(); }

    void receive()
    {
        if (left_ == 0)
            return;
        socket_.async_receive_from(net::buffer(data_.words), sender_,
                                   [this](error_code ec, std::size_t n)
                                   {
                                       require(ec);
                                       send(n);
                                   });
    }

private:
    void send(std::size_t n)
    {
        socket_.async_send_to(net::buffer(data_.words, n), sender_,
                              [this](error_code ec, std::size_t)
                              {
                                  require(ec);
                                  --left_;
                                  receive();
                              });
    }

    udp::socket socket_;
    std::uint64_t left_;
    udp::endpoint sender_;
    message data_;
};

class client
{
public:
    client(context& c, const udp::endpoint& to, unsigned chain, std::uint64_t count)
        : socket_(c, any_port())
        , server_(to)
        , chain_(chain)
        , left_(count)
    {
    }

    void send()
    {
        if (left_ == 0)
            return;
        data_.fill(chain_, left_);
        socket_.async_send_to(net::buffer(data_.words), server_,
                              [this](error_code ec, std::size_t)
                              {
                                  require(ec);
                                  receive();
                              });
    }

    bool complete() const { return left_ == 0; }

private:
    void receive()
    {
        socket_.async_receive_from(net::buffer(data_.words), sender_,
                                   [this](error_code ec, std::size_t n)
                                   {
                                       require(ec);
                                       data_.expect(n, chain_, left_);
                                       --left_;
                                       send();
                                   });
    }

    udp::socket socket_;
    udp::endpoint server_;
    udp::endpoint sender_;
    unsigned chain_;
    std::uint64_t left_;
    message data_;
};

} // namespace

findings udp_echo(const request& r)
{
    context c(r);
    std::deque<server> servers;
    std::deque<client> clients;
    for (unsigned i = 0; i != guard_depth; ++i)
    {
        server& s = servers.emplace_back(c, r.share(i));
        s.receive();
        clients.emplace_back(c, s.endpoint(), i, r.share(i));
    }
    for (client& one : clients)
        one.send();
    c.run();
    for (const client& one : clients)
        if (!one.complete())
            throw std::runtime_error("messages are missing");
    return {};
}

} // namespace bench

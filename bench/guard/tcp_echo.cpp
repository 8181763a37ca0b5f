// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "loops.hpp"
#include "message.hpp"
#include "tcp_pair.hpp"

#include <deque>

namespace bench
{
namespace
{

// The number of round trips is known, so that no end of file need be waited for.
class server
{
public:
    server(net::ip::tcp::socket s, std::uint64_t count)
        : socket_(std::move(s))
        , left_(count)
    {
    }

    void read()
    {
        if (left_ == 0)
            return;
        socket_.async_read_some(net::buffer(data_.words),
                                [this](error_code ec, std::size_t n)
                                {
                                    require(ec);
                                    write(n);
                                });
    }

private:
    void write(std::size_t n)
    {
        net::async_write(socket_, net::buffer(data_.words, n),
                         [this](error_code ec, std::size_t)
                         {
                             require(ec);
                             --left_;
                             read();
                         });
    }

    net::ip::tcp::socket socket_;
    std::uint64_t left_;
    message data_;
};

class client
{
public:
    client(net::ip::tcp::socket s, unsigned chain, std::uint64_t count)
        : socket_(std::move(s))
        , chain_(chain)
        , left_(count)
    {
    }

    void write()
    {
        if (left_ == 0)
            return;
        data_.fill(chain_, left_);
        net::async_write(socket_, net::buffer(data_.words),
                         [this](error_code ec, std::size_t)
                         {
                             require(ec);
                             read();
                         });
    }

    bool complete() const { return left_ == 0; }

private:
    void read()
    {
        socket_.async_read_some(net::buffer(data_.words),
                                [this](error_code ec, std::size_t n)
                                {
                                    require(ec);
                                    data_.expect(n, chain_, left_);
                                    --left_;
                                    write();
                                });
    }

    net::ip::tcp::socket socket_;
    unsigned chain_;
    std::uint64_t left_;
    message data_;
};

} // namespace

findings tcp_echo(const request& r)
{
    context c(r);
    net::ip::tcp::acceptor acceptor(c, {net::ip::address_v4::loopback(), 0});
    std::deque<server> servers;
    std::deque<client> clients;
    for (unsigned i = 0; i != guard_depth; ++i)
    {
        tcp_pair pair(acceptor);
        servers.emplace_back(std::move(pair.server), r.share(i)).read();
        clients.emplace_back(std::move(pair.client), i, r.share(i));
    }
    for (client& one : clients)
        one.write();
    c.run();
    for (const client& one : clients)
        if (!one.complete())
            throw std::runtime_error("messages are missing");
    return {};
}

} // namespace bench

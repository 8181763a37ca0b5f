// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The echo of messages with callbacks: of two ends one asks, and one answers. Socket says
// what the transfers are.
#pragma once

#include "context.hpp"
#include "message.hpp"

#include <deque>
#include <utility>

namespace bench
{

// The number of round trips is known, so that no end of file need be waited for.
template <class Socket>
class echo_server
{
public:
    echo_server(Socket s, std::uint64_t count) : socket_(std::move(s)), left_(count) {}

    void receive()
    {
        if (left_ == 0)
            return;
        socket_.receive(data_,
                        [this](error_code ec, std::size_t n)
                        {
                            require(ec);
                            send(n);
                        });
    }

private:
    void send(std::size_t n)
    {
        socket_.send(data_, n,
                     [this](error_code ec, std::size_t)
                     {
                         require(ec);
                         --left_;
                         receive();
                     });
    }

    Socket socket_;
    std::uint64_t left_;
    message data_;
};

template <class Socket>
class echo_client
{
public:
    echo_client(Socket s, unsigned chain, std::uint64_t count)
        : socket_(std::move(s))
        , chain_(chain)
        , left_(count)
    {
    }

    void send()
    {
        if (left_ == 0)
            return;
        data_.fill(chain_, left_);
        socket_.send(data_, sizeof data_.words,
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
        socket_.receive(data_,
                        [this](error_code ec, std::size_t n)
                        {
                            require(ec);
                            data_.expect(n, chain_, left_);
                            --left_;
                            send();
                        });
    }

    Socket socket_;
    unsigned chain_;
    std::uint64_t left_;
    message data_;
};

// make() returns the two ends of a connection, the one that asks first.
template <class Socket, class Make>
void echo(const request& r, context& c, Make make)
{
    std::deque<echo_server<Socket>> servers;
    std::deque<echo_client<Socket>> clients;
    for (unsigned i = 0; i != guard_depth; ++i)
    {
        auto [client, server] = make();
        servers.emplace_back(std::move(server), r.share(i)).receive();
        clients.emplace_back(std::move(client), i, r.share(i));
    }
    for (auto& one : clients)
        one.send();
    c.run();
    for (const auto& one : clients)
        if (!one.complete())
            throw std::runtime_error("messages are missing");
}

} // namespace bench

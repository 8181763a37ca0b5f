// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Coroutines through the alias.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "parts.hpp"

#include <array>

using token = net::use_awaitable_t<>;

net::awaitable<void> coroutine(int& done)
{
    auto executor = co_await net::this_coro::executor;
    net::ip::tcp::acceptor acceptor(executor, {net::ip::tcp::v4(), 0});
    net::ip::tcp::socket client(executor);
    net::connect(client, std::array{acceptor.local_endpoint()});
    auto server = co_await acceptor.async_accept(token());
    co_await net::async_write(server, net::buffer("ping", 4), net::use_awaitable);
    char data[4];
    auto [ec, n] = co_await client.async_read_some(net::buffer(data),
                                                   net::as_tuple(net::use_awaitable));
    done += !ec && n == 4;
}

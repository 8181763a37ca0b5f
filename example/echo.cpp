// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The swap: an echo server and a client of it, as one writes them for Asio. It ends
// by itself.
#include <urio.hpp>

#include <iostream>
#include <string>

namespace net = urio; // was: namespace net = boost::asio;

using net::ip::tcp;

net::awaitable<void> echo(tcp::socket socket)
{
    char data[1024];
    for (;;)
    {
        auto const [ec, n] = co_await socket.async_read_some(
            net::buffer(data), net::as_tuple(net::use_awaitable));
        if (ec)
            co_return; // the peer closed
        co_await net::async_write(socket, net::buffer(data, n), net::use_awaitable);
    }
}

net::awaitable<void> listen(tcp::acceptor& acceptor)
{
    for (;;)
    {
        auto socket = co_await acceptor.async_accept(net::use_awaitable);
        net::co_spawn(acceptor.get_executor(), echo(std::move(socket)), net::detached);
    }
}

net::awaitable<void> client(tcp::endpoint server)
{
    tcp::socket socket(co_await net::this_coro::executor);
    co_await socket.async_connect(server, net::use_awaitable);
    for (std::string const line : {"Hello, ring!\n", "It is only Asio.\n"})
    {
        co_await net::async_write(socket, net::buffer(line), net::use_awaitable);
        std::string reply;
        auto const n = co_await net::async_read_until(socket, net::dynamic_buffer(reply),
                                                      '\n', net::use_awaitable);
        std::cout << reply.substr(0, n);
    }
}

int main()
{
    net::io_context context(1);
    std::cout << "backend: " << urio::to_string(urio::backend_of(context).kind) << '\n';

    tcp::acceptor acceptor(context, {net::ip::address_v4::loopback(), 0});
    net::co_spawn(context, listen(acceptor), net::detached);
    net::co_spawn(context, client(acceptor.local_endpoint()),
                  [&](std::exception_ptr e)
                  {
                      context.stop();
                      if (e)
                          std::rethrow_exception(e);
                  });
    context.run();
}

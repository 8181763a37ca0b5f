// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program that knows nothing of urio: an echo over TCP and through a pipe.

#include <boost/asio.hpp>

#include <iostream>
#include <string>
#include <type_traits>

namespace asio = boost::asio;

asio::awaitable<void> echo(asio::ip::tcp::socket s)
{
    char data[64];
    std::size_t const n =
        co_await s.async_read_some(asio::buffer(data), asio::use_awaitable);
    co_await asio::async_write(s, asio::buffer(data, n), asio::use_awaitable);
}

asio::awaitable<void> serve(asio::ip::tcp::acceptor& a)
{
    asio::co_spawn(a.get_executor(), echo(co_await a.async_accept(asio::use_awaitable)),
                   asio::detached);
}

asio::awaitable<void> ask(asio::ip::tcp::endpoint server, asio::writable_pipe& out)
{
    asio::ip::tcp::socket s(co_await asio::this_coro::executor);
    co_await s.async_connect(server, asio::use_awaitable);
    co_await asio::async_write(s, asio::buffer("hello", 5), asio::use_awaitable);
    char data[5];
    co_await asio::async_read(s, asio::buffer(data), asio::use_awaitable);
    co_await asio::async_write(out, asio::buffer(data), asio::use_awaitable);
}

int main()
{
    asio::io_context context;
    asio::steady_timer alarm(context, std::chrono::seconds(30));
    alarm.async_wait(
        [&](boost::system::error_code ec)
        {
            if (!ec)
                context.stop();
        });
    asio::ip::tcp::acceptor acceptor(
        context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    asio::readable_pipe in(context);
    asio::writable_pipe out(context);
    asio::connect_pipe(in, out);
    asio::co_spawn(context, serve(acceptor), asio::detached);
    asio::co_spawn(context, ask(acceptor.local_endpoint(), out), asio::detached);
    std::string text(5, '\0');
    asio::async_read(in, asio::buffer(text),
                     [&](boost::system::error_code, std::size_t) { alarm.cancel(); });
    // An executor that is statically typed makes no difference.
    asio::basic_datagram_socket<asio::ip::udp, asio::io_context::executor_type> const u(
        context, asio::ip::udp::endpoint(asio::ip::udp::v4(), 0));
    context.run();
    std::cout << text << std::endl;
}

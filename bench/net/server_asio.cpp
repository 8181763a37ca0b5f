// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server on Asio, built from this one source on urio, on stock Asio, and on stock
// Asio's io_uring.

#include "asio_context.hpp"
#include "asio_coroutines.hpp"
#include "asio_datagrams.hpp"
#include "asio_sessions.hpp"
#if !defined(BENCH_STOCK_ASIO)
#include "urio_streams.hpp"
#endif

#include <cerrno>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace
{

using bench::error_code;

template <class Socket>
void serve_by_callbacks(Socket socket, const bench::server_options& o)
{
    auto const s = std::make_shared<bench::session<Socket>>(std::move(socket), o.buffer);
    if (o.work == "sink")
        s->sink();
    else if (o.work == "source")
        s->source();
    else
        s->echo();
}

template <class Socket>
void serve_by_coroutine(Socket socket, const bench::server_options& o)
{
    auto const executor = socket.get_executor();
    auto const coroutine = o.work == "sink"     ? &bench::sink<Socket>
                           : o.work == "source" ? &bench::source<Socket>
                                                : &bench::echo<Socket>;
    // It ends by an exception when the connection does.
    net::co_spawn(executor, coroutine(std::move(socket), o.buffer),
                  [](std::exception_ptr) {});
}

template <class Acceptor>
void accept(Acceptor& acceptor, const bench::server_options& o)
{
    acceptor.async_accept(
        [&](error_code ec, auto socket)
        {
            if (ec == net::error::operation_aborted)
                return;
            if (ec)
                bench::check_accept(ec.value());
            else
            {
                bench::set_up_connection(o, socket.native_handle());
                o.style == "coroutine" ? serve_by_coroutine(std::move(socket), o)
                                       : serve_by_callbacks(std::move(socket), o);
            }
            accept(acceptor, o);
        });
}

// Serves until standard input ends.
void run(boost::asio::io_context& context, const bench::server_options& o)
{
    net::posix::stream_descriptor input(context, ::dup(0));
    char byte;
    input.async_read_some(net::buffer(&byte, 1),
                          [&](error_code, std::size_t) { context.stop(); });
    std::vector<std::thread> others;
    for (unsigned i = 1; i < o.threads; ++i)
        others.emplace_back([&] { context.run(); });
    context.run();
    for (std::thread& t : others)
        t.join();
}

template <class Protocol>
void listen(boost::asio::io_context& context, const bench::server_options& o, int socket,
            const Protocol& protocol)
{
    net::basic_socket_acceptor<Protocol> acceptor(context, protocol, socket);
#if !defined(BENCH_STOCK_ASIO)
    if (o.style == "stream" || o.style == "multishot")
    {
        bench::stream_server server(std::move(acceptor), o);
        server.accept();
        return run(context, o);
    }
#endif
    accept(acceptor, o);
    run(context, o);
}

void receive(boost::asio::io_context& context, const bench::server_options& o, int number)
{
    net::ip::udp::socket socket(context, net::ip::udp::v4(), number);
    if (o.style == "coroutine")
        net::co_spawn(socket.get_executor(), bench::echo_datagrams(socket, o.buffer),
                      [](std::exception_ptr) {});
    else
        std::make_shared<bench::datagram_echo>(socket, o.buffer)->receive();
    run(context, o);
}

} // namespace

int main(int argc, char** argv)
{
    bench::server_options const o = bench::start_server(
        argc, argv, {.modes = bench::modes, .styles = bench::styles, .threads = 64});
    auto const context = bench::make_context(o.mode, static_cast<int>(o.threads));
    int const socket = bench::server_socket(o, SOCK_CLOEXEC);
    bench::print_port(o, socket);
    if (o.protocol == "udp")
        receive(*context, o, socket);
    else if (o.protocol == "unix")
        listen(*context, o, socket, net::local::stream_protocol());
    else
        listen(*context, o, socket, net::ip::tcp::v4());
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A TCP proxy whose bytes go from a socket to a pipe to a socket, by splice(2), and never
// to the program.
#include <urio.hpp>
#include <urio/event.hpp>

#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/program_options.hpp>

#include <csignal>
#include <cstdint>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <poll.h>
#include <string>

namespace net = urio;
namespace event = urio::event;
namespace po = boost::program_options;

using net::ip::tcp;

namespace
{

// As much as a pipe holds, unless it is told otherwise.
constexpr std::uint32_t most = 65536;

// Without io_uring splice(2) runs on a thread of a pool, where nothing could make it end:
// what waits is the poll, which can be cancelled on every backend.
net::awaitable<std::size_t> splice(int in, int out, std::uint32_t size, int waits_for,
                                   unsigned events)
{
    auto const ex = co_await net::this_coro::executor;
    for (;;)
    {
        co_await net::async_submit(ex, event::poll_add(waits_for, events),
                                   net::use_awaitable);
        auto const [ec, n, done] = co_await net::async_submit(
            ex, event::splice(in, out, size, SPLICE_F_MOVE | SPLICE_F_NONBLOCK),
            net::as_tuple(net::use_awaitable));
        if (ec == net::error::would_block)
            continue;
        if (ec)
            throw boost::system::system_error(ec, "splice");
        co_return n;
    }
}

// One direction, until its sender has shut it down.
net::awaitable<void> pump(tcp::socket& from, tcp::socket& to)
{
    auto const [pipe, made] = co_await net::async_submit(
        from.get_executor(), event::pipe(), net::use_awaitable);
    int const in = from.native_handle(), out = to.native_handle();
    while (auto left = co_await splice(in, pipe.write.get(), most, in, POLLIN))
        while (left != 0)
            left -= co_await splice(pipe.read.get(), out,
                                    static_cast<std::uint32_t>(left), out, POLLOUT);
    boost::system::error_code not_connected;
    to.shutdown(tcp::socket::shutdown_send, not_connected);
}

net::awaitable<void> serve(tcp::socket client, tcp::resolver::results_type server)
try
{
    tcp::socket upstream(client.get_executor());
    co_await net::async_connect(upstream, server, net::use_awaitable);
    // An error of one direction cancels the other: the first to end has the cause.
    auto const ex = client.get_executor();
    auto const [order, error, other_error] =
        co_await net::experimental::make_parallel_group(
            net::co_spawn(ex, pump(client, upstream), net::deferred),
            net::co_spawn(ex, pump(upstream, client), net::deferred))
            .async_wait(net::experimental::wait_for_one_error(), net::use_awaitable);
    std::exception_ptr const errors[] = {error, other_error};
    for (std::size_t const i : order)
        if (errors[i])
            std::rethrow_exception(errors[i]);
}
catch (const std::exception& e)
{
    std::cerr << "splice_proxy: a connection: " << e.what() << '\n';
}

net::awaitable<void> listen(tcp::acceptor acceptor, std::string host, std::string port,
                            int connections)
{
    tcp::resolver resolver(acceptor.get_executor());
    auto const server = co_await resolver.async_resolve(host, port, net::use_awaitable);
    std::cout << "listening on port " << acceptor.local_endpoint().port() << std::endl;
    for (; connections != 0; --connections)
        net::co_spawn(acceptor.get_executor(),
                      serve(co_await acceptor.async_accept(net::use_awaitable), server),
                      net::detached);
}

} // namespace

int main(int argc, char** argv)
try
{
    std::string host, port;
    unsigned short own_port = 0;
    int connections = -1;
    po::options_description description("Usage: splice_proxy --to-port PORT [options]");
    // clang-format off
    description.add_options()
        ("port", po::value(&own_port), "where to listen, on 127.0.0.1; any port if 0")
        ("to-host", po::value(&host)->default_value("127.0.0.1"), "the server's host")
        ("to-port", po::value(&port)->required(), "the server's port")
        ("connections", po::value(&connections), "ends after as many; never without it");
    // clang-format on
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, description), values);
    po::notify(values);

    // Unlike send(2), splice(2) has no flag against it.
    std::signal(SIGPIPE, SIG_IGN);

    net::io_context context(1);
    std::exception_ptr error;
    net::co_spawn(context,
                  listen({context, {net::ip::address_v4::loopback(), own_port}}, host,
                         port, connections),
                  [&](std::exception_ptr e) { error = e; });
    context.run();
    if (error)
        std::rethrow_exception(error);
}
catch (const std::exception& e)
{
    std::cerr << "splice_proxy: " << e.what() << '\n';
    return 1;
}

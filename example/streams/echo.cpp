// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server whose connections share a few buffers: one that waits has none.
#include <urio.hpp>
#include <urio/stream.hpp>

#include <boost/program_options.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <utility>

namespace net = urio;
namespace po = boost::program_options;

using net::ip::tcp;

namespace
{

net::awaitable<void> echo(tcp::socket socket, net::buffer_pool pool)
try
{
    net::receive_stream stream(std::move(socket), pool);
    for (;;)
    {
        auto const [ec, data] =
            co_await stream.async_next(net::as_tuple(net::use_awaitable));
        if (ec == net::error::eof)
            co_return;
        if (ec)
            throw boost::system::system_error(ec, "receive");
        // The buffer goes back to the pool when it has been written.
        co_await net::async_write(stream.socket(), data.buffer(), net::use_awaitable);
    }
}
catch (const std::exception& e)
{
    std::cerr << "stream_echo: a connection: " << e.what() << '\n';
}

net::awaitable<void> listen(tcp::acceptor acceptor, net::buffer_pool pool,
                            int connections)
{
    net::accept_stream callers(std::move(acceptor));
    net::steady_timer pause(callers.get_executor());
    std::cout << "listening on port " << callers.acceptor().local_endpoint().port()
              << std::endl;
    while (connections != 0)
    {
        auto [ec, socket] =
            co_await callers.async_next(net::as_tuple(net::use_awaitable));
        if (ec == net::error::no_descriptors)
        {
            // Until some have been closed; callers wait.
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(net::use_awaitable);
            continue;
        }
        if (ec)
            throw boost::system::system_error(ec, "accept");
        net::co_spawn(callers.get_executor(), echo(std::move(socket), pool),
                      net::detached);
        if (connections > 0)
            --connections;
    }
}

} // namespace

int main(int argc, char** argv)
try
{
    unsigned short port = 0;
    std::size_t count = 0, size = 0;
    int connections = -1;
    po::options_description description("Usage: stream_echo [options]");
    // clang-format off
    description.add_options()
        ("port", po::value(&port), "where to listen, on 127.0.0.1; any port if 0")
        ("count", po::value(&count)->default_value(64), "how many buffers there are")
        ("size", po::value(&size)->default_value(4096), "of each, in bytes")
        ("connections", po::value(&connections), "ends after as many; never without it");
    // clang-format on
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, description), values);
    po::notify(values);

    net::io_context context(1);
    net::buffer_pool const pool(context, {.count = count, .size = size});
    std::exception_ptr error;
    net::co_spawn(
        context,
        listen({context, {net::ip::address_v4::loopback(), port}}, pool, connections),
        [&](std::exception_ptr e) { error = e; });
    context.run();
    if (error)
        std::rethrow_exception(error);
    net::pool_statistics const s = pool.counters();
    std::cout << s.buffers << " buffers, taken " << s.taken << ", chosen by "
              << (s.kernel_chooses ? "the kernel" : "the program") << std::endl;
}
catch (const std::exception& e)
{
    std::cerr << "stream_echo: " << e.what() << '\n';
    return 1;
}

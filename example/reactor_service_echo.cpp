// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The reactor on an execution context: the server of reactor_echo.cpp with coroutines,
// and beside them whatever else the context does, here a timer. It ends after a number of
// connections (2), and plays the clients, too.
//
//   reactor_service_echo [connections]
#include <urio.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace net = urio;
namespace reactor = urio::reactor;

using boost::system::error_code;
using reactor::interest;
using reactor::tcp_listener;
using reactor::tcp_stream;
using reactor::token;
namespace errc = boost::system::errc;

void or_fail(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

token new_token()
{
    static std::size_t last = 0;
    return token(++last);
}

/// A source with its token. The destructor of the source deregisters it.
template <class Source>
struct registered
{
    registered(net::io_context& context, Source s, interest i)
        : service(boost::asio::use_service<net::reactor_service>(context))
        , source(std::move(s))
    {
        service.register_source(source, id, i);
    }

    /// Does it until it does not block, and waits for an event meanwhile.
    template <class Operation>
    auto eventually(interest i, Operation operation)
        -> net::awaitable<decltype(operation(std::declval<error_code&>()))>
    {
        for (;;)
        {
            error_code ec;
            auto result = operation(ec);
            if (!ec)
                co_return result;
            if (ec != errc::operation_would_block)
                throw boost::system::system_error(ec);
            co_await service.async_wait(id, i, net::use_awaitable);
        }
    }

    net::reactor_service& service;
    token id = new_token();
    Source source;
};

using connection = registered<tcp_stream>;

net::awaitable<std::size_t> read(connection& c, reactor::mutable_buffer to)
{
    return c.eventually(interest::readable,
                        [&c, to](error_code& ec) { return c.source.read(to, ec); });
}

net::awaitable<void> write(connection& c, std::string_view data)
{
    while (!data.empty())
        data.remove_prefix(co_await c.eventually(interest::writable, [&](error_code& ec)
                                                 { return c.source.write(data, ec); }));
}

net::awaitable<void> serve(net::io_context& context, tcp_stream stream)
{
    connection c(context, std::move(stream), interest::readable | interest::writable);
    co_await write(c, "Hello world!\n");
    char data[4096];
    while (std::size_t const n = co_await read(c, data))
        co_await write(c, {data, n});
}

net::awaitable<void> listen(net::io_context& context, tcp_listener listener,
                            int connections)
{
    registered<tcp_listener> l(context, std::move(listener), interest::readable);
    for (; connections != 0; --connections)
    {
        auto accepted = co_await l.eventually(interest::readable, [&](error_code& ec)
                                              { return l.source.accept(ec); });
        std::cout << "accepted a connection" << std::endl;
        net::co_spawn(context, serve(context, std::move(accepted.first)), or_fail);
    }
}

net::awaitable<void> be_a_client(net::io_context& context,
                                 reactor::socket_address address)
{
    connection c(context, tcp_stream::connect(address),
                 interest::readable | interest::writable);
    std::string received;
    char data[64];
    while (received.size() < 13)
        received.append(data, co_await read(c, data));
    net::steady_timer pause(context, std::chrono::milliseconds(1));
    co_await pause.async_wait(net::use_awaitable);
    co_await write(c, "Hello, service!\n");
    while (received.size() < 29)
        received.append(data, co_await read(c, data));
    std::cout << "a client got: " << received << std::flush;
}

int main(int argc, char** argv)
{
    try
    {
        int const connections = argc > 1 ? std::atoi(argv[1]) : 2;
        net::io_context context;
        auto listener =
            tcp_listener::bind(reactor::socket_address::v4({127, 0, 0, 1}, 0));
        auto const address = listener.local_address();
        std::cout << "listening on " << address << std::endl;
        net::co_spawn(context, listen(context, std::move(listener), connections),
                      or_fail);
        for (int i = 0; i < connections; ++i)
            net::co_spawn(context, be_a_client(context, address), or_fail);
        context.run();
    }
    catch (const std::exception& e)
    {
        std::cerr << "Error: " << e.what() << '\n';
        return 1;
    }
}

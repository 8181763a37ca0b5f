// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Beast's WebSocket over urio: an echo server and a client of one, with WebSocket's own
// time limits; tested with one another and with peers that go silent.
#include "peer.hpp"

#include <urio.hpp>

#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace net = urio; // was: namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using net::ip::tcp;

using tcp_stream = beast::basic_stream<tcp, net::any_io_executor>;
using websocket_stream = websocket::stream<tcp_stream>;
using limits = websocket::stream_base::timeout;

/// Sends each message back until the client closes; throws beast::error::timeout if it is
/// silent for too long.
net::awaitable<void> echo(tcp::socket socket, limits patience)
{
    // A WebSocket has its own time limits; those of the stream below stay off.
    websocket_stream stream{tcp_stream(std::move(socket))};
    stream.set_option(patience);
    co_await stream.async_accept(net::use_awaitable);
    beast::flat_buffer message;
    for (;;)
    {
        auto const [ec, n] =
            co_await stream.async_read(message, net::as_tuple(net::use_awaitable));
        if (ec == websocket::error::closed)
            co_return;
        if (ec)
            throw boost::system::system_error(ec);
        stream.text(stream.got_text());
        co_await stream.async_write(message.data(), net::use_awaitable);
        message.consume(n);
    }
}

/// Throws beast::error::timeout if the server lets it wait for too long.
net::awaitable<websocket_stream> connect(tcp::endpoint server, limits patience)
{
    websocket_stream stream(co_await net::this_coro::executor);
    beast::get_lowest_layer(stream).expires_after(patience.handshake_timeout);
    co_await beast::get_lowest_layer(stream).async_connect(server, net::use_awaitable);
    beast::get_lowest_layer(stream).expires_never();
    stream.set_option(patience);
    co_await stream.async_handshake("localhost", "/", net::use_awaitable);
    co_return stream;
}

// The test.

namespace
{

using namespace std::chrono_literals;

limits const long_ones{10s, 10s, true};

struct fixture
{
    net::io_context context{1};
    tcp::acceptor acceptor{context, test::loopback()};

    /// Expects that a coroutine ends with this error.
    template <class Function>
    void check_timeout(Function f)
    {
        BOOST_CHECK_EXCEPTION(test::complete(context, f), boost::system::system_error,
                              [](const boost::system::system_error& e)
                              { return e.code() == beast::error::timeout; });
    }

    net::awaitable<void> serve_one(limits patience)
    {
        co_await echo(co_await acceptor.async_accept(net::use_awaitable), patience);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(websocket_echo, fixture)

BOOST_AUTO_TEST_CASE(messages)
{
    bool served = false;
    net::co_spawn(context, serve_one(long_ones),
                  [&](std::exception_ptr e)
                  {
                      served = true;
                      test::must_succeed(e);
                  });
    auto const exchange = [&]() -> net::awaitable<void>
    {
        auto stream = co_await connect(acceptor.local_endpoint(), long_ones);
        for (int i = 0; i != 500; ++i)
        {
            auto const text = "message " + std::to_string(i);
            co_await stream.async_write(net::buffer(text), net::use_awaitable);
            beast::flat_buffer reply;
            co_await stream.async_read(reply, net::use_awaitable);
            BOOST_CHECK_EQUAL(beast::buffers_to_string(reply.data()), text);
            BOOST_CHECK(stream.got_text());
        }
        // One of many frames and segments.
        std::string const large = test::pattern(4 * 1024 * 1024);
        stream.binary(true);
        co_await stream.async_write(net::buffer(large), net::use_awaitable);
        beast::flat_buffer reply;
        co_await stream.async_read(reply, net::use_awaitable);
        BOOST_CHECK(beast::buffers_to_string(reply.data()) == large);
        BOOST_CHECK(stream.got_binary());

        co_await stream.async_close(websocket::close_code::normal, net::use_awaitable);
        BOOST_CHECK_EQUAL(stream.reason().code, websocket::close_code::normal);
    };
    test::complete(context, exchange);
    acceptor.close();
    test::run(context);
    BOOST_CHECK(served);
    // At the least a receive at each end for each message.
    BOOST_CHECK_GE(urio::statistics_of(context).completions, 1000u);
}

// It does not even ask for the upgrade.
BOOST_AUTO_TEST_CASE(a_client_that_says_nothing)
{
    boost::asio::ip::tcp::socket client(context);
    client.connect(acceptor.local_endpoint());
    std::exception_ptr failure;
    net::co_spawn(context, echo(acceptor.accept(), {200ms, 10s, false}),
                  [&](std::exception_ptr e) { failure = e; });
    context.poll();
    // The server waits for it in the kernel, not in Asio's reactor.
    BOOST_CHECK_EQUAL(urio::statistics_of(context).in_flight, 1u);
    test::run(context);
    BOOST_CHECK(test::error_of(failure) == beast::error::timeout);
    // The connection was closed.
    char c = 0;
    boost::system::error_code ec;
    client.read_some(boost::asio::buffer(&c, 1), ec);
    BOOST_CHECK(ec == net::error::eof || ec == net::error::connection_reset);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_silent)
{
    std::optional<websocket_stream> client;
    check_timeout(
        [&]() -> net::awaitable<void>
        {
            net::co_spawn(
                context,
                [&]() -> net::awaitable<void>
                {
                    client.emplace(
                        co_await connect(acceptor.local_endpoint(), long_ones));
                    // Does not read, and so does not answer pings, either.
                },
                test::must_succeed);
            co_await serve_one({10s, 100ms, true});
        });
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_answer)
{
    check_timeout([&]() -> net::awaitable<void>
                  { co_await connect(acceptor.local_endpoint(), {50ms, 10s, false}); });
}

// A client that has nothing to say but answers pings stays connected.
BOOST_AUTO_TEST_CASE(pings_keep_a_connection_alive)
{
    limits const short_ones{10s, 1s, true};
    net::co_spawn(context, serve_one(short_ones), test::must_succeed);
    test::complete(
        context,
        [&]() -> net::awaitable<void>
        {
            auto stream = co_await connect(acceptor.local_endpoint(), long_ones);
            int pings = 0;
            std::string const text = "still here";
            stream.control_callback(
                [&](websocket::frame_type kind, beast::string_view)
                {
                    // There are two in the limit, so that by the third it has passed.
                    if (kind == websocket::frame_type::ping && ++pings == 3)
                        stream.async_write(net::buffer(text),
                                           [](boost::system::error_code ec, std::size_t)
                                           { BOOST_CHECK(!ec); });
                });
            beast::flat_buffer reply;
            co_await stream.async_read(reply, net::use_awaitable);
            BOOST_CHECK_EQUAL(beast::buffers_to_string(reply.data()), text);
            BOOST_CHECK_GE(pings, 3);
            co_await stream.async_close(websocket::close_code::normal,
                                        net::use_awaitable);
        });
}

BOOST_AUTO_TEST_SUITE_END()

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Beast's HTTP client over urio, with a time limit for every step; tested with Python's
// http.server and with servers that go silent.
#include "peer.hpp"

#include <urio.hpp>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <fstream>
#include <string>

namespace net = urio; // was: namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

// beast::tcp_stream is Asio's socket. This is the same template over urio's.
using http_stream = beast::basic_stream<net::ip::tcp, net::any_io_executor>;
using response = http::response<http::string_body>;

/// Throws beast::error::timeout if the server lets any step wait for so long.
net::awaitable<response> get(std::string host, std::string port, std::string target,
                             std::chrono::milliseconds patience)
{
    net::ip::tcp::resolver resolver(co_await net::this_coro::executor);
    auto const found = co_await resolver.async_resolve(host, port, net::use_awaitable);

    http_stream stream(co_await net::this_coro::executor);
    stream.expires_after(patience);
    co_await stream.async_connect(found, net::use_awaitable);

    http::request<http::empty_body> request(http::verb::get, target, 11);
    request.set(http::field::host, host + ':' + port);
    stream.expires_after(patience);
    co_await http::async_write(stream, request, net::use_awaitable);

    // A body may take its time, as long as some of it arrives.
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(64 * 1024 * 1024);
    while (!parser.is_done())
    {
        stream.expires_after(patience);
        co_await http::async_read_some(stream, buffer, parser, net::use_awaitable);
    }
    co_return parser.release();
}

// The test.

namespace
{

using namespace std::chrono_literals;

struct needs_python
{
    needs_python() { test::require_program("python3"); }
};
BOOST_TEST_GLOBAL_FIXTURE(needs_python);

/// Expects a time-out of a request to this acceptor.
void check_timeout(net::io_context& context, boost::asio::ip::tcp::acceptor& server)
{
    auto const port = std::to_string(server.local_endpoint().port());
    BOOST_CHECK_EXCEPTION(test::complete(context, [&]() -> net::awaitable<void>
                                         { co_await get("127.0.0.1", port, "/", 50ms); }),
                          boost::system::system_error,
                          [](const boost::system::system_error& e)
                          { return e.code() == beast::error::timeout; });
}

boost::asio::ip::tcp::acceptor stock_server(net::io_context& context, int backlog)
{
    boost::asio::ip::tcp::acceptor server(context);
    server.open(boost::asio::ip::tcp::v4());
    server.bind(test::loopback());
    server.listen(backlog);
    return server;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_client)

BOOST_AUTO_TEST_CASE(with_pythons_server)
{
    net::io_context context(1);
    test::temporary_directory site;
    std::string const large = test::pattern(5'000'000);
    std::ofstream(site.path() / "large.bin", std::ios::binary) << large;

    test::peer python(context, {"python3", "-u", "-m", "http.server", "0", "--bind",
                                "127.0.0.1", "--directory", site.path().string()});
    test::complete(context,
                   [&]() -> net::awaitable<void>
                   {
                       co_await python.read_until(" port ");
                       std::string port = co_await python.read_until(" ");
                       port.pop_back();
                       auto const found =
                           co_await get("127.0.0.1", port, "/large.bin", 10s);
                       BOOST_CHECK_EQUAL(found.result_int(), 200u);
                       BOOST_CHECK(found.body() == large);
                       auto const missing = co_await get("127.0.0.1", port, "/none", 10s);
                       BOOST_CHECK_EQUAL(missing.result_int(), 404u);
                   });
    // Two connections were made, and two requests and responses transferred.
    BOOST_CHECK_GE(urio::statistics_of(context).completions, 4u);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_accept)
{
    net::io_context context(1);
    // Its queue has room for one.
    auto server = stock_server(context, 0);
    boost::asio::ip::tcp::socket first(context);
    first.connect(server.local_endpoint());
    check_timeout(context, server);
    // It was the attempt to connect that took too long.
    server.accept();
    server.non_blocking(true);
    boost::system::error_code ec;
    server.accept(ec);
    BOOST_CHECK_EQUAL(ec, net::error::would_block);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_answer)
{
    net::io_context context(1);
    auto server = stock_server(context, 8);
    check_timeout(context, server);
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_in_the_middle)
{
    net::io_context context(1);
    auto server = stock_server(context, 8);
    boost::asio::ip::tcp::socket connection(context);
    std::string const text =
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all of it";
    server.async_accept(connection,
                        [&](boost::system::error_code ec)
                        {
                            BOOST_REQUIRE(!ec);
                            boost::asio::write(connection, boost::asio::buffer(text));
                        });
    check_timeout(context, server);
}

// What the counters prove in all of these tests.
BOOST_AUTO_TEST_CASE(a_stock_stream_leaves_the_ring_alone)
{
    net::io_context context(1);
    auto server = stock_server(context, 8);
    beast::tcp_stream stream(context);
    test::complete(
        context, [&]() -> net::awaitable<void>
        { co_await stream.async_connect(server.local_endpoint(), net::use_awaitable); });
    BOOST_CHECK_EQUAL(urio::statistics_of(context).completions, 0u);
}

BOOST_AUTO_TEST_SUITE_END()

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An HTTPS server: Beast's HTTP on Asio's ssl::stream on Beast's basic_stream on urio,
// with a time limit for every step; tested with curl and with a client that goes silent.
#include "certificate.hpp"

#include <urio.hpp>

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace net = urio; // was: namespace net = boost::asio;
namespace ssl = net::ssl;
namespace beast = boost::beast;
namespace http = beast::http;
using net::ip::tcp;

using tcp_stream = beast::basic_stream<tcp, net::any_io_executor>;
using https_stream = ssl::stream<tcp_stream>;

http::response<http::string_body> answer(const http::request<http::string_body>& request)
{
    bool const echo = request.method() == http::verb::post;
    http::response<http::string_body> response(http::status::ok, request.version());
    response.set(http::field::server, BOOST_BEAST_VERSION_STRING);
    response.set(http::field::content_type, "text/plain");
    response.keep_alive(request.keep_alive());
    response.body() =
        echo ? request.body() : "You asked for " + std::string(request.target()) + ".\n";
    response.prepare_payload();
    return response;
}

/// Answers requests until the client leaves; throws beast::error::timeout if it is silent
/// for too long.
net::awaitable<void> serve(https_stream stream, std::chrono::milliseconds patience)
{
    auto& connection = stream.next_layer();
    connection.expires_after(patience);
    co_await stream.async_handshake(ssl::stream_base::server, net::use_awaitable);
    beast::flat_buffer buffer;
    for (bool keep = true; keep;)
    {
        http::request<http::string_body> request;
        connection.expires_after(patience);
        auto const [ec, n] = co_await http::async_read(stream, buffer, request,
                                                       net::as_tuple(net::use_awaitable));
        if (ec == http::error::end_of_stream)
            break;
        if (ec)
            throw boost::system::system_error(ec);
        auto const response = answer(request);
        keep = response.keep_alive();
        connection.expires_after(patience);
        co_await http::async_write(stream, response, net::use_awaitable);
    }
    // Many clients close the connection without waiting for this.
    connection.expires_after(patience);
    co_await stream.async_shutdown(net::as_tuple(net::use_awaitable));
}

// The test.

namespace
{

using namespace std::chrono_literals;

struct needs_curl
{
    needs_curl() { test::require_program("curl"); }
};
BOOST_TEST_GLOBAL_FIXTURE(needs_curl);

struct server
{
    net::io_context context{1};
    test::certificate certificate;
    ssl::context tls = certificate.server();
    tcp::acceptor acceptor{context, test::loopback()};
    std::string const url =
        "https://localhost:" + std::to_string(acceptor.local_endpoint().port());
    int connections = 0;

    net::awaitable<void> listen()
    {
        for (;;)
        {
            auto socket = co_await acceptor.async_accept(net::use_awaitable);
            ++connections;
            net::co_spawn(context,
                          serve(https_stream(tcp_stream(std::move(socket)), tls), 10s),
                          net::detached);
        }
    }

    struct result
    {
        int code;
        std::string output;
    };

    result curl(std::vector<std::string> arguments)
    {
        std::vector<std::string> command = {
            "curl",      "--silent",
            "--noproxy", "*",
            "--resolve", "localhost:" + url.substr(url.rfind(':') + 1) + ":127.0.0.1"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        test::peer client(context, command);
        net::co_spawn(context, listen(), net::detached);
        std::string output;
        test::complete(context, [&]() -> net::awaitable<void>
                       { output = co_await client.finish(); });
        return {client.exit_code(), output};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(https_server, server)

BOOST_AUTO_TEST_CASE(pages_for_curl)
{
    auto const r =
        curl({"--cacert", certificate.file(), url + "/one", url + "/two?three"});
    BOOST_CHECK_EQUAL(r.code, 0);
    BOOST_CHECK_EQUAL(r.output, "You asked for /one.\nYou asked for /two?three.\n");
    // Both on the one connection.
    BOOST_CHECK_EQUAL(connections, 1);
    BOOST_CHECK_GE(urio::statistics_of(context).completions, 4u);
}

BOOST_AUTO_TEST_CASE(a_body_both_ways)
{
    std::string const body = test::pattern(900'000);
    test::temporary_file const file(body);
    auto const r = curl(
        {"--cacert", certificate.file(), "--data-binary", "@" + file.path(), url + "/"});
    BOOST_CHECK_EQUAL(r.code, 0);
    BOOST_CHECK(r.output == body);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_trust_it)
{
    auto const r = curl({url + "/"});
    BOOST_CHECK_EQUAL(r.code, 60); // CURLE_PEER_FAILED_VERIFICATION
    BOOST_CHECK_EQUAL(r.output, "");
    BOOST_CHECK_EQUAL(connections, 1);
}

BOOST_AUTO_TEST_CASE(a_client_that_says_nothing)
{
    boost::asio::ip::tcp::socket client(context);
    client.connect(acceptor.local_endpoint());
    std::exception_ptr failure;
    net::co_spawn(context, serve(https_stream(tcp_stream(acceptor.accept()), tls), 200ms),
                  [&](std::exception_ptr e) { failure = e; });
    context.poll();
    // The handshake waits for it in the kernel, not in Asio's reactor.
    BOOST_CHECK_EQUAL(urio::statistics_of(context).in_flight, 1u);
    test::run(context);
    BOOST_CHECK(test::error_of(failure) == beast::error::timeout);
}

BOOST_AUTO_TEST_SUITE_END()

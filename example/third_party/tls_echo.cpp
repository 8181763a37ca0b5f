// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's ssl::stream over urio's sockets: an echo server and a client of one; tested with
// `openssl s_client` and `openssl s_server`, and with one another.
#include "certificate.hpp"

#include <urio.hpp>

#include <boost/asio/ssl.hpp>

#include <string>
#include <utility>

namespace net = urio; // was: namespace net = boost::asio;
namespace ssl = net::ssl;
using net::ip::tcp;

using tls_stream = ssl::stream<tcp::socket>;

/// Sends back what comes until the client ends the session.
net::awaitable<void> echo(tls_stream stream)
{
    co_await stream.async_handshake(ssl::stream_base::server, net::use_awaitable);
    char data[16 * 1024];
    for (;;)
    {
        auto const [ec, n] = co_await stream.async_read_some(
            net::buffer(data), net::as_tuple(net::use_awaitable));
        if (ec == net::error::eof)
            break;
        if (ec)
            throw boost::system::system_error(ec);
        co_await net::async_write(stream, net::buffer(data, n), net::use_awaitable);
    }
    // The client may have closed without waiting for this.
    co_await stream.async_shutdown(net::as_tuple(net::use_awaitable));
}

/// Throws if the server cannot prove that this is its name.
net::awaitable<tls_stream> connect(ssl::context& tls, tcp::endpoint server,
                                   std::string name)
{
    tls_stream stream(co_await net::this_coro::executor, tls);
    stream.set_verify_callback(ssl::host_name_verification(name));
    co_await stream.lowest_layer().async_connect(server, net::use_awaitable);
    co_await stream.async_handshake(ssl::stream_base::client, net::use_awaitable);
    co_return stream;
}

// The test.

namespace
{

struct fixture
{
    net::io_context context{1};
    test::certificate certificate;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_echo, fixture)

BOOST_AUTO_TEST_CASE(server_with_openssl_s_client)
{
    auto tls = certificate.server();
    tcp::acceptor acceptor(context, test::loopback());
    auto const port = acceptor.local_endpoint().port();
    test::peer client(context,
                      {"openssl", "s_client", "-connect",
                       "127.0.0.1:" + std::to_string(port), "-CAfile", certificate.file(),
                       "-verify_return_error", "-quiet", "-no_ign_eof", "-nocommands"});
    auto const before = urio::statistics_of(context).completions;
    test::complete(
        context,
        [&]() -> net::awaitable<void>
        {
            tls_stream stream(co_await acceptor.async_accept(net::use_awaitable), tls);
            net::co_spawn(context, echo(std::move(stream)), test::must_succeed);
            for (std::string const line : {"Hello, ring!\n", "Again.\n"})
            {
                co_await client.write(line);
                BOOST_CHECK_EQUAL(co_await client.read_until("\n"), line);
            }
            BOOST_CHECK_EQUAL(co_await client.finish(), "");
        });
    BOOST_CHECK_EQUAL(client.exit_code(), 0);
    // The connection, its handshake, and each line came through the ring.
    BOOST_CHECK_GE(urio::statistics_of(context).completions - before, 4u);
}

BOOST_AUTO_TEST_CASE(client_with_openssl_s_server)
{
    auto tls = certificate.client();
    // It turns each line around.
    test::peer server(context, {"openssl", "s_server", "-accept", "127.0.0.1:0",
                                "-naccept", "1", "-cert", certificate.file(), "-key",
                                certificate.key_file(), "-rev"});
    test::complete(
        context,
        [&]() -> net::awaitable<void>
        {
            co_await server.read_until("ACCEPT 127.0.0.1:");
            auto const port = std::stoul(co_await server.read_until("\n"));
            auto stream = co_await connect(
                tls, test::loopback(static_cast<unsigned short>(port)), "localhost");
            for (std::string line : {"drawer", "stressed"})
            {
                line += '\n';
                co_await net::async_write(stream, net::buffer(line), net::use_awaitable);
                std::string reply;
                co_await net::async_read_until(stream, net::dynamic_buffer(reply), '\n',
                                               net::use_awaitable);
                line.pop_back();
                BOOST_CHECK_EQUAL(reply, std::string(line.rbegin(), line.rend()) + '\n');
            }
            co_await stream.async_shutdown(net::use_awaitable);
        });
    BOOST_CHECK_GE(urio::statistics_of(context).completions, 4u);
}

// More than either socket's buffer holds, in both directions at once.
BOOST_AUTO_TEST_CASE(client_with_server)
{
    auto server_side = certificate.server();
    auto client_side = certificate.client();
    tcp::acceptor acceptor(context, test::loopback());
    std::string const sent = test::pattern(8 * 1024 * 1024);
    std::string received(sent.size(), '\0');
    acceptor.async_accept(
        [&](boost::system::error_code ec, tcp::socket socket)
        {
            BOOST_REQUIRE(!ec);
            net::co_spawn(context, echo(tls_stream(std::move(socket), server_side)),
                          test::must_succeed);
        });
    test::complete(
        context,
        [&]() -> net::awaitable<void>
        {
            auto stream =
                co_await connect(client_side, acceptor.local_endpoint(), "localhost");
            net::async_write(stream, net::buffer(sent),
                             [](boost::system::error_code ec, std::size_t)
                             { BOOST_CHECK_EQUAL(ec, boost::system::error_code()); });
            co_await net::async_read(stream, net::buffer(received), net::use_awaitable);
            BOOST_CHECK(received == sent);
            co_await stream.async_shutdown(net::use_awaitable);
        });
    BOOST_CHECK_GE(urio::statistics_of(context).completions, 100u);
}

BOOST_AUTO_TEST_CASE(a_name_that_the_certificate_does_not_have)
{
    auto server_side = certificate.server();
    auto client_side = certificate.client();
    tcp::acceptor acceptor(context, test::loopback());
    bool refused = false;
    acceptor.async_accept(
        [&](boost::system::error_code ec, tcp::socket socket)
        {
            BOOST_REQUIRE(!ec);
            net::co_spawn(context, echo(tls_stream(std::move(socket), server_side)),
                          [&](std::exception_ptr e) { refused = e != nullptr; });
        });
    test::complete(
        context,
        [&]() -> net::awaitable<void>
        {
            try
            {
                co_await connect(client_side, acceptor.local_endpoint(), "example.org");
                BOOST_ERROR("connected");
            }
            catch (const boost::system::system_error& e)
            {
                BOOST_CHECK(e.code().category() == net::error::get_ssl_category());
            }
        });
    acceptor.close();
    test::run(context);
    BOOST_CHECK(refused);
}

BOOST_AUTO_TEST_SUITE_END()

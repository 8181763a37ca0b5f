// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Redis (Boost 1.84 or newer) over urio; tested with redis-server, in the clear and
// with TLS.
#include "certificate.hpp"

#include <urio.hpp>

#include <boost/redis.hpp>
#include <boost/redis/src.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace net = urio; // was: namespace net = boost::asio;
namespace redis = boost::redis;

// redis::connection is the same over Asio's executor, and so over Asio's sockets.
using connection = redis::basic_connection<net::any_io_executor>;

/// The value of a counter after it was incremented, and the greeting for it.
net::awaitable<std::pair<int, std::string>> greet(connection& server, std::string name)
{
    redis::request request;
    request.push("INCR", "visits:" + name);
    request.push("SET", "greeting:" + name, "Hello, " + name + "!");
    request.push("GET", "greeting:" + name);
    redis::response<int, redis::ignore_t, std::string> response;
    co_await server.async_exec(request, response, net::use_awaitable);
    co_return std::pair(std::get<0>(response).value(), std::get<2>(response).value());
}

// The test.

namespace
{

struct needs_redis
{
    needs_redis() { test::require_program("redis-server"); }
};
BOOST_TEST_GLOBAL_FIXTURE(needs_redis);

std::string free_port(net::io_context& context)
{
    boost::asio::ip::tcp::acceptor acceptor(context, test::loopback());
    return std::to_string(acceptor.local_endpoint().port());
}

/// A server without anything on disk, and a connection to it.
struct fixture
{
    net::io_context context{1};
    test::certificate certificate;
    test::temporary_directory folder;
    std::optional<test::peer> server;
    redis::config config;

    /// Starts the server on a port that was free a moment ago, and on another if it is
    /// not any more.
    net::awaitable<void> start(std::string option, std::vector<std::string> more)
    {
        for (int attempt = 0; attempt != 5; ++attempt)
        {
            config.addr = {"127.0.0.1", free_port(context)};
            std::vector<std::string> command = {"redis-server",
                                                option,
                                                config.addr.port,
                                                "--bind",
                                                "127.0.0.1",
                                                "--save",
                                                "",
                                                "--dir",
                                                folder.path().string()};
            command.insert(command.end(), more.begin(), more.end());
            server.emplace(context, command);
            try
            {
                co_await server->read_until("Ready to accept connections");
                co_return;
            }
            catch (const boost::system::system_error& e)
            {
                BOOST_REQUIRE_EQUAL(e.code(), net::error::eof);
            }
        }
        BOOST_FAIL("redis-server does not start");
    }

    /// Runs a coroutine while the connection is up.
    template <class Function>
    void with_connection(connection& connected, Function f)
    {
        bool ended = false;
        connected.async_run(config, redis::logger(redis::logger::level::err),
                            [&](boost::system::error_code) { ended = true; });
        test::complete(context, f);
        connected.cancel();
        test::run(context);
        BOOST_CHECK(ended);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(redis_client, fixture)

BOOST_AUTO_TEST_CASE(requests_and_pushes)
{
    test::complete(context, [&] { return start("--port", {}); });
    // Nothing here but the library's own objects can have made a ring.
    BOOST_REQUIRE_EQUAL(urio::statistics_of(context).submitted, 0u);

    connection connected(context);
    with_connection(
        connected,
        [&]() -> net::awaitable<void>
        {
            for (int i = 1; i <= 200; ++i)
            {
                auto const [visits, greeting] = co_await greet(connected, "ring");
                BOOST_CHECK_EQUAL(visits, i);
                BOOST_CHECK_EQUAL(greeting, "Hello, ring!");
            }

            // A value of many segments.
            std::string const large = test::pattern(3'000'000);
            redis::request store;
            store.push("SET", "large", large);
            store.push("GET", "large");
            redis::response<redis::ignore_t, std::string> stored;
            co_await connected.async_exec(store, stored, net::use_awaitable);
            BOOST_CHECK(std::get<1>(stored).value() == large);

            // What the server sends unasked.
            redis::generic_response pushed;
            connected.set_receive_response(pushed);
            redis::request talk;
            talk.push("SUBSCRIBE", "news");
            talk.push("PUBLISH", "news", "io_uring");
            co_await connected.async_exec(talk, redis::ignore, net::use_awaitable);
            while (pushed.value().empty() || pushed.value().back().value != "io_uring")
                co_await connected.async_receive(net::use_awaitable);
        });
    // At the least a receive for each answer.
    BOOST_CHECK_GE(urio::statistics_of(context).completions, 200u);
}

BOOST_AUTO_TEST_CASE(with_tls)
{
    test::complete(context,
                   [&]
                   {
                       return start("--tls-port",
                                    {"--port", "0", "--tls-cert-file", certificate.file(),
                                     "--tls-key-file", certificate.key_file(),
                                     "--tls-auth-clients", "no", "--tls-ca-cert-file",
                                     certificate.file()});
                   });
    config.use_ssl = true;
    connection connected(context, certificate.client());
    with_connection(connected,
                    [&]() -> net::awaitable<void>
                    {
                        auto const [visits, greeting] =
                            co_await greet(connected, "secret ring");
                        BOOST_CHECK_EQUAL(visits, 1);
                        BOOST_CHECK_EQUAL(greeting, "Hello, secret ring!");
                    });
    // The connection, its handshake, and the answer.
    BOOST_CHECK_GE(urio::statistics_of(context).completions, 3u);
}

BOOST_AUTO_TEST_SUITE_END()

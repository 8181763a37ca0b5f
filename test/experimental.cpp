// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's experimental facilities over urio's operations: channels, promises, co_composed
// and coro. (Parallel groups have a file of their own.)

#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/co_composed.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/experimental/coro.hpp>
#include <boost/asio/experimental/promise.hpp>
#include <boost/asio/experimental/use_promise.hpp>

#include <thread>

namespace
{

using namespace test;
namespace net = urio;
namespace experimental = net::experimental;
using tcp = net::ip::tcp;

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

// Reads from a socket what goes into a channel, and writes what comes out of it to a
// file.
template <class Channel>
void pass_through(boost::asio::io_context& source, boost::asio::io_context& sink,
                  std::size_t capacity)
{
    std::string const out = pattern(200'000);
    temporary_file const file;
    tcp_pair p(source);
    Channel channel(source, capacity);
    // The channel's context has work until the last has been received.
    auto guard = net::make_work_guard(source);
    auto const feed = [&]() -> net::awaitable<void>
    {
        co_await net::async_write(p.first, net::buffer(out), net::use_awaitable);
        p.first.close();
    };
    // An empty string ends it: not every version of Asio delivers what is in a channel
    // that is closed.
    auto const read = [&]() -> net::awaitable<void>
    {
        std::string data;
        do
        {
            data.resize(4096);
            auto const [ec, n] = co_await p.second.async_read_some(
                net::buffer(data), net::as_tuple(net::use_awaitable));
            data.resize(n);
            co_await channel.async_send({}, data, net::use_awaitable);
        } while (!data.empty());
    };
    auto const write = [&]() -> net::awaitable<void>
    {
        net::stream_file f(sink, file.path(), net::file_base::write_only);
        for (;;)
        {
            std::string const data = co_await channel.async_receive(net::use_awaitable);
            if (data.empty())
                break;
            co_await net::async_write(f, net::buffer(data), net::use_awaitable);
        }
        guard.reset();
    };
    net::co_spawn(source, feed(), rethrow);
    net::co_spawn(source, read(), rethrow);
    net::co_spawn(sink, write(), rethrow);
    std::thread other;
    if (&sink != &source)
        other = std::thread([&] { sink.run(); });
    run(source);
    if (other.joinable())
        other.join();
    BOOST_CHECK(file.content() == out);
}

using channel = experimental::channel<void(error_code, std::string)>;
using concurrent_channel =
    experimental::concurrent_channel<void(error_code, std::string)>;

} // namespace

BOOST_DATA_TEST_CASE(channels, every_mode, m)
{
    mode_context c(m);
    for (std::size_t const capacity : {0, 1, 10})
    {
        pass_through<channel>(c, c, capacity);
        pass_through<concurrent_channel>(c, c, capacity);
    }
}

BOOST_DATA_TEST_CASE(channels_between_threads, every_mode, m)
{
    for (std::size_t const capacity : {0, 1, 10})
    {
        mode_context c(m), d(m);
        pass_through<concurrent_channel>(c, d, capacity);
    }
}

BOOST_DATA_TEST_CASE(promises, every_mode, m)
{
    mode_context c(m);
    temporary_file file("content");
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    tcp_pair p(c);
    char a[4] = {}, b[4] = {};
    bool done = false;
    auto const body = [&]() -> net::awaitable<void>
    {
        // Both are under way before either is waited for.
        auto received = p.first.async_receive(net::buffer(a), experimental::use_promise);
        auto read = f.async_read_some_at(3, net::buffer(b), experimental::use_promise);
        co_await p.second.async_send(net::buffer("data", 4), net::use_awaitable);
        auto const [e0, n0] = co_await received(net::as_tuple(net::use_awaitable));
        auto const [e1, n1] = co_await read(net::as_tuple(net::use_awaitable));
        BOOST_CHECK(!e0 && !e1);
        BOOST_CHECK_EQUAL(n0 + n1, 8u);

        auto cancelled = p.first.async_receive(net::buffer(a), experimental::use_promise);
        cancelled.cancel();
        auto const [e2, n2] = co_await cancelled(net::as_tuple(net::use_awaitable));
        BOOST_CHECK(e2 == net::error::operation_aborted);
        BOOST_CHECK_EQUAL(n2, 0u);

        // One that is dropped is cancelled as well.
        {
            auto dropped =
                p.first.async_receive(net::buffer(b), experimental::use_promise);
        }
        done = true;
    };
    net::co_spawn(c, body(), rethrow);
    run(c);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(std::string(a, 4), "data");
    BOOST_CHECK_EQUAL(std::string(b, 4), "tent");
}

namespace
{

// An operation of one's own: echoes until the peer closes. Completes with the number of
// bytes.
template <class Token>
auto async_echo(tcp::socket& socket, Token&& token)
{
    return net::async_initiate<Token, void(error_code, std::size_t)>(
        experimental::co_composed<void(error_code, std::size_t)>(
            [](auto state, tcp::socket& socket) -> void
            {
                state.reset_cancellation_state(net::enable_terminal_cancellation());
                std::size_t total = 0;
                for (;;)
                {
                    char data[1024];
                    auto [e1, n] = co_await socket.async_read_some(
                        net::buffer(data), net::as_tuple(net::deferred));
                    if (e1)
                        co_return {e1, total};
                    auto [e2, m] = co_await net::async_write(
                        socket, net::buffer(data, n), net::as_tuple(net::deferred));
                    total += m;
                    if (e2)
                        co_return {e2, total};
                }
            },
            socket),
        token, std::ref(socket));
}

} // namespace

BOOST_DATA_TEST_CASE(composed_by_coroutines, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    error_code result;
    std::size_t total = 0;
    auto const note = [&](error_code ec, std::size_t n)
    {
        result = ec;
        total = n;
    };
    async_echo(p.second, note);
    std::string const out = pattern(100'000);
    std::string in(out.size(), '\0');
    net::async_write(p.first, net::buffer(out), net::detached);
    net::async_read(p.first, net::buffer(in),
                    once([&](error_code, std::size_t)
                         { p.first.shutdown(tcp::socket::shutdown_send); }));
    run(c);
    BOOST_CHECK(result == net::error::eof);
    BOOST_CHECK_EQUAL(total, out.size());
    BOOST_CHECK(in == out);

    tcp_pair q(c);
    net::cancellation_signal signal;
    async_echo(q.second, net::bind_cancellation_slot(signal.slot(), note));
    net::steady_timer t(c, 1ms);
    t.async_wait([&](error_code) { signal.emit(net::cancellation_type::terminal); });
    run(c);
    BOOST_CHECK(result == net::error::operation_aborted);
}

namespace
{

// Yields what comes, and returns its size.
experimental::coro<std::string, int> receive_all(net::any_io_executor, tcp::socket& s)
{
    int total = 0;
    for (;;)
    {
        char data[100];
        auto const [ec, n] =
            co_await s.async_read_some(net::buffer(data), net::as_tuple(net::deferred));
        if (ec)
            co_return total;
        total += static_cast<int>(n);
        co_yield std::string(data, n);
    }
}

} // namespace

BOOST_DATA_TEST_CASE(generators, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    std::string lines;
    auto reader = receive_all(c.get_executor(), p.second);
    int total = 0;
    auto const body = [&]() -> net::awaitable<void>
    {
        for (std::string const word : {"one", "two", "three"})
        {
            co_await p.first.async_send(net::buffer(word), net::use_awaitable);
            auto const got = co_await reader.async_resume(net::use_awaitable);
            lines += std::get<0>(got) + ' ';
        }
        p.first.close();
        total = std::get<1>(co_await reader.async_resume(net::use_awaitable));
    };
    net::co_spawn(c, body(), rethrow);
    run(c);
    BOOST_CHECK_EQUAL(lines, "one two three ");
    BOOST_CHECK_EQUAL(total, 11);
}

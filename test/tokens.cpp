// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Completion tokens on sockets and files.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "typed.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <array>
#include <future>
#include <memory>
#include <thread>
#include <variant>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;
using namespace net::experimental::awaitable_operators;

// Runs a coroutine to its end; an exception fails the test.
template <class Context>
void run_coroutine(Context& c, net::awaitable<void> a)
{
    std::exception_ptr error;
    net::co_spawn(c, std::move(a), [&](std::exception_ptr e) { error = e; });
    run(c);
    if (error)
        std::rethrow_exception(error);
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(use_awaitable, Mode, modes)
{
    descriptor_check check;
    context<Mode> c;
    temporary_file t("content");
    run_coroutine(
        c,
        [&]() -> net::awaitable<void>
        {
            auto const ex = co_await net::this_coro::executor;
            tcp::acceptor a(ex, loopback());
            tcp::socket client(ex);
            co_await client.async_connect(a.local_endpoint(), net::use_awaitable);
            tcp::socket server = co_await a.async_accept(net::use_awaitable);
            co_await net::async_write(client, net::buffer("ping", 4), net::use_awaitable);
            std::string b(4, '\0');
            co_await net::async_read(server, net::buffer(b), net::use_awaitable);
            BOOST_CHECK_EQUAL(b, "ping");
            client.close();
            try
            {
                co_await server.async_receive(net::buffer(b), net::use_awaitable);
                BOOST_ERROR("no exception");
            }
            catch (const boost::system::system_error& e)
            {
                BOOST_CHECK(e.code() == net::error::eof);
            }
            net::stream_file f(ex, t.path(), net::file_base::read_only);
            BOOST_CHECK_EQUAL(
                co_await f.async_read_some(net::buffer(b), net::use_awaitable), 4u);
            BOOST_CHECK_EQUAL(b, "cont");
        }());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(as_tuple_and_redirect_error, Mode, modes)
{
    context<Mode> c;
    tcp_pair p(c);
    p.first.close();
    run_coroutine(c,
                  [&]() -> net::awaitable<void>
                  {
                      char b[4];
                      auto const [ec, n] = co_await p.second.async_receive(
                          net::buffer(b), net::as_tuple(net::use_awaitable));
                      BOOST_CHECK(ec == net::error::eof);
                      BOOST_CHECK_EQUAL(n, 0u);
                      error_code e;
                      co_await p.second.async_receive(
                          net::buffer(b), net::redirect_error(net::use_awaitable, e));
                      BOOST_CHECK(e == net::error::eof);
                  }());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(as_default_on, Mode, modes)
{
    context<Mode> c;
    temporary_file t("content");
    using default_token = net::as_tuple_t<net::use_awaitable_t<>>;
    using socket = default_token::as_default_on_t<tcp::socket>;
    using acceptor = default_token::as_default_on_t<tcp::acceptor>;
    using file = net::use_awaitable_t<>::as_default_on_t<net::random_access_file>;
    run_coroutine(
        c,
        [&]() -> net::awaitable<void>
        {
            auto const ex = co_await net::this_coro::executor;
            acceptor a(ex, loopback());
            socket client(ex);
            auto const [e1] = co_await client.async_connect(a.local_endpoint());
            BOOST_CHECK(!e1);
            auto [e2, server] = co_await a.async_accept();
            BOOST_CHECK(!e2);
            static_assert(std::is_same_v<decltype(server), socket>);
            auto const [e3, n] = co_await server.async_send(net::buffer("x", 1));
            BOOST_CHECK(!e3);
            BOOST_CHECK_EQUAL(n, 1u);
            file f(ex, t.path(), net::file_base::read_only);
            char b[4];
            BOOST_CHECK_EQUAL(co_await f.async_read_some_at(3, net::buffer(b)), 4u);
        }());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(use_future, Mode, modes)
{
    context<Mode> c;
    auto guard = net::make_work_guard(c);
    // In exclusive mode operations are started on this thread and run on the other.
    std::thread loop([&] { c.run(); });
    temporary_file t("content");
    {
        tcp_pair p(c);
        char b[4];
        std::future<std::size_t> received =
            p.first.async_receive(net::buffer(b), net::use_future);
        std::future<std::size_t> sent =
            p.second.async_send(net::buffer("four", 4), net::use_future);
        BOOST_CHECK_EQUAL(sent.get(), 4u);
        BOOST_CHECK_EQUAL(received.get(), 4u);
        net::random_access_file f(c, t.path(), net::file_base::read_only);
        BOOST_CHECK_EQUAL(f.async_read_some_at(0, net::buffer(b), net::use_future).get(),
                          4u);
        std::future<std::size_t> eof =
            f.async_read_some_at(100, net::buffer(b), net::use_future);
        BOOST_CHECK_THROW(eof.get(), boost::system::system_error);
        tcp::acceptor a(c, loopback());
        std::future<tcp::socket> accepted = a.async_accept(net::use_future);
        tcp::socket client(c);
        client.async_connect(a.local_endpoint(), net::use_future).get();
        BOOST_CHECK(accepted.get().is_open());
    }
    guard.reset();
    loop.join();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferred_and_detached, Mode, modes)
{
    context<Mode> c;
    tcp_pair p(c);
    char b[2] = {};
    auto later = p.first.async_receive(net::buffer(b), net::deferred);
    p.second.async_send(net::buffer("hi", 2), net::detached);
    c.restart();
    c.poll();
    std::move(later)(once(
        [](error_code ec, std::size_t n)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(n, 2u);
        }));
    run(c);
    BOOST_CHECK_EQUAL(std::string(b, 2), "hi");
    run_coroutine(c,
                  [&]() -> net::awaitable<void>
                  {
                      p.second.async_send(net::buffer("yo", 2), net::detached);
                      BOOST_CHECK_EQUAL(
                          co_await p.first.async_receive(net::buffer(b), net::deferred),
                          2u);
                  }());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bind_executor_and_strands, Mode, modes)
{
    context<Mode> c, other;
    tcp_pair p(c);
    auto strand = net::make_strand(c);
    bool in_strand = false, in_other = false;
    char b[1];
    p.second.async_send(net::buffer("xy", 2), net::detached);
    p.first.async_receive(net::buffer(b),
                          net::bind_executor(strand,
                                             [&](error_code ec, std::size_t)
                                             {
                                                 BOOST_CHECK(!ec);
                                                 in_strand =
                                                     strand.running_in_this_thread();
                                             }));
    p.first.async_receive(
        net::buffer(b),
        net::bind_executor(other,
                           [&](error_code ec, std::size_t)
                           {
                               BOOST_CHECK(!ec);
                               in_other = other.get_executor().running_in_this_thread();
                           }));
    run(c);
    BOOST_CHECK(in_strand);
    BOOST_CHECK(!in_other);
    // The other context had work all the while.
    run(other);
    BOOST_CHECK(in_other);

    // A socket whose executor is a strand.
    using stranded =
        tcp::socket::rebind_executor<net::strand<net::any_io_executor>>::other;
    stranded s(net::make_strand(net::any_io_executor(c.get_executor())));
    tcp::acceptor a(c, loopback());
    s.async_connect(a.local_endpoint(),
                    [&](error_code ec)
                    {
                        BOOST_CHECK(!ec);
                        BOOST_CHECK(s.get_executor().running_in_this_thread());
                    });
    run(c);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_that_can_only_be_moved, Mode, modes)
{
    context<Mode> c;
    tcp_pair p(c);
    char b[2];
    auto unique = std::make_unique<int>(7);
    int seen = 0;
    p.first.async_receive(net::buffer(b),
                          [&, u = std::move(unique)](error_code ec, std::size_t)
                          {
                              BOOST_CHECK(!ec);
                              seen = *u;
                          });
    p.second.async_send(net::buffer("hi", 2), net::detached);
    run(c);
    BOOST_CHECK_EQUAL(seen, 7);

#if BOOST_ASIO_VERSION >= 102600
    net::any_completion_handler<void(error_code, std::size_t)> any = once(
        [](error_code ec, std::size_t n)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(n, 2u);
        });
    p.first.async_receive(net::buffer(b), std::move(any));
    p.second.async_send(net::buffer("hi", 2), net::detached);
    run(c);
#endif
}

// `||` cancels the loser, without leak or lost data.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_faster_of_two, Mode, modes)
{
    descriptor_check check;
    context<Mode> c;
    tcp_pair p(c);
    run_coroutine(
        c,
        [&]() -> net::awaitable<void>
        {
            net::steady_timer timer(co_await net::this_coro::executor);
            char b[4] = {};
            for (int i = 0; i != 20; ++i)
            {
                timer.expires_after(1ms);
                auto const timed_out =
                    co_await (p.first.async_receive(net::buffer(b), net::use_awaitable) ||
                              timer.async_wait(net::use_awaitable));
                BOOST_CHECK_EQUAL(timed_out.index(), 1u);

                timer.expires_after(1h);
                p.second.async_send(net::buffer("data", 4), net::detached);
                auto const received =
                    co_await (p.first.async_receive(net::buffer(b), net::use_awaitable) ||
                              timer.async_wait(net::use_awaitable));
                BOOST_REQUIRE_EQUAL(received.index(), 0u);
                BOOST_CHECK_EQUAL(std::get<0>(received), 4u);
                BOOST_CHECK_EQUAL(std::string(b, 4), "data");
            }
            tcp::acceptor a(co_await net::this_coro::executor, loopback());
            timer.expires_after(1ms);
            auto const accepted = co_await (a.async_accept(net::use_awaitable) ||
                                            timer.async_wait(net::use_awaitable));
            BOOST_CHECK_EQUAL(accepted.index(), 1u);
        }());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(both_of_two, Mode, modes)
{
    context<Mode> c;
    tcp_pair p(c);
    temporary_file t("content");
    net::random_access_file f(c, t.path(), net::file_base::read_only);
    run_coroutine(c,
                  [&]() -> net::awaitable<void>
                  {
                      char b[4], d[7];
                      p.second.async_send(net::buffer("data", 4), net::detached);
                      auto const [n, m] = co_await (
                          p.first.async_receive(net::buffer(b), net::use_awaitable) &&
                          f.async_read_some_at(0, net::buffer(d), net::use_awaitable));
                      BOOST_CHECK_EQUAL(n, 4u);
                      BOOST_CHECK_EQUAL(m, 7u);
                  }());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancelling_a_coroutine, Mode, modes)
{
    descriptor_check check;
    context<Mode> c;
    net::cancellation_signal signal;
    bool cancelled = false;
    net::co_spawn(
        c,
        []() -> net::awaitable<void>
        {
            tcp::acceptor a(co_await net::this_coro::executor, loopback());
            tcp::socket s = co_await a.async_accept(net::use_awaitable);
        }(),
        net::bind_cancellation_slot(signal.slot(),
                                    [&](std::exception_ptr e)
                                    {
                                        try
                                        {
                                            std::rethrow_exception(e);
                                        }
                                        catch (const boost::system::system_error& error)
                                        {
                                            cancelled = error.code() ==
                                                        net::error::operation_aborted;
                                        }
                                    }));
    net::steady_timer t(c, 1ms);
    t.async_wait([&](error_code) { signal.emit(net::cancellation_type::terminal); });
    run(c);
    BOOST_CHECK(cancelled);
}

#if BOOST_ASIO_VERSION >= 103400
BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_after, Mode, modes)
{
    context<Mode> c;
    tcp_pair p(c);
    char b[4];
    p.first.async_receive(
        net::buffer(b),
        net::cancel_after(1ms,
                          once([](error_code ec, std::size_t)
                               { BOOST_CHECK(ec == net::error::operation_aborted); })));
    run(c);
}
#endif

BOOST_AUTO_TEST_CASE(unmodified_asio_code_in_the_namespace)
{
    // `using namespace net;` is not ambiguous.
    using namespace urio;
    io_context c;
    ip::tcp::acceptor a(c, ip::tcp::endpoint(ip::make_address("127.0.0.1"), 0));
    ip::tcp::socket s(c);
    steady_timer timer(c);
    strand<io_context::executor_type> on(c.get_executor());
    executor_work_guard<io_context::executor_type> guard(c.get_executor());
    signal_set signals(c);
    posix::stream_descriptor d(c);
    local::stream_protocol::socket l(c);
    generic::stream_protocol::socket g(c);
    post(c, [&] { guard.reset(); });
    dispatch(on, [] {});
    static_assert(std::is_same_v<urio::steady_timer, boost::asio::steady_timer>);
    static_assert(std::is_same_v<urio::awaitable<int>, boost::asio::awaitable<int>>);
    static_assert(error::eof == boost::asio::error::eof);
    BOOST_CHECK_EQUAL(c.run(), 2u);
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Token adapters, time limits and the filters of cancellation over urio's operations; the
// last compared with Asio's own sockets.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <boost/asio/experimental/as_single.hpp>
#if __has_include(<boost/asio/cancel_after.hpp>)
#include <boost/asio/cancel_after.hpp>
#include <boost/asio/cancel_at.hpp>
#endif

#include <memory>
#include <tuple>
#include <vector>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace net = urio;
using tcp = net::ip::tcp;

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

} // namespace

BOOST_DATA_TEST_CASE(deferred_pipelines, every_mode, m)
{
    mode_context c(m);
    temporary_file file("content");
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    tcp_pair p(c);
    char a[7] = {}, b[7] = {};
    // A file's bytes are sent, and received at the other end.
    auto pipeline = f.async_read_some_at(
        0, net::buffer(a),
        net::deferred(
            [&](error_code ec, std::size_t n)
            {
                BOOST_CHECK(!ec);
                return p.first.async_send(net::buffer(a, n),
                                          net::deferred(
                                              [&](error_code ec, std::size_t n)
                                              {
                                                  BOOST_CHECK(!ec);
                                                  return net::async_read(
                                                      p.second, net::buffer(b, n),
                                                      net::append(net::deferred, 42));
                                              }));
            }));
    c.poll();
    BOOST_CHECK_EQUAL(a[0], 0); // nothing has been started
    bool done = false;
    std::move(pipeline)(
        [&](error_code ec, std::size_t n, int appended)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(n, 7u);
            BOOST_CHECK_EQUAL(appended, 42);
            done = true;
        });
    run(c);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(std::string(b, 7), "content");
}

BOOST_DATA_TEST_CASE(appended_prepended_and_single, every_mode, m)
{
    mode_context c(m);
    temporary_file file("content");
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    tcp_pair p(c);
    char a[4];
    int done = 0;
    p.first.async_send(net::buffer("data", 4),
                       net::append(
                           [&](error_code ec, std::size_t n, auto last)
                           {
                               BOOST_CHECK(!ec);
                               BOOST_CHECK_EQUAL(n, 4u);
                               BOOST_CHECK_EQUAL(*last, 1);
                               ++done;
                           },
                           std::make_unique<int>(1)));
    p.second.async_receive(net::buffer(a),
                           net::prepend(
                               [&](auto first, error_code ec, std::size_t n)
                               {
                                   BOOST_CHECK_EQUAL(*first, 2);
                                   BOOST_CHECK(!ec);
                                   BOOST_CHECK_EQUAL(n, 4u);
                                   ++done;
                               },
                               std::make_unique<int>(2)));
    f.async_read_some_at(100, net::buffer(a),
                         asio::experimental::as_single(
                             [&](std::tuple<error_code, std::size_t> result)
                             {
                                 BOOST_CHECK(std::get<0>(result) == net::error::eof);
                                 BOOST_CHECK_EQUAL(std::get<1>(result), 0u);
                                 ++done;
                             }));
    error_code redirected;
    p.first.async_wait(tcp::socket::wait_write,
                       net::redirect_error([&] { ++done; }, redirected));
    run(c);
    f.async_read_some_at(100, net::buffer(a),
                         net::redirect_error(
                             [&](std::size_t n)
                             {
                                 BOOST_CHECK_EQUAL(n, 0u);
                                 ++done;
                             },
                             redirected));
    run(c);
    BOOST_CHECK(redirected == net::error::eof);
    BOOST_CHECK_EQUAL(done, 5);
}

#if BOOST_ASIO_VERSION >= 102700
BOOST_DATA_TEST_CASE(consigned, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    char a[1];
    auto const kept = std::make_shared<int>(1);
    bool done = false;
    p.first.async_receive(net::buffer(a), net::consign(
                                              [&](error_code ec, std::size_t)
                                              {
                                                  BOOST_CHECK(!ec);
                                                  done = true;
                                              },
                                              kept));
    BOOST_CHECK_EQUAL(kept.use_count(), 2);
    p.second.send(net::buffer("x", 1));
    run(c);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(kept.use_count(), 1);
}
#endif

#if __has_include(<boost/asio/cancel_after.hpp>)
BOOST_DATA_TEST_CASE(time_limits, every_mode, m)
{
    descriptor_check const descriptors;
    mode_context c(m);
    temporary_file file("content");
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    tcp_pair p(c);
    tcp::acceptor acceptor(c, loopback());
    char a[4];
    bool done = false;
    auto const body = [&]() -> net::awaitable<void>
    {
        auto const expect_timeout = [](error_code ec)
        { BOOST_CHECK(ec == net::error::operation_aborted); };
        auto const [e0, n0] = co_await p.first.async_receive(
            net::buffer(a), net::cancel_after(1ms, net::as_tuple(net::use_awaitable)));
        expect_timeout(e0);
        auto const [e1, s] = co_await acceptor.async_accept(net::cancel_at(
            std::chrono::steady_clock::now() + 1ms, net::as_tuple(net::use_awaitable)));
        expect_timeout(e1);
        // With a timer of one's own, of a composed operation.
        net::steady_timer timer(c);
        auto const [e2, n2] = co_await net::async_read(
            p.first, net::buffer(a),
            net::cancel_after(timer, 1ms, net::as_tuple(net::use_awaitable)));
        expect_timeout(e2);
        // In time: no byte was lost to those.
        co_await p.second.async_send(net::buffer("data", 4),
                                     net::cancel_after(1h, net::use_awaitable));
        BOOST_CHECK_EQUAL(co_await p.first.async_receive(
                              net::buffer(a), net::cancel_after(1h, net::use_awaitable)),
                          4u);
        BOOST_CHECK_EQUAL(std::string(a, 4), "data");
        BOOST_CHECK_EQUAL(
            co_await f.async_read_some_at(
                0, net::buffer(a),
                net::cancel_after(1h, net::cancellation_type::total, net::use_awaitable)),
            4u);
        done = true;
    };
    net::co_spawn(c, body(), rethrow);
    run(c);
    BOOST_CHECK(done);
}
#endif

namespace
{

// What becomes of operations that are cancelled in each way, under each filter, as text.
template <class Tcp, class Context>
std::string cancellations(Context& c)
{
    std::string log;
    typename Tcp::acceptor acceptor(
        c, typename Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    typename Tcp::socket first(c), second(c);
    first.connect(acceptor.local_endpoint());
    acceptor.accept(second);
    char a[4] = {};
    // One operation at a time: whether the signal ended it, and what it returned.
    auto const attempt =
        [&](auto start, auto satisfy, auto filter, asio::cancellation_type type)
    {
        asio::cancellation_signal signal;
        bool done = false;
        auto const body = [&]() -> asio::awaitable<void>
        {
            co_await asio::this_coro::reset_cancellation_state(filter);
            co_await asio::this_coro::throw_if_cancelled(false);
            auto const [ec, n] = co_await start();
            log += ec == asio::error::operation_aborted ? "aborted" : ec ? "error" : "ok";
            log += ' ' + std::to_string(n);
            auto const state = co_await asio::this_coro::cancellation_state;
            log += ' ' + std::to_string(static_cast<int>(state.cancelled())) + '\n';
            done = true;
        };
        asio::co_spawn(c, body(), asio::bind_cancellation_slot(signal.slot(), rethrow));
        c.restart();
        c.poll();
        signal.emit(type);
        c.restart();
        c.poll();
        // On urio the kernel reports what the cancellation did, in the next turn.
        for (int i = 0; i != 100 && !done; ++i)
        {
            c.restart();
            c.poll();
        }
        if (!done)
        {
            log += "not cancelled: ";
            satisfy();
            run(c);
        }
    };
    auto const token = asio::as_tuple(asio::use_awaitable);
    auto const send = [&] { second.send(asio::buffer("data", 4)); };
    auto const with = [&](auto filter)
    {
        for (asio::cancellation_type const type :
             {asio::cancellation_type::none, asio::cancellation_type::terminal,
              asio::cancellation_type::partial, asio::cancellation_type::total,
              asio::cancellation_type::all})
        {
            attempt([&] { return first.async_receive(asio::buffer(a), token); }, send,
                    filter, type);
            attempt([&] { return first.async_read_some(asio::buffer(a), token); }, send,
                    filter, type);
            // Composed, with a part of it done.
            second.send(asio::buffer("ab", 2));
            attempt([&] { return asio::async_read(first, asio::buffer(a), token); },
                    [&] { second.send(asio::buffer("cd", 2)); }, filter, type);
        }
    };
    with(asio::disable_cancellation());
    with(asio::enable_terminal_cancellation());
    with(asio::enable_partial_cancellation());
    with(asio::enable_total_cancellation());
    return log;
}

} // namespace

BOOST_DATA_TEST_CASE(filters_of_cancellation, every_mode, m)
{
    asio::io_context stock;
    std::string const expected = cancellations<asio::ip::tcp>(stock);
    // Some of each, or the comparison would say little.
    BOOST_CHECK(expected.find("aborted 2") != std::string::npos);
    BOOST_CHECK(expected.find("not cancelled: ok 4") != std::string::npos);
    mode_context c(m);
    BOOST_CHECK_EQUAL(cancellations<tcp>(c), expected);
}

// Each type of cancellation, by a slot that a handler is bound to, ends any operation.
BOOST_DATA_TEST_CASE(bound_slots, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    tcp::acceptor acceptor(c, loopback());
    char a[4];
    int aborted = 0;
    for (auto const type :
         {net::cancellation_type::terminal, net::cancellation_type::partial,
          net::cancellation_type::total})
    {
        net::cancellation_signal receive, accept, wait;
        auto const count = [&](error_code ec, auto&&...)
        { aborted += ec == net::error::operation_aborted; };
        p.first.async_receive(net::buffer(a),
                              net::bind_cancellation_slot(receive.slot(), count));
        acceptor.async_accept(net::bind_cancellation_slot(accept.slot(), count));
        p.second.async_wait(tcp::socket::wait_read,
                            net::bind_cancellation_slot(wait.slot(), count));
        net::post(c,
                  [&]
                  {
                      receive.emit(type);
                      accept.emit(type);
                      wait.emit(type);
                      // A signal whose operation is on its way out already.
                      receive.emit(type);
                  });
        run(c);
    }
    BOOST_CHECK_EQUAL(aborted, 9);
}

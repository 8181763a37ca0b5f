// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// reactor_service with coroutines, futures, executors and allocators; on thread pools and
// contexts of one's own; with threads; and in a child process.

#include "allocator.hpp"
#include "child.hpp"
#include "failures.hpp"
#include "service.hpp"

#define BOOST_TEST_MODULE reactor_service_contexts

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <atomic>
#include <future>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <thread>

using namespace test;
using namespace net::experimental::awaitable_operators;

namespace
{

/// Does it until it does not block, waiting for the interest meanwhile.
template <class Operation>
net::awaitable<std::size_t> eventually(reactor_service& s, token t, interest i,
                                       Operation operation)
{
    for (;;)
    {
        error_code ec;
        std::size_t const n = operation(ec);
        if (!ec)
            co_return n;
        expect(ec == boost::system::errc::operation_would_block);
        event const e = co_await s.async_wait(t, i, net::use_awaitable);
        expect(e.token() == t);
    }
}

net::awaitable<void> send(reactor_service& s, token t, reactor::unix_stream& stream,
                          std::size_t size)
{
    std::string const data = pattern(size);
    for (std::size_t sent = 0; sent != size;)
        sent += co_await eventually(
            s, t, interest::writable, [&](error_code& ec)
            { return stream.write(std::string_view(data).substr(sent), ec); });
    stream.shutdown(reactor::shutdown_type::write);
}

net::awaitable<void> receive(reactor_service& s, token t, reactor::unix_stream& stream,
                             std::size_t size)
{
    std::string data(size + 1, '\0');
    std::size_t got = 0;
    for (std::size_t n = 1; n != 0; got += n)
        n = co_await eventually(
            s, t, interest::readable, [&](error_code& ec)
            { return stream.read(reactor::mutable_buffer(data.data() + got, 1000), ec); });
    data.resize(got);
    expect(data == pattern(size));
}

/// Sends through a pair of sockets, both ways at once.
net::awaitable<void> exchange_data(reactor_service& s, std::size_t base)
{
    constexpr std::size_t size = 300'000;
    token const first(base), second(base + 1);
    auto [a, b] = reactor::unix_stream::pair();
    s.register_source(a, first, interest::readable | interest::writable);
    s.register_source(b, second, interest::readable | interest::writable);
    co_await (send(s, first, a, size) && receive(s, second, b, size) &&
              send(s, second, b, size) && receive(s, first, a, size));
}

reactor::options options(selector k)
{
    return {.selector = k};
}

constexpr selector both[] = {selector::epoll, selector::poll};

// No more than a context: Asio gives its scheduler a thread of its own.
struct bare_context : asio::execution_context
{
    ~bare_context() { shutdown(); }
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines, S, setups)
{
    no_failures const check;
    world<S> w;
    int done = 0;
    for (std::size_t i = 0; i != 4; ++i)
        net::co_spawn(w.c, exchange_data(w.s, 10 * i), [&](std::exception_ptr e)
                      { done += !e; });
    run(w.c);
    BOOST_CHECK_EQUAL(done, 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_with_a_time_limit, S, setups)
{
    world<S> w;
    line a(w.s, one);
    bool late = false;
    auto const program = [&]() -> net::awaitable<void>
    {
        asio::steady_timer timer(w.c, 5ms);
        auto const r = co_await (w.s.async_wait(one, net::use_awaitable) ||
                                 timer.async_wait(net::use_awaitable));
        late = r.index() == 1;
    };
    net::co_spawn(w.c, program(), net::detached);
    run(w.c);
    BOOST_CHECK(late);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(futures, S, setups)
{
    world<S> w;
    line a(w.s, one);
    std::future<event> found = w.s.async_wait(one, net::use_future);
    std::future<event> unknown = w.s.async_wait(two, net::use_future);
    a.write();
    run(w.c);
    BOOST_CHECK(found.get().is_readable());
    BOOST_CHECK_THROW(unknown.get(), boost::system::system_error);
    reactor::events events(2);
    line b(w.s, three);
    std::future<std::size_t> polled = w.s.async_poll(events, net::use_future);
    b.write();
    run(w.c);
    BOOST_CHECK_EQUAL(polled.get(), 1u);
    BOOST_CHECK_EQUAL(events.begin()->token(), three);
}

#if __has_include(<boost/asio/cancel_after.hpp>)
BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_after, S, setups)
{
    world<S> w;
    line a(w.s, one);
    journal j;
    w.s.async_wait(one, asio::cancel_after(5ms, j.handler(one)));
    run(w.c);
    j.expect({"1 aborted"});
}
#endif

BOOST_AUTO_TEST_CASE_TEMPLATE(executors, S, setups)
{
    world<S> w;
    line a(w.s, one);
    asio::thread_pool other(1);
    std::atomic<int> here = 0, there = 0;
    auto const self = std::this_thread::get_id();
    w.s.async_wait(one,
                   [&](error_code, event) { here += std::this_thread::get_id() == self; });
    w.s.async_wait(one, asio::bind_executor(w.s.get_executor(), [&](error_code, event)
                                            { here += w.s.get_executor()
                                                          .running_in_this_thread(); }));
    w.s.async_wait(one, asio::bind_executor(other, [&](error_code, event)
                                            { there += std::this_thread::get_id() != self; }));
    std::thread([&] { a.write(); }).join();
    run(w.c);
    other.join();
    BOOST_CHECK_EQUAL(here, 2);
    BOOST_CHECK_EQUAL(there, 1);

    // That of the service, by itself.
    net::any_io_executor const ex = w.s.get_executor();
    BOOST_CHECK(ex == net::any_io_executor(w.s.get_executor()));
    BOOST_CHECK_EQUAL(&asio::query(ex, asio::execution::context),
                      &static_cast<asio::execution_context&>(w.c));
    std::string order;
    asio::post(ex, [&] { asio::dispatch(ex, [&] { order += "a"; }), order += "b"; });
    {
        auto const work = asio::require(ex, asio::execution::blocking.never);
        auto const tracked = asio::prefer(work, asio::execution::outstanding_work.tracked);
        w.c.restart();
        w.c.poll();
        BOOST_CHECK(!w.c.stopped());
        tracked.execute([&] { order += "c"; });
        BOOST_CHECK_EQUAL(order, "ab");
    }
    run(w.c);
    BOOST_CHECK_EQUAL(order, "abc");
    // Sockets with this executor are urio's.
    asio::basic_stream_socket<asio::ip::tcp, reactor_service::executor_type> socket(
        w.s.get_executor());
    static_assert(net::detail::is_urio_executor<reactor_service::executor_type>);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_allocator_of_the_handler, S, setups)
{
    world<S> w;
    line a(w.s, one);
    heap h;
    bool freed = false;
    w.s.async_wait(one, asio::bind_allocator(counting_allocator<void>(h),
                                             [&](error_code, event)
                                             { freed = h.live() == 0; }));
    BOOST_CHECK_EQUAL(h.live(), 1u);
    a.write();
    run(w.c);
    BOOST_CHECK(freed);
    BOOST_CHECK_EQUAL(h.taken, 1u);
}

// An exception of a handler reaches the caller of run(), and nothing is lost.
BOOST_AUTO_TEST_CASE_TEMPLATE(exceptions, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one);
    w.s.async_wait(one, [](error_code, event) { throw 1; });
    w.s.async_wait(one, j.handler(one));
    a.write();
    BOOST_CHECK_THROW(w.c.run(), int);
    run(w.c);
    j.expect({"1 readable"});
}

BOOST_AUTO_TEST_CASE(a_thread_pool)
{
    for (selector const k : both)
    {
        no_failures const check;
        asio::thread_pool pool(2);
        auto& s = asio::make_service<reactor_service>(pool, options(k));
        std::vector<std::future<void>> done;
        for (std::size_t i = 0; i != 3; ++i)
            done.push_back(net::co_spawn(pool, exchange_data(s, 10 * i), net::use_future));
        for (auto& d : done)
            d.get();
        line a(s, one);
        auto found = s.async_wait(one, net::use_future);
        a.write();
        BOOST_CHECK(found.get().is_readable());
        pool.join();
    }
}

BOOST_AUTO_TEST_CASE(the_system_context)
{
    no_failures const check;
    auto& context = asio::query(asio::system_executor(), asio::execution::context);
    auto& s = asio::use_service<reactor_service>(context);
    net::co_spawn(net::any_io_executor(asio::system_executor()), exchange_data(s, 0),
                  net::use_future)
        .get();
}

BOOST_AUTO_TEST_CASE(a_context_of_ones_own)
{
    for (selector const k : both)
    {
        no_failures const check;
        std::atomic<int> alive{0};
        {
            bare_context c;
            auto& s = asio::make_service<reactor_service>(c, options(k));
            net::co_spawn(s.get_executor(), exchange_data(s, 0), net::use_future).get();
            line a(s, one);
            s.async_wait(one, never(alive));
        }
        BOOST_CHECK_EQUAL(alive, 0);
    }
}

// Many threads run the context; tokens come and go, waits are cancelled, and what is
// written arrives.
BOOST_AUTO_TEST_CASE(threads_and_tokens)
{
    for (selector const k : both)
    {
        no_failures const check;
        net::io_context c;
        auto& s = asio::make_service<reactor_service>(c, options(k));
        std::atomic<std::size_t> next_token{1};
        auto const program = [&](unsigned seed) -> net::awaitable<void>
        {
            std::minstd_rand random(seed);
            for (int i = 0; i != 40; ++i)
            {
                token const t(next_token++);
                line l(s, t, random() % 2 ? trigger::edge : trigger::level);
                int waiting = 0, events = 0;
                asio::cancellation_signal stop;
                auto const strand = asio::make_strand(c);
                co_await asio::post(strand, asio::bind_executor(strand, net::use_awaitable));
                for (auto n = random() % 3; n != 0; --n, ++waiting)
                    s.async_wait(t, asio::bind_cancellation_slot(
                                        n == 1 ? stop.slot() : asio::cancellation_slot(),
                                        asio::bind_executor(strand, [&](error_code, event)
                                                            { --waiting; })));
                if (random() % 2)
                    l.write();
                if (random() % 2)
                    stop.emit(asio::cancellation_type::total);
                if (random() % 2)
                    s.reregister(l.receiver, t, interest::readable);
                // Whatever has become of the others, what is there is found.
                l.write();
                while (l.read() == 0)
                    ++events;
                l.write();
                auto const got = co_await s.async_wait(
                    t, interest::readable, net::as_tuple(net::use_awaitable));
                expect(!std::get<0>(got));
                error_code ec;
                s.deregister(l.receiver, ec);
                expect(!ec);
                while (waiting != 0)
                    co_await asio::post(strand,
                                        asio::bind_executor(strand, net::use_awaitable));
            }
        };
        // One that takes whatever nobody waits for, all the time.
        asio::cancellation_signal stop;
        reactor::events events(3);
        auto const strand = asio::make_strand(c);
        std::function<void(error_code, std::size_t)> poll =
            [&](error_code ec, std::size_t n)
        {
            if (ec == asio::error::operation_aborted)
                return;
            expect(!ec && n <= 3);
            s.async_poll(events, asio::bind_cancellation_slot(
                                     stop.slot(), asio::bind_executor(strand, poll)));
        };
        (void)poll;
        std::atomic<int> left{6};
        for (unsigned i = 0; i != 6; ++i)
            net::co_spawn(asio::make_strand(c), program(i + 1),
                          [&](std::exception_ptr e)
                          {
                              expect(!e);
                              --left;
                          });
        std::vector<std::jthread> threads;
        for (int i = 0; i != 3; ++i)
            threads.emplace_back([&] { c.run_for(120s); });
        threads.clear();
        BOOST_CHECK_EQUAL(left, 0);
        BOOST_CHECK(c.stopped());
    }
}

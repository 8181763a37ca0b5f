// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// reactor_service with coroutines, futures, executors and allocators; on thread pools and
// contexts of one's own; with threads; and in a child process.

#include "allocator.hpp"
#include "child.hpp"
#include "failures.hpp"
#include "file.hpp"
#include "sanitizers.hpp"
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
        check_in_thread(ec == boost::system::errc::operation_would_block);
        event const e = co_await s.async_wait(t, i, net::use_awaitable);
        check_in_thread(e.token() == t);
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
            s, t, interest::readable,
            [&](error_code& ec)
            {
                return stream.read(reactor::mutable_buffer(data.data() + got, 1000), ec);
            });
    data.resize(got);
    check_in_thread(data == pattern(size));
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

BOOST_DATA_TEST_CASE(coroutines, setups, how)
{
    no_failures const check;
    world w(how);
    int done = 0;
    for (std::size_t i = 0; i != 4; ++i)
        net::co_spawn(w.c, exchange_data(w.s, 10 * i),
                      [&](std::exception_ptr e) { done += !e; });
    run(w.c);
    BOOST_CHECK_EQUAL(done, 4);
}

BOOST_DATA_TEST_CASE(a_coroutine_with_a_time_limit, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(futures, setups, how)
{
    world w(how);
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
BOOST_DATA_TEST_CASE(cancel_after, setups, how)
{
    world w(how);
    line a(w.s, one);
    journal j;
    w.s.async_wait(one, asio::cancel_after(5ms, j.handler(one)));
    run(w.c);
    j.expect({"1 aborted"});
}
#endif

#if defined(URIO_HAS_IMMEDIATE_EXECUTOR)
// Who asks for it gets what is there within the initiating function.
BOOST_DATA_TEST_CASE(an_immediate_executor, setups, how)
{
    world w(how);
    journal j;
    line a(w.s, one, trigger::oneshot), b(w.s, two);
    auto const at_once = [&](token t)
    { return asio::bind_immediate_executor(asio::system_executor(), j.handler(t)); };
    w.s.async_wait(three, at_once(three));
    j.expect({"3 not found"});
    b.write();
    a.write();
    w.s.async_wait(two, at_once(two));
    run(w.c);
    j.expect({"2 readable"});
    w.s.async_wait(one, at_once(one));
    run(w.c);
    j.expect({"1 readable"});
    BOOST_CHECK_EQUAL(run(w.c), 0u);
}
#endif

BOOST_DATA_TEST_CASE(executors, setups, how)
{
    world w(how);
    line a(w.s, one);
    asio::thread_pool other(1);
    std::atomic<int> here = 0, there = 0;
    auto const self = std::this_thread::get_id();
    w.s.async_wait(one, [&](error_code, event)
                   { here += std::this_thread::get_id() == self; });
    w.s.async_wait(one, asio::bind_executor(
                            w.s.get_executor(), [&](error_code, event)
                            { here += w.s.get_executor().running_in_this_thread(); }));
    w.s.async_wait(one,
                   asio::bind_executor(other, [&](error_code, event)
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
        auto const tracked =
            asio::prefer(work, asio::execution::outstanding_work.tracked);
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

BOOST_DATA_TEST_CASE(the_allocator_of_the_handler, setups, how)
{
    world w(how);
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
BOOST_DATA_TEST_CASE(exceptions, setups, how)
{
    world w(how);
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
            done.push_back(net::co_spawn(asio::make_strand(pool),
                                         exchange_data(s, 10 * i), net::use_future));
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
    net::co_spawn(asio::make_strand(asio::system_executor()), exchange_data(s, 0),
                  net::use_future)
        .get();
}

BOOST_AUTO_TEST_CASE(a_context_of_ones_own)
{
    for (selector const k : both)
    {
        no_failures const check;
        std::atomic<int> alive{0};
        std::optional<line> a;
        {
            bare_context c;
            auto& s = asio::make_service<reactor_service>(c, options(k));
            net::co_spawn(asio::make_strand(s.get_executor()), exchange_data(s, 0),
                          net::use_future)
                .get();
            a.emplace(s, one);
            s.async_wait(one, never(alive));
        }
        BOOST_CHECK_EQUAL(alive, 0);
        a->write();
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
        std::atomic<std::size_t> last_token{0};
        auto const program = [&](unsigned seed) -> net::awaitable<void>
        {
            // A strand, which the signal needs.
            auto const here = co_await net::this_coro::executor;
            std::minstd_rand random(seed);
            for (int i = 0; i != 100; ++i)
            {
                token const t(++last_token);
                line l(s, t, random() % 2 ? trigger::edge : trigger::level);
                asio::cancellation_signal stop;
                int waiting = 0;
                for (auto n = random() % 3; n != 0; --n, ++waiting)
                    s.async_wait(t, asio::bind_cancellation_slot(
                                        n == 1 ? stop.slot() : asio::cancellation_slot(),
                                        asio::bind_executor(here, [&](error_code, event)
                                                            { --waiting; })));
                if (random() % 2)
                    l.write();
                if (random() % 2)
                    co_await asio::post(net::use_awaitable);
                if (random() % 2)
                    stop.emit(asio::cancellation_type::total);
                if (random() % 2)
                    s.reregister(l.receiver, t, interest::readable);
                // Whatever has become of those: when nobody waits what comes is kept.
                while (waiting != 0)
                {
                    l.read();
                    l.write();
                    co_await asio::post(net::use_awaitable);
                }
                l.read();
                l.write();
                co_await s.async_wait(t, interest::readable, net::use_awaitable);
                l.read();
                // Whether it comes first or not, the end does.
                bool ended = false;
                s.async_wait(t, asio::bind_executor(here, [&](error_code, event)
                                                    { ended = true; }));
                if (random() % 2)
                    l.write();
                s.deregister(l.receiver);
                while (!ended)
                    co_await asio::post(net::use_awaitable);
            }
        };
        std::atomic<int> left{6};
        for (unsigned seed = 1; seed != 7; ++seed)
            net::co_spawn(asio::make_strand(c), program(seed),
                          [&](std::exception_ptr e)
                          {
                              check_in_thread(!e);
                              --left;
                          });
        std::vector<std::jthread> threads;
        for (int i = 0; i != 3; ++i)
            threads.emplace_back([&] { c.run_for(patience); });
        threads.clear();
        BOOST_CHECK_EQUAL(left, 0);
    }
}

// Several threads take what there is; nothing is lost, though each edge goes to one.
BOOST_AUTO_TEST_CASE(threads_that_poll)
{
    for (selector const k : both)
    {
        no_failures const check;
        constexpr std::size_t lines = 20, writes = 10000;
        net::io_context c;
        auto& s = asio::make_service<reactor_service>(c, options(k));
        std::list<line> all;
        std::vector<line*> by_token;
        for (std::size_t i = 0; i != lines; ++i)
            by_token.push_back(&all.emplace_back(s, token(i)));
        // Which all of them see in the end, as it is level-triggered.
        line end(s, token(lines), trigger::level);
        std::atomic<std::size_t> received{0};
        std::atomic<int> left{4};
        auto const program = [&]() -> net::awaitable<void>
        {
            reactor::events events(3);
            for (bool ended = false; !ended;)
            {
                co_await s.async_poll(events, net::use_awaitable);
                for (event const& e : events)
                {
                    if (e.token() == token(lines))
                    {
                        ended = true;
                        continue;
                    }
                    std::size_t const n = by_token[e.token().value]->read();
                    if (n != 0 && received.fetch_add(n) + n == writes)
                        end.write();
                }
            }
            --left;
        };
        for (int i = left; i != 0; --i)
            net::co_spawn(c, program(), net::detached);
        std::vector<std::jthread> threads;
        threads.emplace_back(
            [&]
            {
                std::minstd_rand random;
                for (std::size_t i = 0; i != writes; ++i)
                    by_token[random() % lines]->write();
            });
        for (int i = 0; i != 3; ++i)
            threads.emplace_back([&] { c.run_for(patience); });
        threads.clear();
        BOOST_CHECK_EQUAL(left, 0);
        BOOST_CHECK_EQUAL(received, writes);
    }
}

// A child has a service of its own; the parent's goes on.
BOOST_AUTO_TEST_CASE(a_child_process)
{
    for (selector const k : both)
    {
#if defined(URIO_TEST_THREAD_SANITIZER)
        if (k == selector::poll)
            continue; // ThreadSanitizer allows no new thread in a child
#endif
        net::io_context c;
        auto& s = asio::make_service<reactor_service>(c, options(k));
        journal j;
        line a(s, one), b(s, two);
        s.async_wait(one, j.handler(one));
        b.write();
        s.async_wait(two, j.handler(two));
        while (j.entries.empty())
            c.run_one();
        j.expect({"2 readable"});
        ::pid_t const child = notified_fork(
            c,
            [&](expectations& expect)
            {
                c.run_for(patience);
                expect(j.entries == std::vector<std::string>{"1 aborted"},
                       "the wait has ended");
                j.entries.clear();
                auto ends = reactor::pipe::make();
                s.register_source(ends.second, two, interest::readable);
                s.async_wait(two, [&](error_code ec, event)
                             { expect(!ec, "an event in the child"); });
                s.async_wait(one, [&](error_code ec, event)
                             { expect(ec == asio::error::not_found, "a new service"); });
                ends.first.write("x");
                c.restart();
                expect(c.run_for(patience) == 2u, "both waits have completed");
                // Taken from the parent it must not be.
                a.write();
                s.async_wait(three, [&](error_code, event) {});
                c.restart();
                c.run_for(patience);
            });
        check_child(child);
        run(c);
        j.expect({"1 readable"});
    }
}

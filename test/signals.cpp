// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's signal sets on urio's loop: delivered while it waits in the ring, queued, among
// I/O, and cancelled.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "system_calls.hpp"
#include "test.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <atomic>
#include <csignal>
#include <functional>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using namespace net::experimental::awaitable_operators;

// With the ring, whose loop is what is tested.
struct ring_context : mode_context
{
    explicit ring_context(mode m) : mode_context(m)
    {
        BOOST_REQUIRE(net::backend_of(*this).kind == expected_backend());
    }
};

bool is_default(int signal)
{
    struct sigaction action;
    BOOST_REQUIRE_EQUAL(::sigaction(signal, nullptr, &action), 0);
    return action.sa_handler == SIG_DFL;
}

} // namespace

// To the process, and to the waiting thread itself, whose system call it interrupts.
BOOST_DATA_TEST_CASE(while_the_loop_sleeps, every_mode, m)
{
    ring_context c(m);
    net::signal_set set(c, SIGUSR1, SIGUSR2);
    ::pid_t const loop = thread_id();
    ::pthread_t const loop_handle = ::pthread_self();
    for (int round = 0; round != 50; ++round)
    {
        int const sent = round % 2 ? SIGUSR1 : SIGUSR2;
        int received = 0;
        set.async_wait(
            [&](error_code ec, int number)
            {
                BOOST_CHECK(!ec);
                received = number;
            });
        std::thread other(
            [&]
            {
                wait_until_asleep(loop);
                if (round % 4 < 2)
                    ::kill(::getpid(), sent);
                else
                    ::pthread_kill(loop_handle, sent);
            });
        run(c);
        other.join();
        BOOST_CHECK_EQUAL(received, sent);
    }
}

// Raised in a thread that does not run the loop.
BOOST_DATA_TEST_CASE(raised_in_another_thread, every_mode, m)
{
    ring_context c(m);
    net::signal_set set(c, SIGUSR1);
    std::atomic<int> received{0};
    constexpr int n = 200;
    std::function<void()> next = [&]
    {
        set.async_wait(
            [&](error_code ec, int number)
            {
                if (!ec && number == SIGUSR1 && ++received != n)
                    next();
            });
    };
    next();
    std::thread other(
        [&]
        {
            for (int i = 0; i != n; ++i)
            {
                std::raise(SIGUSR1);
                while (received == i)
                    std::this_thread::yield();
            }
        });
    run(c);
    other.join();
    BOOST_CHECK_EQUAL(received, n);
}

// Every set that has the signal gets it, on whichever context, and as often as it was
// raised, also before anybody waited.
BOOST_DATA_TEST_CASE(several_sets, every_mode, m)
{
    ring_context c(m), d(m);
    net::signal_set a(c, SIGUSR1), b(c, SIGUSR1, SIGUSR2), elsewhere(d, SIGUSR1);
    std::string log;
    auto const note = [&](char name)
    {
        return [&log, name](error_code ec, int number)
        {
            log += name;
            log += ec ? '-' : number == SIGUSR1 ? '1' : number == SIGUSR2 ? '2' : '?';
        };
    };
    std::raise(SIGUSR1);
    std::raise(SIGUSR1);
    a.async_wait(note('a'));
    run(c);
    a.async_wait(note('a'));
    run(c);
    b.async_wait(note('b'));
    run(c);
    b.async_wait(note('b'));
    run(c);
    BOOST_CHECK_EQUAL(log, "a1a1b1b1");
    elsewhere.async_wait(note('e'));
    elsewhere.async_wait(note('e'));
    run(d);
    BOOST_CHECK_EQUAL(log, "a1a1b1b1e1e1");

    // One signal ends all the waits of a set.
    log.clear();
    b.async_wait(note('b'));
    b.async_wait(note('c'));
    net::post(c, [] { std::raise(SIGUSR2); });
    run(c);
    BOOST_CHECK_EQUAL(log, "b2c2");
}

BOOST_DATA_TEST_CASE(cancelling, every_mode, m)
{
    ring_context c(m);
    net::signal_set set(c, SIGUSR1);
    int aborted = 0;
    auto const must_abort = [&](error_code ec, int number)
    { aborted += ec == net::error::operation_aborted && number == 0; };
    set.async_wait(must_abort);
    set.async_wait(must_abort);
    net::post(c, [&] { set.cancel(); });
    run(c);
    BOOST_CHECK_EQUAL(aborted, 2);

    net::cancellation_signal signal;
    set.async_wait(net::bind_cancellation_slot(signal.slot(), must_abort));
    int received = 0;
    set.async_wait([&](error_code, int number) { received = number; });
    net::post(c,
              [&]
              {
                  signal.emit(net::cancellation_type::total);
                  std::raise(SIGUSR1);
              });
    run(c);
    BOOST_CHECK_EQUAL(aborted, 3);
    BOOST_CHECK_EQUAL(received, SIGUSR1);
}

BOOST_DATA_TEST_CASE(adding_and_removing, every_mode, m)
{
    ring_context c(m);
    net::signal_set set(c);
    BOOST_CHECK(is_default(SIGUSR1));
    set.add(SIGUSR1);
    set.add(SIGUSR1);
    set.add(SIGUSR2);
    BOOST_CHECK(!is_default(SIGUSR1));
    int received = 0;
    auto const wait = [&]
    {
        set.async_wait(
            [&](error_code ec, int number)
            {
                BOOST_CHECK(!ec);
                received = number;
            });
    };
    wait();
    set.remove(SIGUSR1);
    BOOST_CHECK(is_default(SIGUSR1));
    std::raise(SIGUSR2);
    run(c);
    BOOST_CHECK_EQUAL(received, SIGUSR2);

    // While a wait is pending.
    wait();
    net::post(c,
              [&]
              {
                  set.clear();
                  BOOST_CHECK(is_default(SIGUSR2));
                  set.add(SIGUSR1);
                  std::raise(SIGUSR1);
              });
    run(c);
    BOOST_CHECK_EQUAL(received, SIGUSR1);

    error_code ec;
    set.add(SIGKILL, ec);
    BOOST_CHECK(ec == net::error::invalid_argument);
    set.add(-1, ec);
    BOOST_CHECK(ec == net::error::invalid_argument);
    set.remove(SIGUSR2, ec);
    BOOST_CHECK(!ec);
    set.clear();
    BOOST_CHECK(is_default(SIGUSR1));
}

// Bytes and signals are both delivered, however they meet.
BOOST_DATA_TEST_CASE(signals_and_sockets, every_mode, m)
{
    ring_context c(m);
    tcp_pair p(c);
    net::signal_set set(c, SIGUSR1);
    constexpr int n = 300;
    int signals = 0;
    std::string in(n, '\0');
    bool read = false;
    std::function<void()> next = [&]
    {
        set.async_wait(
            [&](error_code ec, int)
            {
                BOOST_CHECK(!ec);
                if (++signals != n)
                    next();
            });
    };
    next();
    net::async_read(p.second, net::buffer(in),
                    [&](error_code ec, std::size_t) { read = !ec; });
    std::string const out = pattern(n);
    std::thread other(
        [&]
        {
            for (char const& letter : out)
            {
                net::post(
                    c,
                    [&] { p.first.async_send(net::buffer(&letter, 1), net::detached); });
                // In this thread, so that it is over when the next is raised: pending
                // ones would be merged.
                std::raise(SIGUSR1);
            }
        });
    run(c);
    other.join();
    BOOST_CHECK_EQUAL(signals, n);
    BOOST_CHECK(read);
    BOOST_CHECK(in == out);
}

BOOST_DATA_TEST_CASE(in_coroutines, every_mode, m)
{
    descriptor_check const check;
    ring_context c(m);
    tcp_pair p(c);
    net::signal_set set(c, SIGUSR1);
    bool done = false;
    auto const body = [&]() -> net::awaitable<void>
    {
        char byte[1];
        net::post(c, [] { std::raise(SIGUSR1); });
        BOOST_CHECK_EQUAL(co_await set.async_wait(net::use_awaitable), SIGUSR1);

        // The faster one cancels the other.
        net::post(c, [] { std::raise(SIGUSR1); });
        auto const interrupted =
            co_await (p.second.async_receive(net::buffer(byte), net::use_awaitable) ||
                      set.async_wait(net::use_awaitable));
        BOOST_CHECK_EQUAL(interrupted.index(), 1u);
        co_await p.first.async_send(net::buffer("x", 1), net::use_awaitable);
        auto const received =
            co_await (p.second.async_receive(net::buffer(byte), net::use_awaitable) ||
                      set.async_wait(net::use_awaitable));
        BOOST_CHECK_EQUAL(received.index(), 0u);
        BOOST_CHECK_EQUAL(byte[0], 'x');
        done = true;
    };
    net::co_spawn(c, body(),
                  [](std::exception_ptr e)
                  {
                      if (e)
                          std::rethrow_exception(e);
                  });
    run(c);
    BOOST_CHECK(done);
}

BOOST_DATA_TEST_CASE(destruction, every_mode, m)
{
    std::atomic<int> alive{0};
    {
        ring_context c(m);
        net::signal_set set(c, SIGUSR1);
        set.async_wait(never(alive));
        c.poll();
        BOOST_CHECK_EQUAL(alive, 1);
    }
    BOOST_CHECK_EQUAL(alive, 0);
    BOOST_CHECK(is_default(SIGUSR1));
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Waiting: timeouts, capacity, signals, descriptors.

#include "support/reactor.hpp"

#include <atomic>
#include <set>
#include <thread>

#include <pthread.h>
#include <signal.h>

namespace test
{
namespace
{

using clock = std::chrono::steady_clock;

BOOST_AUTO_TEST_CASE_TEMPLATE(run_once_with_nothing, C, URIO_TEST_SELECTORS)
{
    bench<C> b;
    auto const before = clock::now();
    BOOST_CHECK(b.wait(100ms).empty());
    BOOST_CHECK(clock::now() - before >= 100ms);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(zero_duration_polls_events, C, URIO_TEST_SELECTORS)
{
    bench<C> b;
    std::vector<udp_socket> sockets;
    for (std::size_t i = 0; i != 3; ++i)
    {
        sockets.push_back(udp_socket::bind(loopback()));
        b.registry().register_source(sockets.back(), token(i), interest::writable);
    }
    BOOST_CHECK_EQUAL(b.wait(0ms).size(), 3u);
    BOOST_CHECK(b.wait(-1s).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(timeouts_are_rounded_up, C, URIO_TEST_SELECTORS)
{
    bench<C> b;
    for (std::chrono::nanoseconds const limit : {1ns, 999'999ns, 1'000'001ns})
    {
        auto const before = clock::now();
        BOOST_CHECK(b.wait(limit).empty());
        BOOST_CHECK(clock::now() - before >= limit);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(long_timeouts_are_clamped, C, URIO_TEST_SELECTORS)
{
    bench<C> b;
    reactor::waker waker(b.registry(), token(1));
    for (reactor::timeout const limit :
         {reactor::timeout(std::chrono::hours::max()),
          reactor::timeout(std::chrono::duration<double>(1e300)),
          reactor::timeout(std::chrono::milliseconds(INT_MAX) + 1ms)})
    {
        waker.wake();
        BOOST_CHECK_EQUAL(b.wait(limit).size(), 1u);
        // It is no shorter wait, either, in which an overflow would show.
        std::atomic<bool> woken = false;
        std::jthread other(
            [&]
            {
                woken = true;
                waker.wake();
            });
        BOOST_CHECK_EQUAL(b.wait(limit).size(), 1u);
        BOOST_CHECK(woken);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(capacity_is_respected, C, URIO_TEST_SELECTORS)
{
    bench<C> b(1);
    BOOST_CHECK_EQUAL(b.events.capacity(), 1u);
    std::vector<udp_socket> sockets;
    for (std::size_t i = 0; i != 3; ++i)
    {
        sockets.push_back(udp_socket::bind(loopback()));
        b.registry().register_source(sockets.back(), token(i), interest::writable);
    }
    std::set<token> tokens;
    for (int i = 0; i != 3; ++i)
    {
        auto const found = b.wait(10s);
        BOOST_REQUIRE_EQUAL(found.size(), 1u);
        tokens.insert(found.front().token());
    }
    BOOST_CHECK_EQUAL(tokens.size(), 3u);
    b.expect_silence();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(capacity_starves_nobody, C, URIO_TEST_SELECTORS)
{
    bench<C> b(1);
    std::vector<udp_socket> sockets;
    for (std::size_t i = 0; i != 3; ++i)
    {
        sockets.push_back(udp_socket::bind(loopback()));
        b.registry().register_source(sockets.back(), token(i), interest::writable,
                                     trigger::level);
    }
    std::set<token> tokens;
    for (int i = 0; i != 6; ++i)
        tokens.insert(b.wait(10s).at(0).token());
    BOOST_CHECK_EQUAL(tokens.size(), 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(capacity_zero, C, URIO_TEST_SELECTORS)
{
    bench<C> b(0);
    check_error(errc::invalid_argument,
                [&](error_code& ec) { b.poll.wait(b.events, 0ms, ec); });
    BOOST_CHECK_THROW(b.poll.wait(b.events), boost::system::system_error);
}

extern "C" void ignore_signal(int) {}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_interrupts, C, URIO_TEST_SELECTORS)
{
    struct sigaction act
    {
    };
    struct sigaction old;
    act.sa_handler = ignore_signal;
    BOOST_REQUIRE_EQUAL(::sigaction(SIGUSR1, &act, &old), 0);
    bench<C> b;
    pthread_t const self = pthread_self();
    std::atomic<bool> done = false;
    // Until it has met the wait: there is no telling when that begins.
    std::jthread other(
        [&]
        {
            while (!done)
            {
                pthread_kill(self, SIGUSR1);
                std::this_thread::yield();
            }
        });
    check_error(errc::interrupted,
                [&](error_code& ec) { b.poll.wait(b.events, 10s, ec); });
    done = true;
    other.join();
    BOOST_CHECK(b.events.empty());
    ::sigaction(SIGUSR1, &old, nullptr);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(poll_closes_fd, C, URIO_TEST_SELECTORS)
{
    for (int i = 0; i != 2000; ++i)
    {
        bench<C> b(1);
        reactor::waker const waker(b.registry(), token(1));
        b.wait(0ms);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(events_all, C, URIO_TEST_SELECTORS)
{
    bench<C> b;
    BOOST_CHECK(b.events.empty());
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(SIZE_MAX), interest::writable);
    BOOST_CHECK_EQUAL(b.wait(10s).at(0).token(), token(SIZE_MAX));
    BOOST_CHECK_EQUAL(b.events.size(), 1u);
    b.events.clear();
    BOOST_CHECK(b.events.empty());
    BOOST_CHECK_EQUAL(b.events.size(), 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(events_outlive_the_poll, C, URIO_TEST_SELECTORS)
{
    reactor::events events(4);
    auto s = udp_socket::bind(loopback());
    {
        reactor::poll poll = C::make();
        poll.registry().register_source(s, token(1), interest::writable);
        poll.wait(events, 10s);
        BOOST_CHECK_EQUAL(events.size(), 1u);
    }
    BOOST_CHECK_EQUAL(events.size(), 1u);
    s = udp_socket::bind(loopback());
    // It is of another poll now.
    reactor::poll poll = C::make();
    poll.registry().register_source(s, token(2), interest::writable);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_source_outlives_the_poll, C, URIO_TEST_SELECTORS)
{
    auto s = udp_socket::bind(loopback());
    {
        bench<C> b;
        b.registry().register_source(s, token(1), interest::writable);
    }
    check_error(errc::operation_would_block,
                [&](error_code& ec)
                {
                    char data[1];
                    s.recv(data, ec);
                });
    bench<C> b;
    b.registry().register_source(s, token(2), interest::writable);
    b.expect_writable(token(2));
}

} // namespace
} // namespace test

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

BOOST_DATA_TEST_CASE(run_once_with_nothing, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto const before = clock::now();
    BOOST_CHECK(b.wait(100ms).empty());
    BOOST_CHECK(clock::now() - before >= 100ms);
}

BOOST_DATA_TEST_CASE(zero_duration_polls_events, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    std::vector<udp_socket> sockets;
    for (std::size_t i = 0; i != 3; ++i)
    {
        sockets.push_back(udp_socket::bind(loopback()));
        b.registry().register_source(sockets.back(), token(i), interest::writable);
    }
    BOOST_CHECK_EQUAL(b.wait(0ms).size(), 3u);
    BOOST_CHECK(b.wait(-1s).empty());
}

BOOST_DATA_TEST_CASE(timeouts_are_rounded_up, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    for (std::chrono::nanoseconds const limit : {1ns, 999'999ns, 1'000'001ns})
    {
        auto const before = clock::now();
        BOOST_CHECK(b.wait(limit).empty());
        BOOST_CHECK(clock::now() - before >= limit);
    }
}

BOOST_DATA_TEST_CASE(long_timeouts_are_clamped, URIO_TEST_SELECTORS, how)
{
    bench b(how);
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

BOOST_DATA_TEST_CASE(capacity_is_respected, URIO_TEST_SELECTORS, how)
{
    bench b(how, 1);
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
        auto const found = b.wait(patience);
        BOOST_REQUIRE_EQUAL(found.size(), 1u);
        tokens.insert(found.front().token());
    }
    BOOST_CHECK_EQUAL(tokens.size(), 3u);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(capacity_starves_nobody, URIO_TEST_SELECTORS, how)
{
    bench b(how, 1);
    std::vector<udp_socket> sockets;
    for (std::size_t i = 0; i != 3; ++i)
    {
        sockets.push_back(udp_socket::bind(loopback()));
        b.registry().register_source(sockets.back(), token(i), interest::writable,
                                     trigger::level);
    }
    std::set<token> tokens;
    for (int i = 0; i != 6; ++i)
        tokens.insert(b.wait(patience).at(0).token());
    BOOST_CHECK_EQUAL(tokens.size(), 3u);
}

BOOST_DATA_TEST_CASE(capacity_zero, URIO_TEST_SELECTORS, how)
{
    bench b(how, 0);
    check_error(errc::invalid_argument,
                [&](error_code& ec) { b.poll.wait(b.events, 0ms, ec); });
    BOOST_CHECK_THROW(b.poll.wait(b.events), boost::system::system_error);
}

extern "C" void ignore_signal(int) {}

BOOST_DATA_TEST_CASE(a_signal_interrupts, URIO_TEST_SELECTORS, how)
{
    struct sigaction act{};
    struct sigaction old;
    act.sa_handler = ignore_signal;
    BOOST_REQUIRE_EQUAL(::sigaction(SIGUSR1, &act, &old), 0);
    bench b(how);
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

BOOST_DATA_TEST_CASE(poll_closes_fd, URIO_TEST_SELECTORS, how)
{
    for (int i = 0; i != 2000; ++i)
    {
        bench b(how, 1);
        reactor::waker const waker(b.registry(), token(1));
        b.wait(0ms);
    }
}

BOOST_DATA_TEST_CASE(events_all, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    BOOST_CHECK(b.events.empty());
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(SIZE_MAX), interest::writable);
    BOOST_CHECK_EQUAL(b.wait(patience).at(0).token(), token(SIZE_MAX));
    BOOST_CHECK_EQUAL(b.events.size(), 1u);
    b.events.clear();
    BOOST_CHECK(b.events.empty());
    BOOST_CHECK_EQUAL(b.events.size(), 0u);
}

BOOST_DATA_TEST_CASE(events_outlive_the_poll, URIO_TEST_SELECTORS, how)
{
    reactor::events events(4);
    auto s = udp_socket::bind(loopback());
    {
        reactor::poll poll = how.make();
        poll.registry().register_source(s, token(1), interest::writable);
        poll.wait(events, patience);
        BOOST_CHECK_EQUAL(events.size(), 1u);
    }
    BOOST_CHECK_EQUAL(events.size(), 1u);
    s = udp_socket::bind(loopback());
    // It is of another poll now.
    reactor::poll poll = how.make();
    poll.registry().register_source(s, token(2), interest::writable);
}

BOOST_DATA_TEST_CASE(a_source_outlives_the_poll, URIO_TEST_SELECTORS, how)
{
    auto s = udp_socket::bind(loopback());
    {
        bench b(how);
        b.registry().register_source(s, token(1), interest::writable);
    }
    check_error(errc::operation_would_block,
                [&](error_code& ec)
                {
                    char data[1];
                    s.recv(data, ec);
                });
    bench b(how);
    b.registry().register_source(s, token(2), interest::writable);
    b.expect_writable(token(2));
}

} // namespace
} // namespace test

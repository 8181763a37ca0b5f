// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Wakers, and threads.

#include "support/reactor.hpp"

#include <atomic>
#include <optional>
#include <set>
#include <thread>

namespace test
{
namespace
{

BOOST_DATA_TEST_CASE(waker, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(10));
    waker.wake();
    auto const found = b.wait(patience);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_CHECK_EQUAL(found[0].token(), token(10));
    BOOST_CHECK(found[0].is_readable());
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(waker_multiple_wakeups_same_thread, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(10));
    for (int i = 0; i != 3; ++i)
    {
        for (int k = 0; k != 3; ++k)
            waker.wake();
        BOOST_CHECK_EQUAL(b.wait(patience).size(), 1u);
        b.expect_silence();
    }
}

BOOST_DATA_TEST_CASE(a_waker_never_fills_up, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(10));
    for (int i = 0; i != 20000; ++i) // a pipe has room for 65536 bytes
        waker.wake();
    BOOST_CHECK_EQUAL(b.wait(patience).size(), 1u);
    waker.wake();
    BOOST_CHECK_EQUAL(b.wait(patience).size(), 1u);
}

BOOST_DATA_TEST_CASE(waker_wakeup_different_thread, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(10));
    for (int i = 0; i != 100; ++i)
    {
        std::jthread other([&] { waker.wake(); });
        b.expect_readable(token(10));
    }
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(using_multiple_wakers, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(10));
    auto const second = [&](error_code& ec)
    { reactor::waker(b.registry().try_clone(), token(11), ec); };
    check_error(errc::file_exists, second);
    BOOST_CHECK_THROW(reactor::waker(b.registry(), token(11)),
                      boost::system::system_error);
    waker.wake();
    BOOST_CHECK_EQUAL(b.wait(patience).at(0).token(), token(10));
}

BOOST_DATA_TEST_CASE(a_waker_after_another, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    std::optional<reactor::waker> waker(std::in_place, b.registry(), token(10));
    waker->wake();
    waker.reset();
    b.expect_silence(); // the token is deregistered
    waker.emplace(b.registry(), token(11));
    b.expect_silence();
    reactor::waker moved = std::move(*waker);
    waker.reset();
    moved.wake();
    b.expect_readable(token(11));
}

BOOST_DATA_TEST_CASE(a_waker_outlives_the_poll, URIO_TEST_SELECTORS, how)
{
    std::optional<bench> b(std::in_place, how);
    reactor::waker const waker(b->registry(), token(10));
    b.reset();
    waker.wake();
}

BOOST_DATA_TEST_CASE(register_during_poll, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    std::jthread other(
        [&] { b.registry().register_source(s, token(1), interest::writable); });
    auto const found = b.wait(patience);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_CHECK(found[0].is_writable());
    other.join();
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(reregister_during_poll, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable);
    for (std::size_t i = 2; i != 50; ++i)
    {
        std::jthread other([&]
                           { b.registry().reregister(s, token(i), interest::writable); });
        b.expect_writable(token(i));
    }
}

BOOST_DATA_TEST_CASE(registry_operations_are_thread_safe, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto listener = tcp_listener::bind(loopback());
    auto const address = listener.local_address();
    std::vector<udp_socket> lasting;
    for (int i = 0; i != 3; ++i)
        lasting.push_back(udp_socket::bind(loopback()));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i != 3; ++i)
        threads.emplace_back(
            [&b, &lasting, address, i]
            {
                auto const registry = b.registry().try_clone();
                for (int k = 0; k != 50; ++k)
                {
                    auto s = tcp_stream::connect(address);
                    registry.register_source(s, token(100), interest::readable);
                    registry.reregister(s, token(100), both);
                    registry.deregister(s);
                }
                // Stays registered until the main thread has seen it.
                registry.register_source(lasting[i], token(i), interest::writable);
            });
    std::set<token> tokens;
    while (tokens.size() != 3)
        for (auto const& e : b.wait(patience))
            if (e.token() != token(100))
                tokens.insert(e.token());
}

BOOST_DATA_TEST_CASE(no_event_after_deregister_on_another_thread, URIO_TEST_SELECTORS,
                     how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(0));
    std::atomic<std::size_t> least = 1; // tokens below are deregistered
    std::atomic<bool> done = false;
    std::jthread other(
        [&]
        {
            for (std::size_t i = 1; i != 300; ++i)
            {
                auto s = udp_socket::bind(loopback());
                b.registry().register_source(s, token(i), interest::writable,
                                             trigger::level);
                b.registry().deregister(s);
                least = i + 1;
            }
            done = true;
            waker.wake();
        });
    while (!done)
    {
        std::size_t const before = least;
        b.poll.wait(b.events, std::nullopt);
        for (auto const& e : b.events)
            if (e.token() != token(0))
                BOOST_CHECK_GE(e.token().value, before);
    }
}

BOOST_DATA_TEST_CASE(would_block_on_another_thread_during_poll, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto pair = reactor::unix_stream::pair();
    b.registry().register_source(pair.first, token(1), interest::readable);
    std::atomic<int> reported = 0;
    std::atomic<bool> lost = false;
    constexpr int times = 200;
    std::jthread waiter(
        [&]
        {
            while (reported != times && !lost)
            {
                b.poll.wait(b.events, patience);
                lost = b.events.empty();
                ++reported;
                reported.notify_one();
            }
        });
    for (int i = 0; i != times && !lost; ++i)
    {
        pair.second.write("x");
        reported.wait(i);
        // The waiter waits again by now, most of the time.
        for (int k = 0; k != i; ++k)
            std::this_thread::yield();
        drain(pair.first);
    }
    waiter.join();
    BOOST_CHECK(!lost);
}

BOOST_DATA_TEST_CASE(deregister_ends_a_wait_for_the_descriptor, URIO_TEST_SELECTORS, how)
{
    // The peer sees the close at once, though another thread waits.
    bench b(how);
    reactor::waker const waker(b.registry(), token(0));
    auto [mine, theirs] = reactor::unix_stream::pair();
    b.registry().register_source(mine, token(1), interest::readable);
    std::jthread waiter([&] { b.poll.wait(b.events, std::nullopt); });
    mine = reactor::unix_stream::from_native(-1);
    bench observer(how);
    observer.registry().register_source(theirs, token(2), interest::readable);
    observer.expect(token(2), [](const seen& s) { return s.read_closed; });
    waker.wake();
}

} // namespace
} // namespace test

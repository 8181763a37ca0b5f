// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where mio's guarantees break, most of them with its poll(2) selector: one test each.
// The tests run with every selector.

#include "support/reactor.hpp"

#include <atomic>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace test
{
namespace
{

using reactor::source_fd;

// mio's poll(2) hands out more events than there is capacity for.
BOOST_DATA_TEST_CASE(trap_capacity_is_exceeded, URIO_TEST_SELECTORS, how)
{
    bench b(how, 2);
    std::vector<udp_socket> sockets;
    for (std::size_t i = 0; i != 5; ++i)
    {
        sockets.push_back(udp_socket::bind(loopback()));
        b.registry().register_source(sockets.back(), token(i), interest::writable);
    }
    std::size_t const sizes[] = {b.wait(patience).size(), b.wait(patience).size(),
                                 b.wait(patience).size()};
    BOOST_CHECK_EQUAL(sizes[0], 2u);
    BOOST_CHECK_EQUAL(sizes[1], 2u);
    BOOST_CHECK_EQUAL(sizes[2], 1u);
}

// A failed call of a second poll loses mio the association with the first.
BOOST_DATA_TEST_CASE(trap_failure_corrupts_the_association, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    bench other(how);
    auto s = udp_socket::bind(loopback());
    error_code ec;
    other.registry().deregister(s, ec);
    BOOST_CHECK(ec == errc::no_such_file_or_directory);
    // A registration that fails leaves no association behind.
    source_fd there_already(s.native_handle());
    b.registry().register_source(there_already, token(1), interest::readable);
    b.registry().register_source(s, token(1), interest::writable, ec);
    BOOST_CHECK(ec == errc::file_exists);
    b.registry().deregister(there_already);
    b.registry().register_source(s, token(1), interest::writable);
    for (int i = 0; i != 2; ++i)
    {
        other.registry().register_source(s, token(2), interest::writable, ec);
        BOOST_CHECK(ec == errc::file_exists);
        other.registry().deregister(s, ec);
        BOOST_CHECK(ec == errc::no_such_file_or_directory);
    }
    b.registry().reregister(s, token(3), interest::writable);
    b.expect_writable(token(3));
    b.registry().deregister(s);
}

// Every change of a registration has mio's poll(2) wait for the whole timeout again.
BOOST_DATA_TEST_CASE(trap_churn_prolongs_the_wait, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable);
    std::atomic<bool> done = false;
    std::atomic<bool> gave_up = false;
    std::jthread other(
        [&]
        {
            auto const until = std::chrono::steady_clock::now() + patience;
            while (!done && !gave_up)
            {
                b.registry().reregister(s, token(1), interest::readable);
                gave_up = std::chrono::steady_clock::now() > until;
            }
        });
    auto const before = std::chrono::steady_clock::now();
    BOOST_CHECK(b.wait(200ms).empty());
    done = true;
    BOOST_CHECK(!gave_up);
    BOOST_CHECK(std::chrono::steady_clock::now() - before >= 200ms);
}

// mio's poll(2) removes what has reported its end, and knows nothing of it afterwards.
BOOST_DATA_TEST_CASE(trap_reregister_after_hup, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), both);
    server.shutdown(reactor::shutdown_type::both);
    client.shutdown(reactor::shutdown_type::both);
    b.expect(token(1), [](const seen& s) { return s.read_closed && s.write_closed; });
    error_code ec;
    b.registry().reregister(server, token(2), interest::readable, ec);
    BOOST_CHECK(!ec);
    b.expect(token(2), [](const seen& s) { return s.read_closed; });
    b.registry().deregister(server, ec);
    BOOST_CHECK(!ec);
}

// The end is reported once, and does not make later waits spin.
BOOST_DATA_TEST_CASE(trap_hup_spins, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [sender, receiver] = reactor::pipe::make();
    b.registry().register_source(receiver, token(1), interest::readable);
    sender = reactor::pipe::sender::from_native(-1);
    b.expect(token(1), [](const seen& s) { return s.read_closed; });
    b.expect_silence();
    char data[1];
    BOOST_CHECK_EQUAL(receiver.read(data), 0u);
    b.expect_silence();
}

// A failure to arm the descriptor again takes the place of mio's would-block.
BOOST_DATA_TEST_CASE(trap_would_block_becomes_not_found, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable);
    source_fd behind_its_back(s.native_handle());
    b.registry().deregister(behind_its_back);
    check_error(errc::operation_would_block,
                [&](error_code& ec)
                {
                    char data[1];
                    s.recv(data, ec);
                });
    b.registry().register_source(s, token(2), interest::writable, trigger::edge);
    b.expect_writable(token(2));
}

// What wakes mio's poll(2) is also what registration interrupts it with, and takes back.
BOOST_DATA_TEST_CASE(trap_wake_then_register_then_poll, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(0));
    auto s = udp_socket::bind(loopback());
    waker.wake();
    b.registry().register_source(s, token(1), interest::readable);
    auto const found = b.wait(patience);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_CHECK_EQUAL(found[0].token(), token(0));
}

// A descriptor that is closed without being deregistered keeps mio's poll(2) busy with
// events that say nothing.
BOOST_DATA_TEST_CASE(trap_closed_without_deregister, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    source_fd fd(ends[0]);
    b.registry().register_source(fd, token(1), interest::readable);
    ::close(ends[0]);
    ::close(ends[1]);
    b.expect_silence();
    error_code ec;
    b.registry().deregister(fd, ec);
    BOOST_CHECK(ec);
}

// The number of such a descriptor is that of another file soon.
BOOST_DATA_TEST_CASE(trap_closed_and_used_again, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    int const number = [&]
    {
        auto pair = reactor::unix_stream::pair();
        source_fd fd(pair.first.native_handle());
        b.registry().register_source(fd, token(1), interest::readable);
        return fd.native_handle();
    }();
    auto pair = reactor::unix_stream::pair();
    BOOST_REQUIRE_EQUAL(pair.first.native_handle(), number);
    pair.second.write("x");
    b.expect_silence();
    b.registry().register_source(pair.first, token(2), interest::readable);
    b.expect_readable(token(2));
    b.expect_silence();
}

// mio's UnixListener accepts without telling its poll(2) of a would-block.
BOOST_DATA_TEST_CASE(trap_second_accept_on_unix_listener, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto const name = "urio-trap-" + std::to_string(::getpid());
    auto const address = reactor::unix_address("/tmp/" + name);
    auto listener = reactor::unix_listener::bind(address);
    b.registry().register_source(listener, token(1), interest::readable);
    for (int i = 0; i != 3; ++i)
    {
        auto const client = reactor::unix_stream::connect(address);
        b.expect_readable(token(1));
        listener.accept();
        check_error(errc::operation_would_block,
                    [&](error_code& ec) { listener.accept(ec); });
    }
    ::unlink(("/tmp/" + name).c_str());
    b.expect_silence();
}

// mio cannot have a waker again once it had one.
BOOST_DATA_TEST_CASE(trap_waker_cannot_be_recreated, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    for (std::size_t i = 0; i != 3; ++i)
    {
        reactor::waker const waker(b.registry(), token(i));
        waker.wake();
        b.expect_readable(token(i));
    }
}

// A duplicate of the descriptor keeps mio's epoll registration alive.
BOOST_DATA_TEST_CASE(trap_duplicate_keeps_stale_token, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [mine, theirs] = reactor::unix_stream::pair();
    b.registry().register_source(mine, token(1), interest::readable);
    auto const duplicate = reactor::unix_stream::from_native(
        ::fcntl(mine.native_handle(), F_DUPFD_CLOEXEC, 0));
    mine = reactor::unix_stream::from_native(-1);
    theirs.write("x");
    b.expect_silence();
}

} // namespace
} // namespace test

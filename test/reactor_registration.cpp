// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Registration: what it promises, and how it fails.

#include "support/reactor.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace test
{
namespace
{

using reactor::source_fd;

BOOST_DATA_TEST_CASE(add_then_drop, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    {
        auto listener = tcp_listener::bind(loopback());
        b.registry().register_source(listener, token(1), both);
        b.expect_silence();
    }
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(listen_then_close, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    tcp_stream client = [&]
    {
        auto listener = tcp_listener::bind(loopback());
        b.registry().register_source(listener, token(1), interest::readable);
        return tcp_stream::connect(listener.local_address());
    }();
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(registering, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(client, token(1), interest::readable);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(reregister_interest_token_usage, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable);
    b.expect_silence();
    b.registry().reregister(s, token(2), interest::writable);
    auto const found = b.wait(patience);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_CHECK_EQUAL(found[0].token(), token(2));
    BOOST_CHECK(found[0].is_writable() && !found[0].is_readable());
}

BOOST_DATA_TEST_CASE(reregister_different_interest_without_poll, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto listener = tcp_listener::bind(loopback());
    b.registry().register_source(listener, token(1), interest::readable);
    auto const client = tcp_stream::connect(listener.local_address());
    b.registry().reregister(listener, token(1), interest::writable);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(registering_after_deregistering, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto listener = tcp_listener::bind(loopback());
    b.registry().register_source(listener, token(1), interest::readable);
    b.registry().deregister(listener);
    b.registry().register_source(listener, token(2), interest::readable);
    b.expect_silence();
    auto const client = tcp_stream::connect(listener.local_address());
    b.expect_readable(token(2));
}

BOOST_DATA_TEST_CASE(tcp_no_events_after_deregister, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(client, token(1), both);
    b.registry().register_source(server, token(2), both);
    b.registry().deregister(client);
    b.registry().deregister(server);
    b.expect_silence();
    client.write("12345");
    char data[16];
    BOOST_CHECK_EQUAL(retry([&](error_code& ec) { return server.read(data, ec); }), 6u);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(issue_1205, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::waker const waker(b.registry(), token(0));
    auto listener = tcp_listener::bind(loopback());
    b.registry().register_source(listener, token(1), interest::readable);
    auto const client = tcp_stream::connect(listener.local_address());
    b.registry().deregister(listener);
    waker.wake();
    auto const found = b.wait(patience);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_CHECK_EQUAL(found[0].token(), token(0));
}

BOOST_DATA_TEST_CASE(no_event_after_deregister_within_one_batch, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    std::vector<udp_socket> sockets;
    for (std::size_t i = 0; i != 3; ++i)
    {
        sockets.push_back(udp_socket::bind(loopback()));
        b.registry().register_source(sockets.back(), token(i), interest::writable);
    }
    b.poll.wait(b.events, patience);
    BOOST_REQUIRE_EQUAL(b.events.size(), 3u);
    int handled = 0;
    for (auto const& e : b.events)
    {
        ++handled;
        for (std::size_t i = 0; i != 3; ++i)
            if (token(i) != e.token())
                b.registry().deregister(sockets[i]);
    }
    BOOST_CHECK_EQUAL(handled, 1);
}

BOOST_DATA_TEST_CASE(no_stale_token_after_reregister_within_one_batch,
                     URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::writable);
    b.poll.wait(b.events, patience);
    BOOST_REQUIRE_EQUAL(b.events.size(), 1u);
    b.registry().reregister(s, token(2), interest::writable);
    BOOST_CHECK(b.events.empty());
    b.expect_writable(token(2)); // it is not lost
}

BOOST_DATA_TEST_CASE(double_register_different_token, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::writable);
    auto const again = [&](error_code& ec)
    { b.registry().register_source(s, token(2), interest::writable, ec); };
    check_error(errc::file_exists, again);
    source_fd fd(s.native_handle());
    check_error(errc::file_exists, [&](error_code& ec)
                { b.registry().register_source(fd, token(3), interest::writable, ec); });
    BOOST_CHECK_THROW(b.registry().register_source(s, token(2), interest::writable),
                      boost::system::system_error);
    auto const found = b.wait(patience);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_CHECK_EQUAL(found[0].token(), token(1));
}

BOOST_DATA_TEST_CASE(without_register, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    source_fd fd(s.native_handle());
    check_error(errc::no_such_file_or_directory, [&](error_code& ec)
                { b.registry().reregister(s, token(1), interest::readable, ec); });
    check_error(errc::no_such_file_or_directory,
                [&](error_code& ec) { b.registry().deregister(s, ec); });
    check_error(errc::no_such_file_or_directory, [&](error_code& ec)
                { b.registry().reregister(fd, token(1), interest::readable, ec); });
    check_error(errc::no_such_file_or_directory,
                [&](error_code& ec) { b.registry().deregister(fd, ec); });
    check_error(errc::no_such_file_or_directory, [&](error_code& ec)
                { b.registry().add_interest(s, interest::readable, ec); });
    BOOST_CHECK_THROW(b.registry().deregister(s), boost::system::system_error);
}

BOOST_DATA_TEST_CASE(what_cannot_be_registered, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto const error_of = [&](int fd)
    {
        source_fd s(fd);
        error_code ec;
        b.registry().register_source(s, token(1), interest::readable, ec);
        return ec;
    };
    int const file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int const directory = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    BOOST_CHECK(error_of(file) == errc::operation_not_permitted);
    BOOST_CHECK(error_of(directory) == errc::operation_not_permitted);
    ::close(file);
    ::close(directory);
    BOOST_CHECK(error_of(file) == errc::bad_file_descriptor);
    BOOST_CHECK(error_of(-1) == errc::bad_file_descriptor);
    auto s = udp_socket::bind(loopback());
    check_error(errc::operation_not_supported, [&](error_code& ec)
                { b.registry().register_source(s, token(1), interest::lio, ec); });
}

BOOST_DATA_TEST_CASE(one_interest_more_and_less, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(7), interest::readable, trigger::level);
    b.expect_silence();
    b.registry().add_interest(s, interest::writable);
    b.expect_writable(token(7));
    s.send_to("x", s.local_address());
    b.expect_readable(token(7));
    b.registry().remove_interest(s, interest::readable);
    auto const found = b.wait(patience);
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_CHECK(found[0].is_writable() && !found[0].is_readable());
    check_error(errc::invalid_argument, [&](error_code& ec)
                { b.registry().remove_interest(s, interest::writable, ec); });
    b.expect_writable(token(7));
    b.registry().deregister(s);
    check_error(errc::no_such_file_or_directory, [&](error_code& ec)
                { b.registry().remove_interest(s, interest::writable, ec); });
}

BOOST_DATA_TEST_CASE(tcp_register_multiple_event_loops, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    bench other(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable);
    check_error(errc::file_exists, [&](error_code& ec)
                { other.registry().register_source(s, token(2), both, ec); });
    check_error(errc::file_exists, [&](error_code& ec)
                { other.registry().reregister(s, token(2), both, ec); });
    check_error(errc::no_such_file_or_directory,
                [&](error_code& ec) { other.registry().deregister(s, ec); });
    // The first registration is as it was.
    s.send_to("x", s.local_address());
    b.expect_readable(token(1));
    b.registry().reregister(s, token(3), interest::writable);
    b.expect_writable(token(3));
    b.registry().deregister(s);
    other.registry().register_source(s, token(2), interest::writable);
    other.expect_writable(token(2));
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(one_descriptor_in_two_polls, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    bench other(how);
    auto const s = udp_socket::bind(loopback());
    source_fd fd(s.native_handle());
    b.registry().register_source(fd, token(1), interest::writable);
    other.registry().register_source(fd, token(2), interest::writable);
    b.expect_writable(token(1));
    other.expect_writable(token(2));
    b.registry().deregister(fd);
    other.registry().deregister(fd);
}

BOOST_DATA_TEST_CASE(clones_are_interchangeable, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto const clone = b.registry().try_clone();
    auto s = udp_socket::bind(loopback());
    clone.register_source(s, token(1), interest::writable);
    b.expect_writable(token(1));
    b.registry().reregister(s, token(2), interest::writable);
    b.expect_writable(token(2));
    clone.deregister(s);
    b.expect_silence();
    BOOST_CHECK(clone.selector() == how.selector);
    BOOST_CHECK_EQUAL(clone.native_handle(), b.registry().native_handle());
}

} // namespace
} // namespace test

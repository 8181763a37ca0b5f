// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// UDP sockets.

#include "support/reactor.hpp"

#include <thread>

namespace test
{
namespace
{

std::pair<udp_socket, udp_socket> udp_pair()
{
    auto a = udp_socket::bind(loopback());
    auto b = udp_socket::bind(loopback());
    a.connect(b.local_address());
    b.connect(a.local_address());
    return {std::move(a), std::move(b)};
}

BOOST_DATA_TEST_CASE(empty_datagram, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [one, two] = udp_pair();
    b.registry().register_source(two, token(1), interest::readable);
    BOOST_CHECK_EQUAL(one.send({nullptr, 0}), 0u);
    b.expect_readable(token(1));
    char data[8];
    BOOST_CHECK_EQUAL(two.recv(data), 0u);
}

BOOST_DATA_TEST_CASE(udp_socket_discard, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [one, two] = udp_pair();
    auto stranger = udp_socket::bind(loopback());
    b.registry().register_source(two, token(1), interest::readable);
    stranger.send_to("x", two.local_address());
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(send_and_receive, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [one, two] = udp_pair();
    b.registry().register_source(one, token(1), interest::writable);
    b.registry().register_source(two, token(2), interest::readable);
    b.expect_writable(token(1));
    std::string const text = "hello";
    BOOST_CHECK_EQUAL(one.send(text), 5u);
    b.expect_readable(token(2));
    char data[16];
    BOOST_CHECK_EQUAL(two.peek(data), 5u);
    auto const [peeked, who] = two.peek_from(data);
    BOOST_CHECK_EQUAL(peeked, 5u);
    BOOST_CHECK_EQUAL(who, one.local_address());
    auto const [n, from] = two.recv_from(data);
    BOOST_CHECK_EQUAL(std::string(data, n), text);
    BOOST_CHECK_EQUAL(from, one.local_address());
    one.send(text);
    BOOST_CHECK_EQUAL(two.recv(reactor::mutable_buffer(data, 2)), 2u); // the rest is lost
    check_error(errc::operation_would_block, [&](error_code& ec) { two.recv(data, ec); });
}

BOOST_AUTO_TEST_CASE(unconnected_udp_socket_connected_methods)
{
    auto s = udp_socket::bind(loopback());
    check_error(errc::destination_address_required,
                [&](error_code& ec) { s.send("x", ec); });
    check_error(errc::not_connected, [&](error_code& ec) { s.peer_address(ec); });
    char data[1];
    check_error(errc::operation_would_block, [&](error_code& ec) { s.recv(data, ec); });
}

BOOST_DATA_TEST_CASE(reconnect_udp_socket, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    udp_socket peers[] = {udp_socket::bind(loopback()), udp_socket::bind(loopback())};
    b.registry().register_source(s, token(1), interest::readable);
    for (auto& peer : peers)
    {
        s.connect(peer.local_address());
        BOOST_CHECK_EQUAL(s.peer_address(), peer.local_address());
        peer.send_to("ab", s.local_address());
        b.expect_readable(token(1));
        char data[8];
        BOOST_CHECK_EQUAL(s.recv(data), 3u);
        check_error(errc::operation_would_block,
                    [&](error_code& ec) { s.recv(data, ec); });
    }
}

BOOST_AUTO_TEST_CASE(udp_options)
{
    auto s = udp_socket::bind(loopback());
    BOOST_CHECK(!s.broadcast());
    s.set_broadcast(true);
    BOOST_CHECK(s.broadcast());
    s.set_ttl(7);
    BOOST_CHECK_EQUAL(s.ttl(), 7u);
    s.set_multicast_loop_v4(false);
    BOOST_CHECK(!s.multicast_loop_v4());
    s.set_multicast_ttl_v4(3);
    BOOST_CHECK_EQUAL(s.multicast_ttl_v4(), 3u);
    BOOST_CHECK(!s.take_error());
    BOOST_CHECK_THROW(s.only_v6(), boost::system::system_error); // it is an IPv4 socket
    // A group is left only by who joined it.
    check_error(errc::address_not_available, [&](error_code& ec)
                { s.leave_multicast_v4({239, 1, 2, 3}, {127, 0, 0, 1}, ec); });
    s.join_multicast_v4({239, 1, 2, 3}, {127, 0, 0, 1});
    s.leave_multicast_v4({239, 1, 2, 3}, {127, 0, 0, 1});
}

BOOST_AUTO_TEST_CASE(udp_options_v6)
{
    error_code ec;
    auto s = udp_socket::bind(socket_address("[::1]:0"), ec);
    if (ec)
    {
        BOOST_TEST_MESSAGE("skipped: no IPv6 here: " << ec.message());
        return;
    }
    s.only_v6();
    s.set_multicast_loop_v6(false);
    BOOST_CHECK(!s.multicast_loop_v6());
    s.set_multicast_loop_v6(true);
    BOOST_CHECK(s.multicast_loop_v6());
    std::array<std::uint8_t, 16> group{0xff, 0x02};
    group[15] = 0x77;
    check_error(errc::address_not_available,
                [&](error_code& e) { s.leave_multicast_v6(group, 1, e); });
    s.join_multicast_v6(group, 1);
    s.leave_multicast_v6(group, 1);
}

BOOST_DATA_TEST_CASE(multicast, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    std::array<std::uint8_t, 4> const group{239, 255, 77, 1};
    auto receiver = udp_socket::bind(socket_address::v4({0, 0, 0, 0}, 0));
    auto sender = udp_socket::bind(loopback());
    receiver.join_multicast_v4(group, {127, 0, 0, 1});
    b.registry().register_source(receiver, token(1), interest::readable);
    error_code ec;
    sender.send_to("abc", socket_address::v4(group, receiver.local_address().port()), ec);
    if (ec)
    {
        BOOST_TEST_MESSAGE("skipped: no route for multicast: " << ec.message());
        return;
    }
    b.expect_readable(token(1));
    char data[8];
    BOOST_CHECK_EQUAL(receiver.recv(data), 4u);
}

/// A socket that has got the error of a datagram that nobody received.
udp_socket refused_socket()
{
    auto s = udp_socket::bind(loopback());
    s.connect(udp_socket::bind(loopback()).local_address());
    return s;
}

/// There is an event. What it says is up to the system, except that these two agree.
void expect_icmp_error(bench& b)
{
    auto const s = b.expect(token(1), [](const seen& e) { return e.events != 0; });
    if (b.registry().selector() != reactor::selector_kind::kqueue)
        BOOST_CHECK(s.error && s.write_closed && !s.readable);
}

// An ICMP error is the end of a UDP socket for mio's poll(2).
BOOST_DATA_TEST_CASE(trap_udp_after_icmp_error, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = refused_socket();
    auto peer = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable);
    for (int i = 0; i != 2; ++i)
    {
        auto const gone = udp_socket::bind(loopback()).local_address();
        s.connect(gone);
        s.send("x");
        expect_icmp_error(b);
        char data[16];
        check_error(errc::connection_refused, [&](error_code& ec) { s.recv(data, ec); });
        check_error(errc::operation_would_block,
                    [&](error_code& ec) { s.recv(data, ec); });
        s.connect(peer.local_address());
        peer.send_to("ab", s.local_address());
        b.expect_readable(token(1));
        BOOST_CHECK_EQUAL(s.recv(data), 3u);
        check_error(errc::operation_would_block,
                    [&](error_code& ec) { s.recv(data, ec); });
    }
    b.registry().deregister(s);
}

// The same, if the program takes the error, or does not care for it at all.
BOOST_DATA_TEST_CASE(trap_udp_after_icmp_error_without_recv, URIO_TEST_SELECTORS, how)
{
    for (bool const takes : {true, false})
    {
        bench b(how);
        auto s = refused_socket();
        auto peer = udp_socket::bind(loopback());
        b.registry().register_source(s, token(1), interest::readable);
        s.send("x");
        expect_icmp_error(b);
        if (takes)
            BOOST_CHECK(s.take_error() == errc::connection_refused);
        s.connect(peer.local_address());
        peer.send_to("ab", s.local_address());
        b.expect_readable(token(1));
    }
}

// The error stays where it is, and data arrive behind it, during a wait.
BOOST_DATA_TEST_CASE(trap_udp_data_behind_an_icmp_error, URIO_TEST_SELECTORS, how)
{
    for (int i = 0; i != 5; ++i)
    {
        bench b(how);
        auto const gone = udp_socket::bind(loopback()).local_address();
        auto s = udp_socket::bind(loopback());
        s.connect(gone);
        b.registry().register_source(s, token(1), interest::readable);
        s.send("x");
        expect_icmp_error(b);
        auto peer = udp_socket::bind(gone);
        std::jthread other(
            [&]
            {
                for (int k = 0; k != 1000; ++k) // so that the wait has begun, probably
                    std::this_thread::yield();
                peer.send_to("ab", s.local_address());
            });
        b.expect_readable(token(1));
    }
}

} // namespace
} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// When events come: edges, levels, one-shots.

#include "support/reactor.hpp"

namespace test
{
namespace
{

std::string receive_all(udp_socket& s)
{
    std::string all;
    char data[16];
    error_code ec;
    while (!ec)
        all.append(data, s.recv(data, ec));
    BOOST_CHECK(ec == errc::operation_would_block);
    return all;
}

BOOST_DATA_TEST_CASE(readiness_is_reregistered_after_would_block, URIO_TEST_SELECTORS,
                     how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), interest::readable);
    for (int i = 0; i != 3; ++i)
    {
        client.write("x");
        b.expect_readable(token(1));
        BOOST_CHECK_EQUAL(drain(server), std::string("x", 2));
        b.expect_silence();
    }
}

BOOST_DATA_TEST_CASE(et_behavior_recv, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto receiver = udp_socket::bind(loopback());
    auto sender = udp_socket::bind(loopback());
    sender.connect(receiver.local_address());
    b.registry().register_source(receiver, token(1), interest::readable);
    for (int i = 0; i != 3; ++i)
    {
        sender.send(std::string("abc"));
        b.expect_readable(token(1));
        BOOST_CHECK_EQUAL(receive_all(receiver), "abc");
    }
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(what_is_not_drained_is_not_repeated, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), interest::readable);
    client.write("x");
    b.expect_readable(token(1));
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(a_read_that_would_block_makes_no_write_event, URIO_TEST_SELECTORS,
                     how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), both);
    b.expect_writable(token(1));
    BOOST_CHECK_EQUAL(drain(server), "");
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(a_full_stream_becomes_writable, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(client, token(1), interest::writable);
    b.expect_writable(token(1));
    std::string const chunk(65536, 'x');
    error_code ec;
    std::size_t sent = 0;
    while (!ec)
        sent += client.write(chunk, ec);
    BOOST_REQUIRE(ec == errc::operation_would_block);
    b.expect_silence();
    std::size_t received = 0;
    while (received != sent)
        received += drain(server).size();
    b.expect_writable(token(1));
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(udp_socket_reregister, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    s.send_to("x", s.local_address());
    b.registry().register_source(s, token(1), interest::writable);
    auto const first = b.expect_writable(token(1));
    BOOST_CHECK(!first.readable);
    b.registry().reregister(s, token(2), interest::readable);
    auto const second = b.expect_readable(token(2));
    BOOST_CHECK(!second.writable);
}

BOOST_DATA_TEST_CASE(reregistration_reports_again, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::writable);
    for (int i = 0; i != 3; ++i)
    {
        b.expect_writable(token(1));
        b.expect_silence();
        b.registry().reregister(s, token(1), interest::writable);
    }
}

BOOST_DATA_TEST_CASE(write_then_drop, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), interest::writable);
    b.expect_writable(token(1));
    client.write("1234");
    client = tcp_stream::from_native(-1);
    b.registry().reregister(server, token(1), interest::readable);
    b.expect_readable(token(1));
    BOOST_CHECK_EQUAL(drain(server), std::string("1234", 5));
}

BOOST_DATA_TEST_CASE(level_repeats, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable, trigger::level);
    b.expect_silence();
    s.send_to("x", s.local_address());
    for (int i = 0; i != 3; ++i)
        BOOST_CHECK_EQUAL(b.wait(patience).size(), 1u);
    char data[2];
    s.recv(data);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(level_repeats_the_end, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), interest::readable, trigger::level);
    client = tcp_stream::from_native(-1);
    for (int i = 0; i != 3; ++i)
        b.expect(token(1), [](const seen& s) { return s.readable && s.read_closed; });
}

BOOST_DATA_TEST_CASE(oneshot_is_one, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto s = udp_socket::bind(loopback());
    b.registry().register_source(s, token(1), interest::readable, trigger::oneshot);
    for (int i = 0; i != 2; ++i)
    {
        s.send_to("x", s.local_address());
        BOOST_CHECK_EQUAL(b.wait(patience).size(), 1u);
        receive_all(s);
        s.send_to("y", s.local_address());
        b.expect_silence();
        receive_all(s);
        b.registry().reregister(s, token(1), interest::readable, trigger::oneshot);
    }
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(oneshot_holds_for_the_end, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), interest::readable, trigger::oneshot);
    client.write("x");
    b.expect_readable(token(1));
    client = tcp_stream::from_native(-1);
    b.expect_silence();
    b.registry().reregister(server, token(1), interest::readable, trigger::oneshot);
    b.expect(token(1), [](const seen& s) { return s.read_closed; });
    b.expect_silence();
}

} // namespace
} // namespace test

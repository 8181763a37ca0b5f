// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP: connecting, transferring, and how connections end.

#include "support/reactor.hpp"

#include <array>

#include <fcntl.h>
#include <sys/socket.h>

namespace test
{
namespace
{

using reactor::shutdown_type;

void close_with_reset(tcp_stream& s)
{
    linger const l{1, 0};
    BOOST_REQUIRE_EQUAL(
        ::setsockopt(s.native_handle(), SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
    s = tcp_stream::from_native(-1);
}

template <class Socket>
void check_flags(const Socket& s)
{
    BOOST_CHECK(::fcntl(s.native_handle(), F_GETFL) & O_NONBLOCK);
    BOOST_CHECK(::fcntl(s.native_handle(), F_GETFD) & FD_CLOEXEC);
}

BOOST_DATA_TEST_CASE(tcp_listener_two_streams, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto listener = tcp_listener::bind(loopback());
    check_flags(listener);
    b.registry().register_source(listener, token(1), interest::readable);
    b.expect_silence();
    for (int i = 0; i != 2; ++i)
    {
        auto const client = tcp_stream::connect(listener.local_address());
        b.expect_readable(token(1));
        auto const [stream, peer] = listener.accept();
        check_flags(client);
        check_flags(stream);
        BOOST_CHECK_EQUAL(peer, client.local_address());
        check_error(errc::operation_would_block,
                    [&](error_code& ec) { listener.accept(ec); });
    }
    b.expect_silence();
}

BOOST_AUTO_TEST_CASE(bind_twice_bad)
{
    auto const listener = tcp_listener::bind(loopback());
    check_error(errc::address_in_use, [&](error_code& ec)
                { tcp_listener::bind(listener.local_address(), ec); });
    BOOST_CHECK_THROW(tcp_listener::bind(listener.local_address()),
                      boost::system::system_error);
}

BOOST_DATA_TEST_CASE(connect, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto listener = tcp_listener::bind(loopback());
    auto client = tcp_stream::connect(listener.local_address());
    b.registry().register_source(client, token(1), both);
    auto const s = b.expect_writable(token(1));
    BOOST_CHECK_EQUAL(s.events, 1);
    BOOST_CHECK(!s.readable && !s.read_closed && !s.write_closed);
    BOOST_CHECK(!client.take_error());
    BOOST_CHECK_EQUAL(client.peer_address(), listener.local_address());
    b.expect_silence();
    listener.accept(); // and close
    b.expect(token(1), [](const seen& e) { return e.readable && e.read_closed; });
}

BOOST_DATA_TEST_CASE(connect_error, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto const nobody = [] { return tcp_listener::bind(loopback()).local_address(); }();
    error_code ec;
    auto s = tcp_stream::connect(nobody, ec);
    if (!ec) // else it is refused at once
    {
        b.registry().register_source(s, token(1), interest::writable);
        b.expect(token(1),
                 [](const seen& e) { return (e.writable || e.error) && e.write_closed; });
        ec = s.take_error();
        BOOST_CHECK(!s.take_error()); // which cleared it
    }
    BOOST_CHECK(ec == errc::connection_refused);
}

BOOST_DATA_TEST_CASE(connection_reset_by_peer, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), interest::readable);
    b.expect_silence();
    close_with_reset(client);
    b.expect_readable(token(1));
    check_error(errc::connection_reset,
                [&](error_code& ec)
                {
                    char data[1];
                    server.read(data, ec);
                });
}

BOOST_DATA_TEST_CASE(tcp_reset_close_event, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1), both);
    b.expect_writable(token(1));
    close_with_reset(client);
    b.expect(token(1), [](const seen& s) { return s.readable && s.read_closed; });
    char data[1];
    error_code ec;
    server.read(data, ec);
    server.read(data, ec);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(tcp_shutdown_server_write_close_event, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(client, token(1), both);
    auto const before = b.expect_writable(token(1));
    BOOST_CHECK(!before.read_closed && !before.write_closed);
    server.shutdown(shutdown_type::write);
    auto const after =
        b.expect(token(1), [](const seen& s) { return s.readable && s.read_closed; });
    BOOST_CHECK(!after.write_closed);
    char data[1];
    BOOST_CHECK_EQUAL(client.read(data), 0u);
}

BOOST_DATA_TEST_CASE(tcp_shutdown_client_both_close_event, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(client, token(1), both);
    b.expect_writable(token(1));
    client.shutdown(shutdown_type::both);
    server.shutdown(shutdown_type::write);
    b.expect(token(1), [](const seen& s) { return s.write_closed; });
}

BOOST_AUTO_TEST_CASE(shutdown_both)
{
    auto [client, server] = tcp_pair();
    client.write("123");
    client.shutdown(shutdown_type::both);
    check_error(errc::broken_pipe, [&](error_code& ec) { client.write("x", ec); });
    char data[8];
    BOOST_CHECK_EQUAL(retry([&](error_code& ec) { return server.read(data, ec); }), 4u);
    BOOST_CHECK_EQUAL(retry([&](error_code& ec) { return server.read(data, ec); }), 0u);
    BOOST_CHECK_EQUAL(client.read(data), 0u);
}

BOOST_DATA_TEST_CASE(priority_event_on_oob_data, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [client, server] = tcp_pair();
    b.registry().register_source(server, token(1),
                                 interest::readable | interest::priority);
    b.expect_silence();
    BOOST_REQUIRE_EQUAL(::send(client.native_handle(), "!", 1, MSG_OOB), 1);
    b.expect(token(1), [](const seen& s) { return s.readable && s.priority; });
}

BOOST_AUTO_TEST_CASE(tcp_stream_smoke)
{
    auto [client, server] = tcp_pair();
    char data[8] = "-------";
    check_error(errc::operation_would_block,
                [&](error_code& ec) { server.read(data, ec); });
    std::string const parts[] = {"ab", "cd"};
    std::array<reactor::const_buffer, 2> const from{parts[0], parts[1]};
    BOOST_CHECK_EQUAL(client.write_vectored(from), 4u);
    std::array<reactor::mutable_buffer, 2> const to{reactor::mutable_buffer(data, 3),
                                                    reactor::mutable_buffer(data + 3, 4)};
    BOOST_CHECK_EQUAL(retry([&](error_code& ec) { return server.read_vectored(to, ec); }),
                      4u);
    BOOST_CHECK_EQUAL(data, "abcd---");
    BOOST_CHECK(!client.nodelay());
    client.set_nodelay(true);
    BOOST_CHECK(client.nodelay());
    client.set_ttl(16);
    BOOST_CHECK_EQUAL(client.ttl(), 16u);
    int const fd = client.release();
    BOOST_CHECK_EQUAL(client.native_handle(), -1);
    auto again = tcp_stream::from_native(fd);
    BOOST_CHECK_EQUAL(again.peer_address(), server.local_address());
}

BOOST_AUTO_TEST_CASE(tcp_ipv6)
{
    error_code ec;
    auto listener = tcp_listener::bind(socket_address("[::1]:0"), ec);
    if (ec == errc::address_family_not_supported || ec == errc::address_not_available)
    {
        BOOST_TEST_MESSAGE("skipped: no IPv6 here");
        return;
    }
    BOOST_REQUIRE(!ec);
    auto const client = tcp_stream::connect(listener.local_address());
    auto const accepted = retry([&](error_code& e) { return listener.accept(e); });
    BOOST_CHECK_EQUAL(accepted.second, client.local_address());
    listener.set_ttl(9);
    BOOST_CHECK_EQUAL(listener.ttl(), 9u);
}

} // namespace
} // namespace test

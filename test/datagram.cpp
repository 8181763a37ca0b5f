// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The other kinds of sockets: datagrams, Unix domain, generic.

#include "descriptors.hpp"
#include "once.hpp"
#include "test.hpp"

#include <array>
#include <functional>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using udp = net::ip::udp;

udp::endpoint anywhere()
{
    return {net::ip::address_v4::loopback(), 0};
}

} // namespace

BOOST_DATA_TEST_CASE(datagrams_with_addresses, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    udp::socket a(c, anywhere()), b(c, anywhere());
    udp::endpoint sender;
    std::array<char, 16> data{};
    std::array<net::mutable_buffer, 2> const parts{net::buffer(data.data(), 2),
                                                   net::buffer(data.data() + 2, 14)};
    b.async_receive_from(parts, sender,
                         once(
                             [&](error_code ec, std::size_t n)
                             {
                                 BOOST_CHECK(!ec);
                                 BOOST_CHECK_EQUAL(std::string(data.data(), n), "hello");
                                 BOOST_CHECK_EQUAL(sender, a.local_endpoint());
                             }));
    a.async_send_to(net::buffer("hello", 5), b.local_endpoint(),
                    once(
                        [](error_code ec, std::size_t n)
                        {
                            BOOST_CHECK(!ec);
                            BOOST_CHECK_EQUAL(n, 5u);
                        }));
    run(c);

    // An empty datagram is one, and no end of anything.
    sender = {};
    b.async_receive_from(net::buffer(data), sender,
                         once(
                             [&](error_code ec, std::size_t n)
                             {
                                 BOOST_CHECK(!ec);
                                 BOOST_CHECK_EQUAL(n, 0u);
                                 BOOST_CHECK_EQUAL(sender, a.local_endpoint());
                             }));
    a.async_send_to(net::const_buffer(), b.local_endpoint(),
                    once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);

    // The rest of a datagram that is too large for the buffer is lost, as with Asio.
    b.async_receive_from(
        net::buffer(data, 3), sender,
        once([](error_code ec, std::size_t n) { BOOST_CHECK(!ec && n == 3); }));
    a.send_to(net::buffer("longer", 6), b.local_endpoint());
    run(c);

    BOOST_CHECK_EQUAL(a.send_to(net::buffer("sync", 4), b.local_endpoint()), 4u);
    BOOST_CHECK_EQUAL(b.receive_from(net::buffer(data), sender), 4u);
}

BOOST_DATA_TEST_CASE(datagrams_on_a_connection, every_mode, m)
{
    mode_context c(m);
    udp::socket a(c, anywhere()), b(c, anywhere());
    std::array<char, 16> data{};
    a.async_connect(b.local_endpoint(), once([](error_code ec) { BOOST_CHECK(!ec); }));
    run(c);
    b.async_receive(net::buffer(data), once([](error_code ec, std::size_t n)
                                            { BOOST_CHECK(!ec && n == 3); }));
    a.async_send(net::buffer("abc", 3),
                 once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);

    // Nobody is there any more: the next operation says so.
    b.close();
    a.send(net::buffer("x", 1));
    a.async_receive(net::buffer(data),
                    once([](error_code ec, std::size_t)
                         { BOOST_CHECK(ec == net::error::connection_refused); }));
    run(c);

    std::string const too_much(70'000, 'x');
    a.async_send(net::buffer(too_much),
                 once([](error_code ec, std::size_t)
                      { BOOST_CHECK(ec == net::error::message_size); }));
    run(c);
}

BOOST_DATA_TEST_CASE(many_datagrams_keep_their_borders, every_mode, m)
{
    mode_context c(m);
    net::local::datagram_protocol::socket a(c), b(c);
    net::local::connect_pair(a, b);
    constexpr std::size_t count = 500;
    std::vector<std::string> got;
    std::array<char, 1024> data{};
    std::function<void()> receive = [&]
    {
        b.async_receive(net::buffer(data),
                        [&](error_code ec, std::size_t n)
                        {
                            BOOST_REQUIRE(!ec);
                            got.emplace_back(data.data(), n);
                            if (got.size() != count)
                                receive();
                        });
    };
    receive();
    std::string const text(count, 'x');
    for (std::size_t i = 0; i != count; ++i)
        a.async_send(net::buffer(text, i),
                     once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_REQUIRE_EQUAL(got.size(), count);
    for (std::size_t i = 0; i != count; ++i)
        BOOST_CHECK_EQUAL(got[i].size(), i);
}

BOOST_DATA_TEST_CASE(unix_streams, every_mode, m)
{
    descriptor_check check;
    using stream = net::local::stream_protocol;
    mode_context c(m);
    // An abstract name, which leaves no file behind.
    std::string const name =
        std::string(1, '\0') + "urio-test-" + std::to_string(::getpid());
    stream::acceptor acceptor(c, stream::endpoint(name));
    stream::socket client(c);
    std::optional<stream::socket> server;
    acceptor.async_accept(once(
        [&](error_code ec, auto socket)
        {
            BOOST_CHECK(!ec);
            server.emplace(std::move(socket));
        }));
    client.async_connect(stream::endpoint(name),
                         once([](error_code ec) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_REQUIRE(server);
    std::string got;
    net::async_read(*server, net::dynamic_buffer(got),
                    once(
                        [&](error_code ec, std::size_t n)
                        {
                            BOOST_CHECK(ec == net::error::eof);
                            BOOST_CHECK_EQUAL(n, 300'000u);
                        }));
    std::string const much(300'000, 'u');
    net::async_write(client, net::buffer(much),
                     once(
                         [&](error_code ec, std::size_t)
                         {
                             BOOST_CHECK(!ec);
                             client.close();
                         }));
    run(c);
    BOOST_CHECK(got == much);
}

BOOST_DATA_TEST_CASE(sequenced_packets, every_mode, m)
{
    mode_context c(m);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    using protocol = net::generic::seq_packet_protocol;
    protocol::socket a(c, protocol(AF_UNIX, 0), ends[0]);
    protocol::socket b(c, protocol(AF_UNIX, 0), ends[1]);
    std::array<char, 16> data{};
    net::socket_base::message_flags flags = 0;
    b.async_receive(net::buffer(data, 4), flags,
                    once(
                        [&](error_code ec, std::size_t n)
                        {
                            BOOST_CHECK(!ec);
                            BOOST_CHECK_EQUAL(n, 4u);
                            // The packet was longer: the flags say so.
                            BOOST_CHECK((flags & MSG_TRUNC) != 0);
                        }));
    a.async_send(net::buffer("packet", 6), net::socket_base::message_end_of_record,
                 once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);
}

BOOST_DATA_TEST_CASE(generic_sockets, every_mode, m)
{
    mode_context c(m);
    net::ip::tcp::acceptor acceptor(c, loopback());
    net::generic::stream_protocol::socket s(c);
    s.async_connect(net::generic::stream_protocol::endpoint(acceptor.local_endpoint()),
                    once([](error_code ec) { BOOST_CHECK(!ec); }));
    acceptor.async_accept(once([](error_code ec, auto&&) { BOOST_CHECK(!ec); }));
    run(c);
    // From a socket of a known protocol.
    net::ip::tcp::socket tcp(c);
    tcp.open(net::ip::tcp::v4());
    net::generic::stream_protocol::socket const moved(std::move(tcp));
    BOOST_CHECK(moved.is_open());
}

BOOST_DATA_TEST_CASE(cancelled_datagrams, every_mode, m)
{
    mode_context c(m);
    udp::socket a(c, anywhere());
    std::array<char, 16> data{};
    udp::endpoint sender;
    for (int i = 0; i != 3; ++i)
        a.async_receive_from(net::buffer(data), sender,
                             once([](error_code ec, std::size_t)
                                  { BOOST_CHECK(ec == net::error::operation_aborted); }));
    c.poll();
    a.cancel();
    run(c);
}

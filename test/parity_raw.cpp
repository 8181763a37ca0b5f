// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Raw sockets: echoes over the loopback interface, with the results of Asio.

#include "parity.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string>
#include <unistd.h>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;

/// An echo request, which is the same in both versions but for its type. IPv6's checksum
/// is the kernel's business.
std::string request(std::uint8_t type, std::uint16_t id, std::uint16_t sequence)
{
    ::icmphdr h{};
    h.type = type;
    h.un.echo.id = id;
    h.un.echo.sequence = sequence;
    std::string packet(sizeof h + 4, '\0');
    std::memcpy(packet.data(), &h, sizeof h);
    packet.replace(sizeof h, 4, "ping");
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i != packet.size(); i += 2)
    {
        std::uint16_t word;
        std::memcpy(&word, packet.data() + i, 2);
        sum += word;
    }
    sum = (sum >> 16) + (sum & 0xffff);
    h.checksum = static_cast<std::uint16_t>(~(sum + (sum >> 16)));
    std::memcpy(packet.data(), &h, sizeof h);
    return packet;
}

struct v4
{
    static asio::ip::address loopback() { return asio::ip::address_v4::loopback(); }
    static constexpr std::uint8_t request_type = ICMP_ECHO, reply_type = ICMP_ECHOREPLY;
    /// A raw socket gets the header as well.
    static constexpr std::size_t header = 20;
};

struct v6
{
    static asio::ip::address loopback() { return asio::ip::address_v6::loopback(); }
    static constexpr std::uint8_t request_type = ICMP6_ECHO_REQUEST,
                                  reply_type = ICMP6_ECHO_REPLY;
    static constexpr std::size_t header = 0;
};

/// Takes what arrives until it is the reply with this number: a raw socket gets
/// everybody's packets. The last operation goes into the log.
template <class Family, class Receive>
void await_reply(record& r, const std::string& what, std::uint16_t id,
                 std::uint16_t sequence, Receive receive)
{
    std::array<char, 256> data;
    for (int i = 0; i != 1000; ++i)
    {
        std::size_t n = 0;
        error_code const ec = receive(asio::buffer(data), n);
        ::icmphdr h{};
        if (!ec && n >= Family::header + sizeof h)
            std::memcpy(&h, data.data() + Family::header, sizeof h);
        bool const reply = h.type == Family::reply_type && h.un.echo.id == id &&
                           h.un.echo.sequence == sequence;
        if (!ec && !reply)
            continue;
        r.note(what, ec);
        r.note(what + " bytes", n - Family::header);
        r.note(what + " data", std::string(data.data() + n - 4, 4));
        return;
    }
    r.note(what, std::string("no reply"));
}

template <class Family, class Socket>
void echo(record& r, Socket& s, const typename Socket::endpoint_type& to)
{
    using endpoint = typename Socket::endpoint_type;
    auto const id = static_cast<std::uint16_t>(::getpid());
    auto const number = [&](std::uint16_t n)
    { return request(Family::request_type, id, n); };
    endpoint sender;
    auto const async_from = [&](auto buffer, std::size_t& n)
    {
        error_code result;
        s.async_receive_from(buffer, sender,
                             once(
                                 [&](error_code ec, std::size_t bytes)
                                 {
                                     result = ec;
                                     n = bytes;
                                 }));
        r.finish();
        return result;
    };
    auto const sync_from = [&](auto buffer, std::size_t& n)
    {
        error_code ec;
        n = s.receive_from(buffer, sender, 0, ec);
        return ec;
    };

    std::string out = number(1);
    r.sync("send_to",
           [&](error_code& ec) { return s.send_to(asio::buffer(out), to, 0, ec); });
    await_reply<Family>(r, "receive_from", id, 1, sync_from);
    r.note("sender", sender == to);
    out = number(2);
    sender = {};
    r.async("async_send_to",
            [&](auto h) { s.async_send_to(asio::buffer(out), to, std::move(h)); });
    await_reply<Family>(r, "async_receive_from", id, 2, async_from);
    r.note("async sender", sender == to);

    r.async("async_connect", [&](auto h) { s.async_connect(to, std::move(h)); });
    // Without a port the kernel says that it is not.
    r.sync("remote_endpoint", [&](error_code& ec) { s.remote_endpoint(ec); });
    out = number(3);
    r.async("async_send", [&](auto h) { s.async_send(asio::buffer(out), std::move(h)); });
    await_reply<Family>(r, "async_receive", id, 3,
                        [&](auto buffer, std::size_t& n)
                        {
                            error_code result;
                            s.async_receive(buffer, once(
                                                        [&](error_code ec, std::size_t b)
                                                        {
                                                            result = ec;
                                                            n = b;
                                                        }));
                            r.finish();
                            return result;
                        });
    std::string const large(1 << 17, '\0');
    r.sync("send too large",
           [&](error_code& ec) { return s.send(asio::buffer(large), 0, ec); });
    r.async("async_send too large",
            [&](auto h) { s.async_send(asio::buffer(large), std::move(h)); });
    r.async("async_send_to too large",
            [&](auto h) { s.async_send_to(asio::buffer(large), to, std::move(h)); });
    s.close();
}

template <class Net>
void echoes(record& r)
{
    using protocol = typename Net::icmp;
    r.section("v4 ");
    typename protocol::socket s(r.context(), protocol(asio::ip::icmp::v4()));
    echo<v4>(r, s, {v4::loopback(), 0});
    if (!has_ipv6())
        return;
    r.section("v6 ");
    s.open(asio::ip::icmp::v6());
    // The kernel names the protocol as the port of a sender.
    echo<v6>(r, s, {v6::loopback(), 0});
}

template <class Net>
void generic(record& r)
{
    using protocol = typename Net::generic_raw;
    typename protocol::socket s(r.context(), protocol(AF_INET, IPPROTO_ICMP));
    asio::ip::icmp::endpoint const to(v4::loopback(), 0);
    echo<v4>(r, s, {to});
    // From a socket of a known protocol.
    typename Net::icmp::socket icmp(r.context(),
                                    typename Net::icmp(asio::ip::icmp::v4()));
    typename protocol::socket moved(std::move(icmp));
    r.note("open", moved.is_open());
    r.section("moved ");
    echo<v4>(r, moved, {to});
}

bool may_open_raw_sockets()
{
    asio::io_context c;
    error_code ec;
    asio::ip::icmp::socket(c).open(asio::ip::icmp::v4(), ec);
    return ec != error::no_permission;
}

} // namespace

BOOST_DATA_TEST_CASE(icmp_echoes, every_mode, m)
{
    URIO_REQUIRE_OR_SKIP(may_open_raw_sockets(), "raw sockets are for root");
    check_parity(m, echoes<stock>, echoes<on_urio>,
                 {line("v4 async_send_to", {}, 12),
                  line("v4 async_receive_from", error_code()),
                  line("v4 async_receive bytes", 12),
                  line("v4 async_receive data", std::string("ping")),
                  line("v4 async sender", true),
                  line("v4 async_send too large", error::message_size, 0)});
}

BOOST_DATA_TEST_CASE(generic_raw_sockets, every_mode, m)
{
    URIO_REQUIRE_OR_SKIP(may_open_raw_sockets(), "raw sockets are for root");
    check_parity(m, generic<stock>, generic<on_urio>,
                 {line("async_receive_from", error_code()),
                  line("moved async_receive bytes", 12), line("async sender", true)});
}

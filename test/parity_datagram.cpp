// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// UDP: addresses, borders and emptiness of datagrams, with the results of Asio.

#include "parity.hpp"

#include <array>
#include <functional>
#include <sys/socket.h>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
using endpoint = asio::ip::udp::endpoint;

/// Two bound sockets of a scenario, and where it receives.
template <class Net>
struct two
{
    two(record& r, const asio::ip::address& where)
        : a(r.context(), endpoint(where, 0))
        , b(r.context(), endpoint(where, 0))
        , to_b(b.local_endpoint())
    {
    }

    /// What has been received, with its sender.
    void note(record& r, std::size_t n)
    {
        r.note("data", std::string(data.data(), n));
        r.note("sender is a", sender == a.local_endpoint());
        sender = {};
        data.fill('-');
    }

    std::array<asio::mutable_buffer, 3> parts()
    {
        return {asio::buffer(data.data(), 2), asio::mutable_buffer(),
                asio::buffer(data.data() + 2, 14)};
    }

    typename Net::udp::socket a, b;
    endpoint to_b, sender;
    std::array<char, 16> data{};
};

/// With IPv4 and, where there is one, IPv6.
void both_families(record& r,
                   const std::function<void(record&, const asio::ip::address&)>& f)
{
    r.section("v4 ");
    f(r, asio::ip::address_v4::loopback());
    if (!has_ipv6())
        return;
    r.section("v6 ");
    f(r, asio::ip::address_v6::loopback());
}

template <class Net>
void with_addresses(record& r, const asio::ip::address& where)
{
    two<Net> s(r, where);
    std::array<asio::const_buffer, 3> const out{
        asio::buffer("he", 2), asio::const_buffer(), asio::buffer("llo", 3)};

    r.sync("send_to", [&](error_code& ec)
           { return s.a.send_to(asio::buffer("hello", 5), s.to_b, 0, ec); });
    r.sync("receive_from", [&](error_code& ec)
           { return s.b.receive_from(asio::buffer(s.data), s.sender, 0, ec); });
    s.note(r, 5);
    r.sync("send_to parts",
           [&](error_code& ec) { return s.a.send_to(out, s.to_b, 0, ec); });
    r.sync("receive_from parts",
           [&](error_code& ec) { return s.b.receive_from(s.parts(), s.sender, 0, ec); });
    s.note(r, 5);

    r.async("async_send_to", [&](auto h)
            { s.a.async_send_to(asio::buffer("hello", 5), s.to_b, std::move(h)); });
    r.async("async_receive_from", [&](auto h)
            { s.b.async_receive_from(asio::buffer(s.data), s.sender, std::move(h)); });
    s.note(r, 5);
    r.start("pending async_receive_from",
            [&](auto h) { s.b.async_receive_from(s.parts(), s.sender, std::move(h)); });
    r.turn();
    s.a.send_to(out, s.to_b);
    r.finish();
    s.note(r, 5);
    r.async("async_send_to parts",
            [&](auto h) { s.a.async_send_to(out, s.to_b, std::move(h)); });
    r.async("async_receive",
            [&](auto h) { s.b.async_receive(asio::buffer(s.data), std::move(h)); });
    s.note(r, 5);
}

template <class Net>
void addresses(record& r)
{
    both_families(r, with_addresses<Net>);
}

template <class Net>
void with_small_buffers(record& r, const asio::ip::address& where)
{
    two<Net> s(r, where);
    auto const three = asio::buffer(s.data, 3);
    for (int flags : {0, static_cast<int>(asio::socket_base::message_peek),
                      static_cast<int>(MSG_TRUNC), static_cast<int>(MSG_WAITALL)})
    {
        std::string const with = " with " + std::to_string(flags);
        for (int i = 0; i != 4; ++i)
            s.a.send_to(asio::buffer("longer", 6), s.to_b);
        r.sync("receive" + with,
               [&](error_code& ec) { return s.b.receive(three, flags, ec); });
        r.sync("receive_from" + with, [&](error_code& ec)
               { return s.b.receive_from(three, s.sender, flags, ec); });
        s.note(r, 4);
        r.async("async_receive" + with,
                [&](auto h) { s.b.async_receive(three, flags, std::move(h)); });
        r.async("async_receive_from" + with, [&](auto h)
                { s.b.async_receive_from(three, s.sender, flags, std::move(h)); });
        s.note(r, 4);
        r.sync("available", [&](error_code& ec) { return s.b.available(ec); });
        // What was only looked at is still there.
        s.b.non_blocking(true);
        error_code ec;
        std::size_t left = 0;
        while (s.b.receive(three, 0, ec), !ec)
            ++left;
        r.note("left", left);
        r.note("then", ec);
        s.b.non_blocking(false);
    }
}

template <class Net>
void small_buffers(record& r)
{
    both_families(r, with_small_buffers<Net>);
}

template <class Net>
void with_nothing(record& r, const asio::ip::address& where)
{
    two<Net> s(r, where);
    s.a.connect(s.to_b);
    asio::const_buffer const nothing;
    std::array<asio::const_buffer, 2> const nothings{};
    r.sync("send_to",
           [&](error_code& ec) { return s.a.send_to(nothing, s.to_b, 0, ec); });
    r.sync("send", [&](error_code& ec) { return s.a.send(nothings, 0, ec); });
    r.async("async_send_to",
            [&](auto h) { s.a.async_send_to(nothings, s.to_b, std::move(h)); });
    r.async("async_send", [&](auto h) { s.a.async_send(nothing, std::move(h)); });

    r.sync("receive_from", [&](error_code& ec)
           { return s.b.receive_from(asio::buffer(s.data), s.sender, 0, ec); });
    s.note(r, 1);
    r.sync("receive",
           [&](error_code& ec) { return s.b.receive(asio::buffer(s.data), 0, ec); });
    r.async("async_receive_from", [&](auto h)
            { s.b.async_receive_from(asio::buffer(s.data), s.sender, std::move(h)); });
    s.note(r, 1);
    r.async("async_receive",
            [&](auto h) { s.b.async_receive(asio::buffer(s.data), std::move(h)); });

    // No room at all: each takes a datagram all the same.
    for (int i = 0; i != 4; ++i)
        s.a.send(asio::buffer("gone", 4));
    asio::mutable_buffer const no_room;
    r.sync("receive none", [&](error_code& ec) { return s.b.receive(no_room, 0, ec); });
    r.sync("receive_from none",
           [&](error_code& ec) { return s.b.receive_from(no_room, s.sender, 0, ec); });
    s.note(r, 1);
    r.async("async_receive none",
            [&](auto h) { s.b.async_receive(no_room, std::move(h)); });
    r.async("async_receive_from none",
            [&](auto h) { s.b.async_receive_from(no_room, s.sender, std::move(h)); });
    s.note(r, 1);
    s.a.send(asio::buffer("last", 4));
    r.start("async_receive of the last",
            [&](auto h) { s.b.async_receive(asio::buffer(s.data), std::move(h)); });
    r.finish();
    s.note(r, 4);
}

template <class Net>
void nothing(record& r)
{
    both_families(r, with_nothing<Net>);
}

template <class Net>
void flags(record& r)
{
    two<Net> s(r, asio::ip::address_v4::loopback());
    // Held back until the rest comes: one datagram.
    r.sync("send more", [&](error_code& ec)
           { return s.a.send_to(asio::buffer("one", 3), s.to_b, MSG_MORE, ec); });
    r.async(
        "async_send_to more", [&](auto h)
        { s.a.async_send_to(asio::buffer("two", 3), s.to_b, MSG_MORE, std::move(h)); });
    r.async("async_send_to", [&](auto h)
            { s.a.async_send_to(asio::buffer("three", 5), s.to_b, 0, std::move(h)); });
    r.async("async_receive",
            [&](auto h) { s.b.async_receive(asio::buffer(s.data), std::move(h)); });
    s.note(r, 11);

    int const direct = asio::socket_base::message_do_not_route;
    r.sync("send do_not_route", [&](error_code& ec)
           { return s.a.send_to(asio::buffer("x", 1), s.to_b, direct, ec); });
    r.async("async_send_to do_not_route", [&](auto h)
            { s.a.async_send_to(asio::buffer("y", 1), s.to_b, direct, std::move(h)); });
    // UDP has no urgent data.
    int const urgent = asio::socket_base::message_out_of_band;
    r.sync("send out of band", [&](error_code& ec)
           { return s.a.send_to(asio::buffer("!", 1), s.to_b, urgent, ec); });
    r.async("async_send_to out of band", [&](auto h)
            { s.a.async_send_to(asio::buffer("!", 1), s.to_b, urgent, std::move(h)); });
    r.sync("receive",
           [&](error_code& ec) { return s.b.receive(asio::buffer(s.data), 0, ec); });
    r.async("async_receive dontwait", [&](auto h)
            { s.b.async_receive(asio::buffer(s.data), MSG_DONTWAIT, std::move(h)); });
    s.note(r, 1);
}

} // namespace

BOOST_DATA_TEST_CASE(datagrams_have_addresses, every_mode, m)
{
    check_parity(m, addresses<stock>, addresses<on_urio>,
                 {line("v4 async_receive_from", {}, 5),
                  line("v4 pending async_receive_from", {}, 5),
                  line("v4 async_send_to parts", {}, 5)});
}

BOOST_DATA_TEST_CASE(datagrams_may_be_longer_than_the_buffer, every_mode, m)
{
    check_parity(m, small_buffers<stock>, small_buffers<on_urio>,
                 {line("v4 async_receive with 0", {}, 3),
                  line("v4 async_receive_from with 0", {}, 3),
                  line("v4 async_receive with 32", {}, 6), // as long as it was
                  line("v4 left", 4)});
}

BOOST_DATA_TEST_CASE(datagrams_may_be_empty, every_mode, m)
{
    check_parity(m, nothing<stock>, nothing<on_urio>,
                 {line("v4 async_receive", {}, 0), line("v4 async_receive_from", {}, 0),
                  line("v4 async_receive none", {}, 0),
                  line("v4 data", std::string("last")),
                  line("v4 async_receive of the last", {}, 4)});
}

BOOST_DATA_TEST_CASE(flags_of_datagrams, every_mode, m)
{
    check_parity(m, flags<stock>, flags<on_urio>,
                 {line("data", std::string("onetwothree")),
                  line("async_send_to do_not_route", {}, 1),
                  line("async_send_to out of band", error::operation_not_supported, 0)});
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// UDP: connections, refusals, limits and broadcast, with the results of Asio.

#include "parity.hpp"

#include <array>
#include <string>
#include <sys/socket.h>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
using endpoint = asio::ip::udp::endpoint;
using base = asio::socket_base;

endpoint anywhere()
{
    return {asio::ip::address_v4::loopback(), 0};
}

template <class Net>
void connections(record& r)
{
    using socket = typename Net::udp::socket;
    socket a(r.context()), b(r.context(), anywhere()), third(r.context(), anywhere());
    char data[8] = {};
    // Opens the socket.
    r.async("async_connect",
            [&](auto h) { a.async_connect(b.local_endpoint(), std::move(h)); });
    r.note("remote is b", a.remote_endpoint() == b.local_endpoint());
    r.sync("connect", [&](error_code& ec) { b.connect(a.local_endpoint(), ec); });
    r.sync("send", [&](error_code& ec) { return a.send(asio::buffer("abc", 3), 0, ec); });
    // From somebody else: it does not arrive.
    third.send_to(asio::buffer("other", 5), b.local_endpoint());
    r.async("async_send",
            [&](auto h) { a.async_send(asio::buffer("de", 2), std::move(h)); });
    for (char const* which : {"first", "second"})
        r.async(std::string("async_receive ") + which,
                [&](auto h) { b.async_receive(asio::buffer(data), std::move(h)); });
    r.note("data", std::string(data, 3));
    // An address in spite of the connection.
    r.async(
        "async_send_to the third", [&](auto h)
        { a.async_send_to(asio::buffer("f", 1), third.local_endpoint(), std::move(h)); });
    r.sync("third receives",
           [&](error_code& ec) { return third.receive(asio::buffer(data), 0, ec); });
    // A connection replaces another.
    r.async("async_connect again",
            [&](auto h) { a.async_connect(third.local_endpoint(), std::move(h)); });
    r.note("remote is the third", a.remote_endpoint() == third.local_endpoint());

    endpoint const six(asio::ip::address_v6::loopback(), 9);
    r.sync("connect to v6", [&](error_code& ec) { a.connect(six, ec); });
    r.async("async_connect to v6", [&](auto h) { a.async_connect(six, std::move(h)); });
    r.sync("send_to v6", [&](error_code& ec)
           { return third.send_to(asio::buffer("x", 1), six, 0, ec); });
    r.async("async_send_to v6", [&](auto h)
            { third.async_send_to(asio::buffer("x", 1), six, std::move(h)); });
    // Nowhere to send to.
    r.sync("send unconnected",
           [&](error_code& ec) { return third.send(asio::buffer("x", 1), 0, ec); });
    r.async("async_send unconnected",
            [&](auto h) { third.async_send(asio::buffer("x", 1), std::move(h)); });
    r.sync("remote_endpoint", [&](error_code& ec) { third.remote_endpoint(ec); });
    endpoint const port_zero = anywhere();
    r.sync("send_to port 0", [&](error_code& ec)
           { return third.send_to(asio::buffer("x", 1), port_zero, 0, ec); });
    r.async("async_send_to port 0", [&](auto h)
            { third.async_send_to(asio::buffer("x", 1), port_zero, std::move(h)); });
}

/// Has a refusal pending on a socket.
template <class Socket>
void provoke(record& r, Socket& s)
{
    r.sync("send", [&](error_code& ec) { return s.send(asio::buffer("x", 1), 0, ec); });
    await_error(s.native_handle());
}

template <class Net>
void refusals(record& r)
{
    using socket = typename Net::udp::socket;
    socket a(r.context()), gone(r.context(), anywhere());
    endpoint const dead = gone.local_endpoint();
    gone.close();
    a.connect(dead);
    char data[8];
    auto const out = asio::buffer("x", 1);

    r.section("sync ");
    provoke(r, a);
    r.sync("receive",
           [&](error_code& ec) { return a.receive(asio::buffer(data), 0, ec); });
    provoke(r, a);
    endpoint sender;
    r.sync("receive_from", [&](error_code& ec)
           { return a.receive_from(asio::buffer(data), sender, 0, ec); });
    r.note("sender untouched", sender == endpoint());
    provoke(r, a);
    r.sync("send refused", [&](error_code& ec) { return a.send(out, 0, ec); });

    r.section("async ");
    r.start("pending async_receive",
            [&](auto h) { a.async_receive(asio::buffer(data), std::move(h)); });
    r.turn();
    r.sync("send", [&](error_code& ec) { return a.send(out, 0, ec); });
    r.finish();
    provoke(r, a);
    r.async("async_receive",
            [&](auto h) { a.async_receive(asio::buffer(data), std::move(h)); });
    provoke(r, a);
    r.async("async_receive_from", [&](auto h)
            { a.async_receive_from(asio::buffer(data), sender, std::move(h)); });
    r.note("sender untouched", sender == endpoint());
    provoke(r, a);
    r.async("async_send refused", [&](auto h) { a.async_send(out, std::move(h)); });

    r.section("SO_ERROR ");
    provoke(r, a);
    note_pending_error(r, "refused", a);
    note_pending_error(r, "taken", a);
    provoke(r, a);
    for (auto w : {base::wait_read, base::wait_write, base::wait_error})
        r.async("async_wait " + std::to_string(w),
                [&](auto h) { a.async_wait(w, std::move(h)); });
    note_pending_error(r, "still there", a);

    // Who has not connected is not told.
    socket free(r.context(), anywhere());
    r.async("async_send_to",
            [&](auto h) { free.async_send_to(out, dead, std::move(h)); });
    note_pending_error(r, "not told", free);
}

template <class Net>
void limits(record& r)
{
    using socket = typename Net::udp::socket;
    socket a(r.context(), anywhere()), b(r.context(), anywhere());
    endpoint const to = b.local_endpoint();
    a.connect(to);
    std::string const largest(65507, 'l'), too_large(65508, 't');
    std::string got(70'000, '\0');
    r.async("async_send_to largest",
            [&](auto h) { a.async_send_to(asio::buffer(largest), to, std::move(h)); });
    r.async("async_receive largest",
            [&](auto h) { b.async_receive(asio::buffer(got), std::move(h)); });
    r.note("same", got.substr(0, largest.size()) == largest);

    auto const out = asio::buffer(too_large);
    std::array<asio::const_buffer, 2> const parts{asio::buffer(largest),
                                                  asio::buffer("x", 1)};
    r.sync("send", [&](error_code& ec) { return a.send(out, 0, ec); });
    r.sync("send_to", [&](error_code& ec) { return a.send_to(out, to, 0, ec); });
    r.async("async_send", [&](auto h) { a.async_send(out, std::move(h)); });
    r.async("async_send_to", [&](auto h) { a.async_send_to(out, to, std::move(h)); });
    r.async("async_send parts", [&](auto h) { a.async_send(parts, std::move(h)); });
    r.async("async_send_to parts",
            [&](auto h) { a.async_send_to(parts, to, std::move(h)); });
}

template <class Net>
void broadcasts(record& r)
{
    using socket = typename Net::udp::socket;
    socket a(r.context(), anywhere());
    socket b(r.context(), endpoint(asio::ip::address_v4::any(), 0));
    endpoint const all(asio::ip::make_address_v4("127.255.255.255"),
                       b.local_endpoint().port());
    auto const out = asio::buffer("all", 3);
    r.sync("send_to", [&](error_code& ec) { return a.send_to(out, all, 0, ec); });
    r.async("async_send_to", [&](auto h) { a.async_send_to(out, all, std::move(h)); });
    r.sync("connect", [&](error_code& ec) { a.connect(all, ec); });
    r.sync("option", [&](error_code& ec) { a.set_option(base::broadcast(true), ec); });
    char data[8] = {};
    endpoint sender;
    for (char const* how : {"sync", "async"})
    {
        r.section(how + std::string(" "));
        if (how == std::string("sync"))
            r.sync("send", [&](error_code& ec) { return a.send_to(out, all, 0, ec); });
        else
            r.async("send", [&](auto h) { a.async_send_to(out, all, std::move(h)); });
        r.async("receive", [&](auto h)
                { b.async_receive_from(asio::buffer(data), sender, std::move(h)); });
        r.note("sender is a", sender == a.local_endpoint());
    }
    r.async("async_connect", [&](auto h) { a.async_connect(all, std::move(h)); });
}

} // namespace

BOOST_DATA_TEST_CASE(connected_datagram_sockets, every_mode, m)
{
    check_parity(m, connections<stock>, connections<on_urio>,
                 {line("async_receive first", {}, 3), line("async_receive second", {}, 2),
                  line("async_send unconnected",
                       error_code(EDESTADDRREQ, error::get_system_category()), 0),
                  line("remote is the third", true)});
}

BOOST_DATA_TEST_CASE(datagrams_that_are_refused, every_mode, m)
{
    error_code const refused = error::connection_refused;
    check_parity(m, refusals<stock>, refusals<on_urio>,
                 {line("sync receive", refused, 0), line("sync send refused", refused, 0),
                  line("async pending async_receive", refused, 0),
                  line("async async_receive_from", refused, 0),
                  line("async async_send refused", refused, 0),
                  line("SO_ERROR refused", refused), line("SO_ERROR taken", error_code()),
                  line("SO_ERROR still there", refused),
                  line("SO_ERROR not told", error_code())});
}

BOOST_DATA_TEST_CASE(datagrams_that_are_too_large, every_mode, m)
{
    error_code const size = error::message_size;
    check_parity(m, limits<stock>, limits<on_urio>,
                 {line("async_receive largest", {}, 65507), line("same", true),
                  line("async_send", size, 0), line("async_send_to", size, 0),
                  line("async_send parts", size, 0), line("send", size, 0)});
}

BOOST_DATA_TEST_CASE(broadcast_needs_the_option, every_mode, m)
{
    error_code const denied = error::access_denied;
    check_parity(m, broadcasts<stock>, broadcasts<on_urio>,
                 {line("send_to", denied, 0), line("async_send_to", denied, 0),
                  line("connect", denied), line("sync receive", {}, 3),
                  line("async receive", {}, 3)});
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Streams: urgent data, shutdown and generic sockets, with the results of Asio.

#include "local.hpp"
#include "parity.hpp"

#include <array>
#include <string>
#include <sys/socket.h>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
using base = asio::socket_base;

template <class Net>
struct tcp_pair_of
{
    explicit tcp_pair_of(record& r) : a(r.context()), b(r.context())
    {
        typename Net::tcp::acceptor acceptor(r.context(), loopback());
        a.connect(acceptor.local_endpoint());
        acceptor.accept(b);
        a.set_option(asio::ip::tcp::no_delay(true));
    }

    typename Net::tcp::socket a, b;
};

constexpr int urgent = base::message_out_of_band;

/// Sends ordinary data, one urgent byte, and waits until the latter is there.
template <class Socket>
void send_urgent(record& r, Socket& from, Socket& to)
{
    r.sync("send",
           [&](error_code& ec) { return from.send(asio::buffer("ab", 2), 0, ec); });
    r.sync("send urgent",
           [&](error_code& ec) { return from.send(asio::buffer("!", 1), urgent, ec); });
    await_events(to.native_handle(), POLLPRI);
    r.sync("send more",
           [&](error_code& ec) { return from.send(asio::buffer("cd", 2), 0, ec); });
}

template <class Net>
void out_of_band(record& r)
{
    tcp_pair_of<Net> p(r);
    char data[8] = {};
    auto const in = asio::buffer(data);
    auto const mark = [&](const std::string& where)
    {
        r.sync("at_mark" + where,
               [&](error_code& ec) { r.note("mark" + where, p.b.at_mark(ec)); });
    };
    // Ordinary data ends at the mark, whatever the buffer.
    r.section("sync ");
    r.sync("nothing urgent", [&](error_code& ec) { return p.b.receive(in, urgent, ec); });
    send_urgent(r, p.a, p.b);
    mark(" at first");
    r.sync("receive", [&](error_code& ec) { return p.b.receive(in, 0, ec); });
    mark("");
    r.sync("receive urgent", [&](error_code& ec) { return p.b.receive(in, urgent, ec); });
    r.note("byte", std::string(data, 1));
    r.sync("receive urgent twice",
           [&](error_code& ec) { return p.b.receive(in, urgent, ec); });
    await_events(p.b.native_handle(), POLLIN);
    r.sync("receive the rest", [&](error_code& ec) { return p.b.receive(in, 0, ec); });

    r.section("async ");
    r.start("wait", [&](auto h) { p.b.async_wait(base::wait_error, std::move(h)); });
    r.turn();
    send_urgent(r, p.a, p.b);
    r.finish();
    r.async("wait again",
            [&](auto h) { p.b.async_wait(base::wait_error, std::move(h)); });
    r.async("peek urgent", [&](auto h)
            { p.b.async_receive(in, urgent | base::message_peek, std::move(h)); });
    r.async("receive urgent",
            [&](auto h) { p.b.async_receive(in, urgent, std::move(h)); });
    r.note("byte", std::string(data, 1));
    r.async("receive", [&](auto h) { p.b.async_receive(in, std::move(h)); });
    r.async("receive the rest", [&](auto h) { p.b.async_receive(in, std::move(h)); });
    r.note("rest", std::string(data, 2));

    r.section("pending ");
    r.start("receive urgent",
            [&](auto h) { p.b.async_receive(in, urgent, std::move(h)); });
    r.turn();
    r.async("send urgent", [&](auto h)
            { p.a.async_send(asio::buffer("xyz?", 4), urgent, std::move(h)); });
    r.note("byte", std::string(data, 1)); // the last of what was sent
    r.async("receive", [&](auto h) { p.b.async_receive(in, std::move(h)); });

    r.section("inline ");
    p.b.set_option(base::out_of_band_inline(true));
    send_urgent(r, p.a, p.b);
    r.sync("receive urgent", [&](error_code& ec) { return p.b.receive(in, urgent, ec); });
    r.async("receive", [&](auto h) { p.b.async_receive(in, std::move(h)); });
    mark("");
    r.async("receive the byte",
            [&](auto h) { p.b.async_receive(asio::buffer(data, 1), std::move(h)); });
    r.note("byte", std::string(data, 1));
}

template <class Socket>
void shut(record& r, Socket& a, Socket& b)
{
    char data[8];
    auto const in = asio::buffer(data);
    auto const out = asio::buffer("xy", 2);
    // What was sent before arrives.
    a.send(out);
    r.sync("shutdown_send", [&](error_code& ec) { a.shutdown(base::shutdown_send, ec); });
    r.sync("send", [&](error_code& ec) { return a.send(out, 0, ec); });
    r.async("async_send", [&](auto h) { a.async_send(out, std::move(h)); });
    r.async("async_receive", [&](auto h) { b.async_receive(in, std::move(h)); });
    r.sync("receive", [&](error_code& ec) { return b.receive(in, 0, ec); });
    r.async("async_receive the end", [&](auto h) { b.async_receive(in, std::move(h)); });
    r.async("async_receive nothing",
            [&](auto h) { b.async_receive(asio::mutable_buffer(), std::move(h)); });
    r.sync("available", [&](error_code& ec) { return b.available(ec); });
    // The other direction.
    r.async("async_send back", [&](auto h) { b.async_send(out, std::move(h)); });
    await_events(a.native_handle(), POLLIN);
    r.sync("shutdown_receive",
           [&](error_code& ec) { a.shutdown(base::shutdown_receive, ec); });
    r.async("async_receive back", [&](auto h) { a.async_receive(in, std::move(h)); });
    r.async("async_receive then", [&](auto h) { a.async_receive(in, std::move(h)); });
    r.sync("shutdown_both", [&](error_code& ec) { b.shutdown(base::shutdown_both, ec); });
    r.sync("shutdown twice",
           [&](error_code& ec) { b.shutdown(base::shutdown_both, ec); });
    r.async("async_send at last", [&](auto h) { b.async_send(out, std::move(h)); });
}

/// A shutdown that ends what is pending.
template <class Socket>
void wake(record& r, Socket& a)
{
    char data[8];
    r.start("pending async_receive",
            [&](auto h) { a.async_receive(asio::buffer(data), std::move(h)); });
    r.turn();
    r.sync("shutdown", [&](error_code& ec) { a.shutdown(base::shutdown_receive, ec); });
    r.finish();
}

template <class Net>
void shutdowns(record& r)
{
    error_code ec;
    for (bool pending : {false, true})
    {
        tcp_pair_of<Net> tcp(r);
        r.section("tcp ");
        pending ? wake(r, tcp.a) : shut(r, tcp.a, tcp.b);
        typename Net::local_stream::socket c(r.context()), d(r.context());
        Net::connect_pair(c, d, ec);
        r.section("local stream ");
        pending ? wake(r, c) : shut(r, c, d);
    }

    // Datagrams have no end. (What a pending receive does differs: see doc/swap.md.)
    r.section("local datagram ");
    typename Net::local_datagram::socket e(r.context()), f(r.context());
    Net::connect_pair(e, f, ec);
    f.shutdown(base::shutdown_both);
    auto const out = asio::buffer("x", 1);
    r.async("async_send", [&](auto h) { e.async_send(out, std::move(h)); });
    r.async("async_send back", [&](auto h) { f.async_send(out, std::move(h)); });
    r.section("udp ");
    asio::ip::udp::endpoint const anywhere(asio::ip::address_v4::loopback(), 0);
    typename Net::udp::socket u(r.context(), anywhere), v(r.context(), anywhere);
    r.sync("shutdown unconnected",
           [&](error_code& ec) { v.shutdown(base::shutdown_both, ec); });
    u.connect(u.local_endpoint());
    u.send(out);
    r.sync("shutdown", [&](error_code& ec) { u.shutdown(base::shutdown_both, ec); });
    char data[4];
    r.async("async_send", [&](auto h) { u.async_send(out, std::move(h)); });
    r.async("async_receive",
            [&](auto h) { u.async_receive(asio::buffer(data), std::move(h)); });
}

template <class Net>
void generic(record& r)
{
    using protocol = typename Net::generic_stream;
    using endpoint = typename protocol::endpoint;
    typename Net::tcp::acceptor tcp(r.context(), loopback());
    typename Net::local_stream::acceptor local(r.context(), abstract_name());
    for (endpoint const& to :
         {endpoint(tcp.local_endpoint()), endpoint(local.local_endpoint())})
    {
        bool const inet = to.protocol().family() == AF_INET;
        r.section(inet ? "tcp " : "local ");
        protocol const p(to.protocol());
        typename protocol::socket a(r.context(), p), b(r.context(), p);
        r.sync("connect", [&](error_code& ec) { a.connect(to, ec); });
        r.async("async_connect", [&](auto h) { b.async_connect(to, std::move(h)); });
        r.note("remote", a.remote_endpoint() == to);
        // Moved from a socket of the known protocol.
        typename protocol::socket first(inet ? typename protocol::socket(tcp.accept())
                                             : typename protocol::socket(local.accept()));
        r.note("local", first.local_endpoint() == to);
        char data[4];
        r.start("async_receive",
                [&](auto h) { a.async_receive(asio::buffer(data), std::move(h)); });
        r.sync("send",
               [&](error_code& ec) { return first.send(asio::buffer("ab", 2), 0, ec); });
        r.finish();
    }
}

} // namespace

BOOST_DATA_TEST_CASE(urgent_data, every_mode, m)
{
    check_parity(m, out_of_band<stock>, out_of_band<on_urio>,
                 {line("sync nothing urgent", error::invalid_argument, 0),
                  line("sync mark", true), line("async wait", error_code()),
                  line("async byte", std::string("!")),
                  line("pending byte", std::string("?")),
                  line("inline receive urgent", error::invalid_argument, 0),
                  line("inline byte", std::string("!"))});
}

BOOST_DATA_TEST_CASE(shutdown_of_sockets, every_mode, m)
{
    check_parity(m, shutdowns<stock>, shutdowns<on_urio>,
                 {line("tcp async_send", error::broken_pipe, 0),
                  line("tcp async_receive the end", error::eof, 0),
                  line("tcp pending async_receive", error::eof, 0),
                  line("local stream pending async_receive", error::eof, 0),
                  line("udp async_receive", {}, 1),
                  line("udp async_send", error::broken_pipe, 0)});
}

BOOST_DATA_TEST_CASE(generic_streams, every_mode, m)
{
    check_parity(m, generic<stock>, generic<on_urio>,
                 {line("tcp async_connect", error_code()), line("tcp local", true),
                  line("local async_receive", {}, 2)});
}

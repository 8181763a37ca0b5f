// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Every function of every kind of socket on one that is closed, and what ends with
// cancel() and close(), with the results of Asio.

#include "parity.hpp"

#include <array>
#include <string>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
using base = asio::socket_base;

template <class Socket>
void common(record& r, Socket& s, const typename Socket::endpoint_type& somewhere)
{
    base::broadcast option(true);
    base::bytes_readable command;
    r.note("is_open", s.is_open());
    r.note("native_handle", s.native_handle());
    r.sync("bind", [&](error_code& ec) { s.bind(somewhere, ec); });
    r.sync("local_endpoint", [&](error_code& ec) { s.local_endpoint(ec); });
    r.sync("remote_endpoint", [&](error_code& ec) { s.remote_endpoint(ec); });
    r.sync("set_option", [&](error_code& ec) { s.set_option(option, ec); });
    r.sync("get_option", [&](error_code& ec) { s.get_option(option, ec); });
    r.sync("io_control", [&](error_code& ec) { s.io_control(command, ec); });
    r.sync("non_blocking", [&](error_code& ec) { s.non_blocking(true, ec); });
    r.sync("native_non_blocking",
           [&](error_code& ec) { s.native_non_blocking(true, ec); });
    r.sync("available", [&](error_code& ec) { return s.available(ec); });
    r.sync("at_mark", [&](error_code& ec) { r.note("mark", s.at_mark(ec)); });
    r.sync("cancel", [&](error_code& ec) { s.cancel(ec); });
    r.sync("release", [&](error_code& ec) { r.note("released", s.release(ec)); });
    r.sync("close", [&](error_code& ec) { s.close(ec); });
    for (auto what : {base::shutdown_receive, base::shutdown_send, base::shutdown_both})
        r.sync("shutdown " + std::to_string(what),
               [&](error_code& ec) { s.shutdown(what, ec); });
    for (auto w : {base::wait_read, base::wait_write, base::wait_error})
    {
        r.sync("wait " + std::to_string(w), [&](error_code& ec) { s.wait(w, ec); });
        r.async("async_wait " + std::to_string(w),
                [&](auto h) { s.async_wait(w, std::move(h)); });
    }
    r.throws("cancel throws", [&] { s.cancel(); });
    // Last: a later wait of Asio 1.34 does not complete.
    r.sync("assign", [&](error_code& ec) { s.assign(somewhere.protocol(), -1, ec); });
}

template <class Socket>
void transfers(record& r, Socket& s, int flags)
{
    char data[4];
    auto const in = asio::buffer(data);
    auto const out = asio::buffer("x", 1);
    std::array<asio::mutable_buffer, 2> const parts_in{in, in};
    std::array<asio::const_buffer, 2> const parts_out{out, out};
    asio::mutable_buffer const nothing;
    r.sync("receive", [&](error_code& ec) { return s.receive(in, flags, ec); });
    r.sync("receive parts",
           [&](error_code& ec) { return s.receive(parts_in, flags, ec); });
    r.sync("receive nothing",
           [&](error_code& ec) { return s.receive(nothing, flags, ec); });
    r.sync("send", [&](error_code& ec) { return s.send(out, flags, ec); });
    r.sync("send parts", [&](error_code& ec) { return s.send(parts_out, flags, ec); });
    r.sync("send nothing", [&](error_code& ec) { return s.send(nothing, flags, ec); });
    r.async("async_receive", [&](auto h) { s.async_receive(in, flags, std::move(h)); });
    r.async("async_receive parts",
            [&](auto h) { s.async_receive(parts_in, flags, std::move(h)); });
    r.async("async_receive nothing",
            [&](auto h) { s.async_receive(nothing, flags, std::move(h)); });
    r.async("async_send", [&](auto h) { s.async_send(out, flags, std::move(h)); });
    r.async("async_send parts",
            [&](auto h) { s.async_send(parts_out, flags, std::move(h)); });
    r.async("async_send nothing",
            [&](auto h) { s.async_send(nothing, flags, std::move(h)); });
}

template <class Socket>
void transfers_with_addresses(record& r, Socket& s,
                              const typename Socket::endpoint_type& somewhere)
{
    char data[4];
    typename Socket::endpoint_type sender;
    auto const in = asio::buffer(data);
    auto const out = asio::buffer("x", 1);
    r.sync("receive_from",
           [&](error_code& ec) { return s.receive_from(in, sender, 0, ec); });
    r.sync("send_to", [&](error_code& ec) { return s.send_to(out, somewhere, 0, ec); });
    r.async("async_receive_from",
            [&](auto h) { s.async_receive_from(in, sender, std::move(h)); });
    r.async("async_send_to",
            [&](auto h) { s.async_send_to(out, somewhere, std::move(h)); });
}

template <class Socket>
void packets(record& r, Socket& s)
{
    char data[4];
    auto const in = asio::buffer(data);
    auto const out = asio::buffer("x", 1);
    int flags = 12345;
    r.sync("receive", [&](error_code& ec) { return s.receive(in, 0, flags, ec); });
    r.note("flags", flags);
    r.sync("send", [&](error_code& ec) { return s.send(out, 0, ec); });
    flags = 12345;
    r.async("async_receive", [&](auto h) { s.async_receive(in, flags, std::move(h)); });
    r.note("flags then", flags);
    r.async("async_send", [&](auto h) { s.async_send(out, 0, std::move(h)); });
}

template <class Net>
void closed(record& r)
{
    asio::ip::udp::endpoint const inet(asio::ip::address_v4::loopback(), 9);
    {
        r.section("tcp ");
        typename Net::tcp::socket s(r.context());
        common(r, s, {inet.address(), 9});
        transfers(r, s, 0);
        r.section("tcp out of band ");
        transfers(r, s, base::message_out_of_band);
    }
    {
        r.section("udp ");
        typename Net::udp::socket s(r.context());
        common(r, s, inet);
        transfers(r, s, 0);
        transfers_with_addresses(r, s, inet);
    }
    {
        r.section("icmp ");
        typename Net::icmp::socket s(r.context());
        common(r, s, {inet.address(), 0});
        transfers(r, s, 0);
        transfers_with_addresses(r, s, {inet.address(), 0});
    }
    {
        r.section("local stream ");
        typename Net::local_stream::socket s(r.context());
        common(r, s, {"/nowhere"});
        transfers(r, s, 0);
    }
    {
        r.section("local datagram ");
        typename Net::local_datagram::socket s(r.context());
        common(r, s, {"/nowhere"});
        transfers(r, s, 0);
        transfers_with_addresses(r, s, {"/nowhere"});
    }
    {
        r.section("raw ");
        typename Net::generic_raw::socket s(r.context());
        common(r, s, {inet});
        transfers(r, s, 0);
        transfers_with_addresses(r, s, {inet});
    }
    {
        r.section("seq_packet ");
        typename Net::generic_seq_packet::socket s(r.context());
        common(r, s, {inet});
        packets(r, s);
    }
    {
        r.section("acceptor ");
        typename Net::tcp::acceptor a(r.context());
        typename Net::tcp::socket s(r.context());
        asio::ip::tcp::endpoint peer;
        r.sync("listen", [&](error_code& ec) { a.listen(5, ec); });
        r.sync("accept", [&](error_code& ec) { a.accept(s, ec); });
        r.sync("accept with peer", [&](error_code& ec) { a.accept(s, peer, ec); });
        r.async("async_accept", [&](auto h) { a.async_accept(s, std::move(h)); });
        r.async("async_accept with peer",
                [&](auto h) { a.async_accept(s, peer, std::move(h)); });
        r.async("async_wait",
                [&](auto h) { a.async_wait(base::wait_read, std::move(h)); });
        r.sync("cancel", [&](error_code& ec) { a.cancel(ec); });
        r.sync("local_endpoint", [&](error_code& ec) { a.local_endpoint(ec); });
    }
}

/// What is pending ends as cancelled.
template <class Net>
void ended(record& r)
{
    for (char const* how : {"cancel", "close"})
    {
        typename Net::udp::socket s(r.context(), {asio::ip::address_v4::loopback(), 0});
        char data[4];
        asio::ip::udp::endpoint sender(asio::ip::address_v4::loopback(), 9);
        r.section(how + std::string(" "));
        r.start("async_receive_from", [&](auto h)
                { s.async_receive_from(asio::buffer(data), sender, std::move(h)); });
        r.turn();
        how == std::string("cancel") ? s.cancel() : s.close();
        r.finish();
        r.note("sender", sender);
    }
}

} // namespace

BOOST_DATA_TEST_CASE(operations_on_closed_sockets, every_mode, m)
{
    error_code const bad = error::bad_descriptor;
    check_parity(m, closed<stock>, closed<on_urio>,
                 {line("udp async_receive", bad, 0), line("udp async_send_to", bad, 0),
                  line("udp receive_from", bad, 0), line("tcp async_send", bad, 0),
                  line("tcp out of band async_receive", bad, 0),
                  line("seq_packet flags then", 12345),
                  line("acceptor async_accept", bad), line("raw shutdown 2", bad),
                  line("local stream wait 0", bad), line("icmp close", error_code())});
}

BOOST_DATA_TEST_CASE(datagrams_that_never_come, every_mode, m)
{
    error_code const aborted = error::operation_aborted;
    check_parity(m, ended<stock>, ended<on_urio>,
                 {line("cancel async_receive_from", aborted, 0),
                  line("close async_receive_from", aborted, 0)});
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Options, opening and binding of every kind of socket, with the results of Asio.

#include "parity.hpp"

#include <string>
#include <unistd.h>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
namespace ip = boost::asio::ip;
using base = asio::socket_base;

/// Asks for an option, sets it and asks again.
template <class Socket, class Option>
void change(record& r, Socket& s, const std::string& what, const Option& to)
{
    Option option;
    r.sync("get " + what, [&](error_code& ec) { s.get_option(option, ec); });
    r.note(what + " at first", option.value());
    r.sync("set " + what, [&](error_code& ec) { s.set_option(to, ec); });
    r.sync("get " + what + " again", [&](error_code& ec) { s.get_option(option, ec); });
    r.note(what, option.value());
}

template <class Socket>
void change_all(record& r, Socket& s)
{
    change(r, s, "broadcast", base::broadcast(true));
    change(r, s, "debug", base::debug(false));
    change(r, s, "do_not_route", base::do_not_route(true));
    change(r, s, "keep_alive", base::keep_alive(true));
    change(r, s, "send_buffer_size", base::send_buffer_size(50'000));
    change(r, s, "send_low_watermark", base::send_low_watermark(10));
    change(r, s, "receive_buffer_size", base::receive_buffer_size(60'000));
    change(r, s, "receive_low_watermark", base::receive_low_watermark(10));
    change(r, s, "reuse_address", base::reuse_address(true));
    change(r, s, "out_of_band_inline", base::out_of_band_inline(true));
    change(r, s, "enable_connection_aborted", base::enable_connection_aborted(true));
    change(r, s, "no_delay", ip::tcp::no_delay(true));
    change(r, s, "v6_only", ip::v6_only(true));
    base::linger linger(true, 3);
    r.sync("set linger", [&](error_code& ec) { s.set_option(linger, ec); });
    linger = {};
    r.sync("get linger", [&](error_code& ec) { s.get_option(linger, ec); });
    r.note("linger", linger.timeout());
    note_pending_error(r, "no error", s);
    r.sync("non_blocking", [&](error_code& ec) { s.non_blocking(true, ec); });
    r.sync("native blocking", [&](error_code& ec) { s.native_non_blocking(false, ec); });
    r.sync("blocking", [&](error_code& ec) { s.non_blocking(false, ec); });
    r.note("non_blocking", s.non_blocking());
    r.note("native_non_blocking", s.native_non_blocking());
    base::bytes_readable readable(true);
    r.sync("bytes_readable", [&](error_code& ec) { s.io_control(readable, ec); });
    r.note("readable", readable.get());
    r.sync("available", [&](error_code& ec) { return s.available(ec); });
}

template <class Protocol>
void change_all_of(record& r, const std::string& name, const Protocol& p)
{
    r.section(name + ' ');
    typename Protocol::socket s(r.context());
    r.sync("open", [&](error_code& ec) { s.open(p, ec); });
    if (s.is_open())
        change_all(r, s);
    r.sync("open twice", [&](error_code& ec) { s.open(p, ec); });
    r.throws("opened again", [&] { s.open(p); });
}

template <class Net>
void options(record& r)
{
    change_all_of(r, "tcp", typename Net::tcp(ip::tcp::v4()));
    change_all_of(r, "udp", typename Net::udp(ip::udp::v4()));
    change_all_of(r, "udp6", typename Net::udp(ip::udp::v6()));
    change_all_of(r, "icmp", typename Net::icmp(ip::icmp::v4()));
    change_all_of(r, "local stream", typename Net::local_stream());
    change_all_of(r, "local datagram", typename Net::local_datagram());
    change_all_of(r, "stream", typename Net::generic_stream(AF_UNIX, 0));
    change_all_of(r, "datagram", typename Net::generic_datagram(AF_INET, 0));
    change_all_of(r, "raw", typename Net::generic_raw(AF_INET, 253));
    change_all_of(r, "seq_packet", typename Net::generic_seq_packet(AF_UNIX, 0));
    // What there is not.
    change_all_of(r, "no family", typename Net::generic_datagram(AF_MAX, 0));
    change_all_of(r, "no protocol", typename Net::generic_stream(AF_INET, IPPROTO_UDP));
    change_all_of(r, "no such kind", typename Net::generic_seq_packet(AF_INET, 0));
}

template <class Net>
void binding(record& r)
{
    using socket = typename Net::udp::socket;
    using endpoint = ip::udp::endpoint;
    socket a(r.context(), endpoint(ip::address_v4::loopback(), 0));
    endpoint const taken = a.local_endpoint();
    r.sync("bind twice", [&](error_code& ec) { a.bind(taken, ec); });
    socket b(r.context(), typename Net::udp(ip::udp::v4()));
    r.sync("local_endpoint",
           [&](error_code& ec) { r.note("unbound", b.local_endpoint(ec)); });
    r.sync("bind to a taken one", [&](error_code& ec) { b.bind(taken, ec); });
    r.throws("constructed on a taken one", [&] { socket c(r.context(), taken); });
    endpoint const elsewhere(ip::make_address("192.0.2.254"), 0);
    r.sync("bind elsewhere", [&](error_code& ec) { b.bind(elsewhere, ec); });
    endpoint const six(ip::address_v6::loopback(), 0);
    r.sync("bind to v6", [&](error_code& ec) { b.bind(six, ec); });
    a.set_option(base::reuse_address(true));
    b.set_option(base::reuse_address(true));
    r.sync("bind to a shared one", [&](error_code& ec) { b.bind(taken, ec); });

    // A descriptor from elsewhere.
    int const descriptor = a.release();
    r.note("open after release", a.is_open());
    r.sync("assign", [&](error_code& ec) { a.assign(ip::udp::v4(), descriptor, ec); });
    r.sync("assign twice",
           [&](error_code& ec) { a.assign(ip::udp::v4(), descriptor, ec); });
    r.note("the same address", a.local_endpoint() == taken);
    r.sync("close", [&](error_code& ec) { a.close(ec); });
    r.sync("close twice", [&](error_code& ec) { a.close(ec); });
}

} // namespace

BOOST_DATA_TEST_CASE(options_of_sockets, every_mode, m)
{
    check_parity(m, options<stock>, options<on_urio>,
                 {line("tcp no_delay", true), line("udp broadcast", true),
                  line("udp6 v6_only", true),
                  line("local datagram send_buffer_size", 50'000),
                  line("seq_packet open twice", error::already_open),
                  line("stream linger", 3), line("datagram no error", error_code())});
}

BOOST_DATA_TEST_CASE(binding_of_sockets, every_mode, m)
{
    check_parity(m, binding<stock>, binding<on_urio>,
                 {line("bind to a taken one", error::address_in_use),
                  line("constructed on a taken one", error::address_in_use),
                  line("bind twice", error::invalid_argument),
                  line("bind to a shared one", error_code()),
                  line("assign twice", error::already_open),
                  line("the same address", true)});
}

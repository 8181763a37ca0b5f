// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Sequenced packets: borders and the flags of messages, with the results of Asio.

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

/// Everything that two connected sockets can do.
template <class Socket>
void exchange(record& r, Socket& a, Socket& b)
{
    char data[8] = {};
    auto const in = asio::buffer(data);
    auto const small = asio::buffer(data, 4);
    std::array<asio::mutable_buffer, 2> const parts_in{asio::buffer(data, 1),
                                                       asio::buffer(data + 1, 7)};
    std::array<asio::const_buffer, 2> const parts_out{asio::buffer("pac", 3),
                                                      asio::buffer("ket", 3)};
    int const end = base::message_end_of_record;
    int flags = -1;
    r.sync("send", [&](error_code& ec) { return a.send(parts_out, end, ec); });
    r.sync("receive", [&](error_code& ec) { return b.receive(in, 0, flags, ec); });
    r.note("flags", flags);
    r.sync("send again",
           [&](error_code& ec) { return a.send(asio::buffer("packet", 6), 0, ec); });
    r.sync("receive small",
           [&](error_code& ec) { return b.receive(small, 0, flags, ec); });
    r.note("flags of small", flags);

    r.async("async_send", [&](auto h) { a.async_send(parts_out, end, std::move(h)); });
    r.async("async_receive peek", [&](auto h)
            { b.async_receive(small, base::message_peek, flags, std::move(h)); });
    r.note("flags of peek", flags);
    r.async("async_receive parts",
            [&](auto h) { b.async_receive(parts_in, flags, std::move(h)); });
    r.note("flags of parts", flags);
    r.start("async_receive small",
            [&](auto h) { b.async_receive(small, flags, std::move(h)); });
    r.turn();
    r.async("async_send without end",
            [&](auto h) { a.async_send(asio::buffer("packet", 6), 0, std::move(h)); });
    r.note("flags of async small", flags);
    a.send(asio::buffer("packet", 6), 0);
    r.async("async_receive truncated",
            [&](auto h) { b.async_receive(small, MSG_TRUNC, flags, std::move(h)); });
    r.note("flags of truncated", flags);

    // Nothing is a packet, too.
    r.async("async_send nothing",
            [&](auto h) { a.async_send(asio::const_buffer(), end, std::move(h)); });
    r.async("async_receive nothing",
            [&](auto h) { b.async_receive(in, flags, std::move(h)); });
    a.send(asio::buffer("gone", 4), 0);
    r.async("async_receive no room", [&](auto h)
            { b.async_receive(asio::mutable_buffer(), flags, std::move(h)); });
    r.note("flags of no room", flags);

    std::string const large(8 << 20, 'x');
    r.async("async_send too large",
            [&](auto h) { a.async_send(asio::buffer(large), 0, std::move(h)); });
    // A receive that is cancelled.
    flags = -1;
    r.start("async_receive cancelled",
            [&](auto h) { b.async_receive(in, flags, std::move(h)); });
    r.turn();
    b.cancel();
    r.finish();
    r.note("flags of cancelled", flags);

    r.sync("shutdown", [&](error_code& ec) { a.shutdown(base::shutdown_send, ec); });
    r.sync("receive the end",
           [&](error_code& ec) { return b.receive(in, 0, flags, ec); });
    r.async("async_receive the end",
            [&](auto h) { b.async_receive(in, flags, std::move(h)); });
    r.note("flags of the end", flags);
    r.async("async_send after shutdown",
            [&](auto h) { a.async_send(parts_out, 0, std::move(h)); });
    b.close();
    r.async("async_receive from nobody",
            [&](auto h) { a.async_receive(in, flags, std::move(h)); });
}

template <class Net>
void generic(record& r)
{
    using protocol = typename Net::generic_seq_packet;
    int ends[2];
    BOOST_REQUIRE_EQUAL(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    typename protocol::socket a(r.context(), protocol(AF_UNIX, 0), ends[0]);
    typename protocol::socket b(r.context(), protocol(AF_UNIX, 0), ends[1]);
    exchange(r, a, b);

    // By name, with a listener that is not Asio's.
    asio::local::stream_protocol::endpoint const here(abstract_name());
    int const listener = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    BOOST_REQUIRE_EQUAL(
        ::bind(listener, here.data(), static_cast<::socklen_t>(here.size())), 0);
    typename protocol::socket c(r.context());
    typename protocol::endpoint const there(here.data(), here.size());
    r.async("connect to no listener",
            [&](auto h) { c.async_connect(there, std::move(h)); });
    c.close();
    ::listen(listener, 5);
    r.async("connect", [&](auto h) { c.async_connect(there, std::move(h)); });
    r.note("remote", c.remote_endpoint() == there);
    ::close(listener);
    int flags = -1;
    char data[4];
    r.async("reset",
            [&](auto h) { c.async_receive(asio::buffer(data), flags, std::move(h)); });
}

#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
template <class Net>
void local(record& r)
{
    using protocol = typename Net::local_seq_packet;
    typename protocol::socket a(r.context()), b(r.context());
    r.sync("connect_pair", [&](error_code& ec) { Net::connect_pair(a, b, ec); });
    exchange(r, a, b);

    typename protocol::endpoint const here(abstract_name());
    typename protocol::acceptor acceptor(r.context(), here);
    typename protocol::socket c(r.context()), d(r.context());
    r.start("async_accept", [&](auto h) { acceptor.async_accept(c, std::move(h)); });
    r.async("async_connect", [&](auto h) { d.async_connect(here, std::move(h)); });
    r.note("remote", d.remote_endpoint() == here);
    r.section("accepted ");
    exchange(r, c, d);
}
#endif

lines expected(const std::string& where)
{
    return {line(where + "async_receive parts", {}, 6),
            line(where + "async_receive small", {}, 4),
            line(where + "flags of async small", static_cast<int>(MSG_TRUNC)),
            line(where + "async_receive nothing", {}, 0),
            // No end of file: it cannot be told from an empty packet.
            line(where + "async_receive the end", {}, 0),
            line(where + "async_send too large", error::message_size, 0)};
}

} // namespace

BOOST_DATA_TEST_CASE(packets_of_generic_sockets, every_mode, m)
{
    check_parity(m, generic<stock>, generic<on_urio>, expected(""));
}

#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
BOOST_DATA_TEST_CASE(packets_of_local_sockets, every_mode, m)
{
    check_parity(m, local<stock>, local<on_urio>, expected("accepted "));
}
#endif

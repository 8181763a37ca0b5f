// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Unix domain sockets, with urio's sockets as the member types of the protocols.
#pragma once

#include <urio/sockets.hpp>

#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
#include <boost/asio/local/seq_packet_protocol.hpp>
#endif

namespace urio::inline URIO_ABI
{
namespace local
{

/// boost::asio::local::stream_protocol, whose sockets and acceptors run on urio.
class stream_protocol : public boost::asio::local::stream_protocol
{
    using stock = boost::asio::local::stream_protocol;

public:
    stream_protocol() = default;
    stream_protocol(const stock&) noexcept {}
    using socket = basic_stream_socket<stock>;
    using acceptor = basic_socket_acceptor<stock>;
};

/// boost::asio::local::datagram_protocol, whose sockets run on urio.
class datagram_protocol : public boost::asio::local::datagram_protocol
{
    using stock = boost::asio::local::datagram_protocol;

public:
    datagram_protocol() = default;
    datagram_protocol(const stock&) noexcept {}
    using socket = basic_datagram_socket<stock>;
};

#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
/// boost::asio::local::seq_packet_protocol, whose sockets and acceptors run on urio.
class seq_packet_protocol : public boost::asio::local::seq_packet_protocol
{
    using stock = boost::asio::local::seq_packet_protocol;

public:
    seq_packet_protocol() = default;
    seq_packet_protocol(const stock&) noexcept {}
    using socket = basic_seq_packet_socket<stock>;
    using acceptor = basic_socket_acceptor<stock>;
};
#endif

} // namespace local
} // namespace urio::inline URIO_ABI

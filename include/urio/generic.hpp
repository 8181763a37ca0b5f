// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Protocols that are known at run time only, with urio's sockets.
#pragma once

#include <urio/sockets.hpp>

#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/generic/raw_protocol.hpp>
#include <boost/asio/generic/seq_packet_protocol.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

namespace urio::inline URIO_ABI
{
namespace generic
{

/// boost::asio::generic::stream_protocol, whose sockets run on urio.
class stream_protocol : public detail::protocol_of<boost::asio::generic::stream_protocol>
{
    using base = detail::protocol_of<boost::asio::generic::stream_protocol>;

public:
    using base::base;
    using socket = basic_stream_socket<stream_protocol>;
};

/// boost::asio::generic::datagram_protocol, whose sockets run on urio.
class datagram_protocol
    : public detail::protocol_of<boost::asio::generic::datagram_protocol>
{
    using base = detail::protocol_of<boost::asio::generic::datagram_protocol>;

public:
    using base::base;
    using socket = basic_datagram_socket<datagram_protocol>;
};

/// boost::asio::generic::raw_protocol, whose sockets run on urio.
class raw_protocol : public detail::protocol_of<boost::asio::generic::raw_protocol>
{
    using base = detail::protocol_of<boost::asio::generic::raw_protocol>;

public:
    using base::base;
    using socket = basic_raw_socket<raw_protocol>;
};

/// boost::asio::generic::seq_packet_protocol, whose sockets run on urio.
class seq_packet_protocol
    : public detail::protocol_of<boost::asio::generic::seq_packet_protocol>
{
    using base = detail::protocol_of<boost::asio::generic::seq_packet_protocol>;

public:
    using base::base;
    using socket = basic_seq_packet_socket<seq_packet_protocol>;
};

} // namespace generic
} // namespace urio::inline URIO_ABI

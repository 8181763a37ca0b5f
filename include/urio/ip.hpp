// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The internet protocols, with urio's sockets as their member types.
#pragma once

#include <urio/sockets.hpp>

#include <boost/asio/ip/icmp.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/unicast.hpp>

namespace urio::inline URIO_ABI
{
namespace ip
{

/// boost::asio::ip::tcp, whose sockets and acceptors run on urio.
class tcp : public detail::protocol_of<boost::asio::ip::tcp>
{
    using base = detail::protocol_of<boost::asio::ip::tcp>;

public:
    using base::base;
    using socket = basic_stream_socket<tcp>;
    using acceptor = basic_socket_acceptor<tcp>;
};

/// boost::asio::ip::udp, whose sockets run on urio.
class udp : public detail::protocol_of<boost::asio::ip::udp>
{
    using base = detail::protocol_of<boost::asio::ip::udp>;

public:
    using base::base;
    using socket = basic_datagram_socket<udp>;
};

/// boost::asio::ip::icmp, whose sockets run on urio.
class icmp : public detail::protocol_of<boost::asio::ip::icmp>
{
    using base = detail::protocol_of<boost::asio::ip::icmp>;

public:
    using base::base;
    using socket = basic_raw_socket<icmp>;
};

namespace multicast = boost::asio::ip::multicast;
namespace unicast = boost::asio::ip::unicast;

} // namespace ip
} // namespace urio::inline URIO_ABI

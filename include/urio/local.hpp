// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Unix domain sockets, with urio's sockets as the member types of the protocols.
#pragma once

#include <urio/sockets.hpp>

#include <boost/asio/local/basic_endpoint.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
#include <boost/asio/local/seq_packet_protocol.hpp>
#endif

#include <concepts>
#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace local
{

// Asio's own, for its own protocols.
using boost::asio::local::connect_pair;

/// A local protocol of urio's.
template <class Protocol>
concept urios_protocol =
    std::derived_from<Protocol,
                      detail::protocol_of<typename Protocol::endpoint::protocol_type>> &&
    std::is_same_v<
        typename Protocol::endpoint,
        boost::asio::local::basic_endpoint<typename Protocol::endpoint::protocol_type>>;

/// boost::asio::local::stream_protocol, whose sockets and acceptors run on urio.
class stream_protocol : public detail::protocol_of<boost::asio::local::stream_protocol>
{
    using base = detail::protocol_of<boost::asio::local::stream_protocol>;

public:
    using base::base;
    using socket = basic_stream_socket<stream_protocol>;
    using acceptor = basic_socket_acceptor<stream_protocol>;
};

/// boost::asio::local::datagram_protocol, whose sockets run on urio.
class datagram_protocol
    : public detail::protocol_of<boost::asio::local::datagram_protocol>
{
    using base = detail::protocol_of<boost::asio::local::datagram_protocol>;

public:
    using base::base;
    using socket = basic_datagram_socket<datagram_protocol>;
};

#if __has_include(<boost/asio/local/seq_packet_protocol.hpp>)
/// boost::asio::local::seq_packet_protocol, whose sockets and acceptors run on urio.
class seq_packet_protocol
    : public detail::protocol_of<boost::asio::local::seq_packet_protocol>
{
    using base = detail::protocol_of<boost::asio::local::seq_packet_protocol>;

public:
    using base::base;
    using socket = basic_seq_packet_socket<seq_packet_protocol>;
    using acceptor = basic_socket_acceptor<seq_packet_protocol>;
};
#endif

/// Connects two sockets to each other: socketpair(2).
/**
 * @param ec The error; already_open if one of the sockets is open, which stays as it is.
 */
template <urios_protocol Protocol, class Executor1, class Executor2>
boost::system::error_code
connect_pair(boost::asio::basic_socket<Protocol, Executor1>& first,
             boost::asio::basic_socket<Protocol, Executor2>& second,
             boost::system::error_code& ec)
{
    Protocol const protocol;
    int descriptors[2];
    if (detail::socket_ops::socketpair(protocol.family(), protocol.type(),
                                       protocol.protocol(), descriptors, ec) != 0)
        return ec;
    detail::socket_holder one(descriptors[0]), other(descriptors[1]);
    first.assign(protocol, one.get(), ec);
    if (ec)
        return ec;
    one.release();
    second.assign(protocol, other.get(), ec);
    if (ec)
    {
        boost::system::error_code ignored;
        first.close(ignored);
        return ec;
    }
    other.release();
    return ec;
}

/// The same; throws boost::system::system_error.
template <urios_protocol Protocol, class Executor1, class Executor2>
void connect_pair(boost::asio::basic_socket<Protocol, Executor1>& first,
                  boost::asio::basic_socket<Protocol, Executor2>& second)
{
    boost::system::error_code ec;
    connect_pair(first, second, ec);
    detail::throw_error(ec, "connect_pair");
}

} // namespace local
} // namespace urio::inline URIO_ABI

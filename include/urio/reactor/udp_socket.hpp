// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A UDP socket.
#pragma once

#include <urio/detail/reactor/socket.hpp>
#include <urio/reactor/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace urio::reactor
{

/// A UDP socket. See udp(7).
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class udp_socket : public detail::socket
{
public:
    /// Binds to an address; port 0 is one that is free. Throws, or yields, what socket(2)
    /// and bind(2) report.
    static udp_socket bind(const socket_address& to, error_code& ec);
    static udp_socket bind(const socket_address& to)
    {
        return detail::checked("bind", [&](error_code& ec) { return bind(to, ec); });
    }

    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static udp_socket from_native(int fd) { return udp_socket(detail::descriptor(fd)); }

    /// Sends to, and receives from, this address only, from now on: connect(2).
    void connect(const socket_address& to, error_code& ec);
    void connect(const socket_address& to)
    {
        return detail::checked("connect",
                               [&](error_code& ec) { return connect(to, ec); });
    }

    /// Sends one datagram to the address that the socket is connected to.
    /**
     * Yields `destination_address_required` or `not_connected` if there is none,
     * `operation_would_block`, and the other errors of sendmsg(2).
     */
    std::size_t send(const_buffer from, error_code& ec);
    std::size_t send(const_buffer from)
    {
        return detail::checked("send", [&](error_code& ec) { return send(from, ec); });
    }

    /// Sends one datagram to an address.
    std::size_t send_to(const_buffer from, const socket_address& to, error_code& ec);
    std::size_t send_to(const_buffer from, const socket_address& to)
    {
        return detail::checked("send_to",
                               [&](error_code& ec) { return send_to(from, to, ec); });
    }

    /// Receives one datagram; what does not fit of it is lost. 0 is an empty one.
    /**
     * Yields `operation_would_block` if there is none, `connection_refused` if an earlier
     * one of ours was, and the other errors of recvmsg(2).
     */
    std::size_t recv(mutable_buffer to, error_code& ec);
    std::size_t recv(mutable_buffer to)
    {
        return detail::checked("recv", [&](error_code& ec) { return recv(to, ec); });
    }

    /// The same, with the address of the sender.
    std::pair<std::size_t, socket_address> recv_from(mutable_buffer to, error_code& ec);
    std::pair<std::size_t, socket_address> recv_from(mutable_buffer to)
    {
        return detail::checked("recv_from",
                               [&](error_code& ec) { return recv_from(to, ec); });
    }

    /// As recv(), but the datagram is still there afterwards.
    std::size_t peek(mutable_buffer to, error_code& ec);
    std::size_t peek(mutable_buffer to)
    {
        return detail::checked("peek", [&](error_code& ec) { return peek(to, ec); });
    }

    /// As recv_from(), but the datagram is still there afterwards.
    std::pair<std::size_t, socket_address> peek_from(mutable_buffer to, error_code& ec);
    std::pair<std::size_t, socket_address> peek_from(mutable_buffer to)
    {
        return detail::checked("peek_from",
                               [&](error_code& ec) { return peek_from(to, ec); });
    }

    /// SO_BROADCAST in socket(7).
    bool broadcast(error_code& ec) const;
    bool broadcast() const
    {
        return detail::checked("broadcast",
                               [&](error_code& ec) { return broadcast(ec); });
    }

    void set_broadcast(bool on, error_code& ec);
    void set_broadcast(bool on)
    {
        return detail::checked("set_broadcast",
                               [&](error_code& ec) { return set_broadcast(on, ec); });
    }

    /// The time to live of packets (IP_TTL in ip(7)).
    std::uint32_t ttl(error_code& ec) const;
    std::uint32_t ttl() const
    {
        return detail::checked("ttl", [&](error_code& ec) { return ttl(ec); });
    }

    void set_ttl(std::uint32_t ttl, error_code& ec);
    void set_ttl(std::uint32_t ttl)
    {
        return detail::checked("set_ttl",
                               [&](error_code& ec) { return set_ttl(ttl, ec); });
    }

    /// IP_MULTICAST_LOOP in ip(7).
    bool multicast_loop_v4(error_code& ec) const;
    bool multicast_loop_v4() const
    {
        return detail::checked("multicast_loop_v4",
                               [&](error_code& ec) { return multicast_loop_v4(ec); });
    }

    void set_multicast_loop_v4(bool on, error_code& ec);
    void set_multicast_loop_v4(bool on)
    {
        return detail::checked("set_multicast_loop_v4", [&](error_code& ec)
                               { return set_multicast_loop_v4(on, ec); });
    }

    /// IP_MULTICAST_TTL in ip(7).
    std::uint32_t multicast_ttl_v4(error_code& ec) const;
    std::uint32_t multicast_ttl_v4() const
    {
        return detail::checked("multicast_ttl_v4",
                               [&](error_code& ec) { return multicast_ttl_v4(ec); });
    }

    void set_multicast_ttl_v4(std::uint32_t ttl, error_code& ec);
    void set_multicast_ttl_v4(std::uint32_t ttl)
    {
        return detail::checked("set_multicast_ttl_v4", [&](error_code& ec)
                               { return set_multicast_ttl_v4(ttl, ec); });
    }

    /// IPV6_MULTICAST_LOOP in ipv6(7).
    bool multicast_loop_v6(error_code& ec) const;
    bool multicast_loop_v6() const
    {
        return detail::checked("multicast_loop_v6",
                               [&](error_code& ec) { return multicast_loop_v6(ec); });
    }

    void set_multicast_loop_v6(bool on, error_code& ec);
    void set_multicast_loop_v6(bool on)
    {
        return detail::checked("set_multicast_loop_v6", [&](error_code& ec)
                               { return set_multicast_loop_v6(on, ec); });
    }

    /// Joins a group on an interface, given by its address (IP_ADD_MEMBERSHIP).
    void join_multicast_v4(const std::array<std::uint8_t, 4>& group,
                           const std::array<std::uint8_t, 4>& interface_address,
                           error_code& ec);
    void join_multicast_v4(const std::array<std::uint8_t, 4>& group,
                           const std::array<std::uint8_t, 4>& interface_address)
    {
        return detail::checked(
            "join_multicast_v4", [&](error_code& ec)
            { return join_multicast_v4(group, interface_address, ec); });
    }

    /// Leaves it (IP_DROP_MEMBERSHIP).
    void leave_multicast_v4(const std::array<std::uint8_t, 4>& group,
                            const std::array<std::uint8_t, 4>& interface_address,
                            error_code& ec);
    void leave_multicast_v4(const std::array<std::uint8_t, 4>& group,
                            const std::array<std::uint8_t, 4>& interface_address)
    {
        return detail::checked(
            "leave_multicast_v4", [&](error_code& ec)
            { return leave_multicast_v4(group, interface_address, ec); });
    }

    /// Joins a group on an interface, given by its index (IPV6_JOIN_GROUP).
    void join_multicast_v6(const std::array<std::uint8_t, 16>& group, unsigned index,
                           error_code& ec);
    void join_multicast_v6(const std::array<std::uint8_t, 16>& group, unsigned index)
    {
        return detail::checked("join_multicast_v6", [&](error_code& ec)
                               { return join_multicast_v6(group, index, ec); });
    }

    /// Leaves it (IPV6_LEAVE_GROUP).
    void leave_multicast_v6(const std::array<std::uint8_t, 16>& group, unsigned index,
                            error_code& ec);
    void leave_multicast_v6(const std::array<std::uint8_t, 16>& group, unsigned index)
    {
        return detail::checked("leave_multicast_v6", [&](error_code& ec)
                               { return leave_multicast_v6(group, index, ec); });
    }

    /// Whether an IPv6 socket is for IPv6 only (IPV6_V6ONLY).
    bool only_v6(error_code& ec) const;
    bool only_v6() const
    {
        return detail::checked("only_v6", [&](error_code& ec) { return only_v6(ec); });
    }

    /// getsockname(2).
    socket_address local_address(error_code& ec) const;
    socket_address local_address() const
    {
        return detail::checked("local_address",
                               [&](error_code& ec) { return local_address(ec); });
    }

    /// getpeername(2): `not_connected` without connect().
    socket_address peer_address(error_code& ec) const;
    socket_address peer_address() const
    {
        return detail::checked("peer_address",
                               [&](error_code& ec) { return peer_address(ec); });
    }

private:
    using socket::socket;
};

} // namespace urio::reactor

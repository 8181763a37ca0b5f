// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP and UDP.

#include <urio/reactor/tcp_listener.hpp>
#include <urio/reactor/udp_socket.hpp>

#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace urio::reactor
{
namespace
{

socket_address address_of(const detail::name_buffer& name)
{
    return socket_address::from_native(name.data, name.size);
}

ip_mreq membership(const std::array<std::uint8_t, 4>& group,
                   const std::array<std::uint8_t, 4>& interface_address)
{
    ip_mreq r{};
    std::memcpy(&r.imr_multiaddr, group.data(), group.size());
    std::memcpy(&r.imr_interface, interface_address.data(), interface_address.size());
    return r;
}

ipv6_mreq membership(const std::array<std::uint8_t, 16>& group, unsigned index)
{
    ipv6_mreq r{};
    std::memcpy(&r.ipv6mr_multiaddr, group.data(), group.size());
    r.ipv6mr_interface = index;
    return r;
}

constexpr int backlog = 1024; // or what the system allows

} // namespace

tcp_stream tcp_stream::connect(const socket_address& to, error_code& ec)
{
    return tcp_stream(connecting(SOCK_STREAM, to.data(), to.size(), ec));
}

std::size_t tcp_stream::peek(mutable_buffer to, error_code& ec)
{
    return receive({&to, 1}, peeks, nullptr, ec);
}

bool tcp_stream::nodelay(error_code& ec) const
{
    return get_option(IPPROTO_TCP, TCP_NODELAY, ec) != 0;
}

void tcp_stream::set_nodelay(bool on, error_code& ec)
{
    set_option(IPPROTO_TCP, TCP_NODELAY, on, ec);
}

std::uint32_t tcp_stream::ttl(error_code& ec) const
{
    return static_cast<std::uint32_t>(get_option(IPPROTO_IP, IP_TTL, ec));
}

void tcp_stream::set_ttl(std::uint32_t ttl, error_code& ec)
{
    set_option(IPPROTO_IP, IP_TTL, static_cast<int>(ttl), ec);
}

socket_address tcp_stream::local_address(error_code& ec) const
{
    return address_of(local_name(ec));
}

socket_address tcp_stream::peer_address(error_code& ec) const
{
    return address_of(peer_name(ec));
}

tcp_listener tcp_listener::bind(const socket_address& to, error_code& ec)
{
    return tcp_listener(listening(to.data(), to.size(), true, backlog, ec));
}

std::pair<tcp_stream, socket_address> tcp_listener::accept(error_code& ec)
{
    detail::name_buffer peer;
    tcp_stream accepted(do_accept(peer, ec));
    return {std::move(accepted), address_of(peer)};
}

socket_address tcp_listener::local_address(error_code& ec) const
{
    return address_of(local_name(ec));
}

std::uint32_t tcp_listener::ttl(error_code& ec) const
{
    return static_cast<std::uint32_t>(get_option(IPPROTO_IP, IP_TTL, ec));
}

void tcp_listener::set_ttl(std::uint32_t ttl, error_code& ec)
{
    set_option(IPPROTO_IP, IP_TTL, static_cast<int>(ttl), ec);
}

udp_socket udp_socket::bind(const socket_address& to, error_code& ec)
{
    return udp_socket(bound(SOCK_DGRAM, to.data(), to.size(), ec));
}

void udp_socket::connect(const socket_address& to, error_code& ec)
{
    do_connect(to.data(), to.size(), ec);
}

std::size_t udp_socket::send(const_buffer from, error_code& ec)
{
    return socket::send({&from, 1}, nullptr, 0, ec);
}

std::size_t udp_socket::send_to(const_buffer from, const socket_address& to,
                                error_code& ec)
{
    return socket::send({&from, 1}, to.data(), to.size(), ec);
}

std::size_t udp_socket::recv(mutable_buffer to, error_code& ec)
{
    return receive({&to, 1}, none, nullptr, ec);
}

std::size_t udp_socket::peek(mutable_buffer to, error_code& ec)
{
    return receive({&to, 1}, peeks, nullptr, ec);
}

std::pair<std::size_t, socket_address> udp_socket::recv_from(mutable_buffer to,
                                                             error_code& ec)
{
    detail::name_buffer from;
    auto const n = receive({&to, 1}, none, &from, ec);
    return {n, address_of(from)};
}

std::pair<std::size_t, socket_address> udp_socket::peek_from(mutable_buffer to,
                                                             error_code& ec)
{
    detail::name_buffer from;
    auto const n = receive({&to, 1}, peeks, &from, ec);
    return {n, address_of(from)};
}

bool udp_socket::broadcast(error_code& ec) const
{
    return get_option(SOL_SOCKET, SO_BROADCAST, ec) != 0;
}

void udp_socket::set_broadcast(bool on, error_code& ec)
{
    set_option(SOL_SOCKET, SO_BROADCAST, on, ec);
}

std::uint32_t udp_socket::ttl(error_code& ec) const
{
    return static_cast<std::uint32_t>(get_option(IPPROTO_IP, IP_TTL, ec));
}

void udp_socket::set_ttl(std::uint32_t ttl, error_code& ec)
{
    set_option(IPPROTO_IP, IP_TTL, static_cast<int>(ttl), ec);
}

bool udp_socket::multicast_loop_v4(error_code& ec) const
{
    return get_option(IPPROTO_IP, IP_MULTICAST_LOOP, ec) != 0;
}

void udp_socket::set_multicast_loop_v4(bool on, error_code& ec)
{
    set_option(IPPROTO_IP, IP_MULTICAST_LOOP, on, ec);
}

std::uint32_t udp_socket::multicast_ttl_v4(error_code& ec) const
{
    return static_cast<std::uint32_t>(get_option(IPPROTO_IP, IP_MULTICAST_TTL, ec));
}

void udp_socket::set_multicast_ttl_v4(std::uint32_t ttl, error_code& ec)
{
    set_option(IPPROTO_IP, IP_MULTICAST_TTL, static_cast<int>(ttl), ec);
}

bool udp_socket::multicast_loop_v6(error_code& ec) const
{
    return get_option(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, ec) != 0;
}

void udp_socket::set_multicast_loop_v6(bool on, error_code& ec)
{
    set_option(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, on, ec);
}

bool udp_socket::only_v6(error_code& ec) const
{
    return get_option(IPPROTO_IPV6, IPV6_V6ONLY, ec) != 0;
}

socket_address udp_socket::local_address(error_code& ec) const
{
    return address_of(local_name(ec));
}

socket_address udp_socket::peer_address(error_code& ec) const
{
    return address_of(peer_name(ec));
}

void udp_socket::join_multicast_v4(const std::array<std::uint8_t, 4>& group,
                                   const std::array<std::uint8_t, 4>& interface_address,
                                   error_code& ec)
{
    ip_mreq const r = membership(group, interface_address);
    set_option(IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof r, ec);
}

void udp_socket::leave_multicast_v4(const std::array<std::uint8_t, 4>& group,
                                    const std::array<std::uint8_t, 4>& interface_address,
                                    error_code& ec)
{
    ip_mreq const r = membership(group, interface_address);
    set_option(IPPROTO_IP, IP_DROP_MEMBERSHIP, &r, sizeof r, ec);
}

void udp_socket::join_multicast_v6(const std::array<std::uint8_t, 16>& group,
                                   unsigned index, error_code& ec)
{
    ipv6_mreq const r = membership(group, index);
    set_option(IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof r, ec);
}

void udp_socket::leave_multicast_v6(const std::array<std::uint8_t, 16>& group,
                                    unsigned index, error_code& ec)
{
    ipv6_mreq const r = membership(group, index);
    set_option(IPPROTO_IPV6, IPV6_LEAVE_GROUP, &r, sizeof r, ec);
}

} // namespace urio::reactor

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A TCP connection.
#pragma once

#include <urio/detail/reactor/stream_socket.hpp>
#include <urio/reactor/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace urio::reactor
{

/// A TCP connection. See tcp(7).
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class tcp_stream : public detail::stream_socket
{
public:
    /// Begins to connect, and does not wait.
    /**
     * To learn the outcome: register for interest::writable; at the event, take_error()
     * and then peer_address(), where `operation_in_progress` and `not_connected` mean to
     * wait for another event. Throws, or yields, what socket(2) and connect(2) report at
     * once.
     */
    static tcp_stream connect(const socket_address& to, error_code& ec);
    static tcp_stream connect(const socket_address& to)
    {
        return detail::checked("connect",
                               [&](error_code& ec) { return connect(to, ec); });
    }

    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static tcp_stream from_native(int fd) { return tcp_stream(detail::descriptor(fd)); }

    /// As read(), but what is read is still there afterwards.
    std::size_t peek(mutable_buffer to, error_code& ec);
    std::size_t peek(mutable_buffer to)
    {
        return detail::checked("peek", [&](error_code& ec) { return peek(to, ec); });
    }

    /// Whether small packets are sent at once (TCP_NODELAY).
    bool nodelay(error_code& ec) const;
    bool nodelay() const
    {
        return detail::checked("nodelay", [&](error_code& ec) { return nodelay(ec); });
    }

    void set_nodelay(bool on, error_code& ec);
    void set_nodelay(bool on)
    {
        return detail::checked("set_nodelay",
                               [&](error_code& ec) { return set_nodelay(on, ec); });
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

    /// getsockname(2).
    socket_address local_address(error_code& ec) const;
    socket_address local_address() const
    {
        return detail::checked("local_address",
                               [&](error_code& ec) { return local_address(ec); });
    }

    /// getpeername(2): `not_connected` while connect() is under way.
    socket_address peer_address(error_code& ec) const;
    socket_address peer_address() const
    {
        return detail::checked("peer_address",
                               [&](error_code& ec) { return peer_address(ec); });
    }

private:
    friend class tcp_listener;

    using stream_socket::stream_socket;
};

} // namespace urio::reactor

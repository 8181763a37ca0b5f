// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A datagram socket of the Unix domain.
#pragma once

#include <urio/detail/reactor/socket.hpp>
#include <urio/reactor/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace urio::reactor
{

/// A datagram socket of the Unix domain. See unix(7).
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class unix_datagram : public detail::socket
{
public:
    /// Binds to an address. The path must not exist, and stays when the socket is closed.
    static unix_datagram bind(const unix_address& to, error_code& ec);
    static unix_datagram bind(const unix_address& to)
    {
        return detail::checked("bind", [&](error_code& ec) { return bind(to, ec); });
    }

    /// One without an address.
    static unix_datagram unbound(error_code& ec);
    static unix_datagram unbound()
    {
        return detail::checked("unbound", [](error_code& ec) { return unbound(ec); });
    }

    /// Two that are connected with each other: socketpair(2).
    static std::pair<unix_datagram, unix_datagram> pair(error_code& ec);
    static std::pair<unix_datagram, unix_datagram> pair()
    {
        return detail::checked("pair", [](error_code& ec) { return pair(ec); });
    }

    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static unix_datagram from_native(int fd)
    {
        return unix_datagram(detail::descriptor(fd));
    }

    /// Sends to, and receives from, this address only, from now on: connect(2).
    void connect(const unix_address& to, error_code& ec);
    void connect(const unix_address& to)
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
    std::size_t send_to(const_buffer from, const unix_address& to, error_code& ec);
    std::size_t send_to(const_buffer from, const unix_address& to)
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
    std::pair<std::size_t, unix_address> recv_from(mutable_buffer to, error_code& ec);
    std::pair<std::size_t, unix_address> recv_from(mutable_buffer to)
    {
        return detail::checked("recv_from",
                               [&](error_code& ec) { return recv_from(to, ec); });
    }

    /// Ends one direction, or both: shutdown(2). The peer's reads end, or ours.
    void shutdown(shutdown_type how, error_code& ec);
    void shutdown(shutdown_type how)
    {
        return detail::checked("shutdown",
                               [&](error_code& ec) { return shutdown(how, ec); });
    }

    /// getsockname(2).
    unix_address local_address(error_code& ec) const;
    unix_address local_address() const
    {
        return detail::checked("local_address",
                               [&](error_code& ec) { return local_address(ec); });
    }

    /// getpeername(2): `not_connected` while connect() is under way.
    unix_address peer_address(error_code& ec) const;
    unix_address peer_address() const
    {
        return detail::checked("peer_address",
                               [&](error_code& ec) { return peer_address(ec); });
    }

private:
    using socket::socket;
};

} // namespace urio::reactor

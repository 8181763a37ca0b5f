// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A connection of Unix domain sockets.
#pragma once

#include <urio/detail/reactor/stream_socket.hpp>
#include <urio/reactor/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace urio::reactor
{

/// A stream connection of Unix domain sockets. See unix(7).
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class unix_stream : public detail::stream_socket
{
public:
    /// Begins to connect, and does not wait.
    /**
     * To learn the outcome: register for interest::writable; at the event, take_error()
     * and then peer_address(), where `operation_in_progress` and `not_connected` mean to
     * wait for another event. Throws, or yields, what socket(2) and connect(2) report at
     * once. `operation_would_block` means that the listener's backlog is
     * full; there is no socket then.
     */
    static unix_stream connect(const unix_address& to, error_code& ec);
    static unix_stream connect(const unix_address& to)
    {
        return detail::checked("connect",
                               [&](error_code& ec) { return connect(to, ec); });
    }

    /// Two that are connected with each other: socketpair(2).
    static std::pair<unix_stream, unix_stream> pair(error_code& ec);
    static std::pair<unix_stream, unix_stream> pair()
    {
        return detail::checked("pair", [](error_code& ec) { return pair(ec); });
    }

    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static unix_stream from_native(int fd) { return unix_stream(detail::descriptor(fd)); }

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
    friend class unix_listener;

    using stream_socket::stream_socket;
};

} // namespace urio::reactor

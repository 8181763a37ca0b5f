// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Accepts TCP connections.
#pragma once

#include <urio/reactor/tcp_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace urio::reactor
{

/// Accepts TCP connections.
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class tcp_listener : public detail::socket
{
public:
    /// Binds to an address, with SO_REUSEADDR, and listens, with a backlog of 1024. Port
    /// 0 is one that is free. Throws, or yields, what socket(2), bind(2), listen(2)
    /// report.
    static tcp_listener bind(const socket_address& to, error_code& ec);
    static tcp_listener bind(const socket_address& to)
    {
        return detail::checked("bind", [&](error_code& ec) { return bind(to, ec); });
    }

    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static tcp_listener from_native(int fd)
    {
        return tcp_listener(detail::descriptor(fd));
    }

    /// A connection, non-blocking and close-on-exec, and the address of its peer.
    /**
     * Yields `operation_would_block` if there is none, and the other errors of accept(2).
     * EINTR is not retried.
     */
    std::pair<tcp_stream, socket_address> accept(error_code& ec);
    std::pair<tcp_stream, socket_address> accept()
    {
        return detail::checked("accept", [&](error_code& ec) { return accept(ec); });
    }

    /// getsockname(2).
    socket_address local_address(error_code& ec) const;
    socket_address local_address() const
    {
        return detail::checked("local_address",
                               [&](error_code& ec) { return local_address(ec); });
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

private:
    using socket::socket;
};

} // namespace urio::reactor

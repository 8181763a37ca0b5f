// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Accepts connections of Unix domain sockets.
#pragma once

#include <urio/reactor/unix_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace urio::reactor
{

/// Accepts stream connections of Unix domain sockets.
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class unix_listener : public detail::socket
{
public:
    /// Binds to an address and listens. The path must not exist, and stays when the
    /// listener is closed. Throws, or yields, what socket(2), bind(2), listen(2) report.
    static unix_listener bind(const unix_address& to, error_code& ec);
    static unix_listener bind(const unix_address& to)
    {
        return detail::checked("bind", [&](error_code& ec) { return bind(to, ec); });
    }

    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static unix_listener from_native(int fd)
    {
        return unix_listener(detail::descriptor(fd));
    }

    /// A connection, non-blocking and close-on-exec, and the address of its peer, which
    /// mostly has none.
    /**
     * Yields `operation_would_block` if there is none, and the other errors of accept(2).
     */
    std::pair<unix_stream, unix_address> accept(error_code& ec);
    std::pair<unix_stream, unix_address> accept()
    {
        return detail::checked("accept", [&](error_code& ec) { return accept(ec); });
    }

    /// getsockname(2).
    unix_address local_address(error_code& ec) const;
    unix_address local_address() const
    {
        return detail::checked("local_address",
                               [&](error_code& ec) { return local_address(ec); });
    }

private:
    using socket::socket;
};

} // namespace urio::reactor

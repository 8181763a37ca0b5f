// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the stream sockets of all families have in common.
#pragma once

#include <urio/detail/reactor/socket.hpp>

#include <cstddef>
#include <span>

namespace urio::reactor::detail
{

class stream_socket : public socket
{
public:
    /// Reads what there is, at most as much as fits. 0 is the end of the stream.
    /**
     * Yields `operation_would_block` if there is nothing yet, and the other errors of
     * recvmsg(2). EINTR is not retried.
     */
    std::size_t read(mutable_buffer to, error_code& ec);
    std::size_t read(mutable_buffer to)
    {
        return detail::checked("read", [&](error_code& ec) { return read(to, ec); });
    }

    /// The same, into several buffers: at most 16 in one call.
    std::size_t read_vectored(std::span<const mutable_buffer> to, error_code& ec);
    std::size_t read_vectored(std::span<const mutable_buffer> to)
    {
        return detail::checked("read_vectored",
                               [&](error_code& ec) { return read_vectored(to, ec); });
    }

    /// Writes as much as can be written now, and returns how much that is.
    /**
     * Yields `operation_would_block` if that is nothing, `broken_pipe` (never a signal)
     * if the peer has closed, and the other errors of sendmsg(2).
     */
    std::size_t write(const_buffer from, error_code& ec);
    std::size_t write(const_buffer from)
    {
        return detail::checked("write", [&](error_code& ec) { return write(from, ec); });
    }

    /// The same, from several buffers: at most 16 in one call.
    std::size_t write_vectored(std::span<const const_buffer> from, error_code& ec);
    std::size_t write_vectored(std::span<const const_buffer> from)
    {
        return detail::checked("write_vectored",
                               [&](error_code& ec) { return write_vectored(from, ec); });
    }

    /// Ends one direction, or both: shutdown(2). The peer's reads end, or ours.
    void shutdown(shutdown_type how, error_code& ec);
    void shutdown(shutdown_type how)
    {
        return detail::checked("shutdown",
                               [&](error_code& ec) { return shutdown(how, ec); });
    }

protected:
    using socket::socket;
};

} // namespace urio::reactor::detail

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The two ends of a pipe.
#pragma once

#include <urio/detail/reactor/socket.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace urio::reactor
{

/// Pipes. See pipe(7).
namespace pipe
{

/// The end of a pipe that is written to.
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class sender : public detail::io_object
{
public:
    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static sender from_native(int fd) { return sender(detail::descriptor(fd)); }

    /// Writes as much as can be written now, and returns how much that is.
    /**
     * Yields `operation_would_block` if that is nothing, `broken_pipe` (never a signal)
     * if there is no receiver, and the other errors of write(2).
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

    /// Sets or clears O_NONBLOCK, which what comes from a child process lacks.
    void set_nonblocking(bool on, error_code& ec);
    void set_nonblocking(bool on)
    {
        return detail::checked("set_nonblocking",
                               [&](error_code& ec) { return set_nonblocking(on, ec); });
    }

private:
    using io_object::io_object;
};

/// The end of a pipe that is read from.
/**
 * Move-only; non-blocking, close-on-exec. The destructor deregisters and closes. Several
 * threads may do I/O at once, as the system allows; all else is for one thread at a time.
 * Functions without an error_code throw boost::system::system_error.
 */
class receiver : public detail::io_object
{
public:
    /// Takes ownership of a descriptor, and changes nothing about it: it should be
    /// non-blocking.
    static receiver from_native(int fd) { return receiver(detail::descriptor(fd)); }

    /// Reads what there is, at most as much as fits. 0: there is no sender any more.
    /**
     * Yields `operation_would_block` if there is nothing yet, and the other errors of
     * read(2).
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

    /// Sets or clears O_NONBLOCK, which what comes from a child process lacks.
    void set_nonblocking(bool on, error_code& ec);
    void set_nonblocking(bool on)
    {
        return detail::checked("set_nonblocking",
                               [&](error_code& ec) { return set_nonblocking(on, ec); });
    }

private:
    using io_object::io_object;
};

/// A pipe. Throws, or yields, what pipe(2) reports.
std::pair<sender, receiver> make(error_code& ec);
std::pair<sender, receiver> make();

} // namespace pipe

} // namespace urio::reactor

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// One readiness event.
#pragma once

#include <urio/reactor/token.hpp>

#include <cstdint>
#include <iosfwd>

namespace urio::reactor
{

/// Says that the source of a token may be ready.
/**
 * A hint: an operation may still fail with `operation_would_block`, which means to wait
 * for the next event. Only is_readable() and is_writable() are the same everywhere. The
 * others are reported as far as the system does; where is_read_closed() and
 * is_write_closed() are true they can be relied on. One source may be ready for reading
 * and writing in one event or in two.
 *
 * A value; copies are independent of the `events` that it came from.
 */
class event
{
public:
    /// The token of the registration.
    reactor::token token() const noexcept { return token_; }

    /// Reading may not block. Out-of-band data counts.
    bool is_readable() const noexcept { return bits_ & readable; }
    /// Writing may not block.
    bool is_writable() const noexcept { return bits_ & writable; }
    /// There is an error: take_error() has it, on a socket.
    bool is_error() const noexcept { return bits_ & error; }
    /// Nothing more will arrive: the peer shut its sending side down, or closed, or the
    /// local receiving side was shut down. What arrived before is still to be read.
    bool is_read_closed() const noexcept { return bits_ & read_closed; }
    /// Nothing more can be sent.
    bool is_write_closed() const noexcept { return bits_ & write_closed; }
    /// There is out-of-band data. Never on kqueue.
    bool is_priority() const noexcept { return bits_ & priority; }
    /// An aio operation has completed. Only on kqueue.
    bool is_aio() const noexcept { return bits_ & aio; }
    /// A list of aio operations has completed. Only on kqueue.
    bool is_lio() const noexcept { return bits_ & lio; }

    /// The system's own flags (`EPOLL*`, `POLL*`, `EV_*`), for logs. Not portable.
    std::uint32_t native_flags() const noexcept { return native_; }

    /// The bits that an event is made of.
    enum bit : std::uint16_t
    {
        readable = 1,
        writable = 2,
        error = 4,
        read_closed = 8,
        write_closed = 16,
        priority = 32,
        aio = 64,
        lio = 128,
    };

    /// An event of a reactor of one's own, or for a test.
    constexpr event(reactor::token t, std::uint16_t bits,
                    std::uint32_t native_flags = 0) noexcept
        : token_(t)
        , native_(native_flags)
        , bits_(bits)
    {
    }

private:
    friend detail::access;

    reactor::token token_;
    std::uint32_t native_;
    std::uint16_t bits_;
};

/// Prints the token, the names of what is true, and the system's flags.
std::ostream& operator<<(std::ostream& out, const event& e);

} // namespace urio::reactor

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which events a registration asks for, and how often it gets them.
#pragma once

#include <urio/reactor/config.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>

namespace urio::reactor
{

/// A set of events to be told of, never empty.
/**
 * End of file, hang-up and errors need not be asked for: they are always reported.
 *
 * A selector that cannot report one of the events refuses the registration with
 * `operation_not_supported`: `aio` and `lio` are kqueue's, `priority` is that of
 * epoll and poll(2).
 */
class interest
{
public:
    /// Reading will not block: data, a connection to accept, end of file.
    static const interest readable;
    /// Writing will not block, or the connection is established (or refused).
    static const interest writable;
    /// The completion of an aio(4) operation: see aio_read(2) on FreeBSD.
    static const interest aio;
    /// The completion of a list of aio operations: see lio_listio(2) on FreeBSD.
    static const interest lio;
    /// Out-of-band data: see EPOLLPRI in epoll_ctl(2).
    static const interest priority;

    /// Both.
    constexpr interest add(interest other) const noexcept
    {
        return interest(static_cast<std::uint8_t>(bits_ | other.bits_));
    }

    /// What remains without the other's events; nothing if that is no event at all.
    constexpr std::optional<interest> remove(interest other) const noexcept
    {
        auto const rest = static_cast<std::uint8_t>(bits_ & ~other.bits_);
        if (rest == 0)
            return std::nullopt;
        return interest(rest);
    }

    constexpr bool is_readable() const noexcept { return bits_ & 1; }
    constexpr bool is_writable() const noexcept { return bits_ & 2; }
    constexpr bool is_aio() const noexcept { return bits_ & 4; }
    constexpr bool is_lio() const noexcept { return bits_ & 8; }
    constexpr bool is_priority() const noexcept { return bits_ & 16; }

    friend constexpr interest operator|(interest a, interest b) noexcept
    {
        return a.add(b);
    }

    constexpr interest& operator|=(interest other) noexcept { return *this = add(other); }

    friend constexpr bool operator==(interest, interest) = default;

private:
    constexpr explicit interest(std::uint8_t bits) noexcept : bits_(bits) {}

    std::uint8_t bits_;
};

inline constexpr interest interest::readable{1};
inline constexpr interest interest::writable{2};
inline constexpr interest interest::aio{4};
inline constexpr interest interest::lio{8};
inline constexpr interest interest::priority{16};

/// Prints `readable | writable`.
std::ostream& operator<<(std::ostream& out, interest i);

/// How often a registration reports that its source is ready.
enum class trigger
{
    /// When it becomes ready. After an event, read or write until the operation would
    /// block: no further event is promised before that. Registration and
    /// reregistration report a source that is ready already.
    edge,
    /// At every wait, for as long as it is ready.
    level,
    /// Once, then not again before it is reregistered.
    oneshot,
};

} // namespace urio::reactor

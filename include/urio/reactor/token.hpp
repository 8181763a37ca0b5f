// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The value that a program gives to a registration and gets back with its events.
#pragma once

#include <urio/reactor/config.hpp>

#include <compare>
#include <cstddef>
#include <functional>
#include <iosfwd>

namespace urio::reactor
{

/// Tells the events of one source from those of others.
/**
 * Any value will do, the largest included. It is the program's business whether tokens
 * are unique: several sources may share one.
 */
struct token
{
    std::size_t value = 0;

    constexpr token() = default;
    constexpr explicit token(std::size_t v) noexcept : value(v) {}
    constexpr explicit operator std::size_t() const noexcept { return value; }

    friend constexpr auto operator<=>(const token&, const token&) = default;
};

/// Prints `token(5)`.
std::ostream& operator<<(std::ostream& out, token t);

} // namespace urio::reactor

template <>
struct std::hash<urio::reactor::token>
{
    std::size_t operator()(urio::reactor::token t) const noexcept
    {
        return std::hash<std::size_t>()(t.value);
    }
};

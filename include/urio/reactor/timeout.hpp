// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How long a wait may take.
#pragma once

#include <urio/reactor/config.hpp>

#include <chrono>
#include <optional>
#include <type_traits>

namespace urio::reactor
{

/// A duration of any type, or for ever.
/**
 * Durations are rounded up to the selector's resolution (a millisecond with epoll and
 * poll(2), a nanosecond with kqueue), so that a wait is never shorter than asked, and
 * only zero does not wait at all. Negative durations count as zero. Those of more than
 * 292 years are clamped to that.
 */
class timeout
{
public:
    using duration = std::chrono::nanoseconds;

    /// No limit.
    constexpr timeout(std::nullopt_t = std::nullopt) noexcept {}

    template <class Rep, class Period>
    constexpr timeout(std::chrono::duration<Rep, Period> d) noexcept : limit_(clamp(d))
    {
    }

    template <class Rep, class Period>
    constexpr timeout(std::optional<std::chrono::duration<Rep, Period>> d) noexcept
    {
        if (d)
            limit_ = clamp(*d);
    }

    /// Nothing if there is no limit.
    constexpr std::optional<duration> limit() const noexcept { return limit_; }

private:
    template <class Rep, class Period>
    static constexpr duration clamp(std::chrono::duration<Rep, Period> d) noexcept
    {
        using wide = std::chrono::duration<long double, std::nano>;
        wide const w = d;
        if (!(w > wide::zero()))
            return duration::zero();
        if (w >= wide(static_cast<long double>(duration::max().count())))
            return duration::max();
        return std::chrono::ceil<duration>(d);
    }

    std::optional<duration> limit_;
};

} // namespace urio::reactor

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The Range header field, RFC 9110 section 14.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

/// What to send of a representation: `length` bytes from `first` on.
struct byte_range
{
    std::uint64_t first = 0;
    std::uint64_t length = 0;
};

enum class range_kind
{
    whole,         ///< no range, or one that a server has to or may ignore
    partial,       ///< 206
    unsatisfiable, ///< 416
};

struct range_result
{
    range_kind kind = range_kind::whole;
    byte_range range;
};

namespace detail
{

inline std::optional<std::uint64_t> parse_number(std::string_view text)
{
    std::uint64_t value = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end != text.data() + text.size())
        return std::nullopt;
    // A number that is out of range is beyond the end of any file.
    return ec == std::errc() ? value : UINT64_MAX;
}

} // namespace detail

/// Evaluates a Range field for a representation of `size` bytes. Of several ranges the
/// whole representation is sent, which the standard allows; and of an empty one too, as
/// nginx does, if the range starts with it: many clients ask for their first bytes
/// always.
inline range_result parse_range(std::string_view field, std::uint64_t size)
{
    range_result const whole{range_kind::whole, {0, size}};
    constexpr std::string_view unit = "bytes=";
    if (field.substr(0, unit.size()) != unit)
        return whole;
    field.remove_prefix(unit.size());
    auto const dash = field.find('-');
    if (dash == field.npos || field.find(',') != field.npos)
        return whole;
    auto const left = field.substr(0, dash), right = field.substr(dash + 1);
    auto const first = detail::parse_number(left), last = detail::parse_number(right);
    if ((!left.empty() && !first) || (!right.empty() && !last) || (!first && !last) ||
        (first && last && *last < *first))
        return whole;

    if (size == 0 && first.value_or(0) == 0)
        return whole;
    if (!first)
    {
        // The last bytes, as many as there are.
        std::uint64_t const length = *last < size ? *last : size;
        if (length == 0)
            return {range_kind::unsatisfiable, {}};
        return {range_kind::partial, {size - length, length}};
    }
    if (*first >= size)
        return {range_kind::unsatisfiable, {}};
    std::uint64_t const end = last && *last < size - 1 ? *last + 1 : size;
    return {range_kind::partial, {*first, end - *first}};
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Dates as HTTP writes them, RFC 9110 section 5.6.7.
#pragma once

#include <array>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

/// "Sun, 06 Nov 1994 08:49:37 GMT".
inline std::string http_date(std::time_t time)
{
    std::tm tm{};
    ::gmtime_r(&time, &tm);
    std::array<char, 40> text{};
    // The C locale, in which the program runs, has the names that HTTP wants.
    std::size_t const n =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return {text.data(), n};
}

/// That date, or one in either of the formats that are obsolete and still have to be
/// understood; none if it is no date.
inline std::optional<std::time_t> parse_http_date(std::string_view text)
{
    std::string const date(text);
    for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                               "%a %b %e %H:%M:%S %Y"})
    {
        std::tm tm{};
        const char* const end = ::strptime(date.c_str(), format, &tm);
        if (end && end == date.c_str() + date.size())
            return ::timegm(&tm);
    }
    return std::nullopt;
}

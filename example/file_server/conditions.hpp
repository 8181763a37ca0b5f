// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Conditional requests, RFC 9110 section 13.
#pragma once

#include "http_date.hpp"

#include <boost/beast/http/fields.hpp>

#include <ctime>
#include <string_view>

enum class condition
{
    met,
    not_modified, ///< 304
    failed,       ///< 412
};

namespace detail
{

inline std::string_view view(boost::beast::string_view text)
{
    return {text.data(), text.size()};
}

/// Whether a list of entity tags, as in If-Match, has this one. A weak tag of the list
/// counts only where equality in meaning is enough.
inline bool has_tag(std::string_view list, std::string_view etag, bool weak_counts)
{
    if (list == "*")
        return true;
    for (;;)
    {
        auto const start = list.find_first_not_of(" \t,");
        if (start == list.npos)
            return false;
        list.remove_prefix(start);
        bool const weak = list.substr(0, 2) == "W/";
        if (weak)
            list.remove_prefix(2);
        auto const end = list.find('"', 1);
        if (list.empty() || list.front() != '"' || end == list.npos)
            return false;
        if (list.substr(0, end + 1) == etag && (weak_counts || !weak))
            return true;
        list.remove_prefix(end + 1);
    }
}

/// The same for a field that may come several times, which is as good as one list.
inline bool has_tag(const boost::beast::http::fields& fields,
                    boost::beast::http::field name, std::string_view etag,
                    bool weak_counts)
{
    auto [it, end] = fields.equal_range(name);
    for (; it != end; ++it)
        if (has_tag(view(it->value()), etag, weak_counts))
            return true;
    return false;
}

} // namespace detail

/// Evaluates the conditions in the order of section 13.2.2. If-Modified-Since wants the
/// very date, as in nginx: a file may have been replaced by an older one.
inline condition evaluate(const boost::beast::http::fields& fields, std::string_view etag,
                          std::time_t modified)
{
    using boost::beast::http::field;
    auto const date = [&](field name)
    {
        auto const it = fields.find(name);
        return it == fields.end() ? std::nullopt
                                  : parse_http_date(detail::view(it->value()));
    };
    if (fields.count(field::if_match) != 0)
    {
        if (!detail::has_tag(fields, field::if_match, etag, false))
            return condition::failed;
    }
    else if (auto const limit = date(field::if_unmodified_since);
             limit && modified > *limit)
        return condition::failed;

    if (fields.count(field::if_none_match) != 0)
        return detail::has_tag(fields, field::if_none_match, etag, true)
                   ? condition::not_modified
                   : condition::met;
    return date(field::if_modified_since) == modified ? condition::not_modified
                                                      : condition::met;
}

/// Whether a range may be sent according to If-Range.
inline bool range_applies(std::string_view if_range, std::string_view etag,
                          std::time_t modified)
{
    return if_range == etag || parse_http_date(if_range) == modified;
}

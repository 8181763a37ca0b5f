// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the fields of a request say of its framing, found in one pass over them.
#pragma once

#include "conditions.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>

#include <optional>
#include <string_view>

/// The views are of the request's own memory.
class request_head
{
public:
    explicit request_head(const boost::beast::http::request_header<>& request)
        : version_(request.version())
    {
        using boost::beast::http::field;
        for (const auto& f : request)
        {
            auto const value = detail::view(f.value());
            switch (f.name())
            {
            case field::host:
                ++hosts_;
                host_ = value;
                break;
            case field::transfer_encoding:
                ++codings_;
                coding_ = value;
                break;
            case field::expect:
                waits_ = waits_ || boost::beast::iequals({value.data(), value.size()},
                                                         "100-continue");
                break;
            case field::range:
                range = value;
                break;
            case field::if_range:
                if_range = value;
                break;
            case field::if_match:
            case field::if_none_match:
            case field::if_modified_since:
            case field::if_unmodified_since:
                conditional = true;
                break;
            default:
                break;
            }
        }
    }

    /// Why the request cannot be answered, nor what follows it be understood.
    std::optional<boost::beast::http::status> fault() const
    {
        using boost::beast::http::status;
        if (codings_ != 0)
        {
            // Where the body ends is known of chunked ones alone, RFC 9112 section 6.
            if (version_ < 11)
                return status::bad_request;
            if (codings_ != 1 ||
                !boost::beast::iequals({coding_.data(), coding_.size()}, "chunked"))
                return status::not_implemented;
        }
        // RFC 9112 section 3.2.
        if (hosts_ > 1 || (hosts_ == 0 && version_ >= 11) || !is_host(host_))
            return status::bad_request;
        return std::nullopt;
    }

    /// The client sends the body when it is told to, RFC 9110 section 10.1.1.
    bool waits_for_continue() const { return waits_ && version_ >= 11; }

    std::optional<std::string_view> range;
    std::optional<std::string_view> if_range;
    bool conditional = false;

private:
    static bool is_host(std::string_view host)
    {
        for (unsigned char const c : host)
            if (c <= ' ' || c == 0x7f ||
                std::string_view("\"#/<>?@\\^`{|}").find(static_cast<char>(c)) !=
                    std::string_view::npos)
                return false;
        return true;
    }

    unsigned version_;
    unsigned hosts_ = 0;
    unsigned codings_ = 0;
    std::string_view host_;
    std::string_view coding_;
    bool waits_ = false;
};

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "session.hpp"

#include "byte_range.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace beast = boost::beast;
namespace http = beast::http;

namespace
{

constexpr std::chrono::seconds patience{30};
constexpr std::size_t chunk = 256 * 1024;

using request = http::request<http::empty_body>;
using header = http::response_header<>;

// In Beast's terms one buffer of a body at a time.
using file_response = http::response<http::buffer_body>;

// See RFC 9110 section 13.1: If-None-Match goes before If-Modified-Since.
bool not_modified(const request& req, const content& file)
{
    if (auto const match = req.find(http::field::if_none_match); match != req.end())
        return match->value() == "*" ||
               match->value().find(file.etag) != beast::string_view::npos;
    auto const since = req.find(http::field::if_modified_since);
    return since != req.end() && since->value() == file.last_modified;
}

range_result requested_range(const request& req, const content& file)
{
    auto const range = req.find(http::field::range);
    auto const condition = req.find(http::field::if_range);
    bool const fresh = condition == req.end() || condition->value() == file.etag ||
                       condition->value() == file.last_modified;
    if (range == req.end() || req.method() != http::verb::get || !fresh)
        return {range_kind::whole, {0, file.size}};
    return parse_range({range->value().data(), range->value().size()}, file.size);
}

std::string content_range(const byte_range& range, std::uint64_t size)
{
    return "bytes " + std::to_string(range.first) + '-' +
           std::to_string(range.first + range.length - 1) + '/' + std::to_string(size);
}

class session
{
public:
    session(http_stream stream, content_directory& directory)
        : stream_(std::move(stream))
        , directory_(directory)
    {
    }

    net::awaitable<void> run()
    {
        bool keep = true;
        while (keep)
        {
            http::request_parser<http::empty_body> parser;
            stream_.expires_after(patience);
            auto const [ec, n] = co_await http::async_read(
                stream_, input_, parser, net::as_tuple(net::use_awaitable));
            if (ec == http::error::end_of_stream)
                break;
            if (ec)
            {
                // What follows on this connection cannot be told from the bad request.
                if (ec == http::error::unexpected_body)
                    co_await refuse_method(parser.get(), false);
                else if (ec.category() == http::make_error_code(http::error{}).category())
                    co_await refuse(status_of(ec), 11, false);
                break;
            }
            request const req = parser.release();
            keep = req.keep_alive();
            co_await respond(req, keep);
        }
        boost::system::error_code ignored;
        stream_.socket().shutdown(net::socket_base::shutdown_send, ignored);
    }

private:
    static http::status status_of(const boost::system::error_code& ec)
    {
        if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
            return http::status::request_header_fields_too_large;
        return http::status::bad_request;
    }

    net::awaitable<void> respond(const request& req, bool& keep)
    {
        if (req.method() != http::verb::get && req.method() != http::verb::head)
        {
            co_await refuse_method(req, keep);
            co_return;
        }
        if (req.version() >= 11 && req.find(http::field::host) == req.end())
        {
            co_await refuse(http::status::bad_request, req.version(), keep);
            co_return;
        }
        auto const target = req.target();
        auto const [status, file, location] =
            directory_.lookup({target.data(), target.size()});
        bool const with_body = req.method() == http::verb::get;
        if (!file)
        {
            co_await refuse(
                status, req.version(), keep,
                [&](header& h)
                {
                    if (!location.empty())
                        h.set(http::field::location, location);
                },
                with_body);
            co_return;
        }

        file_response res(http::status::ok, req.version());
        describe(res.base(), *file);
        res.keep_alive(keep);
        if (not_modified(req, *file))
        {
            res.result(http::status::not_modified);
            co_await send_header(res);
            co_return;
        }
        auto const [kind, range] = requested_range(req, *file);
        if (kind == range_kind::unsatisfiable)
        {
            co_await refuse(http::status::range_not_satisfiable, req.version(), keep,
                            [&](header& h) {
                                h.set(http::field::content_range,
                                      "bytes */" + std::to_string(file->size));
                            });
            co_return;
        }
        if (kind == range_kind::partial)
        {
            res.result(http::status::partial_content);
            res.set(http::field::content_range, content_range(range, file->size));
        }
        res.content_length(range.length);
        res.set(http::field::content_type,
                beast::string_view(file->mime_type.data(), file->mime_type.size()));
        if (with_body && range.length != 0)
            co_await send_file(res, *file, range);
        else
            co_await send_header(res);
    }

    static void describe(header& h, const content& file)
    {
        h.set(http::field::server, BOOST_BEAST_VERSION_STRING);
        h.set(http::field::date, http_date(std::time(nullptr)));
        h.set(http::field::accept_ranges, "bytes");
        h.set(http::field::etag, file.etag);
        h.set(http::field::last_modified, file.last_modified);
    }

    /// The header goes out with the first part of the body. A file that has become
    /// shorter meanwhile ends in an exception, and so in a closed connection: the
    /// client sees that the body is incomplete.
    net::awaitable<void> send_file(file_response& res, content& file, byte_range range)
    {
        block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(
            std::max<std::uint64_t>(block_.size(), range.length), chunk)));
        http::response_serializer<http::buffer_body> serializer(res);
        do
        {
            auto const n = static_cast<std::size_t>(
                std::min<std::uint64_t>(range.length, block_.size()));
            co_await file.file.read(range.first, net::buffer(block_.data(), n));
            range.first += n;
            range.length -= n;
            res.body().data = block_.data();
            res.body().size = n;
            res.body().more = range.length != 0;
            stream_.expires_after(patience);
            auto const [ec, written] = co_await http::async_write(
                stream_, serializer, net::as_tuple(net::use_awaitable));
            if (ec && ec != http::error::need_buffer)
                throw boost::system::system_error(ec);
        } while (range.length != 0);
    }

    net::awaitable<void> send_header(file_response& res)
    {
        res.body().data = nullptr;
        res.body().more = false;
        http::response_serializer<http::buffer_body> serializer(res);
        serializer.split(true);
        stream_.expires_after(patience);
        co_await http::async_write_header(stream_, serializer, net::use_awaitable);
    }

    net::awaitable<void> refuse_method(const request& req, bool keep)
    {
        co_await refuse(http::status::method_not_allowed, req.version(), keep,
                        [](header& h) { h.set(http::field::allow, "GET, HEAD"); });
    }

    struct nothing_more
    {
        void operator()(header&) const {}
    };

    /// A response that explains itself in a line of text.
    template <class Describe = nothing_more>
    net::awaitable<void> refuse(http::status status, unsigned version, bool keep,
                                Describe describe = {}, bool with_body = true)
    {
        http::response<http::string_body> res(status, version);
        res.set(http::field::server, BOOST_BEAST_VERSION_STRING);
        res.set(http::field::date, http_date(std::time(nullptr)));
        res.set(http::field::content_type, "text/plain; charset=utf-8");
        describe(res.base());
        res.keep_alive(keep);
        res.body() = std::string(http::obsolete_reason(status)) + "\n";
        res.prepare_payload();
        http::response_serializer<http::string_body> serializer(res);
        stream_.expires_after(patience);
        if (with_body)
            co_await http::async_write(stream_, serializer, net::use_awaitable);
        else
        {
            serializer.split(true);
            co_await http::async_write_header(stream_, serializer, net::use_awaitable);
        }
    }

    http_stream stream_;
    content_directory& directory_;
    beast::flat_buffer input_{64 * 1024};
    std::vector<char> block_;
};

} // namespace

net::awaitable<void> serve(http_stream stream, content_directory& directory)
{
    session s(std::move(stream), directory);
    co_await s.run();
}

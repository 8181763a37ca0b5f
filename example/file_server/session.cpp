// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "session.hpp"

#include "byte_range.hpp"
#include "connection.hpp"
#include "discarded_body.hpp"
#include "request_head.hpp"

#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace beast = boost::beast;
namespace http = beast::http;

namespace
{

// A connection that waits for its next request has this much, most requests fit in it.
constexpr std::size_t idle_input = 1024;
// What is read of a body in order to keep the connection, as much as nginx accepts.
constexpr std::uint64_t longest_body = 1024 * 1024;

using request_parser = http::request_parser<discarded_body>;
// In Beast's terms one buffer of a body at a time.
using file_response = http::response<http::buffer_body>;

std::string content_range(const byte_range& range, std::uint64_t size)
{
    return "bytes " + std::to_string(range.first) + '-' +
           std::to_string(range.first + range.length - 1) + '/' + std::to_string(size);
}

class session final : public connection
{
public:
    session(net::ip::tcp::socket socket, server_state& state)
        : connection(std::move(socket))
        , state_(state)
    {
        state_.watch.add(*this);
    }

    net::awaitable<void> run()
    {
        bool keep = true;
        while (keep)
        {
            request_parser parser;
            parser.body_limit(boost::none);
            boost::system::error_code const ec = co_await read_head(parser);
            if (ec && !is_fault_of_request(ec))
                co_return;
            head_only_ = parser.get().method() == http::verb::head;
            version_ = parser.get().version();
            // What follows a bad request on this connection cannot be told from it.
            if (ec)
            {
                version_ = 11;
                co_await refuse(status_of(ec), keep = false);
            }
            else
                keep = co_await answer(parser);
        }
        co_await say_farewell();
    }

private:
    static bool is_fault_of_request(const boost::system::error_code& ec)
    {
        return ec.category() == http::make_error_code(http::error{}).category();
    }

    static http::status status_of(const boost::system::error_code& ec)
    {
        if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
            return http::status::request_header_fields_too_large;
        return http::status::bad_request;
    }

    net::awaitable<boost::system::error_code> read_head(request_parser& parser)
    {
        if (input_.size() == 0 && input_.capacity() != idle_input)
        {
            input_.shrink_to_fit();
            input_.reserve(idle_input);
        }
        wait_for(waiting_for::request);
        for (bool begun = false;;)
        {
            if (input_.size() != 0)
            {
                if (waits_for() == waiting_for::request)
                    wait_for(waiting_for::head);
                if (!begun)
                    begun = skip_empty_lines();
                if (begun)
                {
                    boost::system::error_code ec;
                    input_.consume(parser.put(input_.data(), ec));
                    if (ec != http::error::need_more)
                        co_return ec;
                }
            }
            auto const [ec, n] = co_await socket_.async_read_some(
                input_.prepare(beast::read_size(input_, longest_head)),
                net::as_tuple(net::use_awaitable));
            if (ec)
                co_return ec;
            input_.commit(n);
        }
    }

    /// RFC 9112 section 2.2: some clients send one after a body. True if the request
    /// begins here.
    bool skip_empty_lines()
    {
        auto const data = input_.data();
        std::string_view const text(static_cast<const char*>(data.data()), data.size());
        input_.consume(std::min(text.find_first_not_of("\r\n"), text.size()));
        return input_.size() != 0;
    }

    /// True if the connection can be used for another request.
    net::awaitable<bool> answer(request_parser& parser)
    {
        const auto& req = parser.get();
        request_head const head(req);
        if (auto const fault = head.fault())
        {
            co_await refuse(*fault, false);
            co_return false;
        }
        bool const readable =
            req.method() == http::verb::get || req.method() == http::verb::head;
        bool keep = req.keep_alive();
        if (!parser.is_done())
        {
            // Who waits for leave to send a body that is of no use gets the answer now.
            bool const of_no_use = !readable && head.waits_for_continue();
            std::optional<http::status> fault = http::status::payload_too_large;
            if (!of_no_use)
                fault = co_await discard_body(parser, head);
            keep = keep && !fault;
            if (fault && (readable || *fault != http::status::payload_too_large))
            {
                co_await refuse(*fault, false);
                co_return false;
            }
        }
        if (!readable)
            co_await refuse(http::status::method_not_allowed, keep,
                            [](header& h) { h.set(http::field::allow, "GET, HEAD"); });
        else
            co_await send(req, head, keep);
        co_return keep;
    }

    /// Reads what is left of the request, unless it is too long or malformed.
    net::awaitable<std::optional<http::status>> discard_body(request_parser& parser,
                                                             const request_head& head)
    {
        auto const announced = parser.content_length();
        if (announced && *announced > longest_body)
            co_return http::status::payload_too_large;
        wait_for(waiting_for::body);
        if (head.waits_for_continue() && input_.size() == 0)
        {
            constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            co_await net::async_write(socket_, net::buffer(go_on), net::use_awaitable);
            written_ += go_on.size();
        }
        input_.reserve(discard_input);
        // Chunks may be much longer than what they contain.
        for (std::uint64_t n = 0; !parser.is_done();)
        {
            if (n > longest_body)
                co_return http::status::payload_too_large;
            auto const [ec, part] = co_await http::async_read_some(
                socket_, input_, parser, net::as_tuple(net::use_awaitable));
            if (ec && is_fault_of_request(ec))
                co_return http::status::bad_request;
            if (ec)
                throw boost::system::system_error(ec);
            n += part;
            read_ += part;
        }
        co_return std::nullopt;
    }

    net::awaitable<void> send(const http::request_header<>& req, const request_head& head,
                              bool keep)
    {
        auto const target = req.target();
        auto const [status, file, location] =
            co_await find({target.data(), target.size()});
        if (!file)
        {
            co_await refuse(status, keep,
                            [&](header& h)
                            {
                                if (!location.empty())
                                    h.set(http::field::location, location);
                            });
            co_return;
        }
        file_response res(http::status::ok, version_);
        describe(res.base(), *file);
        res.keep_alive(keep);
        if (head.conditional)
        {
            auto const result = evaluate(req, file->etag, file->modified);
            if (result == condition::failed)
            {
                co_await refuse(http::status::precondition_failed, keep);
                co_return;
            }
            if (result == condition::not_modified)
            {
                res.result(http::status::not_modified);
                co_await send_header(res);
                co_return;
            }
        }
        auto const [kind, range] = requested_range(head, *file);
        if (kind == range_kind::unsatisfiable)
        {
            co_await refuse(http::status::range_not_satisfiable, keep,
                            [&](header& h)
                            {
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
        if (!head_only_ && range.length != 0)
            co_await send_file(res, *file, range);
        else
            co_await send_header(res);
    }

    /// Waits where there are no descriptors: requests that are being answered give theirs
    /// back.
    net::awaitable<lookup_result> find(std::string_view target)
    {
        lookup_result result = state_.directory.lookup(target);
        for (int tries = 0;
             result.status == http::status::service_unavailable && tries != 100; ++tries)
        {
            wait_for(waiting_for::nothing);
            net::steady_timer pause(socket_.get_executor());
            pause.expires_after(std::chrono::milliseconds(50));
            co_await pause.async_wait(net::use_awaitable);
            result = state_.directory.lookup(target);
        }
        co_return result;
    }

    range_result requested_range(const request_head& head, const content& file) const
    {
        if (!head.range || head_only_ ||
            (head.if_range && !range_applies(*head.if_range, file.etag, file.modified)))
            return {range_kind::whole, {0, file.size}};
        return parse_range(*head.range, file.size);
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
        block_pool::lease const block(state_.blocks);
        http::response_serializer<http::buffer_body> serializer(res);
        do
        {
            auto const n = static_cast<std::size_t>(
                std::min<std::uint64_t>(range.length, block_pool::block_size));
            wait_for(waiting_for::nothing);
            co_await file.file.read(range.first, net::buffer(block.data(), n));
            range.first += n;
            range.length -= n;
            res.body().data = block.data();
            res.body().size = n;
            res.body().more = range.length != 0;
            co_await write(serializer);
        } while (range.length != 0);
    }

    net::awaitable<void> send_header(file_response& res)
    {
        res.body().data = nullptr;
        res.body().more = false;
        http::response_serializer<http::buffer_body> serializer(res);
        serializer.split(true);
        co_await write(serializer);
    }

    server_state& state_;
};

} // namespace

net::awaitable<void> serve(net::ip::tcp::socket socket,
                           std::shared_ptr<server_state> state)
{
    session s(std::move(socket), *state);
    co_await s.run();
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A connection in HTTP's terms: what is sent on it, whom it waits for, how it ends.
#pragma once

#include "connection_watch.hpp"
#include "http_date.hpp"
#include "net.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <sys/ioctl.h>
#include <utility>

class connection : public watched
{
public:
    explicit connection(net::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    void cut() override
    {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

protected:
    using header = boost::beast::http::response_header<>;

    ~connection() = default;

    struct nothing_more
    {
        void operator()(header&) const {}
    };

    /// A response that explains itself in a line of text.
    template <class Describe = nothing_more>
    net::awaitable<void> refuse(boost::beast::http::status status, bool keep,
                                Describe describe = {})
    {
        boost::beast::http::response<boost::beast::http::string_body> res(status,
                                                                          version_);
        res.set(boost::beast::http::field::server, BOOST_BEAST_VERSION_STRING);
        res.set(boost::beast::http::field::date, http_date(std::time(nullptr)));
        res.set(boost::beast::http::field::content_type, "text/plain; charset=utf-8");
        describe(res.base());
        res.keep_alive(keep);
        res.body() = std::string(boost::beast::http::obsolete_reason(status)) + "\n";
        res.prepare_payload();
        boost::beast::http::response_serializer<boost::beast::http::string_body>
            serializer(res);
        serializer.split(head_only_);
        co_await write(serializer);
    }

    /// Sends what the response has so far; of a serializer that is split, the header.
    template <class Serializer>
    net::awaitable<void> write(Serializer& serializer)
    {
        wait_for(waiting_for::delivery);
        while (!(serializer.split() ? serializer.is_header_done() : serializer.is_done()))
        {
            auto const [ec, n] = co_await boost::beast::http::async_write_some(
                socket_, serializer, net::as_tuple(net::use_awaitable));
            written_ += n;
            if (ec == boost::beast::http::error::need_buffer)
                break;
            if (ec)
                throw boost::system::system_error(ec);
        }
    }

    /// To close a socket that has unread data would destroy the answer on its way: the
    /// peer is told that no more comes, and what it still sends is read.
    net::awaitable<void> say_farewell()
    {
        boost::system::error_code ec;
        socket_.shutdown(net::socket_base::shutdown_send, ec);
        wait_for(waiting_for::farewell);
        input_.clear();
        while (!ec)
            std::tie(ec, std::ignore) = co_await socket_.async_read_some(
                input_.prepare(discard_input), net::as_tuple(net::use_awaitable));
    }

    // Beast's limit for the header is stricter.
    static constexpr std::size_t longest_head = 64 * 1024;
    static constexpr std::size_t discard_input = 16 * 1024;

    net::ip::tcp::socket socket_;
    boost::beast::flat_buffer input_{longest_head};
    bool head_only_ = false; ///< the request's method is HEAD
    unsigned version_ = 11;  ///< of the request
    std::uint64_t read_ = 0; ///< bytes of bodies
    std::uint64_t written_ = 0;

private:
    std::uint64_t moved() override
    {
        if (waits_for() == waiting_for::body)
            return read_;
        // What the peer has acknowledged. Writes tell little of that: the kernel's buffer
        // may take megabytes at once and then, of a slow peer, nothing for minutes.
        int unacknowledged = 0;
        ::ioctl(socket_.native_handle(), TIOCOUTQ, &unacknowledged);
        return written_ - static_cast<std::uint64_t>(unacknowledged);
    }
};

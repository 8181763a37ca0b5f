// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server on urio's streams: a connection that waits holds no buffer.
#pragma once

#include "asio_context.hpp"

#include <urio/stream.hpp>

#include <memory>
#include <utility>

namespace bench
{

template <class Socket>
class stream_session : public std::enable_shared_from_this<stream_session<Socket>>
{
public:
    stream_session(Socket s, const net::buffer_pool& pool, bool multishot)
        : stream_(std::move(s), pool, {.multishot = multishot})
    {
    }

    void echo()
    {
        stream_.async_next(
            [self = this->shared_from_this()](error_code ec, net::lease data)
            {
                if (!ec)
                    self->write_back(std::move(data));
            });
    }

private:
    void write_back(net::lease data)
    {
        auto const bytes = data.buffer();
        net::async_write(stream_.socket(), bytes,
                         [self = this->shared_from_this(),
                          data = std::move(data)](error_code ec, std::size_t) mutable
                         {
                             data.reset();
                             if (!ec)
                                 self->echo();
                         });
    }

    net::receive_stream<Socket> stream_;
};

template <class Acceptor>
class stream_server
{
public:
    stream_server(Acceptor acceptor, const server_options& o)
        : pool_(acceptor.get_executor(), {.count = 256,
                                          .size = o.buffer,
                                          .when_empty = net::exhaustion::grow,
                                          .limit = 8192})
        , connections_(std::move(acceptor))
        , options_(o)
    {
    }

    void accept()
    {
        connections_.async_next(
            [this](error_code ec, auto socket)
            {
                if (ec == net::error::operation_aborted)
                    return;
                if (ec)
                    check_accept(ec.value());
                else
                {
                    set_up_connection(options_, socket.native_handle());
                    using session = stream_session<decltype(socket)>;
                    std::make_shared<session>(std::move(socket), pool_,
                                              options_.style == "multishot")
                        ->echo();
                }
                accept();
            });
    }

private:
    net::buffer_pool pool_;
    net::accept_stream<Acceptor> connections_;
    const server_options& options_;
};

} // namespace bench

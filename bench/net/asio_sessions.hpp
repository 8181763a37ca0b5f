// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What a server on Asio does with a connection, by callbacks.
#pragma once

#include "asio_context.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace bench
{

template <class Socket>
class session : public std::enable_shared_from_this<session<Socket>>
{
public:
    session(Socket s, std::size_t buffer)
        : socket_(std::move(s))
        , data_(std::make_unique<char[]>(buffer))
        , size_(buffer)
    {
    }

    void echo()
    {
        socket_.async_read_some(
            net::buffer(data_.get(), size_),
            [self = this->shared_from_this()](error_code ec, std::size_t n)
            {
                if (!ec)
                    self->write_back(n);
            });
    }

    void sink()
    {
        socket_.async_read_some(
            net::buffer(data_.get(), size_),
            [self = this->shared_from_this()](error_code ec, std::size_t)
            {
                if (!ec)
                    self->sink();
            });
    }

    void source()
    {
        net::async_write(socket_, net::buffer(data_.get(), size_),
                         [self = this->shared_from_this()](error_code ec, std::size_t)
                         {
                             if (!ec)
                                 self->source();
                         });
    }

private:
    void write_back(std::size_t n)
    {
        net::async_write(socket_, net::buffer(data_.get(), n),
                         [self = this->shared_from_this()](error_code ec, std::size_t)
                         {
                             if (!ec)
                                 self->echo();
                         });
    }

    Socket socket_;
    std::unique_ptr<char[]> data_;
    std::size_t size_;
};

} // namespace bench

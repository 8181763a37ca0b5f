// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Datagrams go back to their senders, one after another.
#pragma once

#include "asio_context.hpp"

#include <cstddef>
#include <memory>

namespace bench
{

// Kept by its handlers: the kernel may write into the buffer until they are destroyed.
class datagram_echo : public std::enable_shared_from_this<datagram_echo>
{
public:
    datagram_echo(net::ip::udp::socket& socket, std::size_t size)
        : socket_(socket)
        , data_(std::make_unique<char[]>(size))
        , size_(size)
    {
    }

    void receive()
    {
        socket_.async_receive_from(
            net::buffer(data_.get(), size_), sender_,
            [self = shared_from_this()](error_code ec, std::size_t n)
            {
                if (ec == net::error::operation_aborted)
                    return;
                ec ? self->receive() : self->send_back(n);
            });
    }

private:
    void send_back(std::size_t n)
    {
        socket_.async_send_to(net::buffer(data_.get(), n), sender_,
                              [self = shared_from_this()](error_code ec, std::size_t)
                              {
                                  if (ec != net::error::operation_aborted)
                                      self->receive();
                              });
    }

    net::ip::udp::socket& socket_;
    net::ip::udp::endpoint sender_;
    std::unique_ptr<char[]> data_;
    std::size_t size_;
};

inline net::awaitable<void> echo_datagrams(net::ip::udp::socket& socket, std::size_t size)
{
    auto const data = std::make_unique<char[]>(size);
    net::ip::udp::endpoint sender;
    for (;;)
    {
        std::size_t const n = co_await socket.async_receive_from(
            net::buffer(data.get(), size), sender, net::use_awaitable);
        co_await socket.async_send_to(net::buffer(data.get(), n), sender,
                                      net::use_awaitable);
    }
}

} // namespace bench

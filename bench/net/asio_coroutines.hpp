// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The sessions of asio_sessions.hpp as coroutines. They end by an exception, as most do.
#pragma once

#include "asio_context.hpp"

#include <cstddef>
#include <memory>

namespace bench
{

template <class Socket>
net::awaitable<void> echo(Socket socket, std::size_t size)
{
    auto const data = std::make_unique<char[]>(size);
    for (;;)
    {
        std::size_t const n = co_await socket.async_read_some(
            net::buffer(data.get(), size), net::use_awaitable);
        co_await net::async_write(socket, net::buffer(data.get(), n), net::use_awaitable);
    }
}

template <class Socket>
net::awaitable<void> sink(Socket socket, std::size_t size)
{
    auto const data = std::make_unique<char[]>(size);
    for (;;)
        co_await socket.async_read_some(net::buffer(data.get(), size),
                                        net::use_awaitable);
}

template <class Socket>
net::awaitable<void> source(Socket socket, std::size_t size)
{
    auto const data = std::make_unique<char[]>(size);
    for (;;)
        co_await net::async_write(socket, net::buffer(data.get(), size),
                                  net::use_awaitable);
}

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "loops.hpp"
#include "message.hpp"
#include "tcp_pair.hpp"

namespace bench
{
namespace
{

net::awaitable<void> serve(net::ip::tcp::socket socket, std::uint64_t count)
{
    message data;
    for (; count != 0; --count)
    {
        std::size_t const n =
            co_await socket.async_read_some(net::buffer(data.words), net::use_awaitable);
        co_await net::async_write(socket, net::buffer(data.words, n), net::use_awaitable);
    }
}

net::awaitable<void> ask(net::ip::tcp::socket socket, unsigned chain, std::uint64_t count,
                         unsigned& complete)
{
    message data;
    for (; count != 0; --count)
    {
        data.fill(chain, count);
        co_await net::async_write(socket, net::buffer(data.words), net::use_awaitable);
        std::size_t const n =
            co_await socket.async_read_some(net::buffer(data.words), net::use_awaitable);
        data.expect(n, chain, count);
    }
    ++complete;
}

} // namespace

findings tcp_echo_coroutine(const request& r)
{
    context c(r);
    net::ip::tcp::acceptor acceptor(c, {net::ip::address_v4::loopback(), 0});
    unsigned complete = 0;
    for (unsigned i = 0; i != guard_depth; ++i)
    {
        tcp_pair pair(acceptor);
        net::co_spawn(c, serve(std::move(pair.server), r.share(i)), rethrow);
        net::co_spawn(c, ask(std::move(pair.client), i, r.share(i), complete), rethrow);
    }
    c.run();
    if (complete != guard_depth)
        throw std::runtime_error("messages are missing");
    return {};
}

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "raw_echo.hpp"

#include <netinet/tcp.h>
#include <utility>

namespace bench
{
namespace
{

struct stream
{
    explicit stream(int fd) : socket(fd)
    {
        int const on = 1;
        checked(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
    }

    void send(::io_uring_sqe* sqe, message& m)
    {
        ::io_uring_prep_send(sqe, socket.get(), m.words.data(), sizeof m.words,
                             MSG_NOSIGNAL);
    }

    void receive(::io_uring_sqe* sqe, message& m)
    {
        ::io_uring_prep_recv(sqe, socket.get(), m.words.data(), sizeof m.words, 0);
    }

    descriptor socket;
};

} // namespace

findings raw_tcp_echo(const request& r)
{
    descriptor const listener = bound_socket(SOCK_STREAM);
    loopback address(listener.get());
    raw_echo<stream>(
        r,
        [&]
        {
            stream client(
                checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
            checked(::connect(client.socket.get(), address.get(), address.size()),
                    "connect");
            return std::pair(
                std::move(client),
                stream(checked(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC),
                               "accept4")));
        });
    return {};
}

} // namespace bench

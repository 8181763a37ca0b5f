// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "raw_echo.hpp"

#include <memory>
#include <utility>

namespace bench
{
namespace
{

// The headers of a message are where they are while the kernel looks at them.
struct datagrams
{
    struct headers
    {
        loopback peer;
        ::iovec buffer{};
        ::msghdr header{};
    };

    datagrams() : socket(bound_socket(SOCK_DGRAM)), kept(std::make_unique<headers>()) {}

    ::msghdr* header(message& m)
    {
        kept->buffer = {m.words.data(), sizeof m.words};
        kept->header = {};
        kept->header.msg_name = kept->peer.get();
        kept->header.msg_namelen = kept->peer.size();
        kept->header.msg_iov = &kept->buffer;
        kept->header.msg_iovlen = 1;
        return &kept->header;
    }

    void send(::io_uring_sqe* sqe, message& m)
    {
        ::io_uring_prep_sendmsg(sqe, socket.get(), header(m), MSG_NOSIGNAL);
    }

    void receive(::io_uring_sqe* sqe, message& m)
    {
        ::io_uring_prep_recvmsg(sqe, socket.get(), header(m), 0);
    }

    descriptor socket;
    std::unique_ptr<headers> kept;
};

} // namespace

findings raw_udp_echo(const request& r)
{
    raw_echo<datagrams>(r,
                        []
                        {
                            datagrams client, server;
                            client.kept->peer = loopback(server.socket.get());
                            return std::pair(std::move(client), std::move(server));
                        });
    return {};
}

} // namespace bench

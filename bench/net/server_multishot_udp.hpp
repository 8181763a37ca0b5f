// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Datagrams come by one multishot operation, and go back from the buffers that they are
// in.
#pragma once

#include "server_multishot_buffers.hpp"

#include <netinet/in.h>

namespace bench
{

class multishot_udp_echo
{
public:
    multishot_udp_echo(const server_options& o, server_ring& ring, int socket)
        : ring_(ring)
        , socket_(socket)
        , buffers_(ring, sizeof(io_uring_recvmsg_out) + sizeof(sockaddr_in) + o.buffer)
        , replies_(buffers_.count())
    {
        layout_.msg_namelen = sizeof(sockaddr_in);
    }

    void run()
    {
        do
        {
            // It ends when the kernel has run out of buffers.
            if (!is_receiving_ && buffers_.available() != 0)
                receive();
        } while (ring_.turn(
            [this](void* data, int result, unsigned flags)
            {
                if (data == this)
                    received(result, flags);
                else
                    sent(static_cast<reply*>(data));
            }));
    }

private:
    struct reply
    {
        ::msghdr message{};
        ::iovec part{};
    };

    void receive()
    {
        is_receiving_ = true;
        io_uring_sqe* const sqe = ring_.entry(this);
        io_uring_prep_recvmsg_multishot(sqe, socket_, &layout_, 0);
        sqe->flags |= IOSQE_BUFFER_SELECT;
        sqe->buf_group = provided_buffers::group;
    }

    void received(int result, unsigned flags)
    {
        if (!(flags & IORING_CQE_F_MORE))
            is_receiving_ = false;
        if (!(flags & IORING_CQE_F_BUFFER))
            return;
        unsigned const id = buffers_.taken(flags);
        io_uring_recvmsg_out* const out =
            io_uring_recvmsg_validate(buffers_.at(id), result, &layout_);
        if (out)
            send(id, out, result);
        else
            buffers_.give_back(id);
    }

    void send(unsigned id, io_uring_recvmsg_out* out, int result)
    {
        reply& r = replies_[id];
        r.part.iov_base = io_uring_recvmsg_payload(out, &layout_);
        r.part.iov_len = io_uring_recvmsg_payload_length(out, result, &layout_);
        r.message.msg_name = io_uring_recvmsg_name(out);
        r.message.msg_namelen = out->namelen;
        r.message.msg_iov = &r.part;
        r.message.msg_iovlen = 1;
        io_uring_prep_sendmsg(ring_.entry(&r), socket_, &r.message, MSG_NOSIGNAL);
    }

    // One that could not be sent is lost, as datagrams may be.
    void sent(reply* r)
    {
        buffers_.give_back(static_cast<unsigned>(r - replies_.data()));
    }

    server_ring& ring_;
    int socket_;
    bool is_receiving_ = false;
    provided_buffers buffers_;
    ::msghdr layout_{};          // of what is in front of a datagram in its buffer
    std::vector<reply> replies_; // by the number of the buffer
};

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server on liburing with multishot operations: one accepts all connections, and one
// per connection receives all its data, into buffers that the kernel chooses. What has
// come to a connection in a turn is sent together at its end, by one single-shot
// operation.

#include "server_multishot_buffers.hpp"
#include "server_multishot_connection.hpp"
#include "server_multishot_udp.hpp"

namespace
{

using namespace bench;

class stream_server
{
public:
    stream_server(const server_options& o, server_ring& ring, int socket)
        : options_(o)
        , ring_(ring)
        , socket_(socket)
        , buffers_(ring, o.buffer)
        , chunks_(buffers_.count())
    {
        for (unsigned id = 0; id != buffers_.count(); ++id)
            chunks_[id].data = buffers_.at(id);
    }

    void run()
    {
        accept();
        while (ring_.turn([this](void* data, int result, unsigned flags)
                          { completed(*static_cast<in_flight*>(data), result, flags); }))
            finish_turn();
    }

private:
    void completed(const in_flight& what, int result, unsigned flags)
    {
        switch (what.is)
        {
        case operation::accept:
            if (result >= 0)
                start(result);
            else
                check_accept(-result);
            if (!(flags & IORING_CQE_F_MORE))
                accept();
            break;
        case operation::receive:
            received(*what.of, result, flags);
            break;
        case operation::hang_up:
            hung_up(*what.of);
            break;
        case operation::cancel:
            cancelled(*what.of, result);
            break;
        case operation::send:
            sent(*what.of, result);
        }
    }

    void start(int descriptor)
    {
        set_up_connection(options_, descriptor);
        connection& c = connections_.add(descriptor);
        if (options_.protocol == "unix")
            watch(c);
        has_changed(c);
    }

    void received(connection& c, int result, unsigned flags)
    {
        chunk& where =
            flags & IORING_CQE_F_BUFFER ? chunks_[buffers_.taken(flags)] : c.own;
        if (result > 0 && !sink_ && !c.at_end)
            append(c, where, static_cast<std::size_t>(result));
        else
            release(c, where);
        if (flags & IORING_CQE_F_MORE)
            return;
        // It goes on later unless that was the end: the kernel may have had no buffer, or
        // no room for another completion.
        c.state = receiving::no;
        if (result <= 0 && result != -ENOBUFS && result != -ECANCELED)
            c.at_end = true;
        has_changed(c);
    }

    // Whatever is there still is received by single-shot operations.
    void hung_up(connection& c)
    {
        c.is_watched = false;
        c.has_hung_up = true;
        if (c.state == receiving::yes)
            cancel(c);
        has_changed(c);
    }

    // While the kernel is at it, it may not find the receive.
    void cancelled(connection& c, int result)
    {
        c.is_cancelling = false;
        if (result < 0 && c.state == receiving::ends)
            cancel(c);
        has_changed(c);
    }

    void append(connection& c, chunk& last, std::size_t size)
    {
        last.size = size;
        (c.first ? c.last->next : c.first) = &last;
        c.last = &last;
        last.next = nullptr;
        has_changed(c);
    }

    void sent(connection& c, int result)
    {
        c.is_sending = false;
        if (result < 0)
        {
            c.at_end = true;
            while (c.first)
                remove_first(c);
            ::shutdown(c.descriptor, SHUT_RDWR); // also ends the receive
        }
        else
            c.begin += static_cast<std::size_t>(result);
        while (c.first && c.begin >= c.first->size)
        {
            c.begin -= c.first->size;
            remove_first(c);
        }
        has_changed(c);
    }

    void remove_first(connection& c)
    {
        chunk& first = *c.first;
        c.first = first.next;
        release(c, first);
    }

    void release(connection& c, chunk& x)
    {
        if (&x != &c.own)
            buffers_.give_back(static_cast<unsigned>(&x - chunks_.data()));
    }

    void has_changed(connection& c)
    {
        if (!std::exchange(c.has_changed, true))
            changed_.push_back(&c);
    }

    void finish_turn()
    {
        for (connection* const c : changed_)
        {
            c->has_changed = false;
            advance(*c);
        }
        changed_.clear();
    }

    void advance(connection& c)
    {
        if (c.first && !c.is_sending)
            send(c);
        if (c.first || c.state != receiving::no)
            return;
        if (!c.at_end)
            receive(c);
        else if (!c.is_watched && !c.is_cancelling)
            close(c);
    }

    void accept()
    {
        io_uring_prep_multishot_accept(ring_.entry(&accept_), socket_, nullptr, nullptr,
                                       SOCK_CLOEXEC);
    }

    // With some kernels, a multishot receive on a Unix domain socket may never come to
    // the end: axboe/liburing, issue 1549.
    void watch(connection& c)
    {
        c.is_watched = true;
        io_uring_prep_poll_add(ring_.entry(&c.hang_up), c.descriptor, POLLRDHUP);
    }

    // Into a buffer of its own if there is no other, since those who have them may keep
    // them for as long as their peers do not receive.
    void receive(connection& c)
    {
        c.state = receiving::yes;
        io_uring_sqe* const sqe = ring_.entry(&c.receive);
        if (c.has_hung_up || buffers_.available() == 0)
        {
            if (!c.memory)
                c.memory = std::make_unique_for_overwrite<char[]>(options_.buffer);
            c.own.data = c.memory.get();
            io_uring_prep_recv(sqe, c.descriptor, c.own.data, options_.buffer, 0);
            return;
        }
        io_uring_prep_recv_multishot(sqe, c.descriptor, nullptr, 0, 0);
        sqe->flags |= IOSQE_BUFFER_SELECT;
        sqe->buf_group = provided_buffers::group;
    }

    void cancel(connection& c)
    {
        c.state = receiving::ends;
        c.is_cancelling = true;
        io_uring_prep_cancel(ring_.entry(&c.cancel), &c.receive, 0);
    }

    void send(connection& c)
    {
        c.is_sending = true;
        std::size_t n = 0;
        for (chunk* x = c.first; x && n != c.parts.size(); x = x->next)
            c.parts[n++] = {x->data, x->size};
        c.parts[0] = {c.first->data + c.begin, c.first->size - c.begin};
        c.message.msg_iov = c.parts.data();
        c.message.msg_iovlen = n;
        io_uring_sqe* const sqe = ring_.entry(&c.send);
        if (n == 1)
            io_uring_prep_send(sqe, c.descriptor, c.parts[0].iov_base, c.parts[0].iov_len,
                               MSG_NOSIGNAL);
        else
            io_uring_prep_sendmsg(sqe, c.descriptor, &c.message, MSG_NOSIGNAL);
    }

    void close(connection& c)
    {
        ring_.close(c.descriptor);
        connections_.remove(c.number);
    }

    const server_options& options_;
    server_ring& ring_;
    int socket_;
    bool const sink_ = options_.work == "sink";
    in_flight accept_{operation::accept, nullptr};
    provided_buffers buffers_;
    std::vector<chunk> chunks_; // by the number of the buffer
    slots<connection> connections_;
    std::vector<connection*> changed_;
};

} // namespace

int main(int argc, char** argv)
{
    server_options const o = start_server(
        argc, argv, {.modes = {"shared", "exclusive"}, .works = {"echo", "sink"}});
    server_ring ring(o);
    int const socket = server_socket(o, 0);
    auto const serve = [&](auto server)
    {
        print_port(o, socket);
        server.run();
    };
    if (o.protocol == "udp")
        serve(multishot_udp_echo(o, ring, socket));
    else
        serve(stream_server(o, ring, socket));
}

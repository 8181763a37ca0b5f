// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server on liburing, with single-shot operations. It is the measure of what a
// library on top of io_uring can reach.

#include "server_raw_ring.hpp"

#include <cstdint>
#include <netinet/in.h>

namespace
{

enum class step : std::uint8_t
{
    accept,
    receive,
    send,
};

// Does one thing at a time.
struct connection
{
    connection(std::size_t n, int fd, std::size_t size)
        : number(n)
        , descriptor(fd)
        , data(std::make_unique_for_overwrite<char[]>(size))
    {
    }

    std::size_t number;
    int descriptor;
    step doing = step::accept;
    std::unique_ptr<char[]> data;
    std::size_t begin = 0;
    std::size_t end = 0;
};

class stream_server
{
public:
    stream_server(const bench::server_options& o, bench::server_ring& ring, int socket)
        : options_(o)
        , ring_(ring)
        , listener_(0, socket, 0)
    {
    }

    void run()
    {
        accept();
        while (ring_.turn([this](void* data, int result, unsigned)
                          { completed(*static_cast<connection*>(data), result); }))
        {
        }
    }

private:
    void completed(connection& c, int result)
    {
        switch (c.doing)
        {
        case step::accept:
            if (result >= 0)
                start(result);
            else
                bench::check_accept(-result);
            accept();
            break;
        case step::receive:
            if (result <= 0)
                close(c);
            else if (sink_)
                receive(c);
            else
            {
                c.begin = 0;
                c.end = static_cast<std::size_t>(result);
                send(c);
            }
            break;
        case step::send:
            if (result < 0)
            {
                close(c);
                break;
            }
            c.begin += static_cast<std::size_t>(result);
            if (c.begin == c.end && source_)
                c.begin = 0;
            if (c.begin != c.end)
                send(c);
            else
                receive(c);
        }
    }

    void start(int descriptor)
    {
        bench::set_up_connection(options_, descriptor);
        connection& c = connections_.add(descriptor, options_.buffer);
        if (!source_)
            return receive(c);
        std::memset(c.data.get(), 'x', options_.buffer);
        c.end = options_.buffer;
        send(c);
    }

    void accept()
    {
        io_uring_prep_accept(ring_.entry(&listener_), listener_.descriptor, nullptr,
                             nullptr, SOCK_CLOEXEC);
    }

    void receive(connection& c)
    {
        c.doing = step::receive;
        io_uring_prep_recv(ring_.entry(&c), c.descriptor, c.data.get(), options_.buffer,
                           0);
    }

    void send(connection& c)
    {
        c.doing = step::send;
        io_uring_prep_send(ring_.entry(&c), c.descriptor, c.data.get() + c.begin,
                           c.end - c.begin, MSG_NOSIGNAL);
    }

    void close(connection& c)
    {
        ring_.close(c.descriptor);
        connections_.remove(c.number);
    }

    const bench::server_options& options_;
    bench::server_ring& ring_;
    bool const sink_ = options_.work == "sink";
    bool const source_ = options_.work == "source";
    connection listener_;
    bench::slots<connection> connections_;
};

class udp_echo
{
public:
    udp_echo(const bench::server_options& o, bench::server_ring& ring, int socket)
        : ring_(ring)
        , socket_(socket)
        , size_(o.buffer)
        , data_(std::make_unique_for_overwrite<char[]>(size_))
    {
        message_.msg_name = &peer_;
        message_.msg_iov = &buffer_;
        message_.msg_iovlen = 1;
        buffer_.iov_base = data_.get();
    }

    void run()
    {
        receive();
        while (ring_.turn([this](void*, int result, unsigned) { completed(result); }))
        {
        }
    }

private:
    // One that could not be sent is lost, as datagrams may be.
    void completed(int result)
    {
        if (is_sending_ || result < 0)
            receive();
        else
            send(static_cast<std::size_t>(result));
    }

    void receive()
    {
        is_sending_ = false;
        message_.msg_namelen = sizeof peer_;
        buffer_.iov_len = size_;
        io_uring_prep_recvmsg(ring_.entry(this), socket_, &message_, 0);
    }

    void send(std::size_t n)
    {
        is_sending_ = true;
        buffer_.iov_len = n;
        io_uring_prep_sendmsg(ring_.entry(this), socket_, &message_, MSG_NOSIGNAL);
    }

    bench::server_ring& ring_;
    int socket_;
    std::size_t size_;
    std::unique_ptr<char[]> data_;
    sockaddr_in peer_{};
    ::iovec buffer_{};
    ::msghdr message_{};
    bool is_sending_ = false;
};

} // namespace

int main(int argc, char** argv)
{
    bench::server_options const o =
        bench::start_server(argc, argv, {.modes = {"shared", "exclusive"}});
    bench::server_ring ring(o);
    int const socket = bench::server_socket(o, 0);
    bench::print_port(o, socket);
    if (o.protocol == "udp")
        udp_echo(o, ring, socket).run();
    else
        stream_server(o, ring, socket).run();
}

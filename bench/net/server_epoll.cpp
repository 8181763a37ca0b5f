// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The server as a bare loop on epoll(7), edge-triggered: tries first, and waits when that
// would block.

#include "server.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace
{

constexpr std::uint64_t socket_token = 0; // the one that listens, or has datagrams
constexpr std::uint64_t input_token = 1;
constexpr std::uint64_t first_connection = 2;

constexpr std::uint32_t to_receive = EPOLLIN | EPOLLRDHUP | EPOLLET;
constexpr std::uint32_t to_send = EPOLLOUT | EPOLLET;

// After so many operations it is for others to go on.
constexpr int most_operations = 64;

// A descriptor, and what the kernel has been asked to tell of it.
struct watched
{
    std::uint64_t token;
    int descriptor;
    std::uint32_t asked;
};

class poller
{
public:
    poller()
    {
        if (descriptor_ < 0)
            bench::fail("epoll_create1", errno);
        add({input_token, 0, EPOLLIN});
    }

    void add(const watched& w) { control(EPOLL_CTL_ADD, w); }

    // The operation would have blocked: an event tells when it would not.
    void wait(watched& w, std::uint32_t what)
    {
        if (std::exchange(w.asked, what) != what)
            control(EPOLL_CTL_MOD, w);
    }

    // It has not come to where it would block: if it is ready there is an event again.
    void yield(const watched& w) { control(EPOLL_CTL_MOD, w); }

    // Calls f(token, events) for each that is ready, until the end of the input.
    template <class F>
    void run(F f)
    {
        for (;;)
        {
            epoll_event ready[256];
            int const n = ::epoll_wait(descriptor_, ready, 256, -1);
            if (n < 0 && errno != EINTR)
                bench::fail("epoll_wait", errno);
            for (int i = 0; i < n; ++i)
            {
                if (ready[i].data.u64 == input_token)
                    return;
                f(ready[i].data.u64, ready[i].events);
            }
        }
    }

private:
    void control(int operation, const watched& w)
    {
        epoll_event e{};
        e.events = w.asked;
        e.data.u64 = w.token;
        if (::epoll_ctl(descriptor_, operation, w.descriptor, &e) != 0)
            bench::fail("epoll_ctl", errno);
    }

    int descriptor_ = ::epoll_create1(EPOLL_CLOEXEC);
};

struct connection : watched
{
    connection(std::size_t n, int fd, std::uint32_t what, std::size_t size)
        : watched{first_connection + n, fd, what}
        , number(n)
        , data(std::make_unique_for_overwrite<char[]>(size))
    {
    }
    ~connection() { ::close(descriptor); }

    std::size_t number;
    std::unique_ptr<char[]> data;
    std::size_t begin = 0; // of what is to be sent
    std::size_t end = 0;
};

class stream_server
{
public:
    stream_server(const bench::server_options& o, int socket)
        : options_(o)
        , listener_(socket)
    {
    }

    void run()
    {
        poller_.add({socket_token, listener_, EPOLLIN | EPOLLET});
        poller_.run(
            [this](std::uint64_t token, std::uint32_t events)
            {
                if (token == socket_token)
                    accept();
                else
                    advance(*connections_.find(token - first_connection), events);
            });
    }

private:
    void accept()
    {
        for (;;)
        {
            int const fd =
                ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd >= 0)
                start(fd);
            else if (errno == EAGAIN)
                return;
            else
                bench::check_accept(errno);
        }
    }

    void start(int fd)
    {
        bench::set_up_connection(options_, fd);
        connection& c =
            connections_.add(fd, source_ ? to_send : to_receive, options_.buffer);
        if (source_)
        {
            std::memset(c.data.get(), 'x', options_.buffer);
            c.end = options_.buffer;
        }
        poller_.add(c);
    }

    void advance(connection& c, std::uint32_t events)
    {
        // If less has come than there is room for there is no more, and an event when
        // more comes. But what this event has told of is not told of again.
        bool const is_ending = events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
        bool is_drained = false;
        for (int i = 0; i != most_operations; ++i)
        {
            bool const sends = c.begin != c.end;
            if (!sends && is_drained)
                return poller_.wait(c, to_receive);
            ::ssize_t const n = sends ? send(c) : receive(c);
            if (n < 0 && errno == EAGAIN)
                return poller_.wait(c, sends ? to_send : to_receive);
            if (n <= 0)
                return connections_.remove(c.number);
            if (sends)
                sent(c, static_cast<std::size_t>(n));
            else
            {
                received(c, static_cast<std::size_t>(n));
                is_drained = static_cast<std::size_t>(n) < options_.buffer && !is_ending;
            }
        }
        poller_.yield(c);
    }

    ::ssize_t receive(connection& c)
    {
        return ::recv(c.descriptor, c.data.get(), options_.buffer, 0);
    }

    ::ssize_t send(connection& c)
    {
        return ::send(c.descriptor, c.data.get() + c.begin, c.end - c.begin,
                      MSG_NOSIGNAL);
    }

    void received(connection& c, std::size_t n)
    {
        c.begin = 0;
        c.end = sink_ ? 0 : n;
    }

    void sent(connection& c, std::size_t n)
    {
        c.begin += n;
        if (source_ && c.begin == c.end)
            c.begin = 0;
    }

    const bench::server_options& options_;
    bool const sink_ = options_.work == "sink";
    bool const source_ = options_.work == "source";
    int listener_;
    poller poller_;
    bench::slots<connection> connections_;
};

class udp_echo
{
public:
    udp_echo(const bench::server_options& o, int socket)
        : socket_{socket_token, socket, to_receive}
        , size_(o.buffer)
        , data_(std::make_unique_for_overwrite<char[]>(size_))
    {
    }

    void run()
    {
        poller_.add(socket_);
        poller_.run([this](std::uint64_t, std::uint32_t) { advance(); });
    }

private:
    void advance()
    {
        for (int i = 0; i != most_operations; ++i)
        {
            ::ssize_t const n = is_there_ ? send() : receive();
            if (n < 0 && errno == EAGAIN)
                return poller_.wait(socket_, is_there_ ? to_send : to_receive);
            // One that could not be sent is lost, as datagrams may be.
            is_there_ = !is_there_ && n >= 0;
            received_ = is_there_ ? static_cast<std::size_t>(n) : 0;
        }
        poller_.yield(socket_);
    }

    ::ssize_t receive()
    {
        socklen_t length = sizeof peer_;
        return ::recvfrom(socket_.descriptor, data_.get(), size_, 0,
                          reinterpret_cast<::sockaddr*>(&peer_), &length);
    }

    ::ssize_t send()
    {
        return ::sendto(socket_.descriptor, data_.get(), received_, MSG_NOSIGNAL,
                        reinterpret_cast<const ::sockaddr*>(&peer_), sizeof peer_);
    }

    watched socket_;
    std::size_t size_;
    std::unique_ptr<char[]> data_;
    std::size_t received_ = 0;
    bool is_there_ = false; // a datagram that is to be sent back
    sockaddr_in peer_{};
    poller poller_;
};

} // namespace

int main(int argc, char** argv)
{
    bench::server_options const o = bench::start_server(argc, argv, {});
    int const socket = bench::server_socket(o, SOCK_NONBLOCK);
    bench::print_port(o, socket);
    if (o.protocol == "udp")
        udp_echo(o, socket).run();
    else
        stream_server(o, socket).run();
}

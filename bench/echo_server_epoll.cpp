// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server as a bare loop on epoll(7), edge-triggered: what echo_server_reactor.cpp
// and echo_server_mio.rs are compared with, and written like. Prints its port, and at the
// end of its standard input the number of its waits.

#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace
{

constexpr std::uint64_t listener_token = 0;
constexpr std::uint64_t input_token = 1;
constexpr std::uint64_t first_connection = 2;

struct connection
{
    explicit connection(int s) : stream(s) {}
    ~connection() { ::close(stream); }

    // Echoes until that would block: before that, no further event is promised. Returns
    // whether the connection goes on.
    bool advance()
    {
        for (;;)
        {
            while (begin != end)
            {
                ::ssize_t const n =
                    ::send(stream, data + begin, end - begin, MSG_NOSIGNAL);
                if (n < 0)
                    return errno == EAGAIN;
                begin += static_cast<std::size_t>(n);
            }
            ::ssize_t const n = ::recv(stream, data, sizeof data, 0);
            if (n < 0)
                return errno == EAGAIN;
            if (n == 0)
                return false;
            begin = 0;
            end = static_cast<std::size_t>(n);
        }
    }

    int stream;
    std::size_t begin = 0;
    std::size_t end = 0;
    char data[4096];
};

int epoll;
int listener;
std::vector<std::unique_ptr<connection>> connections; // by token

bool add(int fd, std::uint32_t what, std::uint64_t token)
{
    epoll_event e{};
    e.events = what | EPOLLET;
    e.data.u64 = token;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

void accept()
{
    for (;;)
    {
        int const fd =
            ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        int const on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections.push_back(std::make_unique<connection>(fd));
        add(fd, EPOLLIN | EPOLLRDHUP | EPOLLOUT,
            first_connection + connections.size() - 1);
    }
}

} // namespace

int main()
{
    epoll = ::epoll_create1(EPOLL_CLOEXEC);
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listener, 4096) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
        !add(listener, EPOLLIN, listener_token) || !add(0, EPOLLIN, input_token))
    {
        std::perror("echo_server_epoll");
        return 1;
    }
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);

    epoll_event events[256];
    for (std::uint64_t waits = 1;; ++waits)
    {
        int const n = ::epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < n; ++i)
        {
            std::uint64_t const token = events[i].data.u64;
            if (token == input_token)
            {
                std::printf("%llu\n", static_cast<unsigned long long>(waits));
                return 0;
            }
            if (token == listener_token)
                accept();
            else if (auto& c = connections[token - first_connection]; c && !c->advance())
                c.reset();
        }
    }
}

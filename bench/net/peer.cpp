// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "peer.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace bench
{

void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

descriptor::~descriptor()
{
    if (number_ >= 0)
        ::close(number_);
}

descriptor connect_to(const server_process& server, const load_options& options,
                      bool wait)
{
    ::sockaddr_un local{};
    local.sun_family = AF_UNIX;
    ::sockaddr_in internet{};
    internet.sin_family = AF_INET;
    internet.sin_port = htons(static_cast<std::uint16_t>(server.port()));
    internet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* address = reinterpret_cast<const ::sockaddr*>(&internet);
    ::socklen_t length = sizeof internet;
    if (options.over == protocol::unix_stream)
    {
        if (options.path.size() >= sizeof local.sun_path)
            throw std::invalid_argument("the path of the socket is too long");
        std::strcpy(local.sun_path, options.path.c_str());
        address = reinterpret_cast<const ::sockaddr*>(&local);
        length = sizeof local;
    }

    // Unix domain sockets cannot be connected later: connect(2) waits for a place, or
    // fails.
    int const later = wait || options.over == protocol::unix_stream ? 0 : SOCK_NONBLOCK;
    descriptor fd(::socket(address->sa_family,
                           (options.over == protocol::udp ? SOCK_DGRAM : SOCK_STREAM) |
                               SOCK_CLOEXEC | later,
                           0));
    if (fd.get() < 0)
        fail("socket");
    if (::connect(fd.get(), address, length) != 0 && errno != EINPROGRESS)
        fail("connect");
    if (!later && ::fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0)
        fail("fcntl");
    int const on = 1;
    if (options.over == protocol::tcp &&
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("TCP_NODELAY");
    return fd;
}

content::content(std::size_t most) : most_(most)
{
    std::minstd_rand random(1);
    for (std::size_t i = 0; i != period; ++i)
        bytes_ += static_cast<char>(random() >> 8);
    while (bytes_.size() < most + period)
        bytes_.append(bytes_, 0, period);
}

void content::check(const char* bytes, std::size_t n, std::uint64_t place) const
{
    if (std::memcmp(bytes, at(place), n) != 0)
        throw std::runtime_error("what came back is not what was sent");
}

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), events_(512)
{
    if (epoll_.get() < 0)
        fail("epoll_create1");
}

void poller::add(int descriptor, std::uint32_t index)
{
    ::epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u32 = index;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0)
        fail("epoll_ctl");
}

} // namespace bench

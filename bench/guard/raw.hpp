// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the core loops on liburing alone have in common. An operation's data is a step:
// what comes next.
#pragma once

#include "../file/raw_ring.hpp"
#include "program.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace bench
{

// What a system call has returned.
inline int checked(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

// What an operation has come to.
inline int completed(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(-result, std::generic_category(), what);
    return result;
}

inline work raw_work(const request& r)
{
    work w;
    w.mode = r.mode;
    return w;
}

// An address on loopback, of the descriptor or of any port.
class loopback
{
public:
    loopback()
    {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }

    explicit loopback(int fd)
    {
        ::socklen_t size = sizeof address_;
        checked(::getsockname(fd, get(), &size), "getsockname");
    }

    ::sockaddr* get() { return reinterpret_cast<::sockaddr*>(&address_); }
    static constexpr ::socklen_t size() { return sizeof(::sockaddr_in); }

private:
    ::sockaddr_in address_{};
};

class descriptor
{
public:
    descriptor() = default;
    explicit descriptor(int fd) : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }

    ~descriptor() { close(); }

    void close()
    {
        if (fd_ >= 0)
            ::close(std::exchange(fd_, -1));
    }

    int get() const { return fd_; }

private:
    int fd_ = -1;
};

// A socket that is bound to loopback.
inline descriptor bound_socket(int type)
{
    descriptor d(checked(::socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket"));
    loopback any;
    checked(::bind(d.get(), any.get(), any.size()), "bind");
    if (type == SOCK_STREAM)
        checked(::listen(d.get(), SOMAXCONN), "listen");
    return d;
}

findings raw_tcp_echo(const request& r);
findings raw_udp_echo(const request& r);
findings raw_connection(const request& r);
findings raw_cached_read(const request& r);

} // namespace bench

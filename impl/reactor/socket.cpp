// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/reactor/socket.hpp>

#include "descriptor_flags.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

namespace urio::reactor::detail
{
namespace
{

/// What accept, socket and socketpair cannot set from the start on this system.
void finish(descriptor& d, error_code& ec)
{
#if defined(__APPLE__)
    int const on = 1;
    ec = set_flags(d.native_handle());
    if (!ec)
        ec = last_error(::setsockopt(d.native_handle(), SOL_SOCKET, SO_NOSIGPIPE, &on,
                                     sizeof on) < 0);
    if (ec)
        d = descriptor();
#else
    static_cast<void>(d);
    static_cast<void>(ec);
#endif
}

#if defined(__APPLE__)
constexpr int type_flags = 0;
#else
constexpr int type_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
#endif

int family_of(const void* address) noexcept
{
    return static_cast<const sockaddr*>(address)->sa_family;
}

} // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept
{
    descriptor old(std::exchange(fd_, other.release()));
    return *this;
}

descriptor::~descriptor()
{
    if (fd_ >= 0)
        ::close(fd_);
}

error_code socket::take_error(error_code& ec)
{
    error_code taken;
    auto const f = [&taken](descriptor& d, error_code& e)
    {
        int value = 0;
        socklen_t size = sizeof value;
        e = last_error(
            ::getsockopt(d.native_handle(), SOL_SOCKET, SO_ERROR, &value, &size) < 0);
        if (!e && value)
            taken = e = error_of(value); // so that the reactor hears of it
    };
    io_.do_io(f, ec);
    if (taken)
        ec = error_code();
    return taken;
}

error_code socket::take_error()
{
    return checked("take_error", [this](error_code& ec) { return take_error(ec); });
}

descriptor socket::do_accept(name_buffer& peer, error_code& ec)
{
    auto const f = [&peer](descriptor& d, error_code& e)
    {
        auto* const name = reinterpret_cast<sockaddr*>(peer.data);
        socklen_t size = sizeof peer.data;
#if defined(__APPLE__)
        descriptor accepted(::accept(d.native_handle(), name, &size));
#else
        descriptor accepted(::accept4(d.native_handle(), name, &size, type_flags));
#endif
        e = last_error(accepted.native_handle() < 0);
        peer.size = e ? 0 : size;
        if (!e)
            finish(accepted, e);
        return accepted;
    };
    return io_.do_io(interest::readable, f, ec);
}

name_buffer socket::local_name(error_code& ec) const
{
    name_buffer name;
    socklen_t size = sizeof name.data;
    ec = last_error(::getsockname(native_handle(), reinterpret_cast<sockaddr*>(name.data),
                                  &size) < 0);
    name.size = ec ? 0 : size;
    return name;
}

name_buffer socket::peer_name(error_code& ec) const
{
    name_buffer name;
    socklen_t size = sizeof name.data;
    ec = last_error(::getpeername(native_handle(), reinterpret_cast<sockaddr*>(name.data),
                                  &size) < 0);
    name.size = ec ? 0 : size;
    return name;
}

void socket::do_connect(const void* to, std::size_t to_size, error_code& ec)
{
    ec = last_error(::connect(native_handle(), static_cast<const sockaddr*>(to),
                              static_cast<socklen_t>(to_size)) < 0);
}

void socket::do_shutdown(shutdown_type how, error_code& ec)
{
    int const value = how == shutdown_type::read    ? SHUT_RD
                      : how == shutdown_type::write ? SHUT_WR
                                                    : SHUT_RDWR;
    ec = last_error(::shutdown(native_handle(), value) < 0);
}

int socket::get_option(int level, int name, error_code& ec) const
{
    int value = 0;
    socklen_t size = sizeof value;
    ec = last_error(::getsockopt(native_handle(), level, name, &value, &size) < 0);
    if (!ec && size == 1) // a byte, as the BSDs have for multicast options
    {
        unsigned char byte;
        std::memcpy(&byte, &value, 1);
        value = byte;
    }
    return value;
}

void socket::set_option(int level, int name, const void* value, std::size_t size,
                        error_code& ec)
{
    ec = last_error(::setsockopt(native_handle(), level, name, value,
                                 static_cast<socklen_t>(size)) < 0);
}

void socket::set_option(int level, int name, int value, error_code& ec)
{
    set_option(level, name, &value, sizeof value, ec);
}

descriptor socket::open(int family, int type, error_code& ec)
{
    descriptor d(::socket(family, type | type_flags, 0));
    ec = last_error(d.native_handle() < 0);
    if (!ec)
        finish(d, ec);
    return d;
}

std::pair<descriptor, descriptor> socket::open_pair(int type, error_code& ec)
{
    int ends[2] = {-1, -1};
    ec = last_error(::socketpair(AF_UNIX, type | type_flags, 0, ends) < 0);
    std::pair<descriptor, descriptor> p{descriptor(ends[0]), descriptor(ends[1])};
    if (!ec)
        finish(p.first, ec);
    if (!ec)
        finish(p.second, ec);
    return p;
}

descriptor socket::bound(int type, const void* to, std::size_t size, error_code& ec)
{
    descriptor d = open(family_of(to), type, ec);
    if (!ec)
        ec = last_error(::bind(d.native_handle(), static_cast<const sockaddr*>(to),
                               static_cast<socklen_t>(size)) < 0);
    return ec ? descriptor() : std::move(d);
}

descriptor socket::listening(const void* to, std::size_t size, bool reuse, int backlog,
                             error_code& ec)
{
    descriptor d = open(family_of(to), SOCK_STREAM, ec);
    int const on = 1;
    if (!ec && reuse)
        ec = last_error(::setsockopt(d.native_handle(), SOL_SOCKET, SO_REUSEADDR, &on,
                                     sizeof on) < 0);
    if (!ec)
        ec = last_error(::bind(d.native_handle(), static_cast<const sockaddr*>(to),
                               static_cast<socklen_t>(size)) < 0 ||
                        ::listen(d.native_handle(), backlog) < 0);
    return ec ? descriptor() : std::move(d);
}

descriptor socket::connecting(int type, const void* to, std::size_t size, error_code& ec)
{
    descriptor d = open(family_of(to), type, ec);
    if (!ec && ::connect(d.native_handle(), static_cast<const sockaddr*>(to),
                         static_cast<socklen_t>(size)) < 0)
        ec = errno == EINPROGRESS ? error_code() : error_of(errno);
    return ec ? descriptor() : std::move(d);
}

} // namespace urio::reactor::detail

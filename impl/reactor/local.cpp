// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Unix domain sockets, and pipes.

#include "descriptor_flags.hpp"

#include <urio/reactor/pipe.hpp>
#include <urio/reactor/unix_datagram.hpp>
#include <urio/reactor/unix_listener.hpp>

#include <sys/socket.h>

namespace urio::reactor
{
namespace
{

unix_address unix_address_of(const detail::name_buffer& name)
{
    return unix_address::from_native(name.data, name.size);
}

void set_nonblock(int fd, bool on, error_code& ec)
{
    int const flags = ::fcntl(fd, F_GETFL);
    ec = detail::last_error(
        flags < 0 ||
        ::fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) < 0);
}

} // namespace

unix_stream unix_stream::connect(const unix_address& to, error_code& ec)
{
    return unix_stream(connecting(SOCK_STREAM, to.data(), to.size(), ec));
}

std::pair<unix_stream, unix_stream> unix_stream::pair(error_code& ec)
{
    auto p = open_pair(SOCK_STREAM, ec);
    return {unix_stream(std::move(p.first)), unix_stream(std::move(p.second))};
}

unix_address unix_stream::local_address(error_code& ec) const
{
    return unix_address_of(local_name(ec));
}

unix_address unix_stream::peer_address(error_code& ec) const
{
    return unix_address_of(peer_name(ec));
}

unix_listener unix_listener::bind(const unix_address& to, error_code& ec)
{
    return unix_listener(listening(to.data(), to.size(), false, SOMAXCONN, ec));
}

std::pair<unix_stream, unix_address> unix_listener::accept(error_code& ec)
{
    detail::name_buffer peer;
    unix_stream accepted(do_accept(peer, ec));
    return {std::move(accepted), unix_address_of(peer)};
}

unix_address unix_listener::local_address(error_code& ec) const
{
    return unix_address_of(local_name(ec));
}

unix_datagram unix_datagram::bind(const unix_address& to, error_code& ec)
{
    return unix_datagram(bound(SOCK_DGRAM, to.data(), to.size(), ec));
}

unix_datagram unix_datagram::unbound(error_code& ec)
{
    return unix_datagram(open(AF_UNIX, SOCK_DGRAM, ec));
}

std::pair<unix_datagram, unix_datagram> unix_datagram::pair(error_code& ec)
{
    auto p = open_pair(SOCK_DGRAM, ec);
    return {unix_datagram(std::move(p.first)), unix_datagram(std::move(p.second))};
}

void unix_datagram::connect(const unix_address& to, error_code& ec)
{
    do_connect(to.data(), to.size(), ec);
}

std::size_t unix_datagram::send(const_buffer from, error_code& ec)
{
    return socket::send({&from, 1}, nullptr, 0, ec);
}

std::size_t unix_datagram::send_to(const_buffer from, const unix_address& to,
                                   error_code& ec)
{
    return socket::send({&from, 1}, to.data(), to.size(), ec);
}

std::size_t unix_datagram::recv(mutable_buffer to, error_code& ec)
{
    return receive({&to, 1}, none, nullptr, ec);
}

std::pair<std::size_t, unix_address> unix_datagram::recv_from(mutable_buffer to,
                                                              error_code& ec)
{
    detail::name_buffer from;
    auto const n = receive({&to, 1}, none, &from, ec);
    return {n, unix_address_of(from)};
}

void unix_datagram::shutdown(shutdown_type how, error_code& ec)
{
    do_shutdown(how, ec);
}

unix_address unix_datagram::local_address(error_code& ec) const
{
    return unix_address_of(local_name(ec));
}

unix_address unix_datagram::peer_address(error_code& ec) const
{
    return unix_address_of(peer_name(ec));
}

std::size_t pipe::sender::write(const_buffer from, error_code& ec)
{
    return do_write({&from, 1}, ec);
}

std::size_t pipe::sender::write_vectored(std::span<const const_buffer> from,
                                         error_code& ec)
{
    return do_write(from, ec);
}

void pipe::sender::set_nonblocking(bool on, error_code& ec)
{
    set_nonblock(native_handle(), on, ec);
}

std::size_t pipe::receiver::read(mutable_buffer to, error_code& ec)
{
    return do_read({&to, 1}, ec);
}

std::size_t pipe::receiver::read_vectored(std::span<const mutable_buffer> to,
                                          error_code& ec)
{
    return do_read(to, ec);
}

void pipe::receiver::set_nonblocking(bool on, error_code& ec)
{
    set_nonblock(native_handle(), on, ec);
}

std::pair<pipe::sender, pipe::receiver> pipe::make(error_code& ec)
{
    int ends[2] = {-1, -1};
    ec = detail::make_pipe(ends);
    return {sender::from_native(ends[1]), receiver::from_native(ends[0])};
}

std::pair<pipe::sender, pipe::receiver> pipe::make()
{
    return detail::checked("pipe", [](error_code& ec) { return make(ec); });
}

} // namespace urio::reactor

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How data get into sockets and pipes, and out of them. One buffer takes the calls for
// one: what those for several cost more shows, with short messages.

#include <urio/detail/reactor/socket.hpp>

#include "descriptor_flags.hpp"

#include <algorithm>
#include <cerrno>

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace urio::reactor::detail
{
namespace
{

/// Buffers as the system takes them. It takes so many at a time at least (IOV_MAX), and
/// the caller goes on after a short transfer anyway.
class io_vector
{
public:
    template <class Buffers>
    explicit io_vector(const Buffers& buffers)
        : size_(std::min(buffers.size(), std::size(vector_)))
    {
        for (std::size_t i = 0; i != size_; ++i)
            vector_[i] = {const_cast<void*>(static_cast<const void*>(buffers[i].data)),
                          buffers[i].size};
    }

    iovec* data() noexcept { return vector_; }
    std::size_t size() const noexcept { return size_; }

private:
    iovec vector_[16];
    std::size_t size_;
};

/// Calls, and gives the result or the error.
template <class F>
std::size_t result_of(error_code& ec, F f)
{
    auto const n = f();
    ec = last_error(n < 0);
    return n < 0 ? 0 : static_cast<std::size_t>(n);
}

/// While a write may raise SIGPIPE: only sockets have a flag against that. The signal
/// goes to the thread that writes, so it is blocked there, and taken back.
class without_sigpipe
{
public:
    without_sigpipe() noexcept
    {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
        // Where it was not blocked, none was pending.
        sigset_t pending;
        was_pending_ = sigismember(&before_, SIGPIPE) == 1 && sigpending(&pending) == 0 &&
                       sigismember(&pending, SIGPIPE) == 1;
    }

    /// To be called after a write that may have raised it. Keeps errno.
    void take_back() const noexcept
    {
        int const e = errno;
        sigset_t pending;
        sigpending(&pending);
        int which;
        if (!was_pending_ && sigismember(&pending, SIGPIPE) == 1)
            sigwait(&pipe_, &which);
        errno = e;
    }

    ~without_sigpipe()
    {
        int const e = errno;
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        errno = e;
    }

private:
    sigset_t pipe_;
    sigset_t before_;
    bool was_pending_;
};

#if defined(MSG_NOSIGNAL)
constexpr int no_signal = MSG_NOSIGNAL;
#else
constexpr int no_signal = 0; // SO_NOSIGPIPE is set instead
#endif

ssize_t read_from(int fd, std::span<const mutable_buffer> to) noexcept
{
    if (to.size() == 1)
        return ::read(fd, to[0].data, to[0].size);
    io_vector v(to);
    return ::readv(fd, v.data(), static_cast<int>(v.size()));
}

ssize_t write_to(int fd, std::span<const const_buffer> from) noexcept
{
    without_sigpipe const guard;
    if (from.size() == 1)
    {
        ssize_t const n = ::write(fd, from[0].data, from[0].size);
        // A short one may have raised it, too, if the descriptor blocks.
        if (n < 0 || static_cast<std::size_t>(n) != from[0].size)
            guard.take_back();
        return n;
    }
    io_vector v(from);
    ssize_t const n = ::writev(fd, v.data(), static_cast<int>(v.size()));
    guard.take_back();
    return n;
}

/// A message of several buffers.
msghdr message_of(io_vector& v) noexcept
{
    msghdr m{};
    m.msg_iov = v.data();
    m.msg_iovlen = static_cast<decltype(m.msg_iovlen)>(v.size());
    return m;
}

// Whoever gives an address has one buffer.

ssize_t receive_from(int fd, std::span<const mutable_buffer> to, int flags,
                     name_buffer* from) noexcept
{
    if (to.size() != 1)
    {
        io_vector v(to);
        msghdr m = message_of(v);
        return ::recvmsg(fd, &m, flags);
    }
    if (!from)
        return ::recv(fd, to[0].data, to[0].size, flags);
    socklen_t size = sizeof from->data;
    ssize_t const n = ::recvfrom(fd, to[0].data, to[0].size, flags,
                                 reinterpret_cast<sockaddr*>(from->data), &size);
    from->size = size;
    return n;
}

ssize_t send_to(int fd, std::span<const const_buffer> from, const void* to,
                std::size_t to_size) noexcept
{
    if (from.size() == 1)
        return ::sendto(fd, from[0].data, from[0].size, no_signal,
                        static_cast<const sockaddr*>(to),
                        static_cast<socklen_t>(to_size));
    io_vector v(from);
    msghdr const m = message_of(v);
    return ::sendmsg(fd, &m, no_signal);
}

} // namespace

std::size_t io_object::do_read(std::span<const mutable_buffer> to, error_code& ec)
{
    auto const f = [to](descriptor& d, error_code& e)
    { return result_of(e, [&] { return read_from(d.native_handle(), to); }); };
    return io_.do_io(interest::readable, f, ec);
}

std::size_t io_object::do_write(std::span<const const_buffer> from, error_code& ec)
{
    auto const f = [from](descriptor& d, error_code& e)
    { return result_of(e, [&] { return write_to(d.native_handle(), from); }); };
    return io_.do_io(interest::writable, f, ec);
}

std::size_t socket::receive(std::span<const mutable_buffer> to, flags how,
                            name_buffer* from, error_code& ec)
{
    auto const f = [&](descriptor& d, error_code& e)
    {
        int const flags = how == peeks ? MSG_PEEK : 0;
        return result_of(e, [&]
                         { return receive_from(d.native_handle(), to, flags, from); });
    };
    return io_.do_io(interest::readable | interest::priority, f, ec);
}

std::size_t socket::send(std::span<const const_buffer> from, const void* to,
                         std::size_t to_size, error_code& ec)
{
    auto const f = [&](descriptor& d, error_code& e)
    {
        return result_of(e,
                         [&] { return send_to(d.native_handle(), from, to, to_size); });
    };
    return io_.do_io(interest::writable, f, ec);
}

} // namespace urio::reactor::detail

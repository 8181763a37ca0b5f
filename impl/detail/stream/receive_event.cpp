// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/stream/receive_event.hpp>

#include <urio/detail/op/event_op.hpp>

#include "../system/liburing.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

namespace
{

bool is_local(int socket) noexcept
{
    int family = AF_UNIX;
    ::socklen_t size = sizeof(family);
    ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &size);
    return family == AF_UNIX;
}

} // namespace

receive_event::receive_event(int descriptor, std::shared_ptr<void> keep, bool multishot,
                             std::shared_ptr<pool_state> pool) noexcept
    : descriptor_(descriptor)
    , keep_(std::move(keep))
    , pool_(std::move(pool))
    , multishot_(multishot && !is_local(descriptor))
{
}

// The socket is polled first: an entry that tries at once takes a buffer to do so, and
// with none left fails though there is nothing to receive.
void receive_event::prepare(io_uring_sqe& entry) noexcept
{
    if (multishot_)
        ::io_uring_prep_recv_multishot(&entry, descriptor_, nullptr, 0, 0);
    else
        ::io_uring_prep_recv(&entry, descriptor_, nullptr, pool_->size(), 0);
    if (poll_first_)
        entry.ioprio |= IORING_RECVSEND_POLL_FIRST;
    entry.flags |= IOSQE_BUFFER_SELECT;
    entry.buf_group = static_cast<std::uint16_t>(pool_->group());
}

int receive_event::perform() noexcept
{
    // No buffer is taken in vain: others would find none meanwhile. Nobody else receives.
    char c;
    if (::ssize_t const n = ::recv(descriptor_, &c, 1, MSG_PEEK | MSG_DONTWAIT); n <= 0)
        return n < 0 ? -errno : 0;
    int const buffer = pool_->take();
    if (buffer < 0)
        return -ENOBUFS;
    ::ssize_t const n = ::recv(descriptor_, pool_->memory(static_cast<unsigned>(buffer)),
                               pool_->size(), MSG_DONTWAIT);
    if (n > 0)
    {
        filled_ = buffer;
        return static_cast<int>(n);
    }
    int const result = n < 0 ? -errno : 0;
    pool_->put_back(static_cast<unsigned>(buffer));
    return result;
}

int receive_event::arrived(int result, std::uint32_t& flags, bool more) noexcept
{
    if (filled_ >= 0)
        flags |=
            IORING_CQE_F_BUFFER | (static_cast<std::uint32_t>(std::exchange(filled_, -1))
                                   << IORING_CQE_BUFFER_SHIFT);
    else if (flags & IORING_CQE_F_BUFFER)
    {
        pool_->chosen(flags >> IORING_CQE_BUFFER_SHIFT);
        if (result <= 0)
            drop(flags);
    }
    return result == 0 && !more ? result_end_of_stream : result;
}

// Linux before 6.0 has no multishot; a socket in non-blocking mode is not waited for, and
// with a poll first it would never be read.
bool receive_event::again(int error) noexcept
{
    if (error == -EINVAL)
        return std::exchange(multishot_, false);
    if (error == -EAGAIN)
        poll_first_ = false;
    return false;
}

void receive_event::drop(std::uint32_t flags) noexcept
{
    pool_->put_back(flags >> IORING_CQE_BUFFER_SHIFT);
}

lease receive_event::result(int res, unsigned flags) noexcept
{
    if (!(flags & IORING_CQE_F_BUFFER))
        return {};
    return {pool_, flags >> IORING_CQE_BUFFER_SHIFT, static_cast<std::size_t>(res)};
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations are carried out without io_uring, by plain system calls.

#include <urio/detail/op/connection.hpp>
#include <urio/detail/op/file_transfer.hpp>
#include <urio/detail/op/message.hpp>
#include <urio/detail/system/readiness.hpp>

#include "../system/system.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// The events that there are now, 0 for none, or a negative error.
int poll_now(int descriptor, short events) noexcept
{
    // A bit that only wakes, see urgent_events.
    ::pollfd p{descriptor, static_cast<short>(events & ~POLLRDBAND), 0};
    int const n = ::poll(&p, 1, 0);
    if (n < 0)
        return -errno;
    return p.revents & POLLNVAL ? -EBADF : p.revents;
}

// Transfers at an offset, or at the kernel's own position.
template <class At, class Here>
int transfer_at(std::uint64_t offset, const transfer& m, At at, Here here) noexcept
{
    int const count = static_cast<int>(m.count);
    if (offset != ~std::uint64_t{0})
    {
        int const result = or_error(at(m.vector, count, static_cast<::off_t>(offset)));
        // What has no position takes none, as with io_uring.
        if (result != -ESPIPE)
            return result;
    }
    return or_error(here(m.vector, count));
}

} // namespace

int receive_base::look_for_urgent_data() const noexcept
{
    // Without it, receiving would be an error.
    int const events = poll_now(descriptor(), wake_events_);
    return events == 0 ? -EAGAIN : events;
}

int receive_op_base::perform(io_operation& base)
{
    auto& op = static_cast<receive_op_base&>(base);
    if (op.out_of_band())
        if (int const found = op.look_for_urgent_data(); found < 0)
            return found;
    int const fd = op.descriptor();
    int const flags = (op.flags_ & ~MSG_WAITALL) | MSG_DONTWAIT;
    transfer const m = op.buffers_at(op.first_);
    if (m.single())
        return or_error(::recv(fd, m.data(), m.length(), flags));
    ::msghdr header = message_of(m);
    return or_error(::recvmsg(fd, &header, flags));
}

int receive_message_op_base::perform(io_operation& base)
{
    auto& op = static_cast<receive_message_op_base&>(base);
    if (op.out_of_band())
        if (int const found = op.look_for_urgent_data(); found < 0)
            return found;
    return or_error(::recvmsg(op.descriptor(), &op.header_,
                              (op.flags_ & ~MSG_WAITALL) | MSG_DONTWAIT));
}

int send_op_base::perform(io_operation& base)
{
    return static_cast<send_op_base&>(base).perform_to(nullptr, 0);
}

int send_op_base::perform_to(const void* address, std::size_t length) noexcept
{
    int const fd = descriptor();
    int const flags = flags_ | MSG_NOSIGNAL | MSG_DONTWAIT;
    transfer const m = buffers_at(first_);
    if (m.single() && !address)
        return or_error(::send(fd, m.data(), m.length(), flags));
    ::msghdr header = message_of(m);
    header.msg_name = const_cast<void*>(address);
    header.msg_namelen = static_cast<::socklen_t>(length);
    int const result = or_error(::sendmsg(fd, &header, flags));
    // The queue of a datagram socket that this one is not connected to is full: poll(2)
    // does not look at it.
    if (result == -EAGAIN && address &&
        static_cast<const ::sockaddr*>(address)->sa_family == AF_UNIX)
        set_retried(poll_now(fd, POLLOUT) > 0);
    return result;
}

int accept_op_base::perform(io_operation& base)
{
    auto& op = static_cast<accept_op_base&>(base);
    op.length_ = op.capacity_;
    return or_error(
        ::accept(op.descriptor(), op.address_, op.address_ ? &op.length_ : nullptr));
}

int connect_op_base::perform(io_operation& base)
{
    auto& op = static_cast<connect_op_base&>(base);
    // It goes on in the background, and says how it has ended when it is called again;
    // unlike SO_ERROR, that leaves a socket which may be used for another attempt.
    int const result = or_error(::connect(op.descriptor(), op.address_, op.length_));
    if (result == -EAGAIN && op.address_->sa_family == AF_UNIX)
    {
        // The acceptor's queue is full, and poll(2) does not know of it.
        op.set_retried(true);
        return -EINPROGRESS;
    }
    return result == -EISCONN && op.attempts() > 1 ? 0 : result;
}

int wait_op::perform(io_operation& base)
{
    int const events = poll_now(base.descriptor(), base.wake_events_);
    return events == 0 ? -EAGAIN : events;
}

// The descriptor may be another process's, too, which may have put it back into blocking
// mode. Whether there is room for all that is to be written, poll(2) would not tell.
bool file_transfer_op::would_wait() const noexcept
{
    if (wake_events_ == 0)
        return false;
    int const flags = ::fcntl(descriptor(), F_GETFL);
    if (flags < 0 || flags & O_NONBLOCK ||
        ::fcntl(descriptor(), F_SETFL, flags | O_NONBLOCK) == 0)
        return false;
    return poll_now(descriptor(), wake_events_) == 0;
}

int file_read_op_base::perform(io_operation& base)
{
    auto& op = static_cast<file_read_op_base&>(base);
    if (op.would_wait())
        return -EAGAIN;
    int const fd = op.descriptor();
    return transfer_at(
        op.offset_, op.buffers_at(op.first_),
        [fd](auto* v, int n, ::off_t o) { return ::preadv(fd, v, n, o); },
        [fd](auto* v, int n) { return ::readv(fd, v, n); });
}

// Only what is complete, or ends where the file does: a thread gets the rest with one
// call, too.
int file_read_op_base::perform_cached(io_operation& base)
{
    auto& op = static_cast<file_read_op_base&>(base);
    if (op.direct_ || op.offset_ == ~std::uint64_t{0})
        return -EAGAIN; // it waits for the disk; or others move the position meanwhile
    if (op.buffer_slot_ >= 0)
        return -EAGAIN; // the kernel has its pages already
    // Longer copies would hold up whatever else there is.
    constexpr std::size_t enough = 256 << 10;
    transfer const m = op.buffers_at(op.first_);
    std::size_t const size = m.size();
    if (size > enough)
        return -EAGAIN;
    ::ssize_t const n = ::preadv2(op.descriptor(), m.vector, static_cast<int>(m.count),
                                  static_cast<::off_t>(op.offset_), RWF_NOWAIT);
    if (n < 0)
        return -EAGAIN;
    if (static_cast<std::size_t>(n) < size)
    {
        struct ::stat s;
        if (::fstat(op.descriptor(), &s) != 0 || !S_ISREG(s.st_mode) ||
            op.offset_ + static_cast<std::size_t>(n) <
                static_cast<std::uint64_t>(s.st_size))
            return -EAGAIN;
    }
    return static_cast<int>(n);
}

int file_write_op_base::perform(io_operation& base)
{
    auto& op = static_cast<file_write_op_base&>(base);
    if (op.would_wait())
        return -EAGAIN;
    int const fd = op.descriptor();
    return transfer_at(
        op.offset_, op.buffers_at(op.first_),
        [fd](auto* v, int n, ::off_t o) { return ::pwritev(fd, v, n, o); },
        [fd](auto* v, int n) { return ::writev(fd, v, n); });
}

} // namespace detail
} // namespace urio::inline URIO_ABI

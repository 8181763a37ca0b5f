// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations are carried out without io_uring, by plain system calls.

#include <urio/engine/io_object.hpp>
#include <urio/op/connection.hpp>
#include <urio/op/file_transfer.hpp>
#include <urio/op/message.hpp>
#include <urio/op/readiness.hpp>

#include "system.hpp"

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

int receive_op_base::perform(io_operation& base)
{
    auto& op = static_cast<receive_op_base&>(base);
    if (op.out_of_band())
        // Without urgent data it would be an error.
        if (int const events = poll_now(op.descriptor_, op.wake_events_); events <= 0)
            return events < 0 ? events : -EAGAIN;
    int const flags = (op.flags_ & ~MSG_WAITALL) | MSG_DONTWAIT;
    return or_error(op.message_.header
                        ? ::recvmsg(op.descriptor_, op.message_.header, flags)
                        : ::recv(op.descriptor_, op.message_.memory.data,
                                 op.message_.memory.length(), flags));
}

int send_op_base::perform(io_operation& base)
{
    auto& op = static_cast<send_op_base&>(base);
    int const flags = op.flags_ | MSG_NOSIGNAL | MSG_DONTWAIT;
    ::msghdr* const header = op.message_.header;
    int const result = or_error(header ? ::sendmsg(op.descriptor_, header, flags)
                                       : ::send(op.descriptor_, op.message_.memory.data,
                                                op.message_.memory.length(), flags));
    // The queue of a datagram socket that this one is not connected to is full: poll(2)
    // does not look at it.
    if (result == -EAGAIN && header && header->msg_name &&
        static_cast<const ::sockaddr*>(header->msg_name)->sa_family == AF_UNIX)
        op.retried_ = poll_now(op.descriptor_, POLLOUT) > 0;
    return result;
}

int accept_op_base::perform(io_operation& base)
{
    auto& op = static_cast<accept_op_base&>(base);
    op.length_ = op.capacity_;
    return or_error(
        ::accept(op.descriptor_, op.address_, op.address_ ? &op.length_ : nullptr));
}

int connect_op_base::perform(io_operation& base)
{
    auto& op = static_cast<connect_op_base&>(base);
    // It goes on in the background, and says how it has ended when it is called again;
    // unlike SO_ERROR, that leaves a socket which may be used for another attempt.
    int const result = or_error(::connect(op.descriptor_, op.address_, op.length_));
    if (result == -EAGAIN && op.address_->sa_family == AF_UNIX)
    {
        // The acceptor's queue is full, and poll(2) does not know of it.
        op.retried_ = true;
        return -EINPROGRESS;
    }
    return result == -EISCONN && op.attempts_ > 1 ? 0 : result;
}

int wait_op::perform(io_operation& base)
{
    int const events = poll_now(base.descriptor_, base.wake_events_);
    return events == 0 ? -EAGAIN : events;
}

// The descriptor may be another process's, too, which may have put it back into blocking
// mode. Whether there is room for all that is to be written, poll(2) would not tell.
bool file_transfer_op::would_wait() const noexcept
{
    if (ready_events_ == 0)
        return false;
    int const flags = ::fcntl(descriptor_, F_GETFL);
    if (flags < 0 || flags & O_NONBLOCK ||
        ::fcntl(descriptor_, F_SETFL, flags | O_NONBLOCK) == 0)
        return false;
    return poll_now(descriptor_, ready_events_) == 0;
}

int file_read_op_base::perform(io_operation& base)
{
    auto& op = static_cast<file_read_op_base&>(base);
    if (op.would_wait())
        return -EAGAIN;
    int const fd = op.descriptor_;
    return transfer_at(
        op.at_, op.vector(),
        [fd](auto* v, int n, ::off_t o) { return ::preadv(fd, v, n, o); },
        [fd](auto* v, int n) { return ::readv(fd, v, n); });
}

// Only what is complete, or ends where the file does: a thread gets the rest with one
// call, too.
int file_read_op_base::perform_cached(io_operation& base)
{
    auto& op = static_cast<file_read_op_base&>(base);
    if (op.position_.direct || op.at_ == ~std::uint64_t{0})
        return -EAGAIN; // it waits for the disk; or others move the position meanwhile
    if (op.buffer_slot_ >= 0)
        return -EAGAIN; // the kernel has its pages already
    // Longer copies would hold up whatever else there is.
    constexpr std::size_t enough = 256 << 10;
    transfer const m = op.vector();
    if (m.size > enough)
        return -EAGAIN;
    ::ssize_t const n = ::preadv2(op.descriptor_, m.vector, static_cast<int>(m.count),
                                  static_cast<::off_t>(op.at_), RWF_NOWAIT);
    if (n < 0)
        return -EAGAIN;
    if (static_cast<std::size_t>(n) < m.size)
    {
        struct ::stat s;
        if (::fstat(op.descriptor_, &s) != 0 || !S_ISREG(s.st_mode) ||
            op.at_ + static_cast<std::size_t>(n) < static_cast<std::uint64_t>(s.st_size))
            return -EAGAIN;
    }
    return static_cast<int>(n);
}

int file_write_op_base::perform(io_operation& base)
{
    auto& op = static_cast<file_write_op_base&>(base);
    if (op.would_wait())
        return -EAGAIN;
    int const fd = op.descriptor_;
    return transfer_at(
        op.at_, op.vector(),
        [fd](auto* v, int n, ::off_t o) { return ::pwritev(fd, v, n, o); },
        [fd](auto* v, int n) { return ::writev(fd, v, n); });
}

} // namespace detail
} // namespace urio::inline URIO_ABI

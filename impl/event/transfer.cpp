// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/registered.hpp>

#include "entry.hpp"

#include <urio/detail/process/process_mutex.hpp>

#include <algorithm>
#include <limits.h>
#include <mutex>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

static_assert(readable == POLLIN && writable == POLLOUT);
static_assert(sizeof(memory_range) == sizeof(::iovec) &&
              offsetof(memory_range, size) == offsetof(::iovec, iov_len));

// What the kernel transfers at most (MAX_RW_COUNT).
constexpr std::size_t most = 0x7ffff000;

::off_t to_offset(std::uint64_t offset) noexcept
{
    return static_cast<::off_t>(offset);
}

constexpr ::off_t where_it_stands = -1;

// The calls of one direction.
struct direction
{
    ::ssize_t (*at_once)(int, const ::iovec*, int, ::off_t, int);
    ::ssize_t (*message)(int, ::msghdr*, int);
    ::ssize_t (*plain)(int, const ::iovec*, int);
};

constexpr direction reading{&::preadv2, &::recvmsg, &::readv};
constexpr direction writing{&::pwritev2, [](int d, ::msghdr* m, int flags)
                            { return ::sendmsg(d, m, flags); }, &::writev};

// Whatever kind of file it is, though its descriptor may be in blocking mode. Pipes
// (Linux 5.12) and some devices know the flag, sockets have their own.
int transfer_without_waiting(const direction& how, int descriptor, const ::iovec* list,
                             int n) noexcept
{
    int result = or_error(how.at_once(descriptor, list, n, where_it_stands, RWF_NOWAIT));
    if (result != -EOPNOTSUPP)
        return result;
    ::msghdr message{};
    message.msg_iov = const_cast<::iovec*>(list);
    message.msg_iovlen = static_cast<std::size_t>(n);
    result = or_error(how.message(descriptor, &message, MSG_DONTWAIT));
    if (result != -ENOTSOCK)
        return result;
    struct call
    {
        ::ssize_t (*plain)(int, const ::iovec*, int);
        const ::iovec* list;
        int n;
    } c{how.plain, list, n};
    return without_waiting(
        descriptor,
        [](int d, void* data)
        {
            auto const& what = *static_cast<const call*>(data);
            return or_error(what.plain(d, what.list, what.n));
        },
        &c);
}

const ::iovec* to_iovec(const memory_range* list) noexcept
{
    return reinterpret_cast<const ::iovec*>(list);
}

} // namespace

int without_waiting(int descriptor, int (*call)(int, void*), void* data) noexcept
{
    static process::process_mutex mutex;
    std::lock_guard l(mutex);
    int const mode = ::fcntl(descriptor, F_GETFL);
    if (mode < 0)
        return -errno;
    if (!(mode & O_NONBLOCK) && ::fcntl(descriptor, F_SETFL, mode | O_NONBLOCK) != 0)
        return -errno;
    int const result = call(descriptor, data);
    if (!(mode & O_NONBLOCK))
        (void)::fcntl(descriptor, F_SETFL, mode);
    return result;
}

bool is_file(int descriptor) noexcept
{
    struct ::stat s;
    return ::fstat(descriptor, &s) == 0 &&
           (S_ISREG(s.st_mode) || S_ISDIR(s.st_mode) || S_ISBLK(s.st_mode));
}

void prepare_transfer(io_uring_sqe& entry, std::uint8_t opcode, const event::handle& h,
                      const void* memory, std::size_t n, std::uint64_t offset) noexcept
{
    event::fill(entry, opcode, h, memory, static_cast<std::uint32_t>(std::min(n, most)),
                offset);
}

void prepare_fixed(io_uring_sqe& entry, std::uint8_t opcode, const event::handle& h,
                   const void* memory, std::size_t n, std::uint64_t offset,
                   int buffer) noexcept
{
    prepare_transfer(entry, opcode, h, memory, n, offset);
    entry.buf_index = static_cast<std::uint16_t>(buffer);
}

int read_now(int descriptor, void* memory, std::size_t n, std::uint64_t offset) noexcept
{
    memory_range const one{memory, std::min(n, most)};
    return readv_now(descriptor, &one, 1, offset);
}

int write_now(int descriptor, const void* memory, std::size_t n,
              std::uint64_t offset) noexcept
{
    memory_range const one{const_cast<void*>(memory), std::min(n, most)};
    return writev_now(descriptor, &one, 1, offset);
}

int readv_now(int descriptor, const memory_range* list, std::size_t n,
              std::uint64_t offset) noexcept
{
    int const count = static_cast<int>(std::min<std::size_t>(n, INT_MAX));
    if (!is_file(descriptor))
        return transfer_without_waiting(reading, descriptor, to_iovec(list), count);
    if (offset == event::current_position)
        return or_error(::readv(descriptor, to_iovec(list), count));
    return or_error(::preadv(descriptor, to_iovec(list), count, to_offset(offset)));
}

int writev_now(int descriptor, const memory_range* list, std::size_t n,
               std::uint64_t offset) noexcept
{
    int const count = static_cast<int>(std::min<std::size_t>(n, INT_MAX));
    if (!is_file(descriptor))
        return transfer_without_waiting(writing, descriptor, to_iovec(list), count);
    if (offset == event::current_position)
        return or_error(::writev(descriptor, to_iovec(list), count));
    return or_error(::pwritev(descriptor, to_iovec(list), count, to_offset(offset)));
}

} // namespace detail
} // namespace urio::inline URIO_ABI

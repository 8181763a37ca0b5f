// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/op/path_calls.hpp>

#include "../system/liburing.hpp"
#include "../system/system.hpp"

#include <cstdio>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

const char* c_path(const fs::location& l) noexcept
{
    return l.path().c_str();
}

int base_of(const fs::location& l) noexcept
{
    return l.base().native_handle();
}

int open_now(const fs::location& where, const open_how& how) noexcept
{
    auto fd = ::syscall(SYS_openat2, base_of(where), c_path(where), &how, sizeof(how));
    // What the kernel, or a sandbox, does not know.
    if (fd < 0 && (errno == ENOSYS || errno == EPERM) && how.resolve == 0)
        fd = ::openat(base_of(where), c_path(where), static_cast<int>(how.flags),
                      static_cast<::mode_t>(how.mode));
    return or_error(static_cast<int>(fd));
}

} // namespace

open_call::open_call(fs::location w, const open_options& options) : where(std::move(w))
{
    how.flags = static_cast<unsigned>(options.flags) | O_CLOEXEC;
    // openat2(2) does not take a mode for nothing.
    if (how.flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))
        how.mode = options.mode & 07777;
    how.resolve = static_cast<std::uint64_t>(options.resolution);
}

void open_call::prepare(int, io_uring_sqe& sqe) const noexcept
{
    // The kernel copies it when it takes the entry.
    ::io_uring_prep_openat2(
        &sqe, base_of(where), c_path(where),
        reinterpret_cast<struct ::open_how*>(const_cast<detail::open_how*>(&how)));
}

int open_call::perform_and_wait() const noexcept
{
    return open_now(where, how);
}

// The other end of a named pipe is not waited for: the thread would be lost until it
// comes.
int open_call::perform(int) const noexcept
{
    if (how.flags & (O_NONBLOCK | O_PATH))
        return open_now(where, how);
    open_how attempt = how;
    attempt.flags |= O_NONBLOCK;
    int const fd = open_now(where, attempt);
    if (fd >= 0)
        put_into_blocking_mode(fd);
    return fd;
}

int path_stat_call::flags() const noexcept
{
    return AT_STATX_SYNC_AS_STAT | (follow_links ? 0 : AT_SYMLINK_NOFOLLOW);
}

void path_stat_call::prepare(int, io_uring_sqe& sqe) noexcept
{
    ::io_uring_prep_statx(&sqe, base_of(where), c_path(where), flags(), status_mask,
                          &status);
}

int path_stat_call::perform(int) noexcept
{
    return or_error(
        ::statx(base_of(where), c_path(where), flags(), status_mask, &status));
}

void rename_call::prepare(int, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_renameat(&sqe, base_of(where), c_path(where), base_of(to), c_path(to),
                             flags);
}

int rename_call::perform(int) const noexcept
{
    return or_error(
        ::renameat2(base_of(where), c_path(where), base_of(to), c_path(to), flags));
}

void unlink_call::prepare(int, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_unlinkat(&sqe, base_of(where), c_path(where), flags);
}

int unlink_call::perform(int) const noexcept
{
    return or_error(::unlinkat(base_of(where), c_path(where), flags));
}

void mkdir_call::prepare(int, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_mkdirat(&sqe, base_of(where), c_path(where), mode);
}

int mkdir_call::perform(int) const noexcept
{
    return or_error(::mkdirat(base_of(where), c_path(where), mode));
}

void link_call::prepare(int, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_linkat(&sqe, base_of(where), c_path(where), base_of(to), c_path(to),
                           flags);
}

int link_call::perform(int) const noexcept
{
    return or_error(
        ::linkat(base_of(where), c_path(where), base_of(to), c_path(to), flags));
}

int read_symlink_call::perform(int) noexcept
{
    try
    {
        for (std::size_t room = 256;; room *= 2)
        {
            target.resize(room);
            ::ssize_t const n =
                ::readlinkat(base_of(where), c_path(where), target.data(), room);
            target.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
            // All of the room may have been too little.
            if (target.size() != room)
                return n < 0 ? -errno : 0;
        }
    }
    catch (const std::bad_alloc&)
    {
        return -ENOMEM;
    }
}

void symlink_call::prepare(int, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_symlinkat(&sqe, target.c_str(), base_of(where), c_path(where));
}

int symlink_call::perform(int) const noexcept
{
    return or_error(::symlinkat(target.c_str(), base_of(where), c_path(where)));
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/open.hpp>

#include "entry.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{
void openat::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, where.base().native_handle(), c_string(where.path()), mode);
    entry.open_flags = static_cast<std::uint32_t>(flags);
    // What has no descriptor has none that exec could leave open: the kernel refuses the
    // flag.
    if (into.is_slot())
    {
        into_slot(entry, into);
        entry.open_flags &= ~static_cast<std::uint32_t>(O_CLOEXEC);
    }
    else
        entry.open_flags |= O_CLOEXEC;
}

int openat::perform() noexcept
{
    return put_into(into, detail::or_error(::openat(where.base().native_handle(),
                                                    c_string(where.path()),
                                                    flags | O_CLOEXEC, mode)));
}

unique_descriptor openat::result(int res, unsigned) const noexcept
{
    return made_file(into, res);
}

void openat2::prepare(io_uring_sqe& entry) noexcept
{
    if (into.is_slot())
    {
        into_slot(entry, into);
        options.flags &= ~std::uint64_t{O_CLOEXEC};
    }
    else
        options.flags |= O_CLOEXEC;
    fill(entry, opcode, where.base().native_handle(), c_string(where.path()),
         sizeof(options), address(&options));
}

int openat2::perform() noexcept
{
    options.flags |= O_CLOEXEC;
    return put_into(into, detail::or_error(::syscall(
                              SYS_openat2, where.base().native_handle(),
                              c_string(where.path()), &options, sizeof(options))));
}

unique_descriptor openat2::result(int res, unsigned) const noexcept
{
    return made_file(into, res);
}

void close::prepare(io_uring_sqe& entry) noexcept
{
    entry.opcode = opcode;
    if (target.is_slot())
        into_slot(entry, target);
    else
        entry.fd = target.descriptor();
}

int close::perform() noexcept
{
    int const descriptor = target.place() ? target.place()->take() : target.descriptor();
    // What is interrupted is closed all the same, on Linux.
    int const result = detail::or_error(::close(descriptor));
    return result == -EINTR ? 0 : result;
}

void fixed_fd_install::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, slot);
}

int fixed_fd_install::perform() noexcept
{
    return detail::or_error(::fcntl(slot.descriptor(), F_DUPFD_CLOEXEC, 0));
}

void files_update::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1, &descriptor_, 1, static_cast<std::uint64_t>(slot.number()));
}

int files_update::perform() noexcept
{
    if (slot.is_slot())
        return -EOPNOTSUPP;
    int const own = descriptor_ < 0 ? -1 : ::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ >= 0 && own < 0)
        return -errno;
    slot.place()->put(own);
    return 1;
}

} // namespace event
} // namespace urio::inline URIO_ABI

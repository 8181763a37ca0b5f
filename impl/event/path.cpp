// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/path.hpp>

#include "entry.hpp"

#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{
namespace
{

int base_of(const fs::location& l) noexcept
{
    return l.base().native_handle();
}

const char* path_of(const fs::location& l) noexcept
{
    return c_string(l.path());
}

} // namespace

statx::statx(fs::location w, int f, unsigned m)
    : where(std::move(w))
    , flags(f)
    , mask(m ? m : detail::status_mask)
    , status_(std::make_unique<struct ::statx>())
{
}

statx::statx(int d, unsigned m) : statx(fs::location(""), AT_EMPTY_PATH, m)
{
    descriptor = d;
}

statx::statx(statx&&) noexcept = default;
statx& statx::operator=(statx&&) noexcept = default;
statx::~statx() = default;

int statx::base() const noexcept
{
    return descriptor >= 0 ? descriptor : base_of(where);
}

void statx::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, base(), path_of(where), mask, address(status_.get()));
    entry.statx_flags = static_cast<std::uint32_t>(flags);
}

int statx::perform() noexcept
{
    return detail::or_error(::statx(base(), path_of(where), flags, mask, status_.get()));
}

file_status statx::result(int, unsigned) const noexcept
{
    return file_status(*status_);
}

void renameat::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, base_of(from), path_of(from),
         static_cast<std::uint32_t>(base_of(to)), address(path_of(to)));
    entry.rename_flags = flags;
}

int renameat::perform() noexcept
{
    if (flags == 0)
        return detail::or_error(
            ::renameat(base_of(from), path_of(from), base_of(to), path_of(to)));
    return detail::or_error(::syscall(SYS_renameat2, base_of(from), path_of(from),
                                      base_of(to), path_of(to), flags));
}

void unlinkat::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, base_of(where), path_of(where));
    entry.unlink_flags = static_cast<std::uint32_t>(flags);
}

int unlinkat::perform() noexcept
{
    return detail::or_error(::unlinkat(base_of(where), path_of(where), flags));
}

void mkdirat::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, base_of(where), path_of(where), mode);
}

int mkdirat::perform() noexcept
{
    return detail::or_error(::mkdirat(base_of(where), path_of(where), mode));
}

void symlinkat::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, base_of(where), c_string(target), 0, address(path_of(where)));
}

int symlinkat::perform() noexcept
{
    return detail::or_error(
        ::symlinkat(c_string(target), base_of(where), path_of(where)));
}

void linkat::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, base_of(from), path_of(from),
         static_cast<std::uint32_t>(base_of(to)), address(path_of(to)));
    entry.hardlink_flags = static_cast<std::uint32_t>(flags);
}

int linkat::perform() noexcept
{
    return detail::or_error(
        ::linkat(base_of(from), path_of(from), base_of(to), path_of(to), flags));
}

} // namespace event
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/file.hpp>

#include "entry.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{
void fsync::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target);
    entry.fsync_flags = data_only ? IORING_FSYNC_DATASYNC : 0;
}

int fsync::perform() noexcept
{
    return detail::or_error(data_only ? ::fdatasync(target.descriptor())
                                      : ::fsync(target.descriptor()));
}

void sync_file_range::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, nullptr, length, offset);
    entry.sync_range_flags = flags;
}

int sync_file_range::perform() noexcept
{
    return detail::or_error(::sync_file_range(
        target.descriptor(), static_cast<::off_t>(offset), length, flags));
}

void fallocate::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, nullptr, static_cast<std::uint32_t>(mode), offset);
    entry.addr = length;
}

int fallocate::perform() noexcept
{
    return detail::or_error(::fallocate(target.descriptor(), mode,
                                        static_cast<::off_t>(offset),
                                        static_cast<::off_t>(length)));
}

void fadvise::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, nullptr, length, offset);
    entry.fadvise_advice = static_cast<std::uint32_t>(advice);
}

int fadvise::perform() noexcept
{
    return -::posix_fadvise(target.descriptor(), static_cast<::off_t>(offset), length,
                            advice);
}

void ftruncate::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, nullptr, 0, size);
}

int ftruncate::perform() noexcept
{
    return detail::or_error(::ftruncate(target.descriptor(), static_cast<::off_t>(size)));
}

void madvise::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1, memory, size);
    entry.fadvise_advice = static_cast<std::uint32_t>(advice);
}

int madvise::perform() noexcept
{
    return detail::or_error(::madvise(memory, size, advice));
}

} // namespace event
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "copy_job.hpp"

#include <urio/op/path_calls.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// A disk takes some tens of milliseconds for as much.
constexpr std::uint64_t default_step = 32 << 20;

} // namespace

copy_job::copy_job(fs::location from, fs::location to, const fs::copy_options& options)
    : from_(std::move(from))
    , to_(std::move(to))
    , overwrite_(options.overwrite)
    , times_(options.times)
    , chunk_(options.chunk ? options.chunk : default_step)
    , offset_(options.offset)
{
}

int copy_job::step() noexcept
{
    if (!opened_)
    {
        if (int const error = open())
            return error;
        opened_ = true;
        // The files of /proc have no size, but contents.
        if (!both_regular_ || status_.st_size == 0)
            return by_hand;
        if (offset_ == 0 && clone())
        {
            offset_ = static_cast<std::uint64_t>(status_.st_size);
            int const error = finish();
            return error ? error : done;
        }
    }
    return copy();
}

int copy_job::open() noexcept
{
    open_call source(from_, file_base::read_only);
    int fd = source.perform(-1);
    if (fd < 0)
        return fd;
    in_ = unique_descriptor(fd);
    if (::fstat(fd, &status_) != 0)
        return -errno;
    if (S_ISDIR(status_.st_mode))
        return -EISDIR;

    // It is cut when it is known not to be the source.
    auto flags = file_base::write_only | file_base::create;
    if (!overwrite_)
        flags |= file_base::exclusive;
    // Without the bits that would lend the new owner's rights.
    open_call target(to_, {flags, status_.st_mode & 0777});
    fd = target.perform(-1);
    if (fd < 0)
        return fd;
    out_ = unique_descriptor(fd);
    struct ::stat there;
    if (::fstat(fd, &there) != 0)
        return -errno;
    if (there.st_dev == status_.st_dev && there.st_ino == status_.st_ino)
        return -EINVAL;
    both_regular_ = S_ISREG(status_.st_mode) && S_ISREG(there.st_mode);
    if (S_ISREG(there.st_mode) && there.st_size != 0 &&
        ::ftruncate(fd, static_cast<::off_t>(offset_)) != 0)
        return -errno;
    return 0;
}

bool copy_job::clone() const noexcept
{
    return ::ioctl(out_.get(), FICLONE, in_.get()) == 0;
}

int copy_job::copy() noexcept
{
    for (std::uint64_t left = chunk_; left != 0;)
    {
        auto const here = static_cast<::off_t>(offset_);
        ::off_t begin = ::lseek(in_.get(), here, SEEK_DATA);
        if (begin < 0 && errno == ENXIO)
        {
            // Nothing but a hole, or the end.
            int const error = finish();
            return error ? error : done;
        }
        ::off_t const end = begin < 0 ? -1 : ::lseek(in_.get(), begin, SEEK_HOLE);
        if (begin < 0)
            begin = here;
        std::uint64_t n = left;
        if (end > begin)
            n = std::min(n, static_cast<std::uint64_t>(end - begin));

        ::off_t target = begin;
        ::ssize_t const copied =
            ::copy_file_range(in_.get(), &begin, out_.get(), &target, n, 0);
        if (copied < 0)
        {
            if (errno == EINTR)
                continue;
            bool const unable = errno == EXDEV || errno == EINVAL || errno == ENOSYS ||
                                errno == EOPNOTSUPP || errno == EPERM || errno == EBADF;
            return unable && !began_ ? static_cast<int>(by_hand) : -errno;
        }
        if (copied == 0)
        {
            // The end; or a file system that does not mean it.
            if (!began_)
                return by_hand;
            int const error = finish();
            return error ? error : done;
        }
        began_ = true;
        offset_ = static_cast<std::uint64_t>(begin);
        left -= std::min(left, static_cast<std::uint64_t>(copied));
    }
    return more;
}

int copy_job::finish() noexcept
{
    struct ::stat source, target;
    if (::fstat(in_.get(), &source) != 0 || ::fstat(out_.get(), &target) != 0)
        return -errno;
    if (both_regular_ && status_.st_size != 0)
    {
        // A hole at the end; or what was beyond, if there was something to go on from.
        if (target.st_size != source.st_size &&
            ::ftruncate(out_.get(), source.st_size) != 0)
            return -errno;
        offset_ = static_cast<std::uint64_t>(source.st_size);
    }
    if (times_)
    {
        ::timespec const times[2] = {status_.st_atim, status_.st_mtim};
        if (::futimens(out_.get(), times) != 0)
            return -errno;
    }
    // Some file systems tell only now that they could not store it.
    int const fd = out_.release();
    return ::close(fd) == 0 || errno == EINTR ? 0 : -errno;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

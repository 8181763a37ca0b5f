// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "copy_job.hpp"

#include "../detail/system/system.hpp"

#include <urio/fs/operations.hpp>

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

// The other end of a pipe is not waited for. For regular files the flag means nothing, so
// that it need not be taken off: two system calls of each ten that a small file takes.
constexpr file_base::flags without_waiting(file_base::flags f) noexcept
{
    return f | static_cast<file_base::flags>(O_NONBLOCK);
}

} // namespace

copy_job::copy_job(fs::location from, fs::location to, const fs::copy_options& options)
    : from_(std::move(from))
    , to_(std::move(to))
    , temporary_(to_.base(), options.temporary)
    , replaces_(!options.temporary.empty())
    , overwrite_(options.overwrite)
    , times_(options.times)
    , chunk_(options.chunk ? options.chunk : default_step)
    , offset_(options.offset)
{
}

int copy_job::step()
{
    if (!opened_)
    {
        if (int const error = open())
            return error;
        opened_ = true;
        // The files of /proc have no size, but contents.
        if (!both_regular_ || status_.st_size == 0)
            return hand_over();
        if (offset_ == 0 && clone())
        {
            struct ::stat copy;
            if (::fstat(out_.get(), &copy) != 0)
                return -errno;
            offset_ = static_cast<std::uint64_t>(copy.st_size);
            int const error = finish();
            return error ? error : done;
        }
    }
    return copy();
}

// To io_uring the flag does mean something for regular files.
int copy_job::hand_over() const noexcept
{
    put_into_blocking_mode(in_.get());
    put_into_blocking_mode(out_.get());
    return by_hand;
}

int copy_job::open()
{
    open_call const source(from_, without_waiting(file_base::read_only));
    int fd = source.perform(-1);
    if (fd < 0)
        return fd;
    in_ = unique_descriptor(fd);
    if (::fstat(fd, &status_) != 0)
        return -errno;
    if (S_ISDIR(status_.st_mode))
        return -EISDIR;
    // The copy gets no longer than the file.
    if (S_ISREG(status_.st_mode) && status_.st_size != 0)
        offset_ = std::min(offset_, static_cast<std::uint64_t>(status_.st_size));

    if (int const error = replaces_ ? check_target() : 0)
        return error;
    fd = open_target();
    if (fd < 0)
        return fd;
    out_ = unique_descriptor(fd);
    both_regular_ = S_ISREG(status_.st_mode);
    if (replaces_ && offset_ == 0)
        return 0; // new, and empty
    struct ::stat there;
    if (::fstat(fd, &there) != 0)
        return -errno;
    if (is_source(there))
        return -EINVAL;
    both_regular_ = both_regular_ && S_ISREG(there.st_mode);
    // It is cut when it is known not to be the source.
    if (S_ISREG(there.st_mode) && there.st_size != 0 &&
        ::ftruncate(fd, static_cast<::off_t>(offset_)) != 0)
        return -errno;
    return 0;
}

bool copy_job::is_source(const struct ::stat& s) const noexcept
{
    return s.st_dev == status_.st_dev && s.st_ino == status_.st_ino;
}

int copy_job::open_target()
{
    auto flags = file_base::write_only;
    if (replaces_ && offset_ != 0)
        flags |= file_base::no_follow;
    else
        flags |= file_base::create;
    // What somebody else has put there is never written to.
    if (replaces_ ? offset_ == 0 : !overwrite_)
        flags |= file_base::exclusive;
    // Without the bits that would lend the new owner's rights.
    open_call const call(writes_to(), {without_waiting(flags), status_.st_mode & 0777});
    int const fd = call.perform(-1);
    if (fd != -EEXIST || !replaces_)
        return fd;
    unlink_call const remove(temporary_, 0);
    int const error = remove.perform(-1);
    return error < 0 ? error : call.perform(-1);
}

// What would fail in the end fails before anything is written.
int copy_job::check_target()
{
    struct ::stat there;
    if (::fstatat(to_.base().native_handle(), to_.path().c_str(), &there, 0) != 0)
        return 0;
    if (is_source(there))
        return -EINVAL;
    if (S_ISDIR(there.st_mode))
        return -EISDIR;
    // A device or a pipe keeps its name.
    replaces_ = S_ISREG(there.st_mode);
    return overwrite_ ? 0 : -EEXIST;
}

bool copy_job::clone() const noexcept
{
    return ::ioctl(out_.get(), FICLONE, in_.get()) == 0;
}

int copy_job::copy()
{
    auto const size = static_cast<std::uint64_t>(status_.st_size);
    for (std::uint64_t left = chunk_; left != 0;)
    {
        if (offset_ >= size)
        {
            int const error = finish();
            return error ? error : done;
        }
        auto const here = static_cast<::off_t>(offset_);
        ::off_t begin = has_holes() ? ::lseek(in_.get(), here, SEEK_DATA) : here;
        if (begin < 0 && errno == ENXIO)
        {
            int const error = finish_hole();
            return error ? error : done;
        }
        ::off_t const end =
            begin < 0 || !has_holes() ? -1 : ::lseek(in_.get(), begin, SEEK_HOLE);
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
            return unable && !began_ ? hand_over() : -errno;
        }
        if (copied == 0)
        {
            // The end; or a file system that does not mean it.
            if (!began_)
                return hand_over();
            int const error = finish();
            return error ? error : done;
        }
        began_ = true;
        offset_ = static_cast<std::uint64_t>(begin);
        left -= std::min(left, static_cast<std::uint64_t>(copied));
    }
    return more;
}

int copy_job::finish_hole()
{
    struct ::stat source;
    if (::fstat(in_.get(), &source) != 0)
        return -errno;
    // What has been added meanwhile is no hole.
    ::off_t const end = std::min(source.st_size, status_.st_size);
    offset_ = std::max(offset_, static_cast<std::uint64_t>(end));
    return finish();
}

int copy_job::finish()
{
    if (int const error = has_holes() ? extend() : 0)
        return error;
    if (times_)
    {
        ::timespec const times[2] = {status_.st_atim, status_.st_mtim};
        if (::futimens(out_.get(), times) != 0)
            return -errno;
    }
    // Some file systems tell only now that they could not store it.
    if (int const error = close_call(out_.release()).perform(-1))
        return error;
    if (!replaces_)
        return 0;
    auto const how = overwrite_ ? fs::existing::replace : fs::existing::keep;
    return rename_call(temporary_, to_, static_cast<unsigned>(how)).perform(-1);
}

// A hole at the end is not written. What claims to be longer than what can be read, as
// the files of sysfs do, has none, and `offset_` is not beyond what was read of it.
int copy_job::extend() const noexcept
{
    struct ::stat target;
    if (::fstat(out_.get(), &target) != 0)
        return -errno;
    auto const end = static_cast<::off_t>(offset_);
    return target.st_size < end && ::ftruncate(out_.get(), end) != 0 ? -errno : 0;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/op/file_calls.hpp>

#include "../system/liburing.hpp"
#include "../system/system.hpp"

#include <boost/asio/error.hpp>

#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

constexpr int status_flags = AT_EMPTY_PATH | AT_STATX_SYNC_AS_STAT;

bool fits(std::uint64_t n) noexcept
{
    return n <= static_cast<std::uint64_t>(std::numeric_limits<::off_t>::max());
}

} // namespace

void sync_call::prepare(int descriptor, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_fsync(&sqe, descriptor, data_only ? IORING_FSYNC_DATASYNC : 0);
}

int sync_call::perform(int descriptor) const noexcept
{
    return or_error(data_only ? ::fdatasync(descriptor) : ::fsync(descriptor));
}

void resize_call::prepare(int descriptor, io_uring_sqe& sqe) const noexcept
{
    sqe.opcode = opcode;
    sqe.fd = descriptor;
    sqe.off = size;
}

bool resize_call::fits_entry() const noexcept
{
    return fits(size);
}

int resize_call::perform(int descriptor) const noexcept
{
    if (!fits(size))
        return -EFBIG;
    return or_error(::ftruncate(descriptor, static_cast<::off_t>(size)));
}

void allocate_call::prepare(int descriptor, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_fallocate(&sqe, descriptor, mode, static_cast<::off_t>(offset),
                              static_cast<::off_t>(length));
}

bool allocate_call::fits_entry() const noexcept
{
    return fits(offset) && fits(length);
}

int allocate_call::perform(int descriptor) const noexcept
{
    if (!fits(offset) || !fits(length))
        return -EFBIG;
    return or_error(::fallocate(descriptor, mode, static_cast<::off_t>(offset),
                                static_cast<::off_t>(length)));
}

void advise_call::prepare(int descriptor, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_fadvise(&sqe, descriptor, offset,
                            static_cast<::off_t>(static_cast<std::uint32_t>(length)),
                            advice);
}

bool advise_call::fits_entry() const noexcept
{
    return length <= std::numeric_limits<std::uint32_t>::max();
}

int advise_call::perform(int descriptor) const noexcept
{
    if (!fits(offset) || !fits(length))
        return -EINVAL;
    return -::posix_fadvise(descriptor, static_cast<::off_t>(offset),
                            static_cast<::off_t>(length), advice);
}

void stat_call::prepare(int descriptor, io_uring_sqe& sqe) noexcept
{
    ::io_uring_prep_statx(&sqe, descriptor, "", status_flags, status_mask, &status);
}

int stat_call::perform(int descriptor) noexcept
{
    return or_error(::statx(descriptor, "", status_flags, status_mask, &status));
}

void close_call::prepare(int, io_uring_sqe& sqe) const noexcept
{
    ::io_uring_prep_close(&sqe, descriptor);
}

int close_call::perform(int) const noexcept
{
    // The number is free also after EINTR.
    return ::close(descriptor) == 0 || errno == EINTR ? 0 : -errno;
}

std::tuple<boost::system::error_code>
close_call::results(int result, boost::system::error_code ec, bool) const noexcept
{
    if (result == -EINTR)
        ec = {};
    // It was not carried out: abandoned, or no thread was to be had.
    else if (result == -ECANCELED || result == result_not_begun)
        ec = boost::system::error_code(-perform(descriptor),
                                       boost::asio::error::get_system_category());
    return {ec};
}

} // namespace detail
} // namespace urio::inline URIO_ABI

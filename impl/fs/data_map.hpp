// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where a file has data, and where holes.
#pragma once

#include <urio/detail/fs/initiate.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

struct data_range
{
    std::uint64_t begin, end;
};

/// Asks the kernel, which may have to read the file's map of blocks from the disk.
struct find_data_call
{
    find_data_call(int d, std::uint64_t at) noexcept : descriptor(d), range{at, at} {}

    int perform(int) noexcept
    {
        auto const from = static_cast<::off_t>(range.begin);
        range.end = std::numeric_limits<std::uint64_t>::max();
        // First, as what is added meanwhile is no hole.
        struct ::stat s;
        if (::fstat(descriptor, &s) != 0)
            return -errno;
        ::off_t const data = ::lseek(descriptor, from, SEEK_DATA);
        if (data >= 0)
        {
            range.begin = static_cast<std::uint64_t>(data);
            ::off_t const hole = ::lseek(descriptor, data, SEEK_HOLE);
            if (hole > data)
                range.end = static_cast<std::uint64_t>(hole);
        }
        else if (errno == ENXIO && s.st_size > from)
            range.begin = static_cast<std::uint64_t>(s.st_size);
        return 0;
    }

    std::tuple<boost::system::error_code, data_range>
    results(int, boost::system::error_code ec, bool) const noexcept
    {
        return {ec, range};
    }

    int descriptor;
    data_range range;
};

/// The map of a file, of which it remembers what it has found last.
class data_map
{
public:
    using task = boost::asio::awaitable<data_range, any_io_executor>;

    explicit data_map(int descriptor) noexcept : descriptor_(descriptor) {}

    /// The data at or next after `at`. What is at the end of the file and beyond counts
    /// as data, so that it is read, which shows whether there is any.
    task find(any_io_executor ex, std::uint64_t at)
    {
        if (at < known_.begin || at >= known_.end)
            known_ = co_await async_fs_call<data_range>(
                ex, boost::asio::use_awaitable_t<any_io_executor>(), "async_copy_file",
                find_data_call(descriptor_, at));
        co_return data_range{std::max(at, known_.begin), known_.end};
    }

private:
    int const descriptor_;
    data_range known_{0, 0};
};

} // namespace detail
} // namespace urio::inline URIO_ABI

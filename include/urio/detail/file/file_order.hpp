// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What offsets, and a size of nothing, mean to an open file, for those who would have
// several transfers in flight.
#pragma once

#include <urio/config.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// How much is asked for first where the size is not known: files of /proc/sys give all
/// that they have to the first read, and nothing to any other.
inline constexpr std::size_t first_read = 256 << 10;

/// How much is asked for at once there: the kernel refuses 4 MiB and more (ENOMEM).
inline constexpr std::size_t largest_read = 1 << 20;

struct file_order
{
    /// Transfers take place where their offsets say, whichever comes first.
    bool reads_at_offsets = true;
    bool writes_at_offsets = true;
    /// A file without a size, which may have contents all the same, made up by the kernel
    /// as it is read: one piece if it is read in one go.
    bool unsized = false;
    /// Writes go to the end of the file, which was here.
    bool appends = false;
    std::uint64_t end = 0;
};

/// Pipes, terminals and the like take offsets and disregard them; so does everything that
/// is open with O_APPEND, if it is written. What is no open file is taken for a pipe.
inline file_order order_of(int descriptor) noexcept
{
    struct ::stat s = {};
    int const flags = ::fcntl(descriptor, F_GETFL);
    bool const placed = flags >= 0 && ::fstat(descriptor, &s) == 0 &&
                        (S_ISREG(s.st_mode) || S_ISBLK(s.st_mode));
    file_order o;
    o.reads_at_offsets = placed;
    o.appends = placed && (flags & O_APPEND) != 0;
    o.writes_at_offsets = placed && !o.appends;
    o.unsized = placed && S_ISREG(s.st_mode) && s.st_size == 0;
    if (o.appends)
        o.end = static_cast<std::uint64_t>(s.st_size);
    return o;
}

/// That of a file that has no descriptor is its own business.
template <class File>
file_order order_of_file(File& file)
{
    if constexpr (requires {
                      { file.native_handle() } -> std::same_as<int>;
                  })
        return order_of(file.native_handle());
    else
        return {};
}

} // namespace detail
} // namespace urio::inline URIO_ABI

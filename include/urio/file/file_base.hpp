// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What all files have in common: how they are opened and how one seeks in them.
#pragma once

#include <urio/config.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{

/// The flags and constants of files: those of boost::asio::file_base, which Asio has
/// only in programs that are built with its io_uring macros.
class file_base
{
public:
    /// A bitmask of open(2)'s flags. One of read_only, write_only and read_write is
    /// needed.
    enum flags : int
    {
        read_only = O_RDONLY,
        write_only = O_WRONLY,
        read_write = O_RDWR,
        append = O_APPEND,          ///< every write goes to the end
        create = O_CREAT,           ///< create the file if it does not exist
        exclusive = O_EXCL,         ///< with create: it must not exist
        truncate = O_TRUNC,         ///< cut an existing file to nothing
        sync_all_on_write = O_SYNC, ///< a write completes when it is on the disk

        // Not in Asio:

        /// A write completes when its data, and what it takes to read that, is on the
        /// disk.
        sync_data_on_write = O_DSYNC,
        /// Transfers pass the kernel's cache by. Addresses, offsets and sizes must be
        /// aligned, see file_status; else errc::misaligned.
        direct = O_DIRECT,
        /// A file without a name in the directory that is opened: it is gone when it is
        /// closed, unless fs::async_link() gives it a name.
        temporary = O_TMPFILE,
        no_follow = O_NOFOLLOW,  ///< the last part of the path must not be a symlink
        directory = O_DIRECTORY, ///< it must be a directory
        path_only = O_PATH,      ///< for its status only: it is neither read nor written
        no_access_time = O_NOATIME, ///< reads do not count as access; for its owner
        non_blocking = O_NONBLOCK,  ///< do not wait for the other end of a named pipe
    };

    friend constexpr flags operator&(flags x, flags y) noexcept
    {
        return static_cast<flags>(static_cast<unsigned>(x) & static_cast<unsigned>(y));
    }

    friend constexpr flags operator|(flags x, flags y) noexcept
    {
        return static_cast<flags>(static_cast<unsigned>(x) | static_cast<unsigned>(y));
    }

    friend constexpr flags operator^(flags x, flags y) noexcept
    {
        return static_cast<flags>(static_cast<unsigned>(x) ^ static_cast<unsigned>(y));
    }

    friend constexpr flags operator~(flags x) noexcept
    {
        return static_cast<flags>(~static_cast<unsigned>(x));
    }

    friend constexpr flags& operator&=(flags& x, flags y) noexcept { return x = x & y; }
    friend constexpr flags& operator|=(flags& x, flags y) noexcept { return x = x | y; }
    friend constexpr flags& operator^=(flags& x, flags y) noexcept { return x = x ^ y; }

    /// What allocate() does to a range of the file: fallocate(2)'s modes.
    enum allocation : int
    {
        reserve = 0, ///< room on the disk; the file grows to the end of the range
        keep_size = FALLOC_FL_KEEP_SIZE, ///< the same, but it keeps its size
        /// A hole, which reads as zeros and takes no room; the file keeps its size.
        punch_hole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
        zero_range = FALLOC_FL_ZERO_RANGE,         ///< zeros; the file grows if need be
        collapse_range = FALLOC_FL_COLLAPSE_RANGE, ///< what follows moves up
        insert_range = FALLOC_FL_INSERT_RANGE,     ///< what follows moves down
    };

    /// What advise() says of a range of the file: posix_fadvise(2)'s advice.
    enum advice
    {
        normal = POSIX_FADV_NORMAL,         ///< nothing
        sequential = POSIX_FADV_SEQUENTIAL, ///< it is read from front to back
        random = POSIX_FADV_RANDOM,         ///< it is read in no order: no read-ahead
        will_need = POSIX_FADV_WILLNEED,    ///< it is read soon
        dont_need = POSIX_FADV_DONTNEED,    ///< it is not read again soon
        no_reuse = POSIX_FADV_NOREUSE,      ///< it is read once
    };

    /// What the offset of a seek counts from.
    enum seek_basis
    {
        seek_set = SEEK_SET, ///< the beginning of the file
        seek_cur = SEEK_CUR, ///< the current position
        seek_end = SEEK_END, ///< the end of the file
    };

protected:
    ~file_base() = default;
};

} // namespace urio::inline URIO_ABI

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
    enum flags
    {
        read_only = O_RDONLY,
        write_only = O_WRONLY,
        read_write = O_RDWR,
        append = O_APPEND,          ///< every write goes to the end
        create = O_CREAT,           ///< create the file if it does not exist
        exclusive = O_EXCL,         ///< with create: it must not exist
        truncate = O_TRUNC,         ///< cut an existing file to nothing
        sync_all_on_write = O_SYNC, ///< a write completes when it is on the disk
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

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is known of a file besides its contents: statx(2).
#pragma once

#include <urio/config.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <sys/stat.h>

namespace urio::inline URIO_ABI
{

/// The status of a file, as statx(2) gives it. A value.
class file_status
{
public:
    using time_point =
        std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

    /// That of nothing: of type `none`, and all zero.
    file_status() noexcept = default;

    explicit file_status(const struct ::statx& native) noexcept : native_(native) {}

    /// What kind of file it is.
    std::filesystem::file_type type() const noexcept
    {
        using std::filesystem::file_type;
        switch (native_.stx_mode & S_IFMT)
        {
        case 0:
            return file_type::none;
        case S_IFREG:
            return file_type::regular;
        case S_IFDIR:
            return file_type::directory;
        case S_IFLNK:
            return file_type::symlink;
        case S_IFBLK:
            return file_type::block;
        case S_IFCHR:
            return file_type::character;
        case S_IFIFO:
            return file_type::fifo;
        case S_IFSOCK:
            return file_type::socket;
        default:
            return file_type::unknown;
        }
    }

    bool is_regular_file() const noexcept
    {
        return type() == std::filesystem::file_type::regular;
    }
    bool is_directory() const noexcept
    {
        return type() == std::filesystem::file_type::directory;
    }
    bool is_symlink() const noexcept
    {
        return type() == std::filesystem::file_type::symlink;
    }

    /// Who may do what with it: the lower 12 bits of the mode.
    std::filesystem::perms permissions() const noexcept
    {
        return static_cast<std::filesystem::perms>(native_.stx_mode & 07777);
    }

    /// In bytes.
    std::uint64_t size() const noexcept { return native_.stx_size; }

    /// What it takes on the disk, in bytes: less than its size if it has holes.
    std::uint64_t allocated() const noexcept { return native_.stx_blocks * 512; }

    /// How many names it has.
    std::uint32_t links() const noexcept { return native_.stx_nlink; }

    /// Together with device(), what tells it from all other files.
    std::uint64_t inode() const noexcept { return native_.stx_ino; }

    std::uint64_t device() const noexcept
    {
        return std::uint64_t{native_.stx_dev_major} << 32 | native_.stx_dev_minor;
    }

    std::uint32_t owner() const noexcept { return native_.stx_uid; }
    std::uint32_t group() const noexcept { return native_.stx_gid; }

    /// When its contents were last modified.
    time_point modified() const noexcept { return time(native_.stx_mtime); }

    /// When its contents were last read, as far as the file system keeps count.
    time_point accessed() const noexcept { return time(native_.stx_atime); }

    /// When its status was last changed.
    time_point changed() const noexcept { return time(native_.stx_ctime); }

    /// When it was created; the epoch if the file system does not say.
    time_point created() const noexcept { return time(native_.stx_btime); }

    /// What O_DIRECT asks of the addresses of buffers, in bytes; 0 if the kernel does not
    /// say (it does from Linux 6.1 on, not for all file systems), or if the file cannot
    /// be read and written directly.
    std::uint32_t direct_memory_alignment() const noexcept
    {
#if defined(STATX_DIOALIGN)
        return native_.stx_mask & STATX_DIOALIGN ? native_.stx_dio_mem_align : 0;
#else
        return 0;
#endif
    }

    /// What it asks of offsets and sizes, in bytes; 0 as above.
    std::uint32_t direct_offset_alignment() const noexcept
    {
#if defined(STATX_DIOALIGN)
        return native_.stx_mask & STATX_DIOALIGN ? native_.stx_dio_offset_align : 0;
#else
        return 0;
#endif
    }

    /// All that the kernel said.
    const struct ::statx& native() const noexcept { return native_; }

private:
    static time_point time(const ::statx_timestamp& t) noexcept
    {
        return time_point(std::chrono::seconds(t.tv_sec) +
                          std::chrono::nanoseconds(t.tv_nsec));
    }

    struct ::statx native_ = {};
};

} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How a file is opened.
#pragma once

#include <urio/file/file_base.hpp>

#include <cstdint>
#include <type_traits>

namespace urio::inline URIO_ABI
{

/// What a path may lead through: the `RESOLVE_*` flags of openat2(2), a bitmask.
/**
 * They concern all of the path, not its last part alone as file_base::no_follow does.
 * Linux 5.6; on older kernels opening with any of them fails with
 * `function_not_supported`.
 */
enum class resolve : std::uint64_t
{
    anywhere = 0,
    no_mount_crossing = 0x01, ///< not to another file system
    no_magic_links = 0x02,    ///< not through links such as /proc/self/fd/0
    no_symlinks = 0x04,       ///< not through any symbolic link
    beneath = 0x08, ///< not out of the directory that the path is relative to: EXDEV
    in_root = 0x10, ///< that directory counts as the root, as with chroot(2)
    cached = 0x20,  ///< not if it takes more than the kernel's cache: EAGAIN. Linux 5.12
};

constexpr resolve operator|(resolve a, resolve b) noexcept
{
    return static_cast<resolve>(static_cast<std::uint64_t>(a) |
                                static_cast<std::uint64_t>(b));
}

constexpr resolve operator&(resolve a, resolve b) noexcept
{
    return static_cast<resolve>(static_cast<std::uint64_t>(a) &
                                static_cast<std::uint64_t>(b));
}

/// How a file is opened: open(2) and openat2(2). Flags alone convert to it.
struct open_options
{
    constexpr open_options() noexcept = default;

    constexpr open_options(file_base::flags f) noexcept : flags(f) {}

    constexpr open_options(file_base::flags f, unsigned m,
                           resolve how = resolve::anywhere) noexcept
        : flags(f)
        , mode(m)
        , resolution(how)
    {
    }

    file_base::flags flags = file_base::read_only;

    /// The permissions of a file that is created, less the umask. (Asio's files are
    /// created with 0777, and so are those that basic_file::open creates with flags
    /// alone.)
    unsigned mode = 0666;

    /// What the path may lead through.
    resolve resolution = resolve::anywhere;
};

} // namespace urio::inline URIO_ABI

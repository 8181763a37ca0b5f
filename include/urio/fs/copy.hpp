// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Copies of files.
#pragma once

#include <urio/detail/fs/task.hpp>
#include <urio/fs/location.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace fs
{

/// How a file is copied.
struct copy_options
{
    /// What is copied over a file that is there, instead of `file_exists`.
    bool overwrite = true;

    /// Where in the file to begin, in bytes: what is before is there already. The copy is
    /// as long as the file in the end.
    std::uint64_t offset = 0;

    /// The copy gets the times of access and modification, too. (A file that is created
    /// gets the permissions, less the umask and without the set-user-ID bit and its like;
    /// one that is there keeps its own.)
    bool times = false;

    /// If given, the bytes go to this file, which takes the name of the copy when it is
    /// complete: whoever opens that finds what was there before or all of the copy.
    /**
     * A path on the same file system, relative to the same directory as that of the copy.
     * Without `offset` whatever has this name is removed first; with `offset` it must be
     * the part of the copy that was made before. It stays after an error. What the copy
     * replaces keeps neither its inode nor its permissions. A symbolic link is replaced,
     * not what it leads to. What is no regular file is not replaced: a device, a pipe, or
     * a link to one of these is written into, and the temporary name not used.
     */
    std::string temporary = {};

    /// How many reads and writes are in flight where the kernel cannot copy by itself.
    unsigned depth = 4;

    /// How much is copied at a time, in bytes; 0 for a default. A cancellation waits for
    /// as much at most. (Of files that have no size at least 256 KiB and at most 1 MiB:
    /// some files of the kernel give nothing to a second read, and refuse large ones.)
    std::size_t chunk = 0;

    /// Is told, now and then, how many bytes are done, `offset` and holes included. It
    /// runs where the operation does: on its executor, before the completion. It must not
    /// throw.
    std::function<void(std::uint64_t)> progress = {};
};

/// One of many files to be copied.
struct copy_request
{
    location from, to;

    /// As copy_options::temporary.
    std::string temporary = {};
};

/// What has become of it.
struct copy_result
{
    boost::system::error_code error;

    /// How many bytes the copy has.
    std::uint64_t bytes = 0;
};

} // namespace fs

namespace detail
{

fs_task<std::vector<fs::copy_result>> copy_files(std::vector<fs::copy_request> files,
                                                 fs::copy_options options);

fs_task<std::uint64_t> copy_file(fs::location from, fs::location to,
                                 fs::copy_options options);

} // namespace detail

namespace fs
{

/// Copies a file: `void(error_code, std::uint64_t)`.
/**
 * What leads to a regular file is copied by the kernel: the two share their blocks where
 * the file system can do that (FICLONE, ioctl_ficlonerange(2)), else copy_file_range(2)
 * moves the bytes, on a thread, since io_uring has no such operation. Holes stay holes.
 * Where the kernel cannot (other kinds of files, some pairs of file systems), reads and
 * writes are pipelined, and holes stay holes, too (SEEK_DATA, lseek(2)). The copy is as
 * long as what was read, and the holes that the kernel tells of: a file that claims to be
 * longer, as those of /sys do, or that grows meanwhile, is not filled up with zeros.
 *
 * The result is how many bytes the copy has, after an error how many it had got. A file
 * that is there keeps its inode, its names and its owner, unless it is replaced at once
 * (copy_options::temporary). To copy a file onto itself is
 * `invalid_argument`.
 *
 * Any thread. Supports terminal, partial and total cancellation; the copy is left as it
 * is then.
 */
template <detail::executor_source Source, class Token>
auto async_copy_file(Source&& source, location from, location to, copy_options options,
                     Token&& token)
{
    return detail::async_fs_task<std::uint64_t>(
        source, std::forward<Token>(token),
        [from = std::move(from), to = std::move(to),
         options = std::move(options)]() mutable
        {
            return detail::copy_file(std::move(from), std::move(to), std::move(options));
        });
}

template <detail::executor_source Source, class Token>
auto async_copy_file(Source&& source, location from, location to, Token&& token)
{
    return async_copy_file(source, std::move(from), std::move(to), copy_options(),
                           std::forward<Token>(token));
}

/// Copies many files: `void(error_code, std::vector<copy_result>)`, a result for each, in
/// the same order.
/**
 * As async_copy_file() would, one after another; but the small ones take one visit to a
 * thread together, where a visit for each would take longer than the copy. A file that
 * fails is no failure of the operation: see its result. `offset`, `temporary` and
 * `progress` of the options are not used.
 *
 * Any thread. Supports terminal, partial and total cancellation, which waits for
 * copy_options::chunk bytes of each file at most; the results tell what was done.
 */
template <detail::executor_source Source, class Token>
auto async_copy_files(Source&& source, std::vector<copy_request> files,
                      copy_options options, Token&& token)
{
    return detail::async_fs_task<std::vector<copy_result>>(
        source, std::forward<Token>(token),
        [files = std::move(files), options = std::move(options)]() mutable
        { return detail::copy_files(std::move(files), std::move(options)); });
}

} // namespace fs
} // namespace urio::inline URIO_ABI

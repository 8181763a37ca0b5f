// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files by their paths: open, stat, rename, unlink, mkdir, link and symlink.
//
// Each takes where to run, an executor or a context, the paths, and a completion token.
// A path is a string, a std::filesystem::path or a boost::filesystem::path, or one of
// these with the fs::directory that it is relative to, in braces; the operation keeps a
// copy. Handlers get an `error_code` first; with use_awaitable and use_future there is a
// fs::filesystem_error instead, whose text names the paths.
//
// All may be called from any thread, and support cancellation of types terminal, partial
// and total: what has not begun ends with `operation_aborted`. Paths that contain a null
// character yield `invalid_argument`.
//
// Where the kernel does not have an operation, or on a reactor, a thread carries it out
// (uring_options::file_threads).
#pragma once

#include <urio/detail/fs/initiate.hpp>
#include <urio/file/basic_random_access_file.hpp>

#include <new>
#include <string>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Opens a path, and makes a `File` of the descriptor.
template <class File>
struct open_into : open_call
{
    open_into(fs::location w, const open_options& options, typename File::executor_type e)
        : open_call(std::move(w), options)
        , file(std::move(e))
    {
    }

    std::tuple<boost::system::error_code, File>
    results(int result, boost::system::error_code ec, bool alive)
    {
        unique_descriptor descriptor(ec ? -1 : result);
        if (alive && !ec)
            try
            {
                file.service().adopt(file.implementation(), std::move(descriptor),
                                     static_cast<int>(how.flags));
            }
            catch (const std::bad_alloc&)
            {
                ec = boost::asio::error::no_memory;
            }
        return {ec, std::move(file)};
    }

    File file;
};

struct open_directory_call : open_call
{
    open_directory_call(fs::location w, resolve how)
        : open_call(std::move(w), {file_base::path_only | file_base::directory, 0, how})
    {
    }

    std::tuple<boost::system::error_code, fs::directory>
    results(int result, boost::system::error_code ec, bool) const
    {
        unique_descriptor descriptor(ec ? -1 : result);
        fs::directory found;
        if (!ec)
            try
            {
                found = fs::directory(std::move(descriptor));
            }
            catch (const std::bad_alloc&)
            {
                ec = boost::asio::error::no_memory;
            }
        return {ec, std::move(found)};
    }
};

} // namespace detail

namespace fs
{

/// Opens a file: `void(error_code, basic_random_access_file<Executor>)`.
/**
 * `Executor` is that of `source`; after an error the file is not open. The errors are
 * those of open(2); with open_options::resolution also `cross_device_link` (EXDEV) for a
 * path that leads out of its directory, and `too_many_symbolic_link_levels` (ELOOP) for
 * one through a link.
 *
 * @par Kernel
 * Linux 5.6: IORING_OP_OPENAT2, openat2(2).
 */
template <detail::executor_source Source, class Token>
auto async_open(Source&& source, location where, open_options options, Token&& token)
{
    using executor = detail::executor_of_t<Source>;
    using file = basic_random_access_file<executor>;
    return detail::async_fs_call<file>(
        source, std::forward<Token>(token), "async_open",
        detail::open_into<file>(std::move(where), options, detail::executor_of(source)));
}

/// The same for another class of file, whose executor type that of `source` converts to:
/// `fs::async_open_as<urio::stream_file>(…)`.
template <class File, detail::executor_source Source, class Token>
auto async_open_as(Source&& source, location where, open_options options, Token&& token)
{
    return detail::async_fs_call<File>(
        source, std::forward<Token>(token), "async_open",
        detail::open_into<File>(std::move(where), options, detail::executor_of(source)));
}

/// Opens a directory for paths that are relative to it: `void(error_code, directory)`.
/// IORING_OP_OPENAT2, Linux 5.6.
template <detail::executor_source Source, class Token>
auto async_open_directory(Source&& source, location where, resolve how, Token&& token)
{
    return detail::async_fs_call<directory>(
        source, std::forward<Token>(token), "async_open_directory",
        detail::open_directory_call(std::move(where), how));
}

template <detail::executor_source Source, class Token>
auto async_open_directory(Source&& source, location where, Token&& token)
{
    return async_open_directory(source, std::move(where), resolve::anywhere,
                                std::forward<Token>(token));
}

/// What a path leads to, through symbolic links: `void(error_code, file_status)`.
/// IORING_OP_STATX, Linux 5.6.
template <detail::executor_source Source, class Token>
auto async_stat(Source&& source, location where, Token&& token)
{
    return detail::async_fs_call<file_status>(
        source, std::forward<Token>(token), "async_stat",
        detail::path_stat_call(std::move(where), true));
}

/// The same, of a symbolic link itself if that is what the path leads to.
template <detail::executor_source Source, class Token>
auto async_symlink_stat(Source&& source, location where, Token&& token)
{
    return detail::async_fs_call<file_status>(
        source, std::forward<Token>(token), "async_symlink_stat",
        detail::path_stat_call(std::move(where), false));
}

/// What a rename does with a file that is there.
enum class existing : unsigned
{
    replace = 0,  ///< it is replaced, at once
    keep = 1,     ///< the operation fails with `file_exists`
    exchange = 2, ///< the two change places
};

/// Renames a file: `void(error_code)`, renameat2(2). IORING_OP_RENAMEAT, Linux 5.11.
template <detail::executor_source Source, class Token>
auto async_rename(Source&& source, location from, location to, existing e, Token&& token)
{
    return detail::async_fs_call<>(
        source, std::forward<Token>(token), "async_rename",
        detail::rename_call(std::move(from), std::move(to), static_cast<unsigned>(e)));
}

template <detail::executor_source Source, class Token>
auto async_rename(Source&& source, location from, location to, Token&& token)
{
    return async_rename(source, std::move(from), std::move(to), existing::replace,
                        std::forward<Token>(token));
}

/// Removes a name of a file: `void(error_code)`, unlinkat(2). IORING_OP_UNLINKAT, Linux
/// 5.11.
template <detail::executor_source Source, class Token>
auto async_unlink(Source&& source, location where, Token&& token)
{
    return detail::async_fs_call<>(source, std::forward<Token>(token), "async_unlink",
                                   detail::unlink_call(std::move(where), 0));
}

/// Removes an empty directory: `void(error_code)`, rmdir(2). IORING_OP_UNLINKAT, Linux
/// 5.11.
template <detail::executor_source Source, class Token>
auto async_rmdir(Source&& source, location where, Token&& token)
{
    return detail::async_fs_call<>(source, std::forward<Token>(token), "async_rmdir",
                                   detail::unlink_call(std::move(where), AT_REMOVEDIR));
}

/// Makes a directory: `void(error_code)`, mkdirat(2). `mode` is less the umask.
/// IORING_OP_MKDIRAT, Linux 5.15.
template <detail::executor_source Source, class Token>
auto async_mkdir(Source&& source, location where, unsigned mode, Token&& token)
{
    return detail::async_fs_call<>(source, std::forward<Token>(token), "async_mkdir",
                                   detail::mkdir_call(std::move(where), mode));
}

template <detail::executor_source Source, class Token>
    requires(!std::convertible_to<Token, unsigned>)
auto async_mkdir(Source&& source, location where, Token&& token)
{
    return async_mkdir(source, std::move(where), 0777, std::forward<Token>(token));
}

/// Gives a file another name: `void(error_code)`, linkat(2). IORING_OP_LINKAT, Linux
/// 5.15.
template <detail::executor_source Source, class Token>
auto async_link(Source&& source, location from, location to, Token&& token)
{
    return detail::async_fs_call<>(source, std::forward<Token>(token), "async_link",
                                   detail::link_call(std::move(from), std::move(to), 0));
}

/// Gives a name to an open file, such as one that is open with file_base::temporary:
/// `void(error_code)`. The file must stay open until the completion.
template <class Executor, class Token>
auto async_link(basic_file<Executor>& file, location to, Token&& token)
{
    return detail::async_fs_call<>(
        file.get_executor(), std::forward<Token>(token), "async_link",
        detail::link_call("/proc/self/fd/" + std::to_string(file.native_handle()),
                          std::move(to), AT_SYMLINK_FOLLOW));
}

/// Makes a symbolic link at `where` to `target`, which need not exist:
/// `void(error_code)`, symlinkat(2). IORING_OP_SYMLINKAT, Linux 5.15.
template <detail::executor_source Source, class Token>
auto async_symlink(Source&& source, std::string target, location where, Token&& token)
{
    return detail::async_fs_call<>(
        source, std::forward<Token>(token), "async_symlink",
        detail::symlink_call(std::move(target), std::move(where)));
}

/// What a symbolic link says: `void(error_code, std::string)`, readlinkat(2). A thread
/// does it: the kernel's io_uring has no such operation.
template <detail::executor_source Source, class Token>
auto async_read_symlink(Source&& source, location where, Token&& token)
{
    return detail::async_fs_call<std::string>(
        source, std::forward<Token>(token), "async_read_symlink",
        detail::read_symlink_call(std::move(where)));
}

} // namespace fs
} // namespace urio::inline URIO_ABI

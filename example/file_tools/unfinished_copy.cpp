// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "unfinished_copy.hpp"

#include "descriptor_path.hpp"

#include <cerrno>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace file_tools
{

net::awaitable<std::optional<unfinished_copy>> unfinished_copy::open(std::string path)
{
    auto const ex = co_await net::this_coro::executor;
    using file = net::file_base;
    // A named pipe would let one wait.
    auto [ec, opened] = co_await net::fs::async_open(
        ex, path,
        {file::read_write | file::create | file::no_follow | file::non_blocking, 0600},
        net::as_tuple(net::use_awaitable));
    if (is_lack_of_descriptors(ec))
        throw boost::system::system_error(ec);
    if (ec)
        co_return std::nullopt;
    unfinished_copy copy(std::move(path), std::move(opened));
    if (::flock(copy.file_.native_handle(), LOCK_EX | LOCK_NB) != 0)
    {
        // Where there are no locks it has just been created.
        if (errno != EWOULDBLOCK && copy.size() == 0)
            copy.remove();
        co_return std::nullopt;
    }
    // Who had the lock may have given the file its name meanwhile.
    if (!copy.is_there())
        co_return std::nullopt;
    co_return copy;
}

bool unfinished_copy::is_there()
{
    struct ::stat opened, named;
    return ::fstat(file_.native_handle(), &opened) == 0 &&
           ::lstat(path_.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino && S_ISREG(opened.st_mode) &&
           opened.st_nlink == 1 && opened.st_uid == ::geteuid();
}

std::string unfinished_copy::handle()
{
    return path_of(file_.native_handle());
}

std::uint64_t unfinished_copy::size()
{
    return file_.size();
}

net::awaitable<void> unfinished_copy::finish(std::string target, ::mode_t mode)
{
    if (::fchmod(file_.native_handle(), mode) != 0)
        throw boost::system::system_error(errno, boost::system::system_category());
    if (!is_there())
        throw std::runtime_error("not copied: somebody else has changed " + path_);
    auto const ex = co_await net::this_coro::executor;
    auto const [ec] = co_await net::fs::async_rename(
        ex, path_, target, net::fs::existing::keep, net::as_tuple(net::use_awaitable));
    // Some file systems only know how to replace.
    if (ec == boost::system::errc::invalid_argument)
        co_await net::fs::async_rename(ex, path_, std::move(target), net::use_awaitable);
    else if (ec)
        throw net::fs::filesystem_error(ec, "async_rename", path_, target);
}

void unfinished_copy::remove()
{
    if (is_there())
        (void)::unlink(path_.c_str());
}

} // namespace file_tools

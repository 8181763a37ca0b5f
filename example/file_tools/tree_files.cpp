// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How one file is copied: to a new name, or over what is there.
#include "descriptor_path.hpp"
#include "tree_copy.hpp"
#include "unfinished_copy.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace file_tools
{
namespace
{

namespace errc = boost::system::errc;
using std::filesystem::file_type;
constexpr auto with_code = net::as_tuple(net::use_awaitable);

// To compare what there is of a smaller file takes as long as to copy it again.
constexpr std::uint64_t worth_resuming = 1 << 20;

bool is_lack_of_room(const std::exception_ptr& e)
{
    try
    {
        std::rethrow_exception(e);
    }
    catch (const boost::system::system_error& s)
    {
        return s.code() == errc::no_space_on_device || s.code().value() == EDQUOT ||
               s.code() == errc::file_too_large;
    }
    catch (...)
    {
        return false;
    }
}

} // namespace

net::awaitable<std::uint64_t> tree_copy::copy_file(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    auto const [ec, there] =
        co_await net::fs::async_symlink_stat(ex, i.target(), with_code);
    if (ec == errc::no_such_file_or_directory)
    {
        std::optional<std::uint64_t> copied;
        if (options_.resume)
            copied = co_await copy_lasting(i);
        else
            copied = co_await copy_new(i);
        if (copied)
            co_return *copied;
        // Something has come there meanwhile.
    }
    else if (ec)
        throw net::fs::filesystem_error(ec, "async_symlink_stat", i.target());
    co_return co_await copy_over(i);
}

// Nothing if the name is taken.
net::awaitable<std::optional<std::uint64_t>> tree_copy::copy_new(const item& i)
{
    net::fs::copy_options options;
    options.times = true;
    options.overwrite = false;
    for (;;)
    {
        options.temporary = i.temporary();
        boost::system::error_code error;
        try
        {
            std::string const target = i.target();
            co_return co_await copy_bytes(i, target, options);
        }
        catch (const net::fs::filesystem_error& e)
        {
            error = e.code();
        }
        (void)::unlink(options.temporary.c_str());
        if (error == errc::file_exists)
            co_return std::nullopt;
        // Some file systems cannot rename without replacing.
        bool const once_more = error == errc::invalid_argument && !options.overwrite;
        if (!once_more)
            throw net::fs::filesystem_error(error, "async_copy_file", i.source(),
                                            i.target());
        options.overwrite = true;
    }
}

// The same with what there is of it.
net::awaitable<std::optional<std::uint64_t>> tree_copy::copy_lasting(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    auto there = co_await unfinished_copy::open(i.lasting());
    if (!there)
        co_return co_await copy_new(i);
    std::exception_ptr failed;
    try
    {
        auto const source =
            co_await net::fs::async_stat(ex, i.source(), net::use_awaitable);
        net::fs::copy_options options;
        options.times = true;
        std::string const handle = there->handle();
        options.offset = co_await resume_at(i.source(), handle, there->size());
        auto const bytes = co_await copy_bytes(i, handle, options);
        auto const mode = static_cast<::mode_t>(source.permissions()) & 0777 & ~umask_;
        co_await there->finish(i.target(), mode);
        co_return bytes;
    }
    catch (const net::fs::filesystem_error& e)
    {
        if (e.code() == errc::file_exists)
        {
            there->remove();
            co_return std::nullopt;
        }
        failed = std::current_exception();
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    // The room that it takes is what is lacking.
    if (is_lack_of_room(failed))
        there->remove();
    std::rethrow_exception(failed);
}

// Its owner, its permissions, its other names and the link that leads to it remain.
net::awaitable<std::uint64_t> tree_copy::copy_over(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    auto const [ec, there] = co_await net::fs::async_stat(ex, i.target(), with_code);
    if (ec == errc::no_such_file_or_directory)
        throw std::runtime_error("not copied: in its place is a dangling symbolic link");
    if (ec)
        throw net::fs::filesystem_error(ec, "async_stat", i.target());
    if (there.is_directory())
        throw std::runtime_error("not copied: what is in its place is a directory");
    identity const id = identity_of(there);
    while (written_over_.contains(id))
        co_await written_.async_wait(with_code);
    written_over_.insert(id);
    std::exception_ptr failed;
    std::uint64_t bytes = 0;
    try
    {
        bytes = co_await copy_into(i, there);
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    written_over_.erase(id);
    written_.cancel();
    if (failed)
        std::rethrow_exception(failed);
    co_return bytes;
}

net::awaitable<std::uint64_t> tree_copy::copy_into(const item& i,
                                                   const net::file_status& there)
{
    auto const ex = co_await net::this_coro::executor;
    auto const source = co_await net::fs::async_stat(ex, i.source(), net::use_awaitable);
    if (identity_of(source) == identity_of(there))
        throw std::runtime_error("not copied: it is the same file as " + i.target());
    std::string const target = i.target();
    net::fs::copy_options options;
    if (there.type() == file_type::fifo)
    {
        // As cp(1) waits for somebody who reads.
        net::stream_file end = co_await open_pipe(target);
        std::string const path = path_of(end.native_handle());
        co_return co_await copy_bytes(i, path, options);
    }
    options.times = there.is_regular_file();
    if (options_.resume && there.is_regular_file())
        options.offset = co_await resume_at(i.source(), target, there.size());
    co_return co_await copy_bytes(i, target, options);
}

net::awaitable<std::uint64_t> tree_copy::copy_bytes(const item& i,
                                                    const std::string& target,
                                                    net::fs::copy_options options)
{
    auto const ex = co_await net::this_coro::executor;
    options.depth = options_.depth;
    std::int64_t shown = 0;
    if (progress_.on())
        options.progress = [&](std::uint64_t n)
        {
            auto const now = static_cast<std::int64_t>(n);
            progress_.advance(now - std::exchange(shown, now));
        };
    auto const [ec, bytes] =
        co_await net::fs::async_copy_file(ex, i.source(), target, options, with_code);
    progress_.advance(-shown);
    if (ec)
        throw net::fs::filesystem_error(ec, "async_copy_file", i.source(), i.target());
    co_return bytes;
}

net::awaitable<std::uint64_t> tree_copy::resume_at(std::string source, std::string there,
                                                   std::uint64_t size)
{
    if (size < worth_resuming)
        co_return 0;
    try
    {
        co_return co_await common_prefix(source, there, options_.depth);
    }
    catch (const boost::system::system_error& e)
    {
        if (is_lack_of_descriptors(e.code()))
            throw;
        // Who may write to it need not be able to read it.
        co_return 0;
    }
}

} // namespace file_tools

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "tree_copy.hpp"

#include "temporary_name.hpp"

#include <cerrno>
#include <stdexcept>
#include <sys/stat.h>

namespace file_tools
{
namespace
{

using std::filesystem::file_type;

// To compare what there is of a smaller file takes as long as to copy it again.
constexpr std::uint64_t worth_resuming = 1 << 20;

::mode_t current_umask()
{
    ::mode_t const mask = ::umask(0);
    ::umask(mask);
    return mask;
}

bool is_same(const net::file_status& source, const net::file_status& target)
{
    return target.is_regular_file() && source.size() == target.size() &&
           source.modified() == target.modified();
}

std::string temporary_path(const item& i)
{
    return item::path(i.directory->target,
                      temporary_name(i.target_name, i.directory->like_temporary));
}

[[noreturn]] void fail(const char* what)
{
    throw std::runtime_error(what);
}

} // namespace

tree_copy::tree_copy(net::any_io_executor ex, hash_pool& pool,
                     const copy_tree_options& options, figures& done, progress& bar,
                     report& r)
    : pool_(pool)
    , options_(options)
    , done_(done)
    , progress_(bar)
    , report_(r)
    , stack_(std::move(ex), options.jobs,
             [this](item i) { return process(std::move(i)); })
    , umask_(current_umask())
{
}

void tree_copy::finish()
{
    for (; !restricted_.empty(); restricted_.pop_back())
    {
        restricted const& r = restricted_.back();
        if (::chmod(r.path.c_str(), r.mode) != 0)
            report_.error(r.path, std::generic_category().message(errno));
    }
}

net::awaitable<void> tree_copy::process(item i)
{
    std::exception_ptr failed;
    try
    {
        switch (i.type)
        {
        case file_type::directory:
            co_await process_directory(i);
            break;
        case file_type::regular:
            co_await process_file(i);
            break;
        case file_type::symlink:
            co_await process_symlink(i);
            break;
        default:
            fail("skipped: neither a file, a directory nor a symbolic link");
        }
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    if (failed)
        report_.error(i.source(), failed);
}

net::awaitable<void> tree_copy::process_directory(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    if (options_.verify_only)
    {
        auto const target =
            co_await net::fs::async_symlink_stat(ex, i.target(), net::use_awaitable);
        if (!target.is_directory())
            fail("differs: its copy is no directory");
    }
    else
        co_await make_directory(i);

    // After an error it is what was found before.
    auto const [ec, entries] = co_await net::fs::async_list_directory(
        ex, i.source(), net::as_tuple(net::use_awaitable));
    auto const pair = std::make_shared<directory_pair>(i.source(), i.target());
    for (auto const& e : entries)
        if (is_like_temporary(e.name))
            pair->like_temporary.insert(e.name);
    // Files come first, and listings wait.
    for (bool const directories : {true, false})
        for (auto const& e : entries)
            if ((e.type == file_type::directory) == directories)
                stack_.push({pair, e.name, e.name, e.type});
    if (ec)
        throw boost::system::system_error(ec);
}

net::awaitable<void> tree_copy::make_directory(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    auto const status =
        co_await net::fs::async_symlink_stat(ex, i.source(), net::use_awaitable);
    auto const mode = static_cast<::mode_t>(status.permissions()) & 01777 & ~umask_;
    auto const [ec] = co_await net::fs::async_mkdir(ex, i.target(), mode | 0700,
                                                    net::as_tuple(net::use_awaitable));
    if (ec == boost::system::errc::file_exists)
    {
        auto const there =
            co_await net::fs::async_stat(ex, i.target(), net::use_awaitable);
        if (!there.is_directory())
            fail("not copied: what is in its place is no directory");
        // As cp(1) leaves one that is there, unless a copy that was interrupted made it.
        if (!options_.resume)
            co_return;
        auto const found = static_cast<::mode_t>(there.permissions());
        if ((found & 0700) != 0700)
            (void)::chmod(i.target().c_str(), found | 0700);
    }
    else if (ec)
        throw net::fs::filesystem_error(ec, "async_mkdir", i.target());
    if ((mode & 0700) != 0700)
        restricted_.push_back({i.target(), mode});
}

net::awaitable<void> tree_copy::process_file(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    bool complete = false;
    std::uint64_t bytes = 0;
    if (options_.resume && !options_.verify_only)
    {
        auto const source =
            co_await net::fs::async_symlink_stat(ex, i.source(), net::use_awaitable);
        auto const [ec, target] = co_await net::fs::async_symlink_stat(
            ex, i.target(), net::as_tuple(net::use_awaitable));
        complete = !ec && is_same(source, target);
        bytes = source.size();
    }
    if (complete)
        ++skipped_;
    else if (!options_.verify_only)
        bytes = co_await copy_file(i);
    if (options_.verify || options_.verify_only)
        bytes = co_await verify_file(i);
    ++done_.files;
    done_.bytes += bytes;
    progress_.advance(0);
}

net::awaitable<std::uint64_t> tree_copy::copy_file(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    net::fs::copy_options options;
    options.times = true;
    options.depth = options_.depth;
    options.temporary = temporary_path(i);
    if (options_.resume)
        options.offset = co_await resume_at(i.source(), options.temporary);
    std::int64_t shown = 0;
    if (progress_.on())
        options.progress = [&](std::uint64_t n)
        {
            auto const now = static_cast<std::int64_t>(n);
            progress_.advance(now - std::exchange(shown, now));
        };
    auto [ec, bytes] = co_await net::fs::async_copy_file(
        ex, i.source(), i.target(), options, net::as_tuple(net::use_awaitable));
    if (ec && options.offset != 0)
    {
        // What is there cannot be gone on with.
        options.offset = 0;
        std::tie(ec, bytes) = co_await net::fs::async_copy_file(
            ex, i.source(), i.target(), options, net::as_tuple(net::use_awaitable));
    }
    progress_.advance(-shown);
    if (ec)
        throw net::fs::filesystem_error(ec, "async_copy_file", i.source(), i.target());
    co_return bytes;
}

net::awaitable<std::uint64_t> tree_copy::resume_at(const std::string& source,
                                                   const std::string& temporary)
{
    auto const ex = co_await net::this_coro::executor;
    auto const [ec, there] = co_await net::fs::async_symlink_stat(
        ex, temporary, net::as_tuple(net::use_awaitable));
    if (ec || !there.is_regular_file() || there.size() < worth_resuming)
        co_return 0;
    co_return co_await common_prefix(source, temporary, options_.depth);
}

net::awaitable<std::uint64_t> tree_copy::verify_file(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    auto const there =
        co_await net::fs::async_symlink_stat(ex, i.target(), net::use_awaitable);
    if (!there.is_regular_file())
        fail("differs: its copy is no file");
    auto const source = co_await hash_file(pool_, i.source(), options_.depth);
    auto const target = co_await hash_file(pool_, i.target(), options_.depth);
    if (source.digest == target.digest)
        co_return source.bytes;
    // It must not pass for complete.
    if (!options_.verify_only)
        co_await net::fs::async_unlink(ex, i.target(), net::use_awaitable);
    fail("differs from its copy");
}

net::awaitable<void> tree_copy::process_symlink(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    std::string const what =
        co_await net::fs::async_read_symlink(ex, i.source(), net::use_awaitable);
    if (!options_.verify_only)
        co_await make_symlink(what, i);
    else if (what !=
             co_await net::fs::async_read_symlink(ex, i.target(), net::use_awaitable))
        fail("differs from its copy");
}

net::awaitable<void> tree_copy::make_symlink(const std::string& what, const item& i)
{
    constexpr auto with_code = net::as_tuple(net::use_awaitable);
    auto const ex = co_await net::this_coro::executor;
    auto const [ec] = co_await net::fs::async_symlink(ex, what, i.target(), with_code);
    if (!ec)
        co_return;
    if (ec != boost::system::errc::file_exists)
        throw net::fs::filesystem_error(ec, "async_symlink", i.target());
    auto const [unreadable, there] =
        co_await net::fs::async_read_symlink(ex, i.target(), with_code);
    if (!unreadable && there == what)
        co_return;
    std::string const temporary = temporary_path(i);
    co_await net::fs::async_unlink(ex, temporary, with_code);
    co_await net::fs::async_symlink(ex, what, temporary, net::use_awaitable);
    auto const [failed] =
        co_await net::fs::async_rename(ex, temporary, i.target(), with_code);
    if (!failed)
        co_return;
    co_await net::fs::async_unlink(ex, temporary, with_code);
    throw net::fs::filesystem_error(failed, "async_rename", i.target());
}

} // namespace file_tools

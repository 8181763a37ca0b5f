// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "tree_copy.hpp"

#include <algorithm>
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
            if (!i.others.empty())
                co_return co_await process_files(std::move(i));
            co_await process_file(i);
            break;
        case file_type::symlink:
            co_await process_symlink(i);
            break;
        default:
            throw std::runtime_error(
                "skipped: neither a file, a directory nor a symbolic link");
        }
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    if (failed)
        report_.error(i.source(), failed);
}

net::awaitable<void> tree_copy::process_files(item i)
{
    auto const ex = co_await net::this_coro::executor;
    std::vector<net::fs::copy_request> requests;
    auto add = [&](const std::string& name)
    {
        i.source_name = i.target_name = name;
        requests.push_back({i.source(), i.target(), i.temporary()});
    };
    add(std::string(i.source_name));
    for (std::string const& name : i.others)
        add(name);
    auto const sources = requests;
    net::fs::copy_options options;
    options.times = true;
    options.depth = options_.depth;
    auto const results = co_await net::fs::async_copy_files(ex, std::move(requests),
                                                            options, net::use_awaitable);
    for (std::size_t n = 0; n != results.size(); ++n)
        if (results[n].error)
            report_.error(sources[n].from.path() + " -> " + sources[n].to.path(),
                          results[n].error.message());
        else
        {
            ++done_.files;
            done_.bytes += results[n].bytes;
        }
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
    options.temporary = i.temporary();
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
        throw std::runtime_error("differs: its copy is no file");
    auto const source = co_await hash_file(pool_, i.source(), options_.depth);
    auto const target = co_await hash_file(pool_, i.target(), options_.depth);
    if (source.digest == target.digest)
        co_return source.bytes;
    // It must not pass for complete.
    if (!options_.verify_only)
        co_await net::fs::async_unlink(ex, i.target(), net::use_awaitable);
    throw std::runtime_error("differs from its copy");
}

} // namespace file_tools

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "tree_copy.hpp"

#include <algorithm>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace file_tools
{
namespace
{

using std::filesystem::file_type;

// A copy has two files open, and duplicates of their descriptors where the kernel cannot
// copy by itself.
constexpr unsigned files_of_one = 4;

// Files of one directory that are copied together, on one thread: that spares most of the
// switching between threads, and the waiting for the directory's lock.
constexpr unsigned most_together = 16;

unsigned jobs_for(const copy_tree_options& o)
{
    return std::clamp(o.open_files / files_of_one, 1u, o.jobs);
}

// Each of them may have its files open until all are copied.
std::size_t together_for(const copy_tree_options& o)
{
    unsigned const files = o.open_files / jobs_for(o);
    return files < files_of_one + 2 ? 1 : std::min((files - 2) / 2, most_together);
}

::mode_t current_umask()
{
    ::mode_t const mask = ::umask(0);
    ::umask(mask);
    return mask;
}

bool is_same(const net::file_status& source, const net::file_status& target)
{
    // What says that it is empty may not be, as the files of /proc; and a copy of what is
    // takes no longer than to find out.
    return target.is_regular_file() && source.size() != 0 &&
           source.size() == target.size() && source.modified() == target.modified();
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
    , stack_(ex, jobs_for(options), [this](item i) { return process(std::move(i)); })
    , together_(together_for(options))
    , umask_(current_umask())
    , written_(std::move(ex), net::steady_timer::time_point::max())
{
}

net::awaitable<void> tree_copy::process(item i)
{
    auto const before = stack_.changes();
    std::exception_ptr failed;
    try
    {
        co_await process_any(i);
    }
    catch (...)
    {
        failed = std::current_exception();
    }
    if (!failed || stack_.stopped())
        co_return;
    if (is_lack_of_descriptors(failed) && stack_.retry_with_fewer(before))
        stack_.push(std::move(i));
    else
        report_.error(i.source(), failed);
}

net::awaitable<void> tree_copy::process_any(item& i)
{
    switch (i.type)
    {
    case file_type::directory:
        return process_directory(i);
    case file_type::regular:
        return i.others.empty() ? process_file(i) : process_files(i);
    case file_type::symlink:
        return process_symlink(i);
    default:
        throw std::runtime_error(
            "skipped: neither a file, a directory nor a symbolic link");
    }
}

// What is there already, and what does not go together, is for process_file().
net::awaitable<void> tree_copy::process_files(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    std::vector<item> items;
    std::vector<net::fs::copy_request> requests;
    auto add = [&](const std::string& name)
    {
        items.push_back({i.directory, name, name, i.type});
        item const& added = items.back();
        requests.push_back({added.source(), added.target(), added.temporary()});
    };
    add(i.source_name);
    for (std::string const& name : i.others)
        add(name);
    auto const all = requests;
    net::fs::copy_options options;
    options.overwrite = false;
    options.times = true;
    options.depth = options_.depth;
    auto const [cancelled, results] = co_await net::fs::async_copy_files(
        ex, std::move(requests), options, net::as_tuple(net::use_awaitable));
    for (std::size_t n = 0; n != all.size(); ++n)
    {
        auto const r = n < results.size() ? results[n] : net::fs::copy_result{cancelled};
        if (!r.error)
        {
            ++done_.files;
            done_.bytes += r.bytes;
            continue;
        }
        (void)::unlink(all[n].temporary.c_str());
        // Some file systems cannot rename without replacing.
        namespace errc = boost::system::errc;
        if (r.error == errc::file_exists || r.error == errc::invalid_argument ||
            is_lack_of_descriptors(r.error))
            stack_.push(std::move(items[n]));
        else if (!stack_.stopped())
            report_.error(all[n].from.path() + " -> " + all[n].to.path(),
                          r.error.message());
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
        auto const [ec, target] = co_await net::fs::async_stat(
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

net::awaitable<std::uint64_t> tree_copy::verify_file(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    auto const there = co_await net::fs::async_stat(ex, i.target(), net::use_awaitable);
    if (!there.is_regular_file())
        throw std::runtime_error("cannot be verified: its copy is no regular file");
    auto const source = co_await hash_file(pool_, i.source(), options_.depth);
    auto const target = co_await hash_file(pool_, i.target(), options_.depth);
    if (source.digest == target.digest)
        co_return source.bytes;
    // It must not pass for complete; but what has other names, or is behind a link, is
    // not removed by its removal.
    if (!options_.verify_only)
    {
        auto const named =
            co_await net::fs::async_symlink_stat(ex, i.target(), net::use_awaitable);
        if (named.is_regular_file() && named.links() == 1)
            co_await net::fs::async_unlink(ex, i.target(), net::use_awaitable);
        else
            (void)::utimensat(AT_FDCWD, i.target().c_str(), nullptr, 0);
    }
    throw std::runtime_error("differs from its copy");
}

} // namespace file_tools

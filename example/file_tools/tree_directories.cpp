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

} // namespace

void tree_copy::finish()
{
    for (; !restricted_.empty(); restricted_.pop_back())
    {
        restricted const& r = restricted_.back();
        if (::chmod(r.path.c_str(), r.mode) != 0)
            report_.error(r.path, std::generic_category().message(errno));
    }
}

net::awaitable<void> tree_copy::process_directory(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    if (options_.verify_only)
    {
        auto const target =
            co_await net::fs::async_symlink_stat(ex, i.target(), net::use_awaitable);
        if (!target.is_directory())
            throw std::runtime_error("differs: its copy is no directory");
    }
    else
    {
        auto const source =
            co_await net::fs::async_symlink_stat(ex, i.source(), net::use_awaitable);
        // The names do not tell where a directory is mounted a second time.
        if (roots_.contains(identity_of(source)))
            throw std::runtime_error("not copied: it is the copy");
        co_await make_directory(i, source);
        auto const target =
            co_await net::fs::async_symlink_stat(ex, i.target(), net::use_awaitable);
        if (i.is_root)
            roots_.insert(identity_of(target));
    }

    // After an error it is what was found before.
    auto const [ec, entries] = co_await net::fs::async_list_directory(
        ex, i.source(), net::as_tuple(net::use_awaitable));
    auto const pair = std::make_shared<directory_pair>(i.source(), i.target());
    for (auto const& e : entries)
        if (is_like_lasting(e.name))
            pair->like_lasting.insert(e.name);
    push_entries(pair, entries);
    if (ec)
        throw boost::system::system_error(ec);
}

net::awaitable<void> tree_copy::make_directory(const item& i,
                                               const net::file_status& source)
{
    auto const ex = co_await net::this_coro::executor;
    auto const mode = static_cast<::mode_t>(source.permissions()) & 01777 & ~umask_;
    auto const [ec] = co_await net::fs::async_mkdir(ex, i.target(), mode | 0700,
                                                    net::as_tuple(net::use_awaitable));
    if (ec == boost::system::errc::file_exists)
    {
        // Not through a symbolic link, which may lead anywhere.
        auto const there =
            co_await net::fs::async_symlink_stat(ex, i.target(), net::use_awaitable);
        if (!there.is_directory())
            throw std::runtime_error("not copied: what is in its place is no directory");
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

// Files come first, and listings wait.
void tree_copy::push_entries(const std::shared_ptr<directory_pair>& pair,
                             std::vector<net::fs::directory_entry> entries)
{
    bool const one_by_one =
        options_.resume || options_.verify || options_.verify_only || progress_.on();
    std::ranges::partition(entries,
                           [](const auto& e) { return e.type == file_type::directory; });
    for (std::size_t n = 0; n != entries.size();)
    {
        auto& first = entries[n++];
        item i{pair, first.name, first.name, first.type};
        if (first.type == file_type::regular && !one_by_one)
            for (; n != entries.size() && entries[n].type == file_type::regular &&
                   i.others.size() + 1 != together_;
                 ++n)
                i.others.push_back(std::move(entries[n].name));
        stack_.push(std::move(i));
    }
}

} // namespace file_tools

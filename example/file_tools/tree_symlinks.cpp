// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "tree_copy.hpp"

#include <stdexcept>
#include <unistd.h>

namespace file_tools
{

net::awaitable<void> tree_copy::process_symlink(const item& i)
{
    auto const ex = co_await net::this_coro::executor;
    std::string const what =
        co_await net::fs::async_read_symlink(ex, i.source(), net::use_awaitable);
    if (!options_.verify_only)
        co_await make_symlink(what, i);
    else if (what !=
             co_await net::fs::async_read_symlink(ex, i.target(), net::use_awaitable))
        throw std::runtime_error("differs from its copy");
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
    auto const there =
        co_await net::fs::async_symlink_stat(ex, i.target(), net::use_awaitable);
    if (!there.is_regular_file() && !there.is_symlink())
        throw std::runtime_error(
            "not copied: what is in its place is neither a file nor a symbolic link");
    std::string const temporary = i.temporary();
    co_await net::fs::async_symlink(ex, what, temporary, net::use_awaitable);
    auto const [failed] =
        co_await net::fs::async_rename(ex, temporary, i.target(), with_code);
    if (!failed)
        co_return;
    (void)::unlink(temporary.c_str());
    throw net::fs::filesystem_error(failed, "async_rename", i.target());
}

} // namespace file_tools

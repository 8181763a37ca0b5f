// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The directory that a file is in.
#pragma once

#include <urio/fs/operations.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>

namespace urio::inline URIO_ABI
{
namespace detail
{

inline fs::location parent_of(const fs::location& where)
{
    std::string const& path = where.path();
    auto const slash = path.rfind('/');
    return {where.base(), slash == path.npos ? std::string(".")
                          : slash == 0       ? std::string("/")
                                             : path.substr(0, slash)};
}

/// Waits until what was created or renamed there is on the disk.
inline boost::asio::awaitable<void, any_io_executor> sync_parent(fs::location where)
{
    using token = boost::asio::use_awaitable_t<any_io_executor>;
    auto const ex = co_await boost::asio::this_coro::executor;
    auto directory = co_await fs::async_open(
        ex, parent_of(where), file_base::read_only | file_base::directory, token());
    co_await directory.async_sync_all(token());
}

} // namespace detail
} // namespace urio::inline URIO_ABI

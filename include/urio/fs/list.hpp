// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is in a directory.
#pragma once

#include <urio/detail/fs/initiate.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace fs
{

/// What a directory says of one of the names in it.
struct directory_entry
{
    std::string name;

    /// Of the name itself: symbolic links are not followed.
    std::filesystem::file_type type = std::filesystem::file_type::none;

    std::uint64_t inode = 0;
};

} // namespace fs

namespace detail
{

struct list_call
{
    explicit list_call(fs::location w) noexcept : where(std::move(w)) {}
    int perform(int);
    std::tuple<boost::system::error_code, std::vector<fs::directory_entry>>
    results(int, boost::system::error_code ec, bool)
    {
        return {ec, std::move(entries)};
    }

    fs::location where;
    std::vector<fs::directory_entry> entries;
};

} // namespace detail

namespace fs
{

/// Lists a directory: `void(error_code, std::vector<directory_entry>)`.
/**
 * In no order, without `.` and `..`. After an error it holds what was found before. What
 * changes meanwhile may be listed or not, see readdir(3). A thread does it: the kernel's
 * io_uring has no such operation.
 *
 * Any thread. Supports terminal, partial and total cancellation, as long as it has not
 * begun.
 */
template <detail::executor_source Source, class Token>
auto async_list_directory(Source&& source, location where, Token&& token)
{
    return detail::async_fs_call<std::vector<directory_entry>>(
        source, std::forward<Token>(token), "async_list_directory",
        detail::list_call(std::move(where)));
}

} // namespace fs
} // namespace urio::inline URIO_ABI

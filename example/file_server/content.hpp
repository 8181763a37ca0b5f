// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The files below a directory, by the paths of HTTP requests.
#pragma once

#include "file_cache.hpp"

#include <boost/beast/http/status.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

/// What a target leads to: a file, or the status that says why there is none.
struct lookup_result
{
    boost::beast::http::status status = boost::beast::http::status::ok;
    std::shared_ptr<content> found;
    std::string location; ///< of a redirection
};

/// Keeps the files open that were asked for last.
class content_directory
{
public:
    /// Throws std::filesystem::filesystem_error if there is no such directory. At most
    /// `most_open` files are kept open besides those that are being sent.
    content_directory(net::io_context& context, const std::filesystem::path& root,
                      std::size_t most_open);

    /// `target` is that of the request line. Never leads out of the directory, be it by
    /// ".." or by a symbolic link. Where there are no descriptors it closes those that it
    /// keeps open for later; if that was not enough the status is 503.
    lookup_result lookup(std::string_view target);

    /// Closes the files that are not being sent. Returns how many.
    std::size_t close_unused() { return cache_.close_unused(); }

    /// A second has passed: files are looked at again when they are asked for.
    void tick() { cache_.tick(); }

    std::size_t files_open() const { return cache_.size(); }

private:
    lookup_result look_at(std::string_view path, std::string_view query);
    lookup_result find(std::string_view path, std::string_view query);

    net::io_context& context_;
    std::filesystem::path root_;
    file_cache cache_;
};

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The files below a directory, by the paths of HTTP requests.
#pragma once

#include "open_file.hpp"

#include <boost/beast/http/status.hpp>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

/// A file that is open, with what its HTTP responses say of it.
struct content
{
    content(net::io_context& context, int descriptor) : file(context, descriptor) {}

    open_file file;
    std::uint64_t size = 0;
    std::time_t modified = 0;
    std::string etag;
    std::string last_modified;
    std::string_view mime_type;
};

/// What a target leads to: a file, or the status that says why there is none.
struct lookup_result
{
    boost::beast::http::status status = boost::beast::http::status::ok;
    std::shared_ptr<content> found;
    std::string location; ///< of a redirection
};

/// Keeps the files open that were asked for last, and looks at the directory again once a
/// second, as nginx's open_file_cache does.
class content_directory
{
public:
    /// Throws std::filesystem::filesystem_error if there is no such directory.
    content_directory(net::io_context& context, const std::filesystem::path& root);

    /// `target` is that of the request line. Never leads out of the directory, be it by
    /// ".." or by a symbolic link.
    lookup_result lookup(std::string_view target);

private:
    using clock = std::chrono::steady_clock;

    struct cached
    {
        lookup_result result;
        clock::time_point checked;
    };

    lookup_result find(std::string_view target);

    net::io_context& context_;
    std::filesystem::path root_;
    std::unordered_map<std::string, cached> cache_;
};

/// The path in a request's target, percent-decoded and without query; none if it is
/// malformed.
std::optional<std::string> decode_path(std::string_view target);

/// "Sun, 06 Nov 1994 08:49:37 GMT", see RFC 9110 section 5.6.7.
std::string http_date(std::time_t time);

/// The media type by a path's extension, application/octet-stream if it is not known.
std::string_view mime_type(const std::filesystem::path& path);

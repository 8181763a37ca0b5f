// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The target of a request, and the type of what it names.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct request_target
{
    std::string_view path;
    std::string_view query; ///< with its question mark, if there is one
};

/// Takes "http://host/path" for "/path", see RFC 9112 section 3.2.
inline request_target split_target(std::string_view target)
{
    constexpr std::string_view scheme = "http://";
    bool const with_host = target.substr(0, scheme.size()) == scheme;
    if (with_host)
        target.remove_prefix(
            std::min(target.find_first_of("/?", scheme.size()), target.size()));
    auto const end = std::min(target.find('?'), target.size());
    auto const path = target.substr(0, end);
    // Only the form with a host may do without a path.
    return {with_host && path.empty() ? "/" : path, target.substr(end)};
}

namespace detail
{

inline int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace detail

/// Percent-decoded; none if it is malformed.
inline std::optional<std::string> decode_path(std::string_view coded)
{
    if (coded.empty() || coded.front() != '/')
        return std::nullopt;
    std::string path;
    path.reserve(coded.size());
    for (std::size_t i = 0; i != coded.size(); ++i)
    {
        char c = coded[i];
        if (c == '%')
        {
            if (coded.size() - i < 3)
                return std::nullopt;
            int const high = detail::hex_digit(coded[i + 1]),
                      low = detail::hex_digit(coded[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return std::nullopt;
        path.push_back(c);
    }
    return path;
}

/// The media type by a path's extension, application/octet-stream if it is not known.
inline std::string_view mime_type(const std::filesystem::path& path)
{
    using entry = std::pair<std::string_view, std::string_view>;
    static constexpr auto types = std::to_array<entry>({
        {".avif", "image/avif"},
        {".bz2", "application/x-bzip2"},
        {".c", "text/plain; charset=utf-8"},
        {".cpp", "text/plain; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".csv", "text/csv; charset=utf-8"},
        {".gif", "image/gif"},
        {".gz", "application/gzip"},
        {".h", "text/plain; charset=utf-8"},
        {".hpp", "text/plain; charset=utf-8"},
        {".htm", "text/html; charset=utf-8"},
        {".html", "text/html; charset=utf-8"},
        {".ico", "image/vnd.microsoft.icon"},
        {".ipp", "text/plain; charset=utf-8"},
        {".jpeg", "image/jpeg"},
        {".jpg", "image/jpeg"},
        {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".md", "text/markdown; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".mp3", "audio/mpeg"},
        {".mp4", "video/mp4"},
        {".otf", "font/otf"},
        {".pdf", "application/pdf"},
        {".png", "image/png"},
        {".svg", "image/svg+xml"},
        {".tar", "application/x-tar"},
        {".ttf", "font/ttf"},
        {".txt", "text/plain; charset=utf-8"},
        {".wasm", "application/wasm"},
        {".webm", "video/webm"},
        {".webp", "image/webp"},
        {".woff", "font/woff"},
        {".woff2", "font/woff2"},
        {".xml", "application/xml"},
        {".zip", "application/zip"},
    });
    std::string extension = path.extension().string();
    for (char& c : extension)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    auto const it = std::lower_bound(types.begin(), types.end(), extension,
                                     [](const entry& e, const std::string& x)
                                     { return e.first < x; });
    return it != types.end() && it->first == extension ? it->second
                                                       : "application/octet-stream";
}

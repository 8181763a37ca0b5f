// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "content.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace http = boost::beast::http;
namespace fs = std::filesystem;

namespace
{

constexpr std::size_t most_open = 512;
constexpr std::chrono::seconds trusted_for{1};

// Closes a descriptor, unless somebody else has taken it over.
class unique_descriptor
{
public:
    explicit unique_descriptor(int fd) : fd_(fd) {}
    unique_descriptor(const unique_descriptor&) = delete;
    unique_descriptor& operator=(const unique_descriptor&) = delete;

    ~unique_descriptor()
    {
        if (fd_ >= 0)
            ::close(fd_);
    }

    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The target without scheme, host and query (RFC 9112 section 3.2: a server takes
// "http://host/path" for "/path").
std::string_view path_of(std::string_view target)
{
    constexpr std::string_view scheme = "http://";
    if (target.substr(0, scheme.size()) == scheme)
    {
        target.remove_prefix(std::min(target.find('/', scheme.size()), target.size()));
        if (target.empty() || target.front() != '/')
            target = "/";
    }
    return target.substr(0, target.find('?'));
}

bool is_below(const fs::path& root, const fs::path& path)
{
    return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first ==
           root.end();
}

bool has_parent_segment(const fs::path& path)
{
    return std::find(path.begin(), path.end(), "..") != path.end();
}

http::status status_of(const boost::system::error_code& ec)
{
    if (ec == boost::system::errc::permission_denied)
        return http::status::forbidden;
    if (ec == boost::system::errc::no_such_file_or_directory ||
        ec == boost::system::errc::not_a_directory ||
        ec == boost::system::errc::filename_too_long ||
        ec == boost::system::errc::too_many_symbolic_link_levels)
        return http::status::not_found;
    if (ec == boost::system::errc::too_many_files_open ||
        ec == boost::system::errc::too_many_files_open_in_system)
        return http::status::service_unavailable;
    return http::status::internal_server_error;
}

} // namespace

content_directory::content_directory(net::io_context& context, const fs::path& root)
    : context_(context)
    , root_(fs::canonical(root))
{
    if (!fs::is_directory(root_))
        throw fs::filesystem_error("cannot serve", root,
                                   std::make_error_code(std::errc::not_a_directory));
}

lookup_result content_directory::lookup(std::string_view target)
{
    auto const now = clock::now();
    target = path_of(target);
    std::string key(target);
    auto const it = cache_.find(key);
    if (it != cache_.end() && now - it->second.checked < trusted_for)
        return it->second.result;

    lookup_result result;
    try
    {
        result = find(target);
    }
    catch (const boost::system::system_error& e)
    {
        result.status = status_of(e.code());
    }
    catch (const fs::filesystem_error& e)
    {
        result.status = status_of(e.code());
    }
    if (it != cache_.end())
        it->second = {result, now};
    else if (result.found)
    {
        // What connections are sending stays open until they are done.
        if (cache_.size() == most_open)
            cache_.clear();
        cache_.emplace(std::move(key), cached{result, now});
    }
    return result;
}

lookup_result content_directory::find(std::string_view target)
{
    lookup_result result;
    auto const decoded = decode_path(target);
    if (!decoded)
    {
        result.status = http::status::bad_request;
        return result;
    }
    fs::path const asked = fs::path(*decoded).relative_path();
    if (has_parent_segment(asked))
    {
        result.status = http::status::forbidden;
        return result;
    }
    fs::path path = fs::canonical(root_ / asked);
    if (fs::is_directory(path) && is_below(root_, path))
    {
        if (decoded->back() != '/')
        {
            // Relative links in the index would otherwise lead elsewhere.
            result.status = http::status::moved_permanently;
            // One slash at its front: two would begin the name of another host.
            result.location = '/' +
                              std::string(target.substr(std::min(
                                  target.find_first_not_of('/'), target.size()))) +
                              '/';
            return result;
        }
        path = fs::canonical(path / "index.html");
    }
    if (!is_below(root_, path))
    {
        result.status = http::status::forbidden;
        return result;
    }
    // To open a FIFO would wait for its other end, hence O_NONBLOCK. What was opened may
    // be another file than the one that was looked at: the descriptor tells.
    unique_descriptor file(
        ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
    struct stat st
    {
    };
    if (file.get() < 0 || ::fstat(file.get(), &st) != 0)
        throw boost::system::system_error(errno, boost::system::system_category(),
                                          "open");
    fs::path const opened =
        fs::read_symlink("/proc/self/fd/" + std::to_string(file.get()));
    if (!S_ISREG(st.st_mode) || !is_below(root_, opened))
    {
        result.status = http::status::not_found;
        return result;
    }
    ::fcntl(file.get(), F_SETFL, O_RDONLY);
    result.found = std::make_shared<content>(context_, file.get());
    file.release();
    result.found->size = static_cast<std::uint64_t>(st.st_size);
    result.found->modified = st.st_mtime;
    result.found->last_modified = http_date(st.st_mtime);
    std::array<char, 64> etag{};
    std::snprintf(etag.data(), etag.size(), "\"%llx-%llx-%llx\"",
                  static_cast<unsigned long long>(st.st_mtim.tv_sec),
                  static_cast<unsigned long long>(st.st_mtim.tv_nsec),
                  static_cast<unsigned long long>(st.st_size));
    result.found->etag = etag.data();
    result.found->mime_type = mime_type(path);
    return result;
}

std::optional<std::string> decode_path(std::string_view target)
{
    target = path_of(target);
    if (target.empty() || target.front() != '/')
        return std::nullopt;
    std::string path;
    path.reserve(target.size());
    for (std::size_t i = 0; i != target.size(); ++i)
    {
        char c = target[i];
        if (c == '%')
        {
            if (target.size() - i < 3)
                return std::nullopt;
            int const high = hex_digit(target[i + 1]), low = hex_digit(target[i + 2]);
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

std::string http_date(std::time_t time)
{
    std::tm tm{};
    ::gmtime_r(&time, &tm);
    std::array<char, 40> text{};
    // The C locale, in which the program runs, has the names that HTTP wants.
    std::size_t const n =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return {text.data(), n};
}

std::string_view mime_type(const fs::path& path)
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

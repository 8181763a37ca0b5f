// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "content.hpp"

#include "http_date.hpp"
#include "target.hpp"

#include <algorithm>
#include <array>
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

content_directory::content_directory(net::io_context& context, const fs::path& root,
                                     std::size_t most_open)
    : context_(context)
    , root_(fs::canonical(root))
    , cache_(most_open)
{
    if (!fs::is_directory(root_))
        throw fs::filesystem_error("cannot serve", root,
                                   std::make_error_code(std::errc::not_a_directory));
}

lookup_result content_directory::lookup(std::string_view target)
{
    auto const [path, query] = split_target(target);
    if (auto file = cache_.find(path))
        return {http::status::ok, std::move(file), {}};
    // The old one may be of a file that has been deleted.
    cache_.erase(path);
    lookup_result result = look_at(path, query);
    if (result.status == http::status::service_unavailable && close_unused() != 0)
        result = look_at(path, query);
    if (result.found)
        cache_.put(path, result.found);
    return result;
}

lookup_result content_directory::look_at(std::string_view path, std::string_view query)
{
    lookup_result result;
    try
    {
        return find(path, query);
    }
    catch (const boost::system::system_error& e)
    {
        result.status = status_of(e.code());
    }
    catch (const fs::filesystem_error& e)
    {
        result.status = status_of(e.code());
    }
    return result;
}

lookup_result content_directory::find(std::string_view asked_path, std::string_view query)
{
    lookup_result result;
    auto const decoded = decode_path(asked_path);
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
            result.location = '/';
            result.location += asked_path.substr(
                std::min(asked_path.find_first_not_of('/'), asked_path.size()));
            result.location += '/';
            if (query != "?")
                result.location += query;
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
    struct stat st{};
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

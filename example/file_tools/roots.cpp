// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "roots.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <sys/stat.h>

namespace file_tools
{
namespace
{

namespace stdfs = std::filesystem;
using stdfs::file_type;

/// The name that a source has in a directory.
std::string name_in_directory(const std::string& source)
{
    auto const end = source.find_last_not_of('/');
    if (end == source.npos)
        return {};
    auto const begin = source.rfind('/', end) + 1; // 0 if there is none
    std::string const name = source.substr(begin, end + 1 - begin);
    return name == "." || name == ".." ? std::string() : name;
}

bool is_below(const stdfs::path& p, const stdfs::path& directory)
{
    auto const [d, unused] =
        std::mismatch(directory.begin(), directory.end(), p.begin(), p.end());
    return d == directory.end();
}

/// Where it is or will be, without symbolic links on the way there.
stdfs::path location_of(const std::string& path)
{
    // weakly_canonical() leaves a relative path relative if nothing of it exists.
    return stdfs::weakly_canonical(stdfs::absolute(path));
}

file_type type_of(const std::string& source)
{
    struct ::stat s;
    if (::lstat(source.c_str(), &s) != 0)
        throw boost::system::system_error(errno, boost::system::system_category());
    return stdfs::symlink_status(source).type();
}

/// Throws if it cannot be copied there.
item root(const std::string& source, const std::string& target, bool into)
{
    auto const type = type_of(source);
    auto const pair = std::make_shared<directory_pair>();
    pair->target = into ? target : stdfs::path(target).parent_path().string();
    std::string const last = into ? target + '/' + source : target;
    item i{pair, source, name_in_directory(last), type};
    if (type == file_type::directory &&
        is_below(location_of(i.target()), stdfs::canonical(source)))
        throw std::runtime_error("not copied: it cannot be copied into itself");
    return i;
}

/// The name itself: what a symbolic link leads to does not count.
stdfs::path location_of_name(const std::string& source)
{
    stdfs::path const p = stdfs::absolute(source).lexically_normal();
    return location_of(p.parent_path().string()) / p.filename();
}

/// Puts it into the first group that it may be copied with.
void add(item i, root_groups& groups, std::map<std::string, std::vector<item>>& seen,
         report& r)
{
    auto& same = seen[i.target()];
    for (item const& earlier : same)
    {
        if (location_of_name(earlier.source()) == location_of_name(i.source()))
            return r.warning(i.source() + " is named more than once");
        if (earlier.type != file_type::directory || i.type != file_type::directory)
            throw std::runtime_error("not copied: " + i.target() + " is the copy of " +
                                     earlier.source());
    }
    if (groups.size() == same.size())
        groups.emplace_back();
    groups[same.size()].push_back(i);
    same.push_back(std::move(i));
}

} // namespace

root_groups find_roots(const std::vector<std::string>& sources, std::string target,
                       bool as_named, report& r)
{
    bool const into = !as_named && stdfs::is_directory(target);
    if (!into && sources.size() != 1)
        throw std::runtime_error(target + " is no directory to put many in");
    bool const is_directory = target.ends_with('/');
    while (target.size() > 1 && target.back() == '/')
        target.pop_back();
    root_groups groups;
    std::map<std::string, std::vector<item>> seen;
    for (std::string const& source : sources)
        try
        {
            item i = root(source, target, into);
            if (is_directory && !into && i.type != file_type::directory)
                throw std::runtime_error("not copied: " + target + " is no directory");
            add(std::move(i), groups, seen, r);
        }
        catch (...)
        {
            r.error(source, std::current_exception());
        }
    return groups;
}

} // namespace file_tools

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/fs/list.hpp>

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

std::filesystem::file_type type_of(int directory, const ::dirent& entry) noexcept
{
    struct ::statx s = {};
    s.stx_mode = static_cast<std::uint16_t>(DTTOIF(entry.d_type));
    // Some file systems do not tell.
    if (entry.d_type == DT_UNKNOWN)
        (void)::statx(directory, entry.d_name, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &s);
    return file_status(s).type();
}

} // namespace

int list_call::perform(int)
{
    entries.clear(); // if it is repeated
    open_call const call(where, {file_base::read_only | file_base::directory});
    int const fd = call.perform(-1);
    if (fd < 0)
        return fd;
    std::unique_ptr<::DIR, int (*)(::DIR*)> const stream(::fdopendir(fd), &::closedir);
    if (!stream)
    {
        unique_descriptor const closed(fd);
        return -errno;
    }
    for (;;)
    {
        errno = 0;
        ::dirent const* const entry = ::readdir(stream.get());
        if (!entry)
            return -errno;
        std::string_view const name = entry->d_name;
        if (name != "." && name != "..")
            entries.push_back({std::string(name), type_of(fd, *entry), entry->d_ino});
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI

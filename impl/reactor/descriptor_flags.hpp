// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// errno as an error_code, and descriptors that are non-blocking and close-on-exec.
#pragma once

#include <urio/reactor/config.hpp>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace urio::reactor::detail
{

inline error_code error_of(int value) noexcept
{
    return {value, boost::system::system_category()};
}

/// errno, if there is an error.
inline error_code last_error(bool failed) noexcept
{
    return failed ? error_of(errno) : error_code();
}

/// EPERM for what epoll refuses, and the other selectors would say is always ready.
inline int refused(const struct stat& status) noexcept
{
    return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) ? EPERM : 0;
}

/// For systems whose calls cannot set the flags from the start.
inline error_code set_flags(int fd) noexcept
{
    int const flags = ::fcntl(fd, F_GETFL);
    return last_error(flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
                      ::fcntl(fd, F_SETFD, FD_CLOEXEC) < 0);
}

inline error_code make_pipe(int (&ends)[2]) noexcept
{
#if defined(__APPLE__)
    if (::pipe(ends) < 0)
        return error_of(errno);
    error_code ec = set_flags(ends[0]);
    if (!ec)
        ec = set_flags(ends[1]);
    if (ec)
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    return ec;
#else
    return last_error(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0);
#endif
}

} // namespace urio::reactor::detail

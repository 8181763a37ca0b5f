// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an engine has to know of the kind of file that a descriptor is of.
#pragma once

#include <urio/detail/op/target.hpp>
#include <urio/detail/system/unique_descriptor.hpp>

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Whether this kernel's io_uring reads and writes pipes without waiting (Linux 6.4),
/// also where there is room for a part only. Before, its thread that submits waits.
inline bool pipes_do_not_wait() noexcept
{
    enum : int
    {
        unknown,
        yes,
        no
    };
    static std::atomic<int> answer{unknown};
    int known = answer.load(std::memory_order_relaxed);
    if (known == unknown)
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return false;
        unique_descriptor const reader(ends[0]), writer(ends[1]);
        char byte;
        ::iovec one{&byte, 1};
        bool const refused =
            ::preadv2(reader.get(), &one, 1, -1, RWF_NOWAIT) < 0 && errno == EAGAIN;
        answer.store(known = refused ? yes : no, std::memory_order_relaxed);
    }
    return known == yes;
}

/// Whether it is a pipe without a name: those with one have their own ways.
inline bool is_plain_pipe(int descriptor) noexcept
{
    struct ::statfs s;
    return ::fstatfs(descriptor, &s) == 0 && s.f_type == PIPEFS_MAGIC;
}

/// `status` is what fstat(2) says of the descriptor.
inline descriptor_traits classify(int descriptor, const struct ::stat& status) noexcept
{
    auto const mode = status.st_mode;
    descriptor_traits t;
    t.bounded = S_ISREG(mode) || S_ISBLK(mode);
    t.by_readiness =
        !t.bounded && !S_ISDIR(mode) && !S_ISSOCK(mode) &&
        !(S_ISFIFO(mode) && is_plain_pipe(descriptor) && pipes_do_not_wait());
    return t;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

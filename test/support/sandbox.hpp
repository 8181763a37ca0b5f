// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Makes this process one of those that io_uring is denied to.
#pragma once

#include <cerrno>
#include <cstddef>
#include <iterator>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <system_error>

namespace test
{

/// From now on io_uring_setup(2) ends as this action of seccomp(2) says, here and in the
/// programs that this process becomes.
inline void filter_io_uring(unsigned action)
{
    ::sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(::seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    ::sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        throw std::system_error(errno, std::system_category(), "prctl");
}

/// It fails, as a container's seccomp profile has it.
inline void forbid_io_uring(int error)
{
    filter_io_uring(SECCOMP_RET_ERRNO | static_cast<unsigned>(error & SECCOMP_RET_DATA));
}

/// It kills the process.
inline void punish_io_uring()
{
    filter_io_uring(SECCOMP_RET_KILL_PROCESS);
}

} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Makes this process one of those that io_uring is denied to.
#pragma once

#include <cerrno>
#include <cstddef>
#include <initializer_list>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <system_error>
#include <vector>

namespace test
{

/// From now on these system calls end as this action of seccomp(2) says, here and in the
/// programs that this process becomes.
inline void filter_system_calls(std::initializer_list<unsigned> numbers, unsigned action)
{
    std::vector<::sock_filter> filter{BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offsetof(::seccomp_data, nr)))};
    for (unsigned const number : numbers)
    {
        filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
        filter.push_back(BPF_STMT(BPF_RET | BPF_K, action));
    }
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    ::sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        throw std::system_error(errno, std::system_category(), "prctl");
}

/// They fail.
inline void refuse_system_calls(std::initializer_list<unsigned> numbers, int error)
{
    filter_system_calls(numbers, SECCOMP_RET_ERRNO |
                                     static_cast<unsigned>(error & SECCOMP_RET_DATA));
}

/// io_uring_setup(2) fails, as a container's seccomp profile has it.
inline void forbid_io_uring(int error)
{
    refuse_system_calls({__NR_io_uring_setup}, error);
}

/// It kills the process.
inline void punish_io_uring()
{
    filter_system_calls({__NR_io_uring_setup}, SECCOMP_RET_KILL_PROCESS);
}

} // namespace test

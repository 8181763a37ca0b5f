// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What threads ask of the kernel: whether one sleeps in it, and a bar to most of it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <fstream>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace test
{

inline ::pid_t thread_id()
{
    return static_cast<::pid_t>(::syscall(SYS_gettid));
}

/// Returns when a thread of this process sleeps in the kernel.
inline void wait_until_asleep(::pid_t thread)
{
    for (;;)
    {
        std::ifstream in("/proc/self/task/" + std::to_string(thread) + "/stat");
        std::string line;
        std::getline(in, line);
        // The state follows the name, which is in parentheses and may contain others.
        std::size_t const name_end = line.rfind(')');
        // Not with Boost.Test's macros, which are for one thread.
        if (name_end == std::string::npos)
            throw std::runtime_error("the thread has ended");
        if (line.compare(name_end, 3, ") S") == 0)
            return;
        std::this_thread::yield();
    }
}

/// From now on this process may wait in io_uring, take memory, report to its standard
/// error and end. Any other system call kills it with SIGSYS.
/**
 * Looking at the clock is allowed as well, which is a system call only on machines whose
 * clock cannot be read otherwise; and sigaltstack(2), which AddressSanitizer calls before
 * the end.
 */
inline void allow_only_waits_in_the_ring()
{
    std::vector<::sock_filter> program{BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offsetof(::seccomp_data, nr)))};
    for (unsigned const number : {SYS_io_uring_enter, SYS_brk, SYS_mmap, SYS_munmap,
                                  SYS_mremap, SYS_madvise, SYS_mprotect, SYS_sigaltstack,
                                  SYS_clock_gettime, SYS_gettimeofday, SYS_exit_group})
    {
        program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
        program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 0, 3));
    program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                               static_cast<unsigned>(offsetof(::seccomp_data, args))));
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, STDERR_FILENO, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
    ::sock_fprog const filter{static_cast<unsigned short>(program.size()),
                              program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        ::_exit(2);
}

} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Counts the system calls of a process, exactly, by the kernel's tracepoint
// raw_syscalls:sys_enter (perf_event_open(2)).
#pragma once

#include <cstdint>
#include <fstream>
#include <linux/perf_event.h>
#include <optional>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

namespace bench
{

// Counts from its construction on. A call takes some tens of nanoseconds longer
// meanwhile.
class system_call_counter
{
public:
    // Of this process (0) or another, with the threads that it has from now on: a process
    // that has threads already counts only the first of them.
    explicit system_call_counter(::pid_t process = 0)
    {
        std::uint64_t id = 0;
        for (const char* const folder :
             {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"})
            if (std::ifstream(std::string(folder) +
                              "/events/raw_syscalls/sys_enter/id") >>
                id)
                break;
        if (id == 0)
            return;
        ::perf_event_attr what{};
        what.size = sizeof what;
        what.type = PERF_TYPE_TRACEPOINT;
        what.config = id;
        what.inherit = 1;
        descriptor_ = static_cast<int>(
            ::syscall(SYS_perf_event_open, &what, process, -1, -1, PERF_FLAG_FD_CLOEXEC));
    }

    system_call_counter(const system_call_counter&) = delete;

    ~system_call_counter()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }

    // Nothing where the kernel does not count or does not let us, which needs
    // CAP_PERFMON and a mounted tracefs.
    std::optional<std::uint64_t> count() const
    {
        std::uint64_t n;
        if (descriptor_ < 0 || ::read(descriptor_, &n, sizeof n) != sizeof n)
            return std::nullopt;
        return n;
    }

private:
    int descriptor_ = -1;
};

} // namespace bench

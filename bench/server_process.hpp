// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server that a benchmark runs, and what it costs.
#pragma once

#include "statistics.hpp"

#include <cerrno>
#include <cstdio>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace bench
{

[[noreturn]] inline void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

inline void pin(int cpu)
{
    if (::sysconf(_SC_NPROCESSORS_ONLN) < 2)
        return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

// A server in a process of its own. It prints its port first, and at its end what it has
// counted.
class server
{
public:
    explicit server(const std::string& command)
    {
        int in[2], out[2];
        if (::pipe(in) != 0 || ::pipe(out) != 0)
            fail("pipe");
        pid_ = ::fork();
        if (pid_ < 0)
            fail("fork");
        if (pid_ == 0)
        {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            for (int fd : {in[0], in[1], out[0], out[1]})
                ::close(fd);
            pin(0);
            execute(command);
        }
        ::close(in[0]);
        ::close(out[1]);
        stop_ = in[1];
        output_ = ::fdopen(out[0], "r");
        if (std::fscanf(output_, "%d", &port_) != 1)
            throw std::runtime_error("the server did not start: " + command);
    }

    int port() const { return port_; }

    // Processor seconds so far.
    double cpu() const
    {
        std::string const path = "/proc/" + std::to_string(pid_) + "/schedstat";
        std::FILE* f = std::fopen(path.c_str(), "r");
        unsigned long long ns = 0;
        if (!f || std::fscanf(f, "%llu", &ns) != 1)
            fail("schedstat");
        std::fclose(f);
        return static_cast<double>(ns) * 1e-9;
    }

    // Ends it. Returns the number that it printed last, 0 if none.
    unsigned long long stop()
    {
        ::close(stop_);
        unsigned long long n = 0;
        if (std::fscanf(output_, "%llu", &n) != 1)
            n = 0;
        std::fclose(output_);
        ::waitpid(pid_, nullptr, 0);
        return n;
    }

private:
    ::pid_t pid_ = -1;
    int stop_ = -1;
    std::FILE* output_ = nullptr;
    int port_ = 0;
};

} // namespace bench

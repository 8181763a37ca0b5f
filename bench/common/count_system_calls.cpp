// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Counts the system calls of a process that is running already: says `ready`, counts
// until its own standard input ends, and prints the number.

#include "system_calls.hpp"

#include <cstdio>
#include <deque>
#include <exception>
#include <filesystem>
#include <unistd.h>

int main(int argc, char** argv)
try
{
    if (argc != 2)
    {
        std::fprintf(stderr, "usage: count_system_calls PID\n");
        return 2;
    }
    std::deque<bench::system_call_counter> threads;
    for (const auto& thread :
         std::filesystem::directory_iterator(std::string("/proc/") + argv[1] + "/task"))
        threads.emplace_back(std::stoi(thread.path().filename()));
    std::puts("ready");
    std::fflush(stdout);
    char byte;
    while (::read(0, &byte, 1) > 0)
    {
    }
    unsigned long long all = 0;
    for (const bench::system_call_counter& c : threads)
    {
        auto const n = c.count();
        if (!n)
        {
            std::fprintf(stderr, "the kernel does not count system calls for us\n");
            return 77;
        }
        all += *n;
    }
    std::printf("%llu\n", all);
}
catch (const std::exception& e)
{
    std::fprintf(stderr, "count_system_calls: %s\n", e.what());
    return 1;
}

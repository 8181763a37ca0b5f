// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs a program where io_uring is denied or resources are scarce:
//
//   sandbox RESTRICTION PROGRAM [ARGUMENT ...]

#include "sandbox.hpp"

#include <cstdio>
#include <exception>
#include <functional>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

namespace
{

void limit(int resource, ::rlim_t value)
{
    ::rlimit const both{value, value};
    if (::setrlimit(resource, &both) != 0)
        throw std::system_error(errno, std::system_category(), "setrlimit");
}

struct
{
    std::string_view name;
    std::function<void()> apply;
} const restrictions[] = {
    {"eperm", [] { test::forbid_io_uring(EPERM); }},
    {"enosys", [] { test::forbid_io_uring(ENOSYS); }},
    {"kill", [] { test::punish_io_uring(); }},
    {"memlock", [] { limit(RLIMIT_MEMLOCK, 0); }},
    {"nofile", [] { limit(RLIMIT_NOFILE, 512); }},
};

} // namespace

int main(int argc, char** argv)
try
{
    for (auto const& r : restrictions)
        if (argc > 2 && r.name == argv[1])
        {
            r.apply();
            ::execvp(argv[2], argv + 2);
            throw std::system_error(errno, std::system_category(), argv[2]);
        }
    std::fputs("usage: sandbox eperm|enosys|kill|memlock|nofile PROGRAM ...\n", stderr);
    return 2;
}
catch (const std::exception& e)
{
    std::fprintf(stderr, "sandbox: %s\n", e.what());
    return 2;
}

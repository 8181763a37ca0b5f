// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the programs of the guard have in common: one of the core loops, done a given
// number of times, so that guard.py can count what an operation takes. What is counted
// shall not depend on timing: one thread, and a next step only when one before it is
// complete.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>

namespace bench
{

// Connections, or operations that are in flight together.
constexpr unsigned guard_depth = 32;

struct request
{
    std::string mode;
    std::uint64_t operations = 0;

    // Of all operations, those of one of the chains that make them.
    std::uint64_t share(unsigned chain) const
    {
        return operations / guard_depth + (chain < operations % guard_depth);
    }
};

// What a loop has found out besides, by name.
using findings = std::map<std::string, std::uint64_t>;

struct named_loop
{
    const char* name;
    findings (*run)(const request&);
};

// Does the loop that the command line names, in one of the modes, and prints one line of
// JSON. What a loop throws is printed as the error that ends the program.
int run_loop(int argc, char** argv, std::initializer_list<const char*> modes,
             std::initializer_list<named_loop> loops);

} // namespace bench

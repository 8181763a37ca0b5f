// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The micro-benchmarks on libuv, those that make sense there: it has no queue of
// functions that run in the loop, so there is no `post`.

#include "program.hpp"

int main(int argc, char** argv)
{
    return bench::run(argc, argv, {"stock"}, [] {});
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The micro-benchmarks on liburing alone, those that make sense there: what is left to
// gain for a library on top of it.

#include "ring.hpp"

int main(int argc, char** argv)
{
    return bench::run(argc, argv, {"shared", "exclusive"}, [] { bench::ring tried; });
}

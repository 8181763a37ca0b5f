// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What other threads find: Boost.Test's macros are for one thread.
#pragma once

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace test
{

inline std::atomic<int> failures{0};

/// BOOST_CHECK for any thread.
inline void check_in_thread(bool condition)
{
    if (!condition)
        ++failures;
}

/// Fails the test at its end if something was not as expected.
struct no_failures
{
    no_failures() { failures = 0; }
    ~no_failures() { BOOST_CHECK_EQUAL(failures, 0); }
};

} // namespace test

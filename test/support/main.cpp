// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The test framework, compiled once and linked to every test, so that the tests
// need no compiled part of Boost and run with any version's headers.

#define BOOST_TEST_MODULE urio
#include <boost/test/included/unit_test.hpp>

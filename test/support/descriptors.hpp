// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Open descriptors, counted.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace test
{

inline std::size_t open_descriptors()
{
    std::filesystem::directory_iterator it("/proc/self/fd");
    // The iterator has one open itself, in this count and in the other.
    return static_cast<std::size_t>(std::distance(it, {}));
}

/// Fails the test if there are more or fewer descriptors at its end than at its
/// beginning.
class descriptor_check
{
public:
    ~descriptor_check() { BOOST_CHECK_EQUAL(open_descriptors(), before_); }

private:
    std::size_t before_ = open_descriptors();
};

} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Handlers that must be called once, and with this.
#pragma once

#include "once.hpp"
#include "test.hpp"

#include <cstddef>
#include <cstdint>

namespace test
{

/// So many bytes, and no error.
inline auto expect(std::size_t bytes)
{
    return once(
        [bytes](error_code ec, std::size_t n)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(n, bytes);
        });
}

/// An error, and no byte.
inline auto expect_error(error_code expected)
{
    return once(
        [expected](error_code ec, std::size_t n)
        {
            BOOST_CHECK_EQUAL(ec, expected);
            BOOST_CHECK_EQUAL(n, 0u);
        });
}

/// So many bytes of a whole file, and the error of this number.
inline auto expect_bytes(std::uint64_t bytes, int error = 0)
{
    return once(
        [=](error_code ec, std::uint64_t n)
        {
            BOOST_CHECK_EQUAL(ec.value(), error);
            BOOST_CHECK_EQUAL(n, bytes);
        });
}

} // namespace test

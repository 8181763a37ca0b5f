// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Contexts whose type says how they are set up, for the tests in which the type matters:
// urio::io_context has executors of its own.
#pragma once

#include "test.hpp"

#include <boost/mpl/list.hpp>

namespace test
{

struct shared
{
    static constexpr auto value = mode::shared;
};

struct exclusive
{
    static constexpr auto value = mode::exclusive;
};

/// One of Asio's own, whose reactor was there before urio.
struct hosted
{
    static constexpr auto value = mode::hosted;
};

using modes = boost::mpl::list<shared, exclusive, hosted>;

template <class Mode>
struct context : urio::io_context
{
    context() : urio::io_context(options(Mode::value)) {}
};

template <>
struct context<hosted> : boost::asio::io_context
{
    context() { boost::asio::steady_timer brings_the_reactor(*this); }
};

} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What every test includes.
#pragma once

#include <urio.hpp>

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <ostream>
#include <string>

namespace test
{

using boost::system::error_code;
using namespace std::chrono_literals;

/// Ends a test that cannot be run here, saying why. A failure if the environment demands
/// that nothing be skipped, as CI's does.
inline bool skip(const std::string& reason)
{
    const char* const require = std::getenv("URIO_REQUIRE_URING");
    if (require && std::string(require) == "1")
        BOOST_ERROR("must not be skipped, but: " + reason);
    else
        std::cerr << boost::unit_test::framework::current_test_case().p_name
                  << " is skipped: " << reason << std::endl;
    return true;
}

/// Ends a program of tests that need io_uring where there is none: with the exit code
/// that ctest counts as skipped, or as a failure if the environment demands that nothing
/// be skipped.
struct uring_required
{
    uring_required()
    {
        // Not features(), whose answer is remembered, which some test for.
        urio::io_context context;
        urio::backend_info const found = urio::backend_of(context);
        if (found.kind == urio::backend::uring)
            return;
        const char* const require = std::getenv("URIO_REQUIRE_URING");
        std::cerr << "skipped: " << found.reason << std::endl;
        std::_Exit(require && std::string(require) == "1" ? 1 : 77);
    }
};

BOOST_TEST_GLOBAL_FIXTURE(uring_required);

/// Runs a context until it has no more work. A test that hangs fails instead, with what
/// it was waiting for still pending.
template <class Context>
std::size_t run(Context& context, std::chrono::seconds limit = 30s)
{
    context.restart();
    std::size_t const n = context.run_for(limit);
    BOOST_REQUIRE_MESSAGE(context.stopped(), "still pending after the time limit");
    return n;
}

// How a context can be set up, for tests that are instantiated for each.

struct shared
{
    static urio::uring_options options() { return {}; }
};

struct exclusive
{
    static urio::uring_options options()
    {
        urio::uring_options o;
        o.threads = urio::thread_mode::exclusive;
        return o;
    }
};

/// One of Asio's own, whose reactor was there before urio.
struct hosted
{
    static urio::uring_options options() { return {}; }
};

using modes = boost::mpl::list<shared, exclusive, hosted>;

template <class Mode>
struct context : urio::io_context
{
    context() : urio::io_context(Mode::options()) {}
};

template <>
struct context<hosted> : boost::asio::io_context
{
    context() { boost::asio::steady_timer brings_the_reactor(*this); }
};

inline urio::ip::tcp::endpoint loopback(unsigned short port = 0)
{
    return {urio::ip::address_v4::loopback(), port};
}

} // namespace test

#define URIO_REQUIRE_OR_SKIP(condition, reason)                                          \
    if (!(condition) && ::test::skip(reason))                                            \
    return

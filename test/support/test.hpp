// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What every test includes.
#pragma once

#include "patience.hpp"

#include <urio.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
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
        std::cerr << boost::unit_test::framework::current_test_case().full_name()
                  << " is skipped: " << reason << std::endl;
    return true;
}

/// The backend that the tests are to run on: what URIO_TEST_BACKEND expects, or
/// URIO_BACKEND asks for, or io_uring.
inline urio::backend expected_backend()
{
    const char* wanted = std::getenv("URIO_TEST_BACKEND");
    if (!wanted)
        wanted = std::getenv("URIO_BACKEND");
    std::string const name = wanted ? wanted : "uring";
    return name == "epoll"  ? urio::backend::epoll
           : name == "poll" ? urio::backend::poll
                            : urio::backend::uring;
}

inline bool on_uring()
{
    return expected_backend() == urio::backend::uring;
}

/// How many operations the context's engine has completed.
inline std::uint64_t operations_done(boost::asio::execution_context& context)
{
    urio::statistics const s = urio::statistics_of(context);
    return s.completions + s.immediate;
}

/// Ends a program of tests that need io_uring where there is none: with the exit code
/// that ctest counts as skipped, or as a failure if the environment demands that nothing
/// be skipped.
struct backend_required
{
    backend_required()
    {
        // Not features(), whose answer is remembered, which some test for.
        urio::io_context context;
        urio::backend_info const found = urio::backend_of(context);
        if (found.kind == expected_backend())
            return;
        const char* const require = std::getenv("URIO_REQUIRE_URING");
        std::cerr << "skipped: " << found.reason << std::endl;
        std::_Exit(require && std::string(require) == "1" ? 1 : 77);
    }
};

BOOST_TEST_GLOBAL_FIXTURE(backend_required);

/// Runs a context until it has no more work. A test that hangs fails instead, with what
/// it was waiting for still pending.
inline std::size_t run(boost::asio::io_context& context,
                       std::chrono::seconds limit = patience)
{
    context.restart();
    std::size_t const n = context.run_for(limit);
    BOOST_REQUIRE_MESSAGE(context.stopped(), "still pending after the time limit");
    return n;
}

/// How a context can be set up. Tests ask for it at run time, so that they are compiled
/// once:
///
///     BOOST_DATA_TEST_CASE(a_test, every_mode, m)
///     {
///         mode_context c(m);
///
/// (Tests of the types of contexts themselves have typed.hpp.)
enum class mode
{
    shared,
    exclusive,
    hosted, ///< As Asio's own, whose reactor was there before urio.
};

inline std::ostream& operator<<(std::ostream& out, mode m)
{
    return out << (m == mode::shared      ? "shared"
                   : m == mode::exclusive ? "exclusive"
                                          : "hosted");
}

inline const auto every_mode =
    boost::unit_test::data::make({mode::shared, mode::exclusive, mode::hosted});

/// One thread alone runs an exclusive context.
inline const auto threaded_modes =
    boost::unit_test::data::make({mode::shared, mode::hosted});

inline urio::uring_options options(mode m)
{
    urio::uring_options o;
    if (m == mode::exclusive)
        o.threads = urio::thread_mode::exclusive;
    return o;
}

/// A context of Asio's own type, which is what the three have in common.
class mode_context : public boost::asio::io_context
{
public:
    explicit mode_context(mode m) : mode_context(m, options(m)) {}

    /// With options that a hosted context takes no notice of.
    mode_context(mode m, const urio::uring_options& o)
        : boost::asio::io_context(
              m == mode::exclusive ? 1 : BOOST_ASIO_CONCURRENCY_HINT_DEFAULT)
    {
        if (m == mode::hosted)
            boost::asio::steady_timer brings_the_reactor(*this);
        else
            urio::install(*this, o);
    }
};

inline urio::ip::tcp::endpoint loopback(unsigned short port = 0)
{
    return {urio::ip::address_v4::loopback(), port};
}

} // namespace test

/// Ends a test that is about io_uring itself where the tests run on another backend.
#define URIO_ON_URING_ONLY()                                                             \
    if (!::test::on_uring())                                                             \
    {                                                                                    \
        BOOST_TEST_MESSAGE("is about io_uring");                                         \
        return;                                                                          \
    }                                                                                    \
    static_assert(true)

#define URIO_REQUIRE_OR_SKIP(condition, reason)                                          \
    if (!(condition) && ::test::skip(reason))                                            \
    return

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What every test includes.
#pragma once

#include <urio.hpp>

#include <boost/mpl/list.hpp>
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
        std::cerr << boost::unit_test::framework::current_test_case().p_name
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

// The same, chosen at run time, so that a test is compiled once:
//
//     BOOST_DATA_TEST_CASE(a_test, every_mode, m)
//     {
//         mode_context c(m);

enum class mode
{
    shared,
    exclusive,
    hosted,
};

inline std::ostream& operator<<(std::ostream& out, mode m)
{
    return out << (m == mode::shared      ? "shared"
                   : m == mode::exclusive ? "exclusive"
                                          : "hosted");
}

inline const auto every_mode =
    boost::unit_test::data::make({mode::shared, mode::exclusive, mode::hosted});

/// A context of Asio's own type, which is what the three have in common.
class mode_context : public boost::asio::io_context
{
public:
    explicit mode_context(mode m)
        : boost::asio::io_context(m == mode::exclusive
                                      ? 1
                                      : BOOST_ASIO_CONCURRENCY_HINT_DEFAULT)
    {
        if (m == mode::hosted)
            boost::asio::steady_timer brings_the_reactor(*this);
        else
            urio::install(*this, m == mode::exclusive ? exclusive::options()
                                                      : shared::options());
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

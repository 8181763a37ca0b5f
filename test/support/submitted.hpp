// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events, and what becomes of them.
#pragma once

#include "detail/system/liburing.hpp"
#include "detail/uring/ring.hpp"
#include "faults.hpp"
#include "once.hpp"
#include "test.hpp"

#include <urio/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace test
{

/// A counter that can be waited for: eventfd(2).
struct counter
{
    explicit counter(int flags = 0) : fd(::eventfd(0, EFD_CLOEXEC | flags)) {}
    ~counter() { ::close(fd); }

    void add(std::uint64_t n) const
    {
        BOOST_REQUIRE_EQUAL(::write(fd, &n, sizeof(n)), 8);
    }

    int const fd;
};

inline bool aborted(const error_code& ec)
{
    return ec == boost::asio::error::operation_aborted;
}

template <class E>
struct outcome
{
    error_code error;
    urio::event_result_t<E> value{};
    std::optional<E> event;
};

/// Starts an event, whose outcome is in the result when the context has run.
template <class E>
void submit(boost::asio::io_context& c, E event, outcome<E>& o)
{
    urio::async_submit(c, std::move(event),
                       once(
                           [&o](error_code ec, auto&& value, E&& e)
                           {
                               o.error = ec;
                               o.value = std::move(value);
                               o.event.emplace(std::move(e));
                           }));
}

/// Runs what can be run at once, and has the kernel see what has been started.
inline void settle(boost::asio::io_context& c)
{
    for (int i = 0; i != 4; ++i)
    {
        c.restart();
        c.poll();
    }
}

/// Runs the context until something is so.
template <class Condition>
void run_until(boost::asio::io_context& c, Condition holds)
{
    c.restart();
    while (!holds())
        BOOST_REQUIRE_EQUAL(c.run_one_for(patience), 1u);
}

/// Carries out an event, whatever else is pending.
template <class E>
outcome<E> submitted(boost::asio::io_context& c, E event)
{
    outcome<E> o;
    submit(c, std::move(event), o);
    run_until(c, [&] { return o.event.has_value(); });
    return o;
}

/// Whether the backend's kernel has an operation.
inline bool has_operation(std::uint8_t opcode)
{
    return on_uring() && urio::features().operations[opcode];
}

/// The category of errors of what nobody can do.
inline bool is_missing(const error_code& ec)
{
    return ec.category() == urio::event::missing_operation() &&
           ec == boost::system::errc::operation_not_supported;
}

/// Whether a kernel without it is one without io_uring. Without a context, which would
/// have all others on a reactor from then on.
inline bool is_required(std::uint8_t opcode)
try
{
    faults const hidden{int(opcode)};
    urio::detail::ring const r{urio::uring_options()};
    return false;
}
catch (const boost::system::system_error& e)
{
    return e.code() == urio::errc::kernel_too_old;
}

/// Calls a function with a context of the backend, and with one whose kernel lacks the
/// operation, so that what there is instead of it has to do the same.
template <class Function>
void with_and_without(std::uint8_t opcode, Function f)
{
    BOOST_TEST_CONTEXT("with operation " << int(opcode))
    {
        urio::io_context c;
        f(c);
    }
    if (!on_uring() || is_required(opcode))
        return;
    BOOST_TEST_CONTEXT("without operation " << int(opcode))
    {
        faults hidden{int(opcode)};
        urio::io_context c;
        f(c);
    }
}

} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the tests of the reactor include. They run without io_uring, and without Asio.
#pragma once

#include "patience.hpp"

#include <urio/reactor.hpp>

#if defined(BOOST_ASIO_VERSION)
#error "the reactor must not include Asio"
#endif

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace test
{

using namespace std::chrono_literals;
namespace reactor = urio::reactor;

using reactor::error_code;
using reactor::interest;
using reactor::socket_address;
using reactor::tcp_listener;
using reactor::tcp_stream;
using reactor::token;
using reactor::trigger;
using reactor::udp_socket;
namespace errc = boost::system::errc;

inline reactor::poll make_poll(reactor::selector_kind selector, reactor::waker_kind waker)
{
    return reactor::poll({selector, waker});
}

/// What a poll is made of.
struct configuration
{
    reactor::selector_kind selector;
    reactor::waker_kind waker;
    reactor::poll (*maker)(reactor::selector_kind, reactor::waker_kind) = make_poll;

    reactor::poll make() const { return maker(selector, waker); }
};

inline std::ostream& operator<<(std::ostream& out, const configuration& c)
{
    return out << to_string(c.selector)
               << (c.waker == reactor::waker_kind::pipe ? " with a pipe" : "");
}

// Every test runs on every one of these. A file of tests can be included by another one
// that has its own list.
#if !defined(URIO_TEST_SELECTORS)
#define URIO_TEST_SELECTORS ::test::here
inline const auto here = boost::unit_test::data::make<configuration>(
    {{reactor::selector_kind::epoll, reactor::waker_kind::eventfd},
     {reactor::selector_kind::epoll, reactor::waker_kind::pipe},
     {reactor::selector_kind::poll, reactor::waker_kind::eventfd},
     {reactor::selector_kind::poll, reactor::waker_kind::pipe}});
#endif

constexpr auto both = interest::readable | interest::writable;

/// What events of one token said, in all.
struct seen
{
    bool readable = false;
    bool writable = false;
    bool error = false;
    bool read_closed = false;
    bool write_closed = false;
    bool priority = false;
    int events = 0;

    void add(const reactor::event& e)
    {
        readable |= e.is_readable();
        writable |= e.is_writable();
        error |= e.is_error();
        read_closed |= e.is_read_closed();
        write_closed |= e.is_write_closed();
        priority |= e.is_priority();
        ++events;
    }
};

/// A poll with events, and ways to say what is expected.
struct bench
{
    explicit bench(const configuration& how, std::size_t capacity = 64)
        : poll(how.make())
        , events(capacity)
    {
    }

    const reactor::registry& registry() const { return poll.registry(); }

    std::vector<reactor::event> wait(reactor::timeout limit)
    {
        poll.wait(events, limit);
        return {events.begin(), events.end()};
    }

    /// Waits until the events of the token, taken together, are enough; the test fails if
    /// they do not come.
    template <class Enough>
    seen expect(token t, Enough enough)
    {
        seen all;
        auto const until = std::chrono::steady_clock::now() + patience;
        while (!enough(all))
        {
            auto const left = until - std::chrono::steady_clock::now();
            BOOST_REQUIRE_MESSAGE(left.count() > 0, "no such event of " << t);
            for (auto const& e : wait(left))
                if (e.token() == t)
                    all.add(e);
        }
        return all;
    }

    seen expect_readable(token t)
    {
        return expect(t, [](const seen& s) { return s.readable; });
    }

    seen expect_writable(token t)
    {
        return expect(t, [](const seen& s) { return s.writable; });
    }

    /// There are no events. All that tests do takes effect before they wait.
    void expect_silence()
    {
        for (auto const& e : wait(20ms))
            BOOST_ERROR("unexpected " << e);
    }

    reactor::poll poll;
    reactor::events events;
};

inline socket_address loopback(std::uint16_t port = 0)
{
    return socket_address::v4({127, 0, 0, 1}, port);
}

/// Does it until it would not block, which is soon: the peer is in this process.
template <class F>
auto retry(F f)
{
    auto const until = std::chrono::steady_clock::now() + patience;
    for (;;)
    {
        error_code ec;
        auto result = f(ec);
        if (!ec)
            return result;
        BOOST_REQUIRE_EQUAL(ec.message(),
                            make_error_code(errc::operation_would_block).message());
        BOOST_REQUIRE(std::chrono::steady_clock::now() < until);
    }
}

/// Two ends of a TCP connection: the one that connected, and the one accepted.
inline std::pair<tcp_stream, tcp_stream> tcp_pair()
{
    tcp_listener listener = tcp_listener::bind(loopback());
    tcp_stream client = tcp_stream::connect(listener.local_address());
    auto accepted = retry([&](error_code& ec) { return listener.accept(ec); });
    return {std::move(client), std::move(accepted.first)};
}

/// Reads until there is nothing more for now.
template <class Stream>
std::string drain(Stream& s)
{
    std::string all;
    char data[4096];
    error_code ec;
    while (std::size_t const n = s.read(data, ec))
        all.append(data, n);
    if (ec)
        BOOST_CHECK(ec == errc::operation_would_block);
    return all;
}

template <class F>
void check_error(errc::errc_t expected, F f)
{
    error_code ec;
    f(ec);
    BOOST_CHECK_MESSAGE(ec == expected, "expected " << make_error_code(expected).message()
                                                    << ", not " << ec.message());
}

} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the tests of reactor_service include: contexts with a service on each selector.
#pragma once

#include "once.hpp"
#include "test.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test
{

namespace asio = boost::asio;
namespace net = urio;
namespace reactor = urio::reactor;

using net::reactor_service;
using reactor::event;
using reactor::interest;
using reactor::token;
using reactor::trigger;
using selector = reactor::selector_kind;

struct setup
{
    mode context;
    reactor::selector_kind selector;
};

inline std::ostream& operator<<(std::ostream& out, const setup& how)
{
    return out << how.context << " with " << to_string(how.selector);
}

inline const auto setups =
    boost::unit_test::data::make<setup>({{mode::shared, selector::epoll},
                                         {mode::shared, selector::poll},
                                         {mode::exclusive, selector::epoll},
                                         {mode::exclusive, selector::poll},
                                         {mode::hosted, selector::epoll},
                                         {mode::hosted, selector::poll}});

constexpr token one(1), two(2), three(3);

/// A context with a service.
struct world
{
    explicit world(const setup& how)
        : c(how.context)
        , s(asio::make_service<reactor_service>(
              c, reactor::options{.selector = how.selector}))
    {
    }

    mode_context c;
    reactor_service& s;
};

/// A pipe whose receiver is registered.
struct line
{
    line(reactor_service& s, token t, trigger when = trigger::edge)
        : line(s, t, when, reactor::pipe::make())
    {
    }

    void write() { sender.write(std::string_view("x")); }

    /// Until it would block: then the next event is due.
    std::size_t read()
    {
        char data[64];
        error_code ec;
        std::size_t all = 0;
        while (std::size_t const n = receiver.read(data, ec))
            all += n;
        return all;
    }

    reactor::pipe::sender sender;
    reactor::pipe::receiver receiver;

private:
    line(reactor_service& s, token t, trigger when,
         std::pair<reactor::pipe::sender, reactor::pipe::receiver> ends)
        : sender(std::move(ends.first))
        , receiver(std::move(ends.second))
    {
        s.register_source(receiver, t, interest::readable, when);
    }
};

/// What waits have come to, in order: `1 readable`, `2 aborted`, `3 not found`.
struct journal
{
    std::vector<std::string> entries;

    void note(token t, error_code ec, const event& e)
    {
        std::string s = std::to_string(t.value);
        if (ec == asio::error::operation_aborted)
            s += " aborted";
        else if (ec == asio::error::not_found)
            s += " not found";
        else if (ec)
            s.append(" ").append(ec.message());
        else
        {
            BOOST_CHECK_EQUAL(e.token(), t);
            s += e.is_readable() ? " readable" : "";
            s += e.is_writable() ? " writable" : "";
            s += e.is_read_closed() ? " closed" : "";
        }
        entries.push_back(s);
    }

    auto handler(token t)
    {
        return once([this, t](error_code ec, event e) { note(t, ec, e); });
    }

    void expect(std::vector<std::string> expected)
    {
        BOOST_CHECK_EQUAL_COLLECTIONS(entries.begin(), entries.end(), expected.begin(),
                                      expected.end());
        entries.clear();
    }
};

/// Waits for events of any token, and notes the tokens.
struct polls
{
    explicit polls(std::size_t capacity) : events(capacity) {}

    auto handler()
    {
        return once(
            [this](error_code ec, std::size_t n)
            {
                BOOST_CHECK_EQUAL(ec, error_code());
                BOOST_CHECK_EQUAL(events.size(), n);
                BOOST_CHECK_LE(n, events.capacity());
                for (event const& e : events)
                    tokens.insert(e.token());
            });
    }

    std::set<token> tokens_seen() { return std::exchange(tokens, {}); }

    reactor::events events;
    std::set<token> tokens;
};

} // namespace test

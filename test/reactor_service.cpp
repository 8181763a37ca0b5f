// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// reactor_service: who gets which event, and who gets none, with each selector on each
// kind of context.

#include "service.hpp"

#define BOOST_TEST_MODULE reactor_service

#include <boost/asio/bind_cancellation_slot.hpp>

#include <optional>
#include <set>

using namespace test;

namespace
{

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

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_gets_the_event, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one);
    w.s.async_wait(one, j.handler(one));
    a.write();
    BOOST_CHECK(j.entries.empty()); // not within the initiating function
    BOOST_CHECK_EQUAL(run(w.c), 1u);
    j.expect({"1 readable"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_comes_before_a_wait_is_kept, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one), b(w.s, two);
    a.write();
    b.write();
    // This one finds the other event as well.
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 readable"});
    w.s.async_wait(two, j.handler(two));
    BOOST_CHECK(j.entries.empty());
    run(w.c);
    j.expect({"2 readable"});
    // Nothing has been read: no edge since.
    w.s.async_wait(two, j.handler(two));
    w.c.restart();
    w.c.poll();
    j.expect({});
    b.read();
    b.write();
    run(w.c);
    j.expect({"2 readable"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(several_wait_for_one_token, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one);
    for (int i = 0; i != 3; ++i)
        w.s.async_wait(one, j.handler(one));
    a.write();
    run(w.c);
    j.expect({"1 readable", "1 readable", "1 readable"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_reader_and_a_writer, S, setups)
{
    world<S> w;
    journal j;
    auto [mine, theirs] = reactor::unix_stream::pair();
    w.s.register_source(mine, one, interest::readable | interest::writable);
    // It is writable at once, which is of no concern to the reader.
    w.s.async_wait(one, interest::readable, j.handler(one));
    w.c.restart();
    while (j.entries.empty() && w.c.poll_one())
        ;
    j.expect({});
    w.s.async_wait(one, interest::writable, j.handler(one));
    w.c.restart();
    while (j.entries.empty())
        w.c.run_one();
    j.expect({"1 writable"});
    theirs.write("x");
    run(w.c);
    BOOST_REQUIRE_EQUAL(j.entries.size(), 1u);
    BOOST_CHECK(j.entries.front().starts_with("1 readable"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_end_concerns_everybody, S, setups)
{
    world<S> w;
    journal j;
    std::optional<line> a(std::in_place, w.s, one);
    w.s.async_wait(one, interest::readable, j.handler(one));
    {
        auto gone = std::move(a->sender);
    }
    run(w.c);
    j.expect({"1 closed"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(polling_for_all, S, setups)
{
    world<S> w;
    polls p(8);
    line a(w.s, one), b(w.s, two);
    a.write();
    b.write();
    std::set<token> seen;
    while (seen.size() != 2)
    {
        w.s.async_poll(p.events, p.handler());
        run(w.c);
        seen.merge(p.tokens_seen());
    }
    BOOST_CHECK((seen == std::set{one, two}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(capacity_is_respected, S, setups)
{
    world<S> w;
    polls p(1);
    line a(w.s, one), b(w.s, two), c(w.s, three);
    for (line* l : {&a, &b, &c})
        l->write();
    std::set<token> seen;
    for (int i = 0; i != 3; ++i)
    {
        w.s.async_poll(p.events, p.handler());
        run(w.c);
        BOOST_CHECK_EQUAL(p.tokens.size(), 1u);
        seen.merge(p.tokens_seen());
    }
    BOOST_CHECK_EQUAL(seen.size(), 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(capacity_starves_nobody, S, setups)
{
    world<S> w;
    polls p(1);
    line a(w.s, one, trigger::level), b(w.s, two, trigger::level),
        c(w.s, three, trigger::level);
    for (line* l : {&a, &b, &c})
        l->write();
    for (int round = 0; round != 2; ++round)
    {
        std::set<token> seen;
        for (int i = 0; i != 6; ++i)
        {
            w.s.async_poll(p.events, p.handler());
            run(w.c);
            seen.merge(p.tokens_seen());
        }
        BOOST_CHECK_EQUAL(seen.size(), 3u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(several_poll, S, setups)
{
    world<S> w;
    polls p(1), q(1);
    line a(w.s, one), b(w.s, two);
    w.s.async_poll(p.events, p.handler());
    w.s.async_poll(q.events, q.handler());
    a.write();
    b.write();
    run(w.c);
    BOOST_CHECK_EQUAL(p.tokens.size(), 1u);
    BOOST_CHECK_EQUAL(q.tokens.size(), 1u);
    BOOST_CHECK(p.tokens != q.tokens);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_comes_before_a_poll, S, setups)
{
    world<S> w;
    journal j;
    polls p(8);
    line a(w.s, one), b(w.s, two);
    w.s.async_poll(p.events, p.handler());
    w.s.async_wait(one, j.handler(one));
    a.write();
    b.write();
    run(w.c);
    j.expect({"1 readable"});
    BOOST_CHECK((p.tokens == std::set{two}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_token_for_two_sources, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one);
    std::optional<line> b(std::in_place, w.s, one);
    a.write();
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    b->write();
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 readable", "1 readable"});
    w.s.async_wait(one, j.handler(one));
    b.reset(); // the other one is still there
    a.read();
    a.write();
    run(w.c);
    j.expect({"1 readable"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(level_triggered, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one, trigger::level);
    a.write();
    for (int i = 0; i != 3; ++i)
    {
        w.s.async_wait(one, j.handler(one));
        run(w.c);
    }
    j.expect({"1 readable", "1 readable", "1 readable"});
    a.read();
    asio::steady_timer soon(w.c, 10ms);
    soon.async_wait([&](error_code) { w.s.deregister(a.receiver); });
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 aborted"});
}

// A level-triggered source that is ready, and for which nobody waits, does not keep the
// threads busy that wait for others.
BOOST_AUTO_TEST_CASE_TEMPLATE(level_triggered_and_not_waited_for, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one, trigger::level), b(w.s, two);
    a.write();
    net::statistics const before = net::statistics_of(w.c);
    asio::steady_timer later(w.c, 100ms);
    later.async_wait([&](error_code) { b.write(); });
    w.s.async_wait(two, j.handler(two));
    run(w.c);
    j.expect({"2 readable"});
    BOOST_CHECK_LT(net::statistics_of(w.c).enters - before.enters, 50u);
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 readable"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(level_triggered_for_several_polls, S, setups)
{
    world<S> w;
    polls p(4), q(4);
    line a(w.s, one, trigger::level);
    w.s.async_poll(p.events, p.handler());
    w.s.async_poll(q.events, q.handler());
    a.write();
    run(w.c);
    BOOST_CHECK((p.tokens == std::set{one}));
    BOOST_CHECK((q.tokens == std::set{one}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(oneshot, S, setups)
{
    world<S> w;
    journal j;
    line a(w.s, one, trigger::oneshot);
    a.write();
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 readable"});
    w.s.async_wait(one, j.handler(one));
    w.c.restart();
    w.c.poll();
    j.expect({});
    w.s.reregister(a.receiver, one, interest::readable, trigger::oneshot);
    run(w.c);
    j.expect({"1 readable"});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancellation, S, setups)
{
    using asio::cancellation_type;
    world<S> w;
    journal j;
    line a(w.s, one);
    for (auto const type : {cancellation_type::terminal, cancellation_type::partial,
                            cancellation_type::total})
    {
        asio::cancellation_signal stop;
        w.s.async_wait(one, asio::bind_cancellation_slot(stop.slot(), j.handler(one)));
        w.s.async_wait(one, j.handler(one));
        stop.emit(type);
        stop.emit(type);
        BOOST_CHECK(j.entries.empty());
        w.c.restart();
        while (j.entries.empty())
            w.c.run_one();
        j.expect({"1 aborted"});
        a.write();
        run(w.c);
        j.expect({"1 readable"});
        a.read();
        stop.emit(type); // the wait is over
    }
    // One that is cancelled leaves the event to the next.
    {
        asio::cancellation_signal stop;
        w.s.async_wait(one, asio::bind_cancellation_slot(stop.slot(), j.handler(one)));
        stop.emit(cancellation_type::total);
        a.write();
        run(w.c);
        j.expect({"1 aborted"});
        w.s.async_wait(one, j.handler(one));
        run(w.c);
        j.expect({"1 readable"});
    }
    asio::cancellation_signal stop;
    reactor::events events(1);
    std::optional<error_code> polled;
    w.s.async_poll(events, asio::bind_cancellation_slot(stop.slot(),
                                                        [&](error_code ec, std::size_t)
                                                        { polled = ec; }));
    stop.emit(cancellation_type::terminal);
    run(w.c);
    BOOST_CHECK(polled == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deregistration_ends_waits, S, setups)
{
    world<S> w;
    journal j;
    std::optional<line> a(std::in_place, w.s, one), b(std::in_place, w.s, two),
        c(std::in_place, w.s, three);
    w.s.async_wait(one, j.handler(one));
    w.s.async_wait(two, j.handler(two));
    w.s.async_wait(two, j.handler(two));
    w.s.async_wait(three, j.handler(three));
    w.s.deregister(a->receiver);
    b.reset(); // which deregisters, too
    w.c.restart();
    while (j.entries.size() != 3)
        w.c.run_one();
    j.expect({"1 aborted", "2 aborted", "2 aborted"});
    w.s.reregister(c->receiver, one, interest::readable);
    run(w.c);
    j.expect({"3 aborted"});
    c->write();
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 readable"});
}

// Waits go on if a source keeps its token.
BOOST_AUTO_TEST_CASE_TEMPLATE(reregistration, S, setups)
{
    world<S> w;
    journal j;
    auto [mine, theirs] = reactor::unix_stream::pair();
    w.s.register_source(mine, one, interest::readable);
    w.s.async_wait(one, j.handler(one));
    w.s.registry().add_interest(mine, interest::writable);
    run(w.c);
    j.expect({"1 writable"});
    theirs.write("x");
    w.s.reregister(mine, one, interest::readable);
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 readable"});
}

// Of what has been found together, the handler that comes first deregisters the other
// one's source.
BOOST_AUTO_TEST_CASE_TEMPLATE(no_event_after_deregister, S, setups)
{
    world<S> w;
    line a(w.s, one), b(w.s, two);
    a.write();
    b.write();
    int events = 0, aborted = 0;
    auto const handler = [&](line& other)
    {
        return once(
            [&](error_code ec, event)
            {
                if (ec == asio::error::operation_aborted)
                    ++aborted;
                else if (!ec)
                {
                    ++events;
                    w.s.deregister(other.receiver);
                }
            });
    };
    w.s.async_wait(one, handler(b));
    w.s.async_wait(two, handler(a));
    run(w.c);
    BOOST_CHECK_EQUAL(events, 1);
    BOOST_CHECK_EQUAL(aborted, 1);
    // What was kept is forgotten, too.
    line c(w.s, three);
    error_code ignored;
    w.s.deregister(a.receiver, ignored);
    w.s.register_source(a.receiver, one, interest::readable);
    polls p(1), q(1);
    a.read();
    a.write();
    c.write();
    w.s.async_poll(p.events, p.handler());
    run(w.c);
    for (line* l : {&a, &c})
        if (p.tokens.count(l == &a ? one : three) == 0)
            l->receiver = reactor::pipe::make().second;
    w.s.async_poll(q.events, q.handler());
    line d(w.s, two);
    d.write();
    run(w.c);
    BOOST_CHECK((q.tokens == std::set{two}));
}

// A wait for all does not end with nothing, if what had come is gone when its turn comes.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_poll_whose_events_are_gone_goes_on, S, setups)
{
    world<S> w;
    polls p(4);
    std::optional<line> a(std::in_place, w.s, one);
    line b(w.s, two);
    journal j;
    w.s.async_wait(two, once(
                            [&](error_code ec, event e)
                            {
                                j.note(two, ec, e);
                                a.reset();
                            }));
    w.s.async_poll(p.events, p.handler());
    b.write();
    a->write();
    line c(w.s, three);
    asio::steady_timer later(w.c, 20ms);
    later.async_wait([&](error_code) { c.write(); });
    run(w.c);
    j.expect({"2 readable"});
    BOOST_CHECK(p.tokens == std::set{three} || p.tokens == std::set<token>{});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(errors, S, setups)
{
    world<S> w;
    journal j;
    w.s.async_wait(one, j.handler(one));
    BOOST_CHECK(j.entries.empty());
    BOOST_CHECK_EQUAL(run(w.c), 1u);
    j.expect({"1 not found"});

    reactor::events none(0);
    std::optional<error_code> polled;
    w.s.async_poll(none, [&](error_code ec, std::size_t) { polled = ec; });
    run(w.c);
    BOOST_CHECK(polled == asio::error::invalid_argument);

    namespace errc = boost::system::errc;
    line a(w.s, one);
    error_code ec;
    w.s.register_source(a.receiver, two, interest::readable, ec);
    BOOST_CHECK(ec == errc::file_exists);
    w.s.async_wait(two, j.handler(two));
    run(w.c);
    j.expect({"2 not found"});
    w.s.reregister(a.sender, two, interest::writable, ec);
    BOOST_CHECK(ec == errc::no_such_file_or_directory);
    w.s.deregister(a.sender, ec);
    BOOST_CHECK(ec == errc::no_such_file_or_directory);
    w.s.deregister(a.receiver, ec);
    BOOST_CHECK(!ec);
    BOOST_CHECK_THROW(w.s.deregister(a.receiver), boost::system::system_error);
    BOOST_CHECK_THROW(asio::make_service<reactor_service>(w.c),
                      asio::service_already_exists);
    BOOST_CHECK_EQUAL(&asio::use_service<reactor_service>(w.c), &w.s);
}

// Sources are no work; waits are.
BOOST_AUTO_TEST_CASE_TEMPLATE(work, S, setups)
{
    world<S> w;
    journal j;
    std::optional<line> a(std::in_place, w.s, one);
    line b(w.s, two);
    a->write();
    BOOST_CHECK_EQUAL(run(w.c), 0u);
    w.s.async_wait(one, j.handler(one));
    run(w.c);
    j.expect({"1 readable"});
    a->read();
    BOOST_CHECK_EQUAL(run(w.c), 0u);
    for (int i = 0; i != 3; ++i)
    {
        asio::cancellation_signal stop;
        w.s.async_wait(one, asio::bind_cancellation_slot(stop.slot(), j.handler(one)));
        asio::post(w.c, [&] { stop.emit(asio::cancellation_type::total); });
        run(w.c);
        j.expect({"1 aborted"});
    }
    w.s.async_wait(one, j.handler(one));
    asio::post(w.c, [&] { a.reset(); });
    run(w.c);
    j.expect({"1 aborted"});
    BOOST_CHECK_EQUAL(net::statistics_of(w.c).in_flight, 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(shutdown_destroys_handlers, S, setups)
{
    std::atomic<int> alive{0};
    std::optional<line> a;
    {
        world<S> w;
        a.emplace(w.s, one);
        reactor::events events(4);
        w.s.async_wait(one, never(alive));
        w.s.async_poll(events, never(alive));
        // This one owns a source.
        line b(w.s, two);
        w.s.async_wait(two, [b = std::move(b.receiver),
                             n = never(alive)](error_code, event) mutable { n(); });
        asio::post(w.c, [] {});
        w.c.run_one();
        a->write();
        BOOST_CHECK_EQUAL(alive, 3);
    }
    BOOST_CHECK_EQUAL(alive, 0);
    // The source works, and is free for another service.
    a->read();
    world<S> w;
    journal j;
    w.s.register_source(a->receiver, two, interest::readable);
    w.s.async_wait(two, j.handler(two));
    a->write();
    run(w.c);
    j.expect({"2 readable"});
}

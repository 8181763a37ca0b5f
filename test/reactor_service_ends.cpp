// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// reactor_service: how waits end without an event, and events without a wait.

#include "service.hpp"

#define BOOST_TEST_MODULE reactor_service_ends

#include <boost/asio/bind_cancellation_slot.hpp>

#include <atomic>
#include <optional>
#include <set>
#include <utility>

using namespace test;

BOOST_DATA_TEST_CASE(cancellation, setups, how)
{
    using asio::cancellation_type;
    world w(how);
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

BOOST_DATA_TEST_CASE(deregistration_ends_waits, setups, how)
{
    world w(how);
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
BOOST_DATA_TEST_CASE(reregistration, setups, how)
{
    world w(how);
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
BOOST_DATA_TEST_CASE(no_event_after_deregister, setups, how)
{
    world w(how);
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
BOOST_DATA_TEST_CASE(a_poll_whose_events_are_gone_goes_on, setups, how)
{
    world w(how);
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
    BOOST_CHECK(!p.tokens.empty());
}

// Of what has been found together, the handler that comes first makes the other one's
// event out of date, but leaves the source with its token: the wait goes on, unless it
// has been cancelled in between.
BOOST_DATA_TEST_CASE(a_wait_whose_event_is_out_of_date, setups, how)
{
    for (bool const cancels : {false, true})
    {
        world w(how);
        struct side
        {
            line l;
            token id;
            asio::cancellation_signal stop{};
        };
        side a{line(w.s, one), one}, b{line(w.s, two), two};
        a.l.write();
        b.l.write();
        asio::steady_timer later(w.c, 10ms);
        bool first = true;
        int events = 0, aborted = 0;
        auto const start = [&](side& mine, side& other)
        {
            w.s.async_wait(
                mine.id,
                asio::bind_cancellation_slot(
                    mine.stop.slot(),
                    once(
                        [&](error_code ec, event)
                        {
                            events += !ec;
                            aborted += ec == asio::error::operation_aborted;
                            if (!std::exchange(first, false))
                                return;
                            other.l.read();
                            w.s.reregister(other.l.receiver, other.id,
                                           interest::readable);
                            if (cancels)
                                other.stop.emit(asio::cancellation_type::total);
                            else
                                later.async_wait([&](error_code) { other.l.write(); });
                        })));
        };
        start(a, b);
        start(b, a);
        run(w.c);
        BOOST_CHECK_EQUAL(events, cancels ? 1 : 2);
        BOOST_CHECK_EQUAL(aborted, cancels ? 1 : 0);
    }
}

BOOST_DATA_TEST_CASE(errors, setups, how)
{
    world w(how);
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
BOOST_DATA_TEST_CASE(work, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(shutdown_destroys_handlers, setups, how)
{
    std::atomic<int> alive{0};
    std::optional<line> a;
    {
        world w(how);
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
    world w(how);
    journal j;
    w.s.register_source(a->receiver, two, interest::readable);
    w.s.async_wait(two, j.handler(two));
    a->write();
    run(w.c);
    j.expect({"2 readable"});
}

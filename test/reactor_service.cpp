// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// reactor_service: who gets which event, and who gets none, with each selector on each
// kind of context.

#include "service.hpp"

#define BOOST_TEST_MODULE reactor_service

#include <optional>
#include <set>

using namespace test;

BOOST_DATA_TEST_CASE(a_wait_gets_the_event, setups, how)
{
    world w(how);
    journal j;
    line a(w.s, one);
    w.s.async_wait(one, j.handler(one));
    a.write();
    BOOST_CHECK(j.entries.empty()); // not within the initiating function
    BOOST_CHECK_EQUAL(run(w.c), 1u);
    j.expect({"1 readable"});
}

BOOST_DATA_TEST_CASE(what_comes_before_a_wait_is_kept, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(several_wait_for_one_token, setups, how)
{
    world w(how);
    journal j;
    line a(w.s, one);
    for (int i = 0; i != 3; ++i)
        w.s.async_wait(one, j.handler(one));
    a.write();
    run(w.c);
    j.expect({"1 readable", "1 readable", "1 readable"});
}

BOOST_DATA_TEST_CASE(a_reader_and_a_writer, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(the_end_concerns_everybody, setups, how)
{
    world w(how);
    journal j;
    std::optional<line> a(std::in_place, w.s, one);
    w.s.async_wait(one, interest::readable, j.handler(one));
    {
        auto gone = std::move(a->sender);
    }
    run(w.c);
    j.expect({"1 closed"});
}

BOOST_DATA_TEST_CASE(polling_for_all, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(capacity_is_respected, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(capacity_starves_nobody, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(several_poll, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(a_wait_comes_before_a_poll, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(one_token_for_two_sources, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(level_triggered, setups, how)
{
    world w(how);
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
BOOST_DATA_TEST_CASE(level_triggered_and_not_waited_for, setups, how)
{
    world w(how);
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

BOOST_DATA_TEST_CASE(level_triggered_for_several_polls, setups, how)
{
    world w(how);
    polls p(4), q(4);
    line a(w.s, one, trigger::level);
    w.s.async_poll(p.events, p.handler());
    w.s.async_poll(q.events, q.handler());
    a.write();
    run(w.c);
    BOOST_CHECK((p.tokens == std::set{one}));
    BOOST_CHECK((q.tokens == std::set{one}));
}

BOOST_DATA_TEST_CASE(oneshot, setups, how)
{
    world w(how);
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

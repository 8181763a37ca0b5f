// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Chains: by the kernel, and link by link where it cannot, with the same results.

#include "descriptors.hpp"
#include "file.hpp"
#include "submitted.hpp"

#include <array>
#include <atomic>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;
namespace opcodes = net::detail::opcodes;

template <class Chain>
struct chain_outcome
{
    error_code error;
    typename net::detail::chain_types<Chain>::results results;
    std::optional<Chain> events;
};

template <class Chain>
void submit_chain(boost::asio::io_context& c, Chain chain, chain_outcome<Chain>& o)
{
    net::async_submit(c, std::move(chain),
                      once(
                          [&o](error_code ec, auto&& results, Chain&& events)
                          {
                              o.error = ec;
                              o.results = std::move(results);
                              o.events.emplace(std::move(events));
                          }));
}

template <class Chain>
chain_outcome<Chain> submitted_chain(boost::asio::io_context& c, Chain chain)
{
    chain_outcome<Chain> o;
    submit_chain(c, std::move(chain), o);
    run(c);
    BOOST_REQUIRE(o.events);
    return o;
}

error_code const missing_file(ENOENT, boost::system::system_category());

/// An event that cannot run.
event::openat failing()
{
    return event::openat("/nowhere/at/all");
}

} // namespace

BOOST_DATA_TEST_CASE(one_after_another, every_mode, m)
{
    descriptor_check check;
    temporary_directory const d;
    std::ofstream(d.path() / "file") << "content";
    // In one go, and, where the kernel lacks one of them, link by link.
    for (bool const lacking : {false, true})
    {
        std::optional<faults> f;
        if (lacking)
            f.emplace(IORING_OP_MADVISE);
        mode_context c(m);
        event::file_slot const slot(c);
        auto o = submitted_chain(
            c, net::link(event::openat(d.path() / "file", O_RDONLY, 0, slot),
                         event::read(slot, std::string(7, ' '), 0), event::close(slot),
                         event::madvise(nullptr, 0, MADV_NORMAL)));
        BOOST_CHECK_MESSAGE(!o.error, o.error.message());
        auto& [opened, read, closed, advised] = o.results;
        BOOST_CHECK(!opened.error && !read.error && !closed.error && !advised.error);
        BOOST_CHECK_EQUAL(read.value, 7u);
        BOOST_CHECK_EQUAL(std::get<1>(o.events->events()).buffer, "content");
    }
}

// The kernel is given all of them in one call.
BOOST_AUTO_TEST_CASE(in_one_call)
{
    URIO_ON_URING_ONLY();
    net::io_context c;
    (void)submitted(c, event::nop());
    auto const before = net::statistics_of(c);
    (void)submitted_chain(c, net::link(event::nop(), event::nop(), event::nop()));
    auto const after = net::statistics_of(c);
    auto const entries = after.submitted - before.submitted;
    BOOST_CHECK(entries == 3u || entries == 4u); // the wake-up's
    BOOST_CHECK_LE(after.enters - before.enters, 2u);
}

BOOST_DATA_TEST_CASE(what_fails_ends_it, every_mode, m)
{
    mode_context c(m);
    {
        auto const o = submitted_chain(
            c, net::link(event::nop(), failing(), event::nop(), event::nop()));
        BOOST_CHECK(o.error == missing_file);
        BOOST_CHECK(!std::get<0>(o.results).error);
        BOOST_CHECK(std::get<1>(o.results).error == missing_file);
        BOOST_CHECK(aborted(std::get<2>(o.results).error));
        BOOST_CHECK(aborted(std::get<3>(o.results).error));
    }
    {
        auto const o = submitted_chain(c, net::link(failing(), event::nop()));
        BOOST_CHECK(o.error == missing_file);
        BOOST_CHECK(aborted(std::get<1>(o.results).error));
    }
    {
        auto const o = submitted_chain(c, net::link(event::nop(), failing()));
        BOOST_CHECK(o.error == missing_file);
    }
    // What succeeded before is still the user's.
    {
        descriptor_check check;
        auto const o =
            submitted_chain(c, net::link(event::openat("/dev/null"), failing()));
        BOOST_CHECK(std::get<0>(o.results).value.get() >= 0);
    }
}

BOOST_DATA_TEST_CASE(hard_links_go_on, every_mode, m)
{
    mode_context c(m);
    auto const o = submitted_chain(
        c, net::hard_link(failing(), event::nop(), failing(), event::nop()));
    BOOST_CHECK(o.error == missing_file);
    BOOST_CHECK(std::get<0>(o.results).error == missing_file);
    BOOST_CHECK(!std::get<1>(o.results).error);
    BOOST_CHECK(std::get<2>(o.results).error == missing_file);
    BOOST_CHECK(!std::get<3>(o.results).error);

    // Both kinds in one.
    auto const p = submitted_chain(
        c, net::link(net::hard_link(failing(), event::nop()), failing(), event::nop()));
    BOOST_CHECK(!std::get<1>(p.results).error);
    BOOST_CHECK(std::get<2>(p.results).error == missing_file);
    BOOST_CHECK(aborted(std::get<3>(p.results).error));
}

BOOST_DATA_TEST_CASE(a_short_read_ends_it, every_mode, m)
{
    temporary_directory const d;
    std::ofstream(d.path() / "file") << "short";
    mode_context c(m);
    net::unique_descriptor const f(::open((d.path() / "file").c_str(), O_RDONLY));
    auto const o = submitted_chain(
        c, net::link(event::read(f.get(), std::string(10, ' '), 0), event::nop()));
    BOOST_CHECK(!std::get<0>(o.results).error);
    BOOST_CHECK_EQUAL(std::get<0>(o.results).value, 5u);
    BOOST_CHECK(aborted(std::get<1>(o.results).error));
    BOOST_CHECK(aborted(o.error));
}

BOOST_DATA_TEST_CASE(limits, every_mode, m)
{
    error_code const over(ETIME, boost::system::system_category());
    mode_context c(m);
    counter const k;
    {
        auto const o =
            submitted_chain(c, net::link_timeout(event::poll_add(k.fd, POLLIN), 5ms));
        BOOST_CHECK(aborted(std::get<0>(o.results).error));
        BOOST_CHECK(std::get<1>(o.results).error == over);
        BOOST_CHECK(o.error == over);
    }
    // What is in time leaves nothing behind, and the chain goes on.
    {
        auto const o = submitted_chain(
            c, net::link(net::link_timeout(event::nop(), 1h), event::nop()));
        BOOST_CHECK(!std::get<0>(o.results).error);
        BOOST_CHECK(aborted(std::get<1>(o.results).error));
        BOOST_CHECK(!std::get<2>(o.results).error);
        BOOST_CHECK(!o.error);
    }
    {
        chain_outcome<net::chain<event::poll_add, event::link_limit, event::nop>> o;
        submit_chain(
            c,
            net::link(net::link_timeout(event::poll_add(k.fd, POLLIN), 1h), event::nop()),
            o);
        c.restart();
        c.poll();
        BOOST_CHECK(!o.events);
        std::uint64_t const one = 1;
        BOOST_REQUIRE_EQUAL(::write(k.fd, &one, 8), 8);
        run(c);
        BOOST_CHECK(!o.error);
        BOOST_CHECK_EQUAL(std::get<0>(o.results).value, POLLIN);
    }
    // Of a futex, which the kernel counts when it has cancelled it; and one that is over
    // before it begins.
    if (has_operation(opcodes::futex_wait))
    {
        event::futex_word word{0};
        auto const o =
            submitted_chain(c, net::link_timeout(event::futex_wait(word, 0), 5ms));
        BOOST_CHECK(aborted(std::get<0>(o.results).error));
        BOOST_CHECK(std::get<1>(o.results).error == over);
        BOOST_CHECK(o.error == over);
    }
    {
        counter const never_ready;
        auto const o = submitted_chain(
            c, net::link_timeout(event::poll_add(never_ready.fd, POLLIN), -1s));
        BOOST_CHECK(o.error == over);
    }
    // What is late does not end a chain of hard links.
    {
        counter const never_ready;
        auto const o = submitted_chain(
            c, net::hard_link(
                   net::link_timeout(event::poll_add(never_ready.fd, POLLIN), 5ms),
                   event::nop()));
        BOOST_CHECK(aborted(std::get<0>(o.results).error));
        BOOST_CHECK(!std::get<2>(o.results).error);
        BOOST_CHECK(o.error == over);
    }
    // Later ones do not begin.
    {
        auto const o = submitted_chain(
            c,
            net::link(event::nop(), net::link_timeout(event::poll_add(-1, POLLIN), 5ms),
                      event::nop()));
        BOOST_CHECK(std::get<1>(o.results).error == net::error::bad_descriptor);
        BOOST_CHECK(aborted(std::get<3>(o.results).error));
    }
}

BOOST_DATA_TEST_CASE(cancelled, every_mode, m)
{
    for (bool const seen : {false, true})
    {
        mode_context c(m);
        counter const k;
        net::cancellation_signal s;
        bool done = false;
        net::async_submit(
            c, net::link(event::nop(), event::poll_add(k.fd, POLLIN), event::nop()),
            net::bind_cancellation_slot(
                s.slot(), once(
                              [&](error_code ec, auto results, auto)
                              {
                                  done = true;
                                  BOOST_CHECK(aborted(ec));
                                  BOOST_CHECK(aborted(std::get<1>(results).error));
                                  BOOST_CHECK(aborted(std::get<2>(results).error));
                              })));
        if (seen)
        {
            c.restart();
            c.poll();
        }
        BOOST_CHECK(!done);
        s.emit(net::cancellation_type::total);
        run(c);
        BOOST_CHECK(done);
    }
}

// Links that the kernel has not come to are cancelled when it does.
BOOST_DATA_TEST_CASE(cancelled_before_they_begin, every_mode, m)
{
    mode_context c(m);
    counter const first, second;
    net::cancellation_signal s;
    bool done = false;
    net::async_submit(
        c,
        net::hard_link(event::poll_add(first.fd, POLLIN),
                       event::poll_add(second.fd, POLLIN),
                       event::poll_add(second.fd, POLLIN)),
        net::bind_cancellation_slot(s.slot(), once(
                                                  [&](error_code ec, auto, auto)
                                                  {
                                                      done = true;
                                                      BOOST_CHECK(aborted(ec));
                                                  })));
    settle(c);
    s.emit(net::cancellation_type::total);
    run(c);
    BOOST_CHECK(done);
}

// A thread of the kernel's that is interrupted says so in words of its own.
BOOST_AUTO_TEST_CASE(cancelled_in_a_thread)
{
    URIO_ON_URING_ONLY();
    net::io_context c;
    int ends[2], other[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    BOOST_REQUIRE_EQUAL(::pipe(other), 0);
    net::cancellation_signal s;
    bool done = false;
    net::async_submit(
        c, net::link(event::splice(ends[0], other[1], 10), event::nop()),
        net::bind_cancellation_slot(s.slot(), once(
                                                  [&](error_code ec, auto results, auto)
                                                  {
                                                      done = true;
                                                      BOOST_CHECK(aborted(ec));
                                                      BOOST_CHECK(aborted(
                                                          std::get<0>(results).error));
                                                  })));
    settle(c);
    s.emit(net::cancellation_type::total);
    run(c);
    BOOST_CHECK(done);
    for (int const fd : {ends[0], ends[1], other[0], other[1]})
        ::close(fd);
}

// They are in the queue together or not at all, also when it is full.
BOOST_DATA_TEST_CASE(a_full_queue, every_mode, m)
{
    auto o = options(m);
    o.entries = 8;
    mode_context c(m, o);
    int done = 0, aborted_links = 0;
    constexpr int n = 200;
    for (int i = 0; i != n; ++i)
        net::async_submit(
            c, net::link(event::nop(), failing(), event::nop()),
            [&](error_code ec, auto results, auto)
            {
                done += ec == missing_file && !std::get<0>(results).error ? 1 : 0;
                aborted_links += aborted(std::get<2>(results).error) ? 1 : 0;
            });
    run(c);
    BOOST_CHECK_EQUAL(done, n);
    BOOST_CHECK_EQUAL(aborted_links, n);
}

// More links than the ring has entries.
BOOST_AUTO_TEST_CASE(longer_than_the_ring)
{
    net::uring_options o;
    o.entries = 2;
    net::io_context c(o);
    auto const r = submitted_chain(c, net::link(event::nop(), event::nop(), event::nop(),
                                                event::nop(), failing(), event::nop()));
    BOOST_CHECK(r.error == missing_file);
    BOOST_CHECK(!std::get<3>(r.results).error);
    BOOST_CHECK(aborted(std::get<5>(r.results).error));
}

BOOST_DATA_TEST_CASE(the_end_of_the_context, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> handlers{0};
    counter const k;
    for (int turns = 0; turns != 4; ++turns)
    {
        mode_context c(m);
        net::async_submit(c,
                          net::link(event::openat("/dev/null"),
                                    net::link_timeout(event::poll_add(k.fd, POLLIN), 1h),
                                    event::nop()),
                          never(handlers));
        net::async_submit(c, net::link(event::openat("/dev/null"), event::nop()),
                          [](error_code, auto, auto) {});
        for (int i = 0; i != turns; ++i)
            c.poll_one();
    }
    BOOST_CHECK_EQUAL(handlers, 0);
}

BOOST_DATA_TEST_CASE(a_fork_cancels_what_the_kernel_has, every_mode, m)
{
    mode_context c(m);
    counter const k;
    chain_outcome<net::chain<event::poll_add, event::nop>> o;
    submit_chain(c, net::link(event::poll_add(k.fd, POLLIN), event::nop()), o);
    c.restart();
    c.poll();
    c.notify_fork(boost::asio::execution_context::fork_prepare);
    c.notify_fork(boost::asio::execution_context::fork_parent);
    c.restart();
    c.poll();
    if (on_uring())
    {
        BOOST_REQUIRE(o.events);
        BOOST_CHECK(aborted(o.error));
        return;
    }
    BOOST_CHECK(!o.events);
    std::uint64_t const one = 1;
    BOOST_REQUIRE_EQUAL(::write(k.fd, &one, 8), 8);
    run(c);
    BOOST_CHECK(!o.error);
}

namespace
{

/// What a chain of five has to do, by the rules.
std::array<int, 5> model(const std::array<bool, 5>& fails,
                         const std::array<bool, 4>& hard)
{
    std::array<int, 5> r{};
    bool broken = false;
    for (std::size_t i = 0; i != 5; ++i)
    {
        r[i] = broken ? ECANCELED : fails[i] ? ENOENT : 0;
        if (i != 4 && !hard[i] && r[i] != 0)
            broken = true;
        else if (i != 4 && hard[i] && r[i] == ECANCELED)
            broken = true;
    }
    return r;
}

template <class A, class B>
auto joined(bool hard, A a, B b)
{
    return net::detail::join(net::detail::to_chain(std::move(a)),
                             hard ? net::detail::chain_link::hard
                                  : net::detail::chain_link::soft,
                             net::detail::to_chain(std::move(b)));
}

} // namespace

BOOST_AUTO_TEST_CASE(random_chains)
{
    std::mt19937 random(2026);
    auto const coin = [&] { return random() % 3 == 0; };
    net::io_context c;
    for (int round = 0; round != 200; ++round)
    {
        std::array<bool, 5> fails;
        std::array<bool, 4> hard;
        for (bool& b : fails)
            b = coin();
        for (bool& b : hard)
            b = coin();
        auto const link_of = [&](std::size_t i)
        { return event::openat(fails[i] ? "/nowhere/at/all" : "/dev/null"); };
        auto o = submitted_chain(
            c, joined(hard[3],
                      joined(hard[2],
                             joined(hard[1], joined(hard[0], link_of(0), link_of(1)),
                                    link_of(2)),
                             link_of(3)),
                      link_of(4)));
        std::array<int, 5> const expected = model(fails, hard);
        std::array<int, 5> const is = std::apply(
            [](auto&... r) { return std::array<int, 5>{r.error.value()...}; }, o.results);
        BOOST_TEST_CONTEXT("round " << round)
        {
            BOOST_CHECK_EQUAL_COLLECTIONS(is.begin(), is.end(), expected.begin(),
                                          expected.end());
        }
    }
}

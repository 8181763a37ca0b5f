// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events of several completions: by one entry where the kernel can, by several where it
// cannot, and never more in store than was asked for.

#include "descriptors.hpp"
#include "pair.hpp"
#include "submitted.hpp"

#include <boost/asio/detached.hpp>

#include <atomic>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;
namespace opcodes = net::detail::opcodes;
using tcp = net::ip::tcp;

/// Plain connections to a listening socket.
struct callers
{
    explicit callers(boost::asio::io_context& c) : acceptor(c, loopback()) {}

    void call(int n)
    {
        for (; n != 0; --n)
        {
            int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            auto const where = acceptor.local_endpoint();
            BOOST_REQUIRE_EQUAL(::connect(s, where.data(), where.size()), 0);
            sockets.emplace_back(s);
        }
    }

    event::accept_multishot accepting()
    {
        return event::accept_multishot(acceptor.native_handle());
    }

    tcp::acceptor acceptor;
    std::vector<net::unique_descriptor> sockets;
};

template <class Stream>
struct next_item
{
    error_code error;
    typename Stream::result_type value{};
    bool last = false, done = false;
};

template <class Stream>
void fetch(Stream& s, next_item<Stream>& i)
{
    i.done = false;
    s.async_next(once(
        [&i](error_code ec, auto&& value, bool last)
        {
            i.error = ec;
            i.value = std::move(value);
            i.last = last;
            i.done = true;
        }));
}

/// The next one, with whatever the context has to do for that.
template <class Stream>
next_item<Stream> next(boost::asio::io_context& c, Stream& s)
{
    next_item<Stream> i;
    fetch(s, i);
    run_until(c, [&] { return i.done; });
    return i;
}

} // namespace

BOOST_DATA_TEST_CASE(connections, every_mode, m)
{
    descriptor_check check;
    for (bool const lacking : {false, true})
    {
        std::optional<faults> f;
        if (lacking)
            f.emplace(IORING_OP_ACCEPT);
        mode_context c(m);
        callers all(c);
        auto s = net::async_submit_multi(c, all.accepting());
        all.call(3);
        for (int i = 0; i != 3; ++i)
        {
            auto const a = next(c, s);
            BOOST_CHECK(!a.error);
            BOOST_CHECK(!a.last);
            BOOST_CHECK(a.value.get() >= 0);
        }
        // And when nobody is there yet.
        next_item<decltype(s)> later;
        fetch(s, later);
        settle(c);
        BOOST_CHECK(!later.done);
        all.call(1);
        run_until(c, [&] { return later.done; });
        BOOST_CHECK(!later.error);
        s.cancel();
        auto const end = next(c, s);
        BOOST_CHECK(aborted(end.error));
        BOOST_CHECK(end.last);
        // It can begin again.
        all.call(1);
        BOOST_CHECK(!next(c, s).error);
    }
}

// One entry for all of them.
BOOST_AUTO_TEST_CASE(by_one_entry)
{
    URIO_ON_URING_ONLY();
    URIO_REQUIRE_OR_SKIP(has_operation(opcodes::socket),
                         "the kernel accepts one at a time (Linux 5.19)");
    net::io_context c;
    callers all(c);
    auto s = net::async_submit_multi(c, all.accepting());
    all.call(1);
    (void)next(c, s);
    auto const before = net::statistics_of(c).submitted;
    all.call(20);
    for (int i = 0; i != 20; ++i)
        BOOST_CHECK(!next(c, s).error);
    BOOST_CHECK_LE(net::statistics_of(c).submitted - before, 1u); // the wake-up's
}

// What nobody fetches is bounded, and nothing of it is lost.
BOOST_DATA_TEST_CASE(bounded, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    callers all(c);
    constexpr int ahead = 4, n = 30;
    auto s = net::async_submit_multi(c, all.accepting(), {.ahead = ahead});
    all.call(1);
    BOOST_CHECK(!next(c, s).error);
    std::size_t const before = open_descriptors();
    int accepted = 0;
    for (int i = 0; i != n; ++i)
    {
        all.call(1);
        settle(c);
        accepted = static_cast<int>(open_descriptors() - before) - (i + 1);
        BOOST_CHECK_LE(accepted, ahead + 1); // one may be on its way
    }
    for (int i = 0; i != n; ++i)
        BOOST_CHECK(!next(c, s).error);
    next_item<decltype(s)> none;
    fetch(s, none);
    settle(c);
    BOOST_CHECK(!none.done);
    s.cancel();
    run_until(c, [&] { return none.done; });
    BOOST_CHECK(aborted(none.error));
}

// What was brought for nobody is given up with the stream, or with the context.
BOOST_DATA_TEST_CASE(what_nobody_fetches, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> handlers{0};
    {
        mode_context c(m);
        callers all(c);
        {
            auto s = net::async_submit_multi(c, all.accepting());
            all.call(1);
            (void)next(c, s);
            all.call(5);
            settle(c);
        }
        settle(c);
        auto s = net::async_submit_multi(c, all.accepting());
        all.call(5);
        (void)next(c, s);
        settle(c);
        // Somebody waits at the end.
        auto t = net::async_submit_multi(c, all.accepting());
        for (int i = 0; i != 4; ++i)
            (void)next(c, s);
        t.async_next(never(handlers));
    }
    BOOST_CHECK_EQUAL(handlers, 0);
}

// The stream goes while somebody waits for it.
BOOST_DATA_TEST_CASE(a_stream_that_goes, every_mode, m)
{
    mode_context c(m);
    callers all(c);
    bool done = false;
    {
        auto s = net::async_submit_multi(c, all.accepting());
        s.async_next(once(
            [&](error_code ec, net::unique_descriptor d, bool last)
            {
                BOOST_CHECK(aborted(ec));
                BOOST_CHECK(last);
                BOOST_CHECK(d.get() < 0);
                done = true;
            }));
        settle(c);
    }
    run(c);
    BOOST_CHECK(done);
}

// To stop waiting does not stop the event.
BOOST_DATA_TEST_CASE(a_wait_that_is_cancelled, every_mode, m)
{
    mode_context c(m);
    callers all(c);
    auto s = net::async_submit_multi(c, all.accepting());
    net::cancellation_signal signal;
    bool done = false;
    s.async_next(net::bind_cancellation_slot(
        signal.slot(), once(
                           [&](error_code ec, net::unique_descriptor, bool)
                           {
                               BOOST_CHECK(aborted(ec));
                               done = true;
                           })));
    settle(c);
    // One at a time.
    s.async_next(once([](error_code ec, net::unique_descriptor, bool)
                      { BOOST_CHECK(ec == net::error::already_started); }));
    signal.emit(net::cancellation_type::total);
    settle(c);
    BOOST_CHECK(done);
    all.call(2);
    BOOST_CHECK(!next(c, s).error);
    BOOST_CHECK(!next(c, s).error);
}

// The last one is told apart from the others.
BOOST_DATA_TEST_CASE(the_last, every_mode, m)
{
    mode_context c(m);
    error_code const over(ETIME, boost::system::system_category());
    if (!on_uring() ||
        has_operation(opcodes::send_zc)) // there is nothing else to ask for 6.4
    {
        auto t = net::async_submit_multi(c, event::timeout_multishot(1ms, 3));
        for (int i = 1; i != 3; ++i)
        {
            auto const one = next(c, t);
            BOOST_CHECK(!one.error);
            BOOST_CHECK(!one.last);
        }
        auto const last = next(c, t);
        BOOST_CHECK(last.error == over);
        BOOST_CHECK(last.last);
    }
    // A success that is not to be repeated.
    auto once_only = net::async_submit_multi(c, event::nop(), {.repeat = false});
    auto const one = next(c, once_only);
    BOOST_CHECK(!one.error);
    BOOST_CHECK(one.last);
    auto again = net::async_submit_multi(c, event::nop());
    for (int i = 0; i != 100; ++i)
    {
        auto const n = next(c, again);
        BOOST_CHECK(!n.error);
        BOOST_CHECK(!n.last);
    }
    auto bad = net::async_submit_multi(c, event::accept_multishot(-1));
    for (int i = 0; i != 2; ++i)
    {
        auto const b = next(c, bad);
        BOOST_CHECK(b.error == net::error::bad_descriptor);
        BOOST_CHECK(b.last);
    }
    auto missing = net::async_submit_multi(c, event::read_multishot(0, 1));
    if (!has_operation(opcodes::read_multishot))
        BOOST_CHECK(is_missing(next(c, missing).error));
}

BOOST_DATA_TEST_CASE(as_a_coroutine, every_mode, m)
{
    mode_context c(m);
    callers all(c);
    int accepted = 0;
    net::co_spawn(
        c,
        [&]() -> net::awaitable<void>
        {
            auto s = net::async_submit_multi(co_await net::this_coro::executor,
                                             all.accepting());
            for (; accepted != 10; ++accepted)
            {
                all.call(1);
                auto [d, last] = co_await s.async_next(net::use_awaitable);
                BOOST_CHECK(d.get() >= 0);
            }
        },
        net::detached);
    run(c);
    BOOST_CHECK_EQUAL(accepted, 10);
}

// Cancelled while it is being stopped for a while, and at every other moment.
BOOST_DATA_TEST_CASE(cancelled_at_any_moment,
                     every_mode* boost::unit_test::data::xrange(8), m, turns)
{
    descriptor_check check;
    mode_context c(m);
    callers all(c);
    for (int round = 0; round != 3; ++round)
    {
        auto s = net::async_submit_multi(c, all.accepting(), {.ahead = 2});
        all.call(1);
        BOOST_CHECK(!next(c, s).error);
        all.call(6);
        c.restart();
        for (int i = 0; i != turns; ++i)
            c.poll_one();
        s.cancel();
        int more = 0;
        next_item<decltype(s)> i;
        do
        {
            i = next(c, s);
            more += i.error ? 0 : 1;
        } while (!i.error);
        BOOST_CHECK(aborted(i.error));
        BOOST_CHECK(i.last);
        BOOST_CHECK_LE(more, 6);
        // Whoever is still in the listener's queue, for the next round.
        for (; more != 6; ++more)
            BOOST_CHECK(!next(c, s).error);
    }
}

// It tells of what is new. (To poll(2) nothing is.)
BOOST_DATA_TEST_CASE(readiness_that_is_not_new, every_mode, m)
{
    if (expected_backend() == net::backend::poll)
        return;
    mode_context c(m);
    int const fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    {
        auto s = net::async_submit_multi(c, event::poll_multishot(fd, POLLIN));
        next_item<decltype(s)> i;
        fetch(s, i);
        settle(c);
        BOOST_CHECK(!i.done);
        for (int round = 0; round != 3; ++round)
        {
            std::uint64_t const one = 1;
            BOOST_REQUIRE_EQUAL(::write(fd, &one, 8), 8);
            run_until(c, [&] { return i.done; });
            BOOST_CHECK(!i.error);
            BOOST_CHECK_EQUAL(i.value, POLLIN);
            fetch(s, i);
            settle(c);
            BOOST_CHECK(!i.done);
        }
        s.cancel();
        run_until(c, [&] { return i.done; });
    }
    ::close(fd);
}

// One that is submitted as if it had one completion gives up the others.
BOOST_DATA_TEST_CASE(several_for_one, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    callers all(c);
    net::cancellation_signal s;
    bool done = false;
    net::async_submit(
        c, all.accepting(),
        net::bind_cancellation_slot(s.slot(), once([&](error_code, net::unique_descriptor,
                                                       auto) { done = true; })));
    all.call(4);
    settle(c);
    s.emit(net::cancellation_type::total);
    run(c);
    BOOST_CHECK(done);
}

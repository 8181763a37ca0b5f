// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's timers, of every kind, on urio's loop: many of them, moved, cancelled, set by
// other threads, among I/O, and for no system call.

#include "child.hpp"
#include "descriptors.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "sanitizers.hpp"
#include "system_calls.hpp"
#include "test.hpp"

#include <boost/asio/deadline_timer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <variant>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using std::chrono::microseconds;

// The kinds of timers, and how one says when.

template <class Timer>
struct chrono_kind
{
    using timer = Timer;
    using clock = typename Timer::clock_type;
    using time = typename Timer::time_point;

    static time now() { return clock::now(); }
    static time later(time t, microseconds d) { return t + d; }
    static time furthest() { return time::max(); }
};

// A clock of one's own, which counts from some other day.
struct shifted_clock
{
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<shifted_clock>;
    static constexpr bool is_steady = true;

    static time_point now()
    {
        return time_point(std::chrono::steady_clock::now().time_since_epoch() - 5000h);
    }
};

struct steady : chrono_kind<net::steady_timer>
{
};
struct system : chrono_kind<net::system_timer>
{
};
struct high_resolution : chrono_kind<net::high_resolution_timer>
{
};
struct shifted : chrono_kind<net::basic_waitable_timer<shifted_clock>>
{
};
struct deadline
{
    using timer = boost::asio::deadline_timer;
    using time = timer::time_type;

    static time now() { return timer::traits_type::now(); }
    static time later(time t, microseconds d)
    {
        return t + boost::posix_time::microseconds(d.count());
    }
    static time furthest() { return boost::posix_time::pos_infin; }
};

using any_kind = std::variant<steady, system, high_resolution, shifted, deadline>;

std::ostream& operator<<(std::ostream& out, const any_kind& k)
{
    static constexpr const char* names[] = {"steady", "system", "high_resolution",
                                            "shifted", "deadline"};
    return out << names[k.index()];
}

const auto every_kind = boost::unit_test::data::make<any_kind>(
    {steady(), system(), high_resolution(), shifted(), deadline()});

// With the ring, whose loop is what is tested.
struct ring_context : mode_context
{
    explicit ring_context(mode m) : mode_context(m)
    {
        BOOST_REQUIRE(net::backend_of(*this).kind == expected_backend());
    }
};

[[maybe_unused]] void none(error_code) {}

} // namespace

// All are pending at once. Some have been moved there from far away; a third is
// cancelled.
BOOST_DATA_TEST_CASE(a_hundred_thousand, every_kind* every_mode, k, m)
{
    std::visit(
        [m]<class kind>(kind)
        {
            using timer = typename kind::timer;
            ring_context c(m);
            constexpr int n = 100'000;
            std::vector<int> order(n);
            for (int i = 0; i != n; ++i)
                order[static_cast<std::size_t>(i)] = i;
            std::shuffle(order.begin(), order.end(), std::minstd_rand(1));

            std::vector<timer> timers;
            timers.reserve(n);
            int moved = 0, cancelled = 0, early = 0;
            std::vector<int> fired;
            auto const begin = kind::now();
            for (int const i : order)
            {
                auto const expiry = kind::later(begin, microseconds(i));
                timer& t = timers.emplace_back(c);
                if (i % 2 == 0)
                {
                    t.expires_at(kind::later(begin, 10h));
                    t.async_wait([&](error_code ec)
                                 { moved += ec == net::error::operation_aborted; });
                    BOOST_REQUIRE_EQUAL(t.expires_at(expiry), 1u);
                }
                else
                    t.expires_at(expiry);
                t.async_wait(
                    [&, i, expiry](error_code ec)
                    {
                        if (ec == net::error::operation_aborted)
                        {
                            ++cancelled;
                            return;
                        }
                        fired.push_back(i);
                        early += kind::now() < expiry;
                    });
            }
            std::size_t k = 0;
            for (int const i : order)
            {
                timer& t = timers[k++];
                if (i % 3 == 0)
                    BOOST_REQUIRE_EQUAL(t.cancel(), 1u);
            }
            run(c);
            BOOST_CHECK_EQUAL(moved, n / 2);
            BOOST_CHECK_EQUAL(cancelled, (n + 2) / 3);
            BOOST_CHECK_EQUAL(fired.size(), static_cast<std::size_t>(n - cancelled));
            BOOST_CHECK(std::is_sorted(fired.begin(), fired.end()));
            BOOST_CHECK_EQUAL(early, 0);
        },
        k);
}

// One whose time will not come does not keep another from firing, first or last set.
BOOST_DATA_TEST_CASE(very_long_ones, every_kind* every_mode, k, m)
{
    std::visit(
        [m]<class kind>(kind)
        {
            using timer = typename kind::timer;
            ring_context c(m);
            timer forever(c, kind::furthest());
            timer century(c, kind::later(kind::now(), 24h * 36525));
            timer soon(c, kind::later(kind::now(), 2ms));
            timer late_century(c, kind::later(kind::now(), 24h * 36525));
            int aborted = 0;
            auto const must_abort = [&](error_code ec)
            { aborted += ec == net::error::operation_aborted; };
            forever.async_wait(must_abort);
            century.async_wait(must_abort);
            bool fired = false;
            soon.async_wait(
                [&](error_code ec)
                {
                    fired = !ec;
                    forever.cancel();
                    century.cancel();
                    late_century.cancel();
                });
            late_century.async_wait(must_abort);
            run(c);
            BOOST_CHECK(fired);
            BOOST_CHECK_EQUAL(aborted, 3);
        },
        k);
}

// What expires_at, cancel and cancel_one say they have cancelled, and do not once the
// time has come.
BOOST_DATA_TEST_CASE(moving_and_cancelling, every_kind* every_mode, k, m)
{
    std::visit(
        [m]<class kind>(kind)
        {
            ring_context c(m);
            typename kind::timer t(c, kind::later(kind::now(), 10h));
            std::string log;
            auto const note = [&](char name)
            {
                return [&log, name](error_code ec)
                {
                    log += name;
                    log += ec == net::error::operation_aborted ? '-' : ec ? '?' : '+';
                };
            };
            t.async_wait(note('a'));
            t.async_wait(note('b'));
            t.async_wait(note('c'));
            BOOST_CHECK_EQUAL(t.cancel_one(), 1u);
            BOOST_CHECK_EQUAL(t.expires_at(kind::now()), 2u);
            BOOST_CHECK_EQUAL(t.cancel(), 0u);
            t.async_wait(note('d'));
            t.wait();
            run(c);
            BOOST_CHECK_EQUAL(log, "a-b-c-d+");
            BOOST_CHECK_EQUAL(t.cancel(), 0u);
            t.expires_at(kind::later(kind::now(), -1h));
            t.async_wait(note('e'));
            run(c);
            BOOST_CHECK_EQUAL(log, "a-b-c-d+e+");
        },
        k);
}

// The loop sleeps until the far one's time when another thread sets one, moves one to an
// earlier time, or cancels the far one.
BOOST_DATA_TEST_CASE(other_threads_shorten_the_wait, every_kind* every_mode, k, m)
{
    std::visit(
        [m]<class kind>(kind)
        {
            using timer = typename kind::timer;
            ring_context c(m);
            timer far(c, kind::later(kind::now(), 10h));
            for (int round = 0; round != 20; ++round)
            {
                timer set(c), moved(c, kind::later(kind::now(), 9h));
                int aborted = 0, fired = 0;
                auto const count = [&](error_code ec) { ++(ec ? aborted : fired); };
                far.async_wait(count);
                moved.async_wait(count);
                std::atomic<int> stage{0};
                ::pid_t const loop = thread_id();
                std::thread other(
                    [&]
                    {
                        wait_until_asleep(loop);
                        set.expires_at(kind::later(kind::now(), 100us));
                        set.async_wait([&](error_code ec) { stage += !ec; });
                        while (stage != 1)
                            std::this_thread::yield();
                        wait_until_asleep(loop);
                        moved.expires_at(kind::now());
                        moved.async_wait([&](error_code ec) { stage += !ec; });
                        while (stage != 2)
                            std::this_thread::yield();
                        wait_until_asleep(loop);
                        far.cancel();
                    });
                run(c);
                other.join();
                BOOST_CHECK_EQUAL(stage, 2);
                BOOST_CHECK_EQUAL(aborted, 2);
                BOOST_CHECK_EQUAL(fired, 0);
            }
        },
        k);
}

// A timer, a stream and a datagram take turns, each starting the next.
BOOST_DATA_TEST_CASE(timers_and_io, every_kind* every_mode, k, m)
{
    std::visit(
        [m]<class kind>(kind)
        {
            using namespace net::experimental::awaitable_operators;
            ring_context c(m);
            tcp_pair p(c);
            typename kind::timer t(c), patience(c);
            int rounds = 0;
            auto const ticking = [&]() -> net::awaitable<void>
            {
                for (int i = 0; i != 50; ++i)
                {
                    auto const expiry = kind::later(kind::now(), microseconds(i * 20));
                    t.expires_at(expiry);
                    co_await t.async_wait(net::use_awaitable);
                    BOOST_CHECK(kind::now() >= expiry);
                    co_await p.first.async_send(net::buffer(&i, sizeof i),
                                                net::use_awaitable);
                }
                p.first.shutdown(net::ip::tcp::socket::shutdown_send);
            };
            auto const receiving = [&]() -> net::awaitable<void>
            {
                for (;; ++rounds)
                {
                    int got = -1;
                    patience.expires_at(kind::later(kind::now(), 10h));
                    auto const result =
                        co_await (net::async_read(p.second, net::buffer(&got, sizeof got),
                                                  net::as_tuple(net::use_awaitable)) ||
                                  patience.async_wait(net::as_tuple(net::use_awaitable)));
                    BOOST_REQUIRE_EQUAL(result.index(), 0u);
                    if (std::get<0>(std::get<0>(result)) == net::error::eof)
                        co_return;
                    BOOST_CHECK_EQUAL(got, rounds);
                }
            };
            net::co_spawn(c, ticking(), net::detached);
            net::co_spawn(c, receiving(), net::detached);
            run(c);
            BOOST_CHECK_EQUAL(rounds, 50);
        },
        k);
}

// Handlers that are pending are destroyed with the context, not called; those of a timer
// that is destroyed end as cancelled if the context goes on.
BOOST_DATA_TEST_CASE(destruction, every_kind* every_mode, k, m)
{
    std::visit(
        [m]<class kind>(kind)
        {
            using timer = typename kind::timer;
            descriptor_check const check;
            std::atomic<int> alive{0};
            int aborted = 0;
            {
                ring_context c(m);
                auto owned = std::make_unique<timer>(c, kind::later(kind::now(), 10h));
                timer& t = *owned;
                t.async_wait([owned = std::move(owned),
                              n = never(alive)](error_code) mutable { n(); });
                timer by_reference(c, kind::furthest());
                by_reference.async_wait(never(alive));
                std::optional<timer> short_lived(std::in_place, c, kind::furthest());
                short_lived->async_wait(
                    [&](error_code ec)
                    { aborted += ec == net::error::operation_aborted; });
                short_lived.reset();
                c.poll();
                BOOST_CHECK_EQUAL(aborted, 1);
                BOOST_CHECK_EQUAL(alive, 2);
            }
            BOOST_CHECK_EQUAL(alive, 0);
        },
        k);
}

// Threads that run one context set timers for one another.
BOOST_DATA_TEST_CASE(several_threads, threaded_modes, m)
{
    ring_context c(m);
    std::atomic<int> fired{0}, early{0};
    constexpr int chains = 8, length = 200;
    std::vector<net::steady_timer> timers;
    timers.reserve(chains);
    std::function<void(std::size_t, int)> next = [&](std::size_t i, int left)
    {
        timers[i].expires_after(microseconds(left % 7 * 50));
        timers[i].async_wait(
            [&, i, left](error_code ec)
            {
                early += std::chrono::steady_clock::now() < timers[i].expiry();
                fired += !ec;
                if (left != 1)
                    next(i, left - 1);
            });
    };
    for (std::size_t i = 0; i != chains; ++i)
    {
        timers.emplace_back(c);
        next(i, length);
    }
    std::vector<std::thread> threads;
    for (int i = 0; i != 3; ++i)
        threads.emplace_back([&] { c.run(); });
    for (std::thread& t : threads)
        t.join();
    BOOST_CHECK_EQUAL(fired, chains * length);
    BOOST_CHECK_EQUAL(early, 0);
}

namespace
{

// Sets, moves and cancels timers in the handler of one, which goes on a few times. The
// kernel kills the process at the first system call but a wait.
template <class Kind>
void arm_move_and_cancel(boost::asio::io_context& c, expectations& expect)
{
    using timer = typename Kind::timer;
    constexpr unsigned n = 100;
    timer tick(c, Kind::now());
    // The loop looks round in its first turn.
    tick.async_wait(none);
    c.run();
    c.restart();
    std::vector<timer> timers;
    for (unsigned i = 0; i != n; ++i)
        timers.emplace_back(c);

    unsigned left = n;
    std::function<void()> again = [&]
    {
        tick.expires_at(Kind::later(Kind::now(), 20us));
        tick.async_wait(
            [&](error_code ec)
            {
                expect(!ec, "the timer has fired");
                auto const before = net::statistics_of(c).enters;
                for (unsigned i = 0; i != n; ++i)
                {
                    // Each is the earliest when it is set.
                    timers[i].expires_at(Kind::later(Kind::now(), 1h - microseconds(i)));
                    timers[i].async_wait(none);
                    timers[i].expires_at(Kind::later(Kind::now(), 500us));
                    timers[i].async_wait(none);
                    if (i % 2 == 0)
                        timers[i].cancel();
                }
                expect(net::statistics_of(c).enters == before, "no system call");
                if (--left)
                    again();
            });
    };
    auto const before = net::statistics_of(c);
    again();
    allow_only_waits_in_the_ring();
    c.run();
    auto const after = net::statistics_of(c);
    expect(left == 0, "all have fired");
    expect(after.wakeups == before.wakeups, "nothing woke the loop");
    // One wait for each tick; the last timers have their times after that.
    expect(after.enters - before.enters <= 2 * n, "no system call but the waits");
}

// The signal that killed a child that had the function's body, or 0.
template <class Function>
int signal_of(Function f)
{
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
        run_child(f);
    int status = 0;
    BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

} // namespace

// ThreadSanitizer makes system calls of its own.
#if !defined(URIO_TEST_THREAD_SANITIZER)
BOOST_DATA_TEST_CASE(no_system_calls, every_kind* every_mode, k, m)
{
    std::visit(
        [m]<class kind>(kind)
        {
            URIO_ON_URING_ONLY();
            auto const body = [m](expectations& expect)
            {
                // Never destroyed: that closes descriptors.
                auto& c = *new ring_context(m);
                arm_move_and_cancel<kind>(c, expect);
            };
            // A hosted reactor keeps its timer descriptor: what the bar is worth.
            if (m == mode::hosted)
                BOOST_CHECK_EQUAL(signal_of(body), SIGSYS);
            else
                in_child(body);
        },
        k);
}
#endif

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The loop: urio::io_context is an io_context, and Asio's own objects run on it,
// before and after the ring is set up.

#include "descriptors.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "sanitizers.hpp"
#include "typed.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace asio = boost::asio;

std::ptrdiff_t threads()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

// The stage of a context: whether its loop is the reactor's still, or the ring's.
struct before_ring
{
    static void prepare(boost::asio::io_context&) {}
};

struct with_ring
{
    static void prepare(boost::asio::io_context& c)
    {
        BOOST_REQUIRE(urio::backend_of(c).kind == expected_backend());
    }
};

template <class Stage, class Mode>
struct staged : context<Mode>
{
    staged() { Stage::prepare(*this); }
};

using contexts = boost::mpl::list<staged<before_ring, shared>, staged<with_ring, shared>,
                                  staged<with_ring, exclusive>,
                                  staged<before_ring, hosted>, staged<with_ring, hosted>>;

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_run_in_asios_order, Context, contexts)
{
    Context c;
    std::vector<int> order;
    asio::post(c,
               [&]
               {
                   order.push_back(1);
                   asio::dispatch(c, [&] { order.push_back(2); });
                   asio::post(c, [&] { order.push_back(4); });
                   order.push_back(3);
               });
    BOOST_CHECK_EQUAL(c.run(), 2u);
    BOOST_CHECK((order == std::vector<int>{1, 2, 3, 4}));
    BOOST_CHECK(c.stopped());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(run_poll_stop_and_restart, Context, contexts)
{
    Context c;
    int n = 0;
    auto const count = [&] { ++n; };
    BOOST_CHECK_EQUAL(c.run(), 0u);
    asio::post(c, count);
    BOOST_CHECK_EQUAL(c.run(), 0u); // stopped for want of work
    c.restart();
    BOOST_CHECK_EQUAL(c.poll(), 1u);

    c.restart();
    for (int i = 0; i != 4; ++i)
        asio::post(c, count);
    BOOST_CHECK_EQUAL(c.run_one(), 1u);
    BOOST_CHECK_EQUAL(c.poll_one(), 1u);
    BOOST_CHECK_EQUAL(c.run_one_for(patience), 1u);
    BOOST_CHECK_EQUAL(c.run_for(patience), 1u);
    BOOST_CHECK_EQUAL(n, 5);

    c.restart();
    auto guard = asio::make_work_guard(c);
    auto const begin = std::chrono::steady_clock::now();
    BOOST_CHECK_EQUAL(c.run_for(20ms), 0u);
    BOOST_CHECK(std::chrono::steady_clock::now() - begin >= 20ms);
    BOOST_CHECK_EQUAL(c.run_one_for(1ms), 0u);
    BOOST_CHECK_EQUAL(c.poll(), 0u);
    BOOST_CHECK(!c.stopped());

    asio::post(c, [&] { c.stop(); });
    asio::post(c, count);
    BOOST_CHECK_EQUAL(c.run(), 1u);
    BOOST_CHECK(c.stopped());
    c.restart();
    guard.reset();
    BOOST_CHECK_EQUAL(c.run(), 1u);
    BOOST_CHECK_EQUAL(n, 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(exceptions_leave_run_and_the_context_usable, Context,
                              contexts)
{
    Context c;
    asio::post(c, [] { throw 7; });
    int thrown = 0;
    try
    {
        c.run();
    }
    catch (int i)
    {
        thrown = i;
    }
    BOOST_CHECK_EQUAL(thrown, 7);
    int n = 0;
    asio::post(c, [&] { ++n; });
    c.restart();
    c.run();
    BOOST_CHECK_EQUAL(n, 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(asios_objects_run_in_the_same_thread, Context, contexts)
{
    Context c;
    std::thread::id id;
    asio::steady_timer timer(c, 5ms);
    timer.async_wait(once(
        [&](error_code ec)
        {
            BOOST_CHECK(!ec);
            id = std::this_thread::get_id();
        }));
    asio::steady_timer cancelled(c, 1h);
    cancelled.async_wait(
        once([&](error_code ec) { BOOST_CHECK(ec == asio::error::operation_aborted); }));
    asio::post(c, [&] { cancelled.cancel(); });

    asio::signal_set signals(c, SIGUSR1);
    signals.async_wait(once(
        [&](error_code ec, int number)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(number, SIGUSR1);
        }));
    asio::post(c, [] { std::raise(SIGUSR1); });

    asio::ip::tcp::acceptor acceptor(c, {asio::ip::address_v4::loopback(), 0});
    asio::ip::tcp::socket client(c), server(c);
    std::string received(2, '\0');
    acceptor.async_accept(server,
                          once(
                              [&](error_code ec)
                              {
                                  BOOST_CHECK(!ec);
                                  asio::async_write(server, asio::buffer("hi", 2),
                                                    once([](error_code ec, std::size_t)
                                                         { BOOST_CHECK(!ec); }));
                              }));
    client.async_connect(acceptor.local_endpoint(),
                         once(
                             [&](error_code ec)
                             {
                                 BOOST_CHECK(!ec);
                                 asio::async_read(client, asio::buffer(received),
                                                  once([](error_code ec, std::size_t)
                                                       { BOOST_CHECK(!ec); }));
                             }));
    [[maybe_unused]] std::ptrdiff_t count = 0;
    asio::post(c, [&] { count = threads(); });

    run(c);
    BOOST_CHECK(id == std::this_thread::get_id());
    BOOST_CHECK_EQUAL(received, "hi");
#if !defined(URIO_TEST_THREAD_SANITIZER)
    BOOST_CHECK_EQUAL(count, 1);
#endif
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_resolver_finds_localhost, Context, contexts)
{
    Context c;
    asio::ip::tcp::resolver resolver(c);
    resolver.async_resolve("localhost", "80",
                           once(
                               [](error_code ec, auto results)
                               {
                                   BOOST_CHECK(!ec);
                                   BOOST_CHECK(!results.empty());
                               }));
    run(c);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_ready_descriptors_than_one_epoll_batch, Context,
                              contexts)
{
    // A multishot poll on the reactor's descriptor would lose all after the first 128.
    Context c;
    constexpr int n = 400;
    std::vector<asio::ip::udp::socket> sockets;
    int received = 0;
    char byte;
    for (int i = 0; i != n; ++i)
    {
        sockets.emplace_back(
            c, asio::ip::udp::endpoint(asio::ip::address_v4::loopback(), 0));
        sockets.back().async_receive(
            asio::buffer(&byte, 1), [&](error_code ec, std::size_t) { received += !ec; });
    }
    asio::ip::udp::socket sender(c, asio::ip::udp::v4());
    for (auto& s : sockets)
        sender.send_to(asio::buffer("x", 1), s.local_endpoint());
    run(c);
    BOOST_CHECK_EQUAL(received, n);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(timers_fire_in_order_and_not_early, Context, contexts)
{
    Context c;
    auto const begin = std::chrono::steady_clock::now();
    std::vector<asio::steady_timer> timers;
    std::vector<int> fired;
    for (int i : {8, 2, 6, 4, 0})
    {
        timers.emplace_back(c, begin + std::chrono::milliseconds(i));
        timers.back().async_wait(
            [&, i](error_code ec)
            {
                BOOST_CHECK(!ec);
                BOOST_CHECK(std::chrono::steady_clock::now() - begin >=
                            std::chrono::milliseconds(i));
                fired.push_back(i);
            });
    }
    run(c);
    BOOST_CHECK((fired == std::vector<int>{0, 2, 4, 6, 8}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_earlier_timer_from_another_thread_shortens_the_wait,
                              Context, contexts)
{
    Context c;
    asio::steady_timer late(c, 1h), early(c);
    late.async_wait([](error_code) {});
    std::atomic<bool> running{false};
    asio::post(c, [&] { running = true; });
    std::thread other(
        [&]
        {
            while (!running)
                std::this_thread::yield();
            early.expires_after(1ms);
            early.async_wait(
                [&](error_code ec)
                {
                    BOOST_CHECK(!ec);
                    late.cancel();
                });
        });
    run(c);
    other.join();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(posts_from_another_thread_wake_the_loop, Context, contexts)
{
    Context c;
    auto guard = asio::make_work_guard(c);
    constexpr int n = 2000;
    int handled = 0;
    std::thread other(
        [&]
        {
            for (int i = 0; i != n; ++i)
            {
                std::atomic<bool> done{false};
                asio::post(c,
                           [&]
                           {
                               ++handled;
                               done = true;
                           });
                while (!done)
                    std::this_thread::yield();
            }
            guard.reset();
        });
    run(c);
    other.join();
    BOOST_CHECK_EQUAL(handled, n);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(stop_from_another_thread_ends_the_wait, Context, contexts)
{
    Context c;
    auto guard = asio::make_work_guard(c);
    for (int i = 0; i != 100; ++i)
    {
        std::atomic<bool> running{false};
        asio::post(c, [&] { running = true; });
        std::thread other(
            [&]
            {
                while (!running)
                    std::this_thread::yield();
                c.stop();
            });
        c.restart();
        c.run();
        other.join();
        BOOST_CHECK(c.stopped());
    }
}

// Arming, moving and cancelling a timer costs no system call: the wait's own timeout
// does.
BOOST_AUTO_TEST_CASE_TEMPLATE(timers_cost_no_system_calls, Mode, modes)
{
    URIO_ON_URING_ONLY();
    context<Mode> c;
    BOOST_REQUIRE(urio::backend_of(c).kind == expected_backend());
    constexpr unsigned n = 1000;
    unsigned left = n;
    asio::steady_timer timer(c);
    std::function<void()> again = [&]
    {
        timer.expires_after(1us);
        timer.async_wait(
            [&](error_code ec)
            {
                BOOST_CHECK(!ec);
                asio::steady_timer moved(timer.get_executor(), 1h);
                moved.async_wait([](error_code) {});
                moved.cancel();
                if (--left)
                    again();
            });
    };
    again();
    run(c);
    auto const s = urio::statistics_of(c);
    BOOST_CHECK_EQUAL(s.wakeups, 0u);
    // One wait each, and a few to begin with. (The reactor's own descriptor is looked at
    // once, in the beginning.)
    BOOST_CHECK_LE(s.enters, n + 10);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_ring_can_be_set_up_while_a_thread_waits, Mode, modes)
{
    context<Mode> c;
    auto guard = asio::make_work_guard(c);
    std::atomic<bool> running{false};
    asio::post(c, [&] { running = true; });
    std::thread loop([&] { c.run(); });
    while (!running)
        std::this_thread::yield();

    // The loop's thread is in, or on its way to, the reactor's own wait.
    std::optional<tcp_pair> pair;
    std::atomic<bool> received{false};
    char byte = 0;
    pair.emplace(c);
    pair->first.async_receive(asio::buffer(&byte, 1),
                              [&](error_code ec, std::size_t n)
                              {
                                  received = !ec && n == 1;
                                  guard.reset();
                              });
    pair->second.send(asio::buffer("x", 1));
    loop.join();
    BOOST_CHECK(received);
    BOOST_CHECK_EQUAL(byte, 'x');
}

BOOST_AUTO_TEST_CASE(a_context_without_urios_objects_has_no_ring)
{
    urio::io_context c;
    asio::steady_timer t(c, 1ms);
    t.async_wait([](error_code) {});
    run(c);
    BOOST_CHECK_EQUAL(urio::statistics_of(c).enters, 0u);
}

BOOST_AUTO_TEST_CASE(the_executor_is_erased_to_asios)
{
    // Asio invokes handlers directly where it finds its own executor's type.
    urio::io_context c;
    asio::any_io_executor const erased = c.get_executor();
    BOOST_CHECK(erased.target_type() == typeid(asio::io_context::executor_type));
    urio::any_io_executor const ours = c.get_executor();
    BOOST_CHECK(ours.target_type() == typeid(asio::io_context::executor_type));
    BOOST_CHECK(ours == erased);
    asio::io_context::executor_type const stock = c.get_executor();
    BOOST_CHECK(stock == static_cast<asio::io_context&>(c).get_executor());
    BOOST_CHECK(&c.get_executor().query(asio::execution::context) == &c);
}

BOOST_AUTO_TEST_CASE(contexts_leave_no_descriptors_behind)
{
    descriptor_check check;
    for (int i = 0; i != 3; ++i)
    {
        context<shared> a;
        tcp_pair pa(a);
        context<exclusive> b;
        tcp_pair pb(b);
        a.run();
        b.run();
    }
}

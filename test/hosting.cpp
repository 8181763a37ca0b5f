// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How urio comes to a context whose reactor is running: whatever the threads are doing,
// whatever fails, however late.

#include "failures.hpp"
#include "sanitizers.hpp"
#include "system_calls.hpp"
#include "test.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <future>
#include <memory>
#include <new>
#include <thread>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace net = urio;
using tcp = net::ip::tcp;

#if defined(URIO_TEST_MAY_REPLACE_NEW)
// Which of this thread's allocations fails; 0 for none.
thread_local int failing_allocation = 0;
#endif

} // namespace

#if defined(URIO_TEST_MAY_REPLACE_NEW)

[[gnu::noinline]] void* operator new(std::size_t n)
{
    if (failing_allocation > 0 && --failing_allocation == 0)
        throw std::bad_alloc();
    if (void* memory = std::malloc(n))
        return memory;
    throw std::bad_alloc();
}

[[gnu::noinline]] void operator delete(void* memory) noexcept
{
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
#endif

// The reactor's thread is in its wait, with nothing else to do, when urio comes; many
// times over, because it is a matter of moments.
BOOST_AUTO_TEST_CASE(hosting_while_threads_wait)
{
    no_failures const check;
    for (int round = 0; round != 100; ++round)
    {
        asio::io_context c;
        asio::steady_timer timer(c, 10h);
        timer.async_wait([](error_code ec)
                         { check_in_thread(ec == net::error::operation_aborted); });
        std::vector<std::thread> threads;
        for (int i = 0; i != 1 + round % 3; ++i)
            threads.emplace_back([&] { c.run(); });
        {
            tcp::acceptor acceptor(c, loopback());
            tcp::socket a(c), b(c);
            a.connect(acceptor.local_endpoint());
            acceptor.accept(b);
            char byte[1];
            auto received = b.async_receive(net::buffer(byte), net::use_future);
            a.async_send(net::buffer("x", 1), net::use_future).get();
            check_in_thread(received.get() == 1);
        }
        asio::post(c, [&] { timer.cancel(); });
        for (std::thread& t : threads)
            t.join();
        BOOST_CHECK(net::backend_of(c).loop == net::loop_kind::hosted);
    }
}

// A handler is the one that brings urio, on a scheduler that takes what its threads post
// for their own; another thread is in the reactor.
BOOST_AUTO_TEST_CASE(hosting_from_a_handler_of_one_of_two_threads)
{
    no_failures const check;
    for (int round = 0; round != 20; ++round)
    {
        asio::io_context c(1);
        asio::steady_timer timer(c, 10h);
        timer.async_wait([](error_code) {});
        std::array<std::atomic<::pid_t>, 2> ids{};
        auto const run = [&](std::size_t n)
        {
            ids[n] = ::gettid();
            c.run();
        };
        std::thread one(run, 0), other(run, 1);
        while (ids[0] == 0 || ids[1] == 0)
            std::this_thread::yield();
        asio::post(c,
                   [&]
                   {
                       wait_until_asleep(ids[0] == ::gettid() ? ids[1] : ids[0]);
                       tcp::acceptor const acceptor(c, loopback());
                       check_in_thread(acceptor.is_open());
                       timer.cancel();
                   });
        one.join();
        other.join();
        BOOST_CHECK(net::backend_of(c).loop == net::loop_kind::hosted);
    }
}

#if defined(URIO_TEST_MAY_REPLACE_NEW)
// Each allocation fails in turn; the next attempt succeeds, and works.
BOOST_AUTO_TEST_CASE(hosting_without_memory)
{
    no_failures const check;
    int n = 0;
    for (bool failed = true; failed;)
    {
        asio::io_context c;
        asio::steady_timer timer(c, 10h);
        timer.async_wait([](error_code) {});
        std::atomic<::pid_t> id{0};
        std::thread loop(
            [&]
            {
                id = ::gettid();
                c.run();
            });
        while (id == 0)
            std::this_thread::yield();
        wait_until_asleep(id);

        failed = false;
        failing_allocation = ++n;
        try
        {
            net::ip::udp::socket const s(c);
        }
        catch (const std::bad_alloc&)
        {
            failed = true;
        }
        failing_allocation = 0;

        net::ip::udp::socket s(c, net::ip::udp::v4());
        auto writable = s.async_wait(s.wait_write, net::use_future);
        check_in_thread(writable.wait_for(patience) == std::future_status::ready);
        asio::post(c, [&] { timer.cancel(); });
        loop.join();
    }
    BOOST_CHECK_GT(n, 6);
}
#endif

// A handler that is destroyed with its context brings the first of urio's objects.
BOOST_AUTO_TEST_CASE(hosting_at_the_very_end)
{
    struct latecomer
    {
        asio::io_context& context;
        bool& constructed;
        ~latecomer()
        {
            tcp::socket const s(context);
            constructed = true;
        }
    };
    bool constructed = false;
    {
        asio::io_context c;
        asio::steady_timer brings_the_reactor(c);
        asio::post(c,
                   [late = std::shared_ptr<latecomer>(new latecomer{c, constructed})] {});
    }
    BOOST_CHECK(constructed);
}

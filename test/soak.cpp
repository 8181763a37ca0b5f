// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A thousand connections on four threads, cancelled, closed and connected again at
// random: every byte is right, and nothing leaks.
//
// URIO_SOAK_SECONDS says how long.

#include "descriptors.hpp"
#include "sanitizers.hpp"
#include "soak/client.hpp"
#include "soak/server.hpp"
#include "test.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace
{

std::atomic<std::ptrdiff_t> live_blocks{0};

#if defined(URIO_TEST_MAY_REPLACE_NEW)
void* allocate(std::size_t size, std::size_t align)
{
    void* p = nullptr;
    if (::posix_memalign(&p, align < sizeof(void*) ? sizeof(void*) : align, size) != 0)
        throw std::bad_alloc();
    ++live_blocks;
    return p;
}

void deallocate(void* p)
{
    if (p)
        --live_blocks;
    std::free(p);
}

#endif

} // namespace

#if defined(URIO_TEST_MAY_REPLACE_NEW)
[[gnu::noinline]] void* operator new(std::size_t size)
{
    return allocate(size, alignof(std::max_align_t));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t align)
{
    return allocate(size, static_cast<std::size_t>(align));
}
[[gnu::noinline]] void operator delete(void* p) noexcept
{
    deallocate(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept
{
    deallocate(p);
}
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept
{
    deallocate(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept
{
    deallocate(p);
}
#endif

namespace
{

using namespace test;
using namespace test::soak;

constexpr unsigned connections = 1000;

std::chrono::seconds duration()
{
    const char* const value = std::getenv("URIO_SOAK_SECONDS");
    return std::chrono::seconds(value ? std::stoi(value) : 5);
}

// Both ends of every connection, and those that are being closed.
void allow_descriptors(::rlim_t n)
{
    ::rlimit limit;
    BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    BOOST_REQUIRE_GE(limit.rlim_max, n);
    limit.rlim_cur = std::max(limit.rlim_cur, n);
    BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

// Runs everything for a while, and then until nothing is left to do.
void soak_for(net::io_context& context, counts& c, std::chrono::milliseconds time)
{
    context.restart();
    c.stop = false;
    server s(context, c);
    net::steady_timer end(context, time), rest(context);
    end.async_wait([&](error_code) { c.stop = true; });
    // The clients go, and then nobody connects any more.
    std::function<void()> const close_when_done = [&]
    {
        rest.expires_after(10ms);
        rest.async_wait([&](error_code)
                        { c.stop&& c.clients == 0 ? s.close() : close_when_done(); });
    };
    close_when_done();
    for (unsigned i = 0; i != connections; ++i)
        std::make_shared<client>(context, c, s.endpoint(), i)->start();
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&] { context.run_for(time + 120s); });
    for (std::thread& t : threads)
        t.join();
    BOOST_REQUIRE_MESSAGE(context.stopped(), "run() does not return: "
                                                 << c.clients << " clients, "
                                                 << c.sessions << " sessions are left");
    BOOST_CHECK_EQUAL(c.clients, 0);
    BOOST_CHECK_EQUAL(c.sessions, 0);
    BOOST_CHECK_EQUAL(urio::statistics_of(context).in_flight, 0u);
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_lost_and_nothing_leaks)
{
    allow_descriptors(4 * connections + 100);
    descriptor_check check;
    counts c;
    {
        // What there is once in a process.
        net::io_context context;
        server s(context, c);
    }
    c.dropped = c.started = 0;
    std::ptrdiff_t const at_first = live_blocks;
    {
        net::io_context context;
        // What is kept for the next operation is there after the first time.
        soak_for(context, c, 1s);
        std::ptrdiff_t const before = live_blocks;
        std::size_t const open = open_descriptors();
        soak_for(context, c, duration());
        std::ptrdiff_t const after = live_blocks;
        BOOST_CHECK_EQUAL(open_descriptors(), open);
        BOOST_TEST_MESSAGE("blocks of memory: " << before << " before, " << after
                                                << " after");
        // Pools grow to the largest number of sockets and operations that ever were at a
        // time, which a busy machine may not have reached in the first second. A leak for
        // every connection, cancel or handler would be many thousands.
        BOOST_CHECK_LE(after, before + connections + 100);
    }
    BOOST_CHECK_EQUAL(live_blocks, at_first);
    BOOST_CHECK_EQUAL(c.wrong, 0u);
    BOOST_CHECK_EQUAL(c.started, c.completed);
    BOOST_CHECK_EQUAL(c.dropped, 0u);
    // Otherwise all this would say nothing.
    BOOST_CHECK_GT(c.bytes, 0u);
    BOOST_CHECK_GT(c.cancelled, 0u);
    BOOST_CHECK_GT(c.closes, 0u);
    BOOST_CHECK_GT(c.half_closes, 0u);
    BOOST_TEST_MESSAGE(c.connections
                       << " connections, " << c.bytes << " bytes, " << c.completed
                       << " handlers, " << c.cancels << " cancels, " << c.cancelled
                       << " cancelled operations, " << c.closes << " closes, "
                       << c.half_closes << " half closes");
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Memory: one block for an operation, from its handler's allocator, and in steady
// state nothing from the heap.

#include "allocator.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "sanitizers.hpp"
#include "test.hpp"

#include <urio/event.hpp>

#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <vector>

namespace
{

std::atomic<std::size_t> heap_allocations{0};

void* allocate(std::size_t size, std::size_t align)
{
    ++heap_allocations;
    void* p = nullptr;
    if (::posix_memalign(&p, align < sizeof(void*) ? sizeof(void*) : align, size) != 0)
        throw std::bad_alloc();
    return p;
}

} // namespace

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
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept
{
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept
{
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept
{
    std::free(p);
}

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

// Exchanges messages, by callbacks, between many pairs of sockets, and reads a file.
template <class Buffers>
struct traffic
{
    traffic(boost::asio::io_context& c, Buffers b, net::mutable_buffer in, unsigned n)
        : pair(c)
        , out(std::move(b))
        , in(in)
        , left(n)
    {
    }

    void start()
    {
        net::async_write(pair.first, out,
                         [this](error_code ec, std::size_t)
                         {
                             BOOST_REQUIRE(!ec);
                             net::async_read(pair.second, in,
                                             [this](error_code e, std::size_t)
                                             {
                                                 BOOST_REQUIRE(!e);
                                                 if (--left)
                                                     start();
                                             });
                         });
    }

    tcp_pair pair;
    Buffers out;
    net::mutable_buffer in;
    unsigned left;
};

template <class T>
struct throwing_allocator
{
    using value_type = T;
    throwing_allocator() = default;
    template <class U>
    throwing_allocator(const throwing_allocator<U>&)
    {
    }
    T* allocate(std::size_t) { throw std::bad_alloc(); }
    void deallocate(T*, std::size_t) {}
    bool operator==(const throwing_allocator&) const { return true; }
};

} // namespace

BOOST_DATA_TEST_CASE(no_heap_allocations_in_steady_state, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(64);
    char in[64];
    traffic plain(c, net::const_buffer(data.data(), 64), net::buffer(in), 1200);
    traffic two(c, std::array{net::buffer(data, 10), net::buffer(&data[10], 54)},
                net::buffer(in), 1200);
    traffic span(c, std::array<net::const_buffer, 16>{}, net::buffer(in), 1200);
    for (std::size_t i = 0; i != 16; ++i)
        span.out[i] = net::buffer(&data[i * 4], 4);

    temporary_file t(data);
    net::random_access_file file(c, t.path(), net::file_base::read_only);
    net::stream_file stream(c, t.path(), net::file_base::read_write);
    unsigned reads = 1200;
    char block[16];
    std::function<void()> read = [&]
    {
        file.async_read_some_at(
            reads % 48, std::array{net::buffer(block, 8), net::buffer(block + 8, 8)},
            [&](error_code ec, std::size_t)
            {
                BOOST_REQUIRE(!ec);
                if (--reads)
                    read();
            });
    };
    net::steady_timer timer(c);
    unsigned waits = 1200;
    std::function<void()> wait = [&]
    {
        timer.expires_after(1h);
        timer.async_wait([](error_code) {});
        plain.pair.first.async_wait(tcp::socket::wait_write,
                                    [&](error_code ec)
                                    {
                                        BOOST_REQUIRE(!ec);
                                        timer.cancel();
                                        if (--waits)
                                            wait();
                                    });
    };
    plain.start();
    two.start();
    span.start();
    read();
    wait();

    // Warm-up: until everything has run for a while.
    auto const busy = [&](unsigned level)
    {
        return plain.left > level || two.left > level || span.left > level ||
               reads > level || waits > level;
    };
    while (busy(1000))
        c.run_one();
    std::size_t const before = heap_allocations;
    while (busy(200))
        c.run_one();
    std::size_t const after = heap_allocations;
    run(c);
#if !defined(URIO_TEST_ADDRESS_SANITIZER) && !defined(URIO_TEST_THREAD_SANITIZER)
    BOOST_CHECK_EQUAL(after - before, 0u);
#else
    BOOST_CHECK_LE(after - before, 100u);
#endif
}

// The same for what async_submit() and a stream of completions start. (Of Asio's own
// recycling, which keeps blocks of up to 1 KiB: chains of many links are larger.)
BOOST_DATA_TEST_CASE(events_in_steady_state, every_mode, m)
{
    mode_context c(m);
    unsigned singles = 1200, chains = 1200, items = 1200;
    std::function<void()> single = [&]
    {
        net::async_submit(c, net::event::nop(),
                          [&](error_code ec, int, net::event::nop)
                          {
                              BOOST_REQUIRE(!ec);
                              if (--singles)
                                  single();
                          });
    };
    std::function<void()> chain = [&]
    {
        net::async_submit(c, net::link(net::event::nop(), net::event::nop()),
                          [&](error_code ec, auto, auto)
                          {
                              BOOST_REQUIRE(!ec);
                              if (--chains)
                                  chain();
                          });
    };
    auto stream = net::async_submit_multi(c, net::event::nop());
    std::function<void()> next = [&]
    {
        stream.async_next(
            [&](error_code ec, int, bool)
            {
                BOOST_REQUIRE(!ec);
                if (--items)
                    next();
            });
    };
    single();
    chain();
    next();
    auto const busy = [&](unsigned level)
    { return singles > level || chains > level || items > level; };
    while (busy(1000))
        c.run_one();
    std::size_t const before = heap_allocations;
    while (busy(200))
        c.run_one();
    std::size_t const after = heap_allocations;
    while (busy(0))
        c.run_one();
#if !defined(URIO_TEST_ADDRESS_SANITIZER) && !defined(URIO_TEST_THREAD_SANITIZER)
    BOOST_CHECK_EQUAL(after - before, 0u);
#else
    BOOST_CHECK_LE(after - before, 100u);
#endif
}

BOOST_DATA_TEST_CASE(one_block_for_an_operation_from_its_allocator, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    temporary_file t("content");
    net::random_access_file f(c, t.path(), net::file_base::read_only);
    heap counts;
    counting_allocator<char> const a(counts);
    char b[8];
    std::vector<net::mutable_buffer> const many(5, net::buffer(b));
    int handlers = 0;
    auto const handler = [&]
    {
        return net::bind_allocator(a,
                                   [&](error_code ec, std::size_t)
                                   {
                                       BOOST_CHECK(!ec);
                                       // The memory has been given back before the
                                       // handler runs.
                                       BOOST_CHECK_EQUAL(counts.live(), 0u);
                                       ++handlers;
                                   });
    };
    p.first.async_receive(net::buffer(b), handler());
    BOOST_CHECK_EQUAL(counts.taken, 1u);
    BOOST_CHECK_EQUAL(counts.live(), 1u);
    p.second.send(net::buffer("x", 1));
    run(c);
    p.first.async_receive(many, handler());
    BOOST_CHECK_EQUAL(counts.taken, 2u);
    p.second.send(net::buffer("x", 1));
    run(c);
    f.async_read_some_at(0, many, handler());
    BOOST_CHECK_EQUAL(counts.taken, 3u);
    run(c);
    BOOST_CHECK_EQUAL(handlers, 3);
    BOOST_CHECK_EQUAL(counts.live(), 0u);
}

// An exception, and nothing started.
BOOST_DATA_TEST_CASE(an_allocation_that_fails, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);

    char b;
    bool called = false;
    BOOST_CHECK_THROW(
        p.first.async_receive(net::buffer(&b, 1),
                              net::bind_allocator(throwing_allocator<char>(),
                                                  [&](error_code, std::size_t)
                                                  { called = true; })),
        std::bad_alloc);
    BOOST_CHECK_EQUAL(urio::statistics_of(c).in_flight, 0u);
    run(c);
    BOOST_CHECK(!called);
    // The socket is as good as before.
    p.second.send(net::buffer("x", 1));
    p.first.async_receive(net::buffer(&b, 1),
                          once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);
}

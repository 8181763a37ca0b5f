// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What sockets receive in the buffers of a pool: in order, all of it, with as few buffers
// as there are.

#include "child.hpp"
#include "descriptors.hpp"
#include "pair.hpp"
#include "submitted.hpp"

#include <urio/local.hpp>
#include <urio/stream.hpp>

#include <algorithm>
#include <atomic>
#include <boost/asio/detached.hpp>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;
using tcp_stream = net::receive_stream<tcp::socket>;

struct received
{
    error_code error;
    net::lease data;
    bool done = false;

    std::string text() const
    {
        return {reinterpret_cast<const char*>(data.data()), data.size()};
    }
};

template <class Stream>
void fetch(Stream& s, received& r)
{
    r.done = false;
    s.async_next(once(
        [&r](error_code ec, net::lease l)
        {
            r.error = ec;
            r.data = std::move(l);
            r.done = true;
        }));
}

template <class Stream>
received next(boost::asio::io_context& c, Stream& s)
{
    received r;
    fetch(s, r);
    run_until(c, [&] { return r.done; });
    return r;
}

/// All of it, until something else comes than data.
template <class Stream>
std::string all(boost::asio::io_context& c, Stream& s, error_code& end)
{
    std::string text;
    for (;;)
    {
        received r = next(c, s);
        if ((end = r.error))
            return text;
        text += r.text();
    }
}

std::string some_text(std::size_t n, unsigned seed)
{
    std::minstd_rand random(seed);
    std::string s(n, '\0');
    std::generate(s.begin(), s.end(), [&] { return static_cast<char>(random()); });
    return s;
}

/// How the pool has its buffers filled: by the kernel's choice, for an entry each or all;
/// without the operation; in a kernel that has no room for the ring of buffers.
enum class way
{
    singly,
    multishot,
    by_call,
    refused,
};

std::ostream& operator<<(std::ostream& out, way w)
{
    return out << (w == way::singly      ? "singly"
                   : w == way::multishot ? "multishot"
                   : w == way::by_call   ? "by call"
                                         : "refused");
}

const auto every_way = boost::unit_test::data::make(
    {way::singly, way::multishot, way::by_call, way::refused});

net::receive_stream_options how(way w, std::size_t ahead = 4)
{
    return {.ahead = ahead, .multishot = w == way::multishot};
}

std::unique_ptr<faults> as(way w)
{
    if (w == way::by_call)
        return std::make_unique<faults>(IORING_OP_RECV);
    if (w == way::refused)
        return std::make_unique<faults>([](unsigned) { return -ENOMEM; },
                                        faults::registration());
    return nullptr;
}

} // namespace

BOOST_DATA_TEST_CASE(data_and_its_end, every_mode* every_way, m, w)
{
    descriptor_check check;
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 4, .size = 16});
    raw_pair p(c);
    tcp_stream s(std::move(p.socket), pool, how(w));
    BOOST_CHECK_EQUAL(pool.counters().kernel_chooses, on_uring() && w < way::by_call);

    p.send("hello");
    auto const hello = next(c, s);
    BOOST_CHECK(!hello.error);
    BOOST_CHECK_EQUAL(hello.text(), "hello");

    // And when nothing is there yet.
    received later;
    fetch(s, later);
    settle(c);
    BOOST_CHECK(!later.done);
    BOOST_CHECK_EQUAL(pool.counters().taken, 1u);
    p.send("again");
    run_until(c, [&] { return later.done; });
    BOOST_CHECK_EQUAL(later.text(), "again");
    later.data.reset();

    // More than the pool holds.
    std::string const text = some_text(1000, 1);
    p.send(text);
    p.close_peer();
    error_code end;
    BOOST_CHECK(all(c, s, end) == text);
    BOOST_CHECK_EQUAL(end, net::error::eof);
    BOOST_CHECK(next(c, s).error == net::error::eof);
    BOOST_CHECK_EQUAL(pool.counters().taken, 1u);
    BOOST_CHECK_EQUAL(pool.counters().buffers, 4u);
}

BOOST_DATA_TEST_CASE(who_waits_holds_no_buffer, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 1, .size = 16});
    constexpr std::size_t n = 20;
    std::vector<std::unique_ptr<raw_pair>> pairs;
    std::vector<tcp_stream> streams;
    std::array<received, n> results;
    for (std::size_t i = 0; i != n; ++i)
    {
        pairs.push_back(std::make_unique<raw_pair>(c));
        streams.emplace_back(std::move(pairs.back()->socket), pool, how(w));
        fetch(streams.back(), results[i]);
    }
    settle(c);
    BOOST_CHECK_EQUAL(pool.counters().taken, 0u);
    // One buffer is enough for all, one after another.
    for (auto const& p : pairs)
        p->send("x");
    for (std::size_t had = 0; had != n;)
    {
        c.restart();
        BOOST_REQUIRE(c.run_one_for(patience) != 0);
        for (auto& r : results)
            if (r.done && r.data)
            {
                BOOST_CHECK_EQUAL(r.text(), "x");
                r.data.reset();
                ++had;
            }
    }
    for (auto const& r : results)
        BOOST_CHECK(!r.error);
}

// One slow consumer has what it has; the others go on with the rest.
BOOST_DATA_TEST_CASE(no_more_than_ahead, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 64, .size = 64});
    raw_pair slow(c), quick(c);
    int size = 4096;
    ::setsockopt(slow.peer, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    tcp_stream s(std::move(slow.socket), pool, how(w, 2));
    tcp_stream q(std::move(quick.socket), pool, how(w, 2));
    slow.send("1");
    std::string text = next(c, s).text();
    std::string sent = "1";
    // Until the window closes, which the kernel's buffers make large.
    ::fcntl(slow.peer, F_SETFL, O_NONBLOCK);
    std::string const piece = some_text(4096, 2);
    bool closed = false;
    for (int idle = 0; idle != 3;)
    {
        ::ssize_t const n = ::send(slow.peer, piece.data(), piece.size(), MSG_NOSIGNAL);
        if (n > 0)
            sent.append(piece, 0, static_cast<std::size_t>(n));
        else
            ++idle, closed = true;
        settle(c);
    }
    BOOST_CHECK(closed);
    if (w != way::multishot)
    {
        BOOST_CHECK_LE(pool.counters().taken, 2u);
        quick.send("quick");
        BOOST_CHECK_EQUAL(next(c, q).text(), "quick");
    }
    slow.close_peer();
    error_code end;
    text += all(c, s, end);
    BOOST_CHECK_EQUAL(end, net::error::eof);
    BOOST_CHECK(text == sent);
}

BOOST_DATA_TEST_CASE(an_empty_pool_fails, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c,
                          {.count = 1, .size = 16, .when_empty = net::exhaustion::fail});
    raw_pair p(c);
    tcp_stream s(std::move(p.socket), pool, how(w));
    p.send("first");
    received first = next(c, s);
    BOOST_CHECK_EQUAL(first.text(), "first");
    p.send("second");
    BOOST_CHECK(next(c, s).error == net::error::no_buffer_space);
    BOOST_CHECK(next(c, s).error == net::error::no_buffer_space);
    BOOST_CHECK_GE(pool.counters().exhausted, 2u);
    first.data.reset();
    BOOST_CHECK_EQUAL(next(c, s).text(), "second");
}

BOOST_DATA_TEST_CASE(an_empty_pool_grows, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(
        c, {.count = 1, .size = 4, .when_empty = net::exhaustion::grow, .limit = 3});
    raw_pair p(c);
    tcp_stream s(std::move(p.socket), pool, how(w, 1));
    std::vector<received> kept;
    for (int i = 0; i != 3; ++i)
    {
        p.send("four");
        kept.push_back(next(c, s));
        BOOST_CHECK_EQUAL(kept.back().text(), "four");
    }
    BOOST_CHECK_EQUAL(pool.counters().grown, 2u);
    BOOST_CHECK_EQUAL(pool.counters().buffers, 3u);
    p.send("five");
    received r;
    fetch(s, r);
    settle(c);
    BOOST_CHECK(!r.done);
    kept.pop_back();
    run_until(c, [&] { return r.done; });
    BOOST_CHECK_EQUAL(r.text(), "five");
    BOOST_CHECK_EQUAL(pool.counters().buffers, 3u);
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense)
{
    net::io_context c;
    using options = net::pool_options;
    for (options const& o :
         {options{.count = 0}, options{.size = 0}, options{.count = 40000},
          options{.count = 3, .when_empty = net::exhaustion::grow, .limit = 2}})
        BOOST_CHECK_THROW(net::buffer_pool(c, o), std::invalid_argument);
    net::buffer_pool const pool(c);
    {
        net::io_context another;
        raw_pair p(another);
        BOOST_CHECK_THROW(tcp_stream(std::move(p.socket), pool), std::invalid_argument);
    }
    BOOST_CHECK_THROW(tcp_stream(tcp::socket(c), pool), boost::system::system_error);
}

BOOST_DATA_TEST_CASE(a_wait_that_is_cancelled, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 1, .size = 16});
    raw_pair p(c);
    tcp_stream s(std::move(p.socket), pool, how(w));
    net::cancellation_signal signal;
    auto const cancelled = [&](bool at_once)
    {
        std::optional<error_code> result;
        s.async_next(net::bind_cancellation_slot(
            signal.slot(), once([&](error_code ec, net::lease) { result = ec; })));
        if (!at_once)
            settle(c);
        signal.emit(net::cancellation_type::total);
        run_until(c, [&] { return result.has_value(); });
        return aborted(*result);
    };
    BOOST_CHECK(cancelled(true));
    BOOST_CHECK(cancelled(false));
    p.send("one");
    received one = next(c, s);
    BOOST_CHECK_EQUAL(one.text(), "one");
    // While it waits for the buffer.
    p.send("two");
    BOOST_CHECK(cancelled(false));
    received two;
    fetch(s, two);
    settle(c);
    BOOST_CHECK(!two.done);
    one.data.reset();
    run_until(c, [&] { return two.done; });
    BOOST_CHECK_EQUAL(two.text(), "two");
    two.data.reset();
    c.restart();
    BOOST_CHECK(c.poll() == 0 || pool.counters().taken <= 1);
}

BOOST_DATA_TEST_CASE(a_stream_that_is_cancelled, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 1, .size = 16});
    raw_pair p(c);
    tcp_stream s(std::move(p.socket), pool, how(w));
    received r;
    fetch(s, r);
    settle(c);
    s.cancel();
    run_until(c, [&] { return r.done; });
    BOOST_CHECK(aborted(r.error));
    p.send("one");
    received one = next(c, s);
    BOOST_CHECK_EQUAL(one.text(), "one");
    // While it waits for a buffer, too.
    p.send("two");
    fetch(s, r);
    settle(c);
    BOOST_CHECK(!r.done);
    s.cancel();
    run_until(c, [&] { return r.done; });
    BOOST_CHECK(aborted(r.error));
    one.data.reset();
    BOOST_CHECK_EQUAL(next(c, s).text(), "two");
    // Two at a time are one too many.
    received waits;
    fetch(s, waits);
    BOOST_CHECK(next(c, s).error == net::error::already_started);
    s.close();
    run_until(c, [&] { return waits.done; });
    BOOST_CHECK(aborted(waits.error));
    BOOST_CHECK(!s.is_open());
    BOOST_CHECK_EQUAL(p.receive(1), "");
}

// Streams, socket, pool and context go; who waits is not called; leases stay.
BOOST_DATA_TEST_CASE(leases_outlive_all, every_mode* every_way, m, w)
{
    descriptor_check check;
    auto const f = as(w);
    std::vector<net::lease> leases;
    int called = 0;
    {
        mode_context c(m);
        raw_pair p(c), q(c);
        net::buffer_pool const pool(c, {.count = 2, .size = 16});
        tcp_stream s(std::move(p.socket), pool, how(w));
        tcp_stream starving(std::move(q.socket), pool, how(w));
        for (char const* const text : {"one", "two"})
        {
            p.send(text);
            leases.push_back(next(c, s).data);
        }
        q.send("three");
        starving.async_next([&](error_code, net::lease) { ++called; });
        settle(c);
    }
    BOOST_CHECK_EQUAL(called, 0);
    BOOST_CHECK_EQUAL(std::string(reinterpret_cast<char*>(leases[1].data()), 3), "two");
    std::thread([&] { leases.clear(); }).join();
}

// The context goes while a stream waits for a buffer in a coroutine.
BOOST_DATA_TEST_CASE(the_end_of_the_context, every_mode* every_way, m, w)
{
    descriptor_check check;
    auto const f = as(w);
    net::lease kept;
    int ended = 0;
    struct at_end
    {
        explicit at_end(int& n) : n_(n) {}
        ~at_end() { ++n_; }
        int& n_;
    };
    {
        mode_context c(m);
        raw_pair p(c), q(c);
        auto const reads = [w](tcp::socket s, net::buffer_pool b, net::lease* keep,
                               int& n) -> boost::asio::awaitable<void>
        {
            at_end const e(n);
            tcp_stream stream(std::move(s), b, how(w));
            for (;;)
            {
                net::lease l = co_await stream.async_next(boost::asio::use_awaitable);
                if (keep)
                    *keep = std::move(l);
            }
        };
        net::buffer_pool pool(c, {.count = 1, .size = 16});
        boost::asio::co_spawn(c, reads(std::move(p.socket), pool, &kept, ended),
                              boost::asio::detached);
        boost::asio::co_spawn(c, reads(std::move(q.socket), pool, nullptr, ended),
                              boost::asio::detached);
        p.send("one");
        run_until(c, [&] { return bool(kept); });
        q.send("two");
        settle(c);
        BOOST_CHECK_EQUAL(ended, 0);
    }
    BOOST_CHECK_EQUAL(ended, 2);
    BOOST_CHECK_EQUAL(kept.size(), 3u);
}

BOOST_DATA_TEST_CASE(sockets_in_non_blocking_mode, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 2, .size = 16});
    raw_pair p(c);
    p.socket.native_non_blocking(true);
    tcp_stream s(std::move(p.socket), pool, how(w));
    received r;
    fetch(s, r);
    settle(c);
    BOOST_CHECK(!r.done);
    p.send("one");
    run_until(c, [&] { return r.done; });
    BOOST_CHECK_EQUAL(r.text(), "one");
    p.send("two");
    BOOST_CHECK_EQUAL(next(c, s).text(), "two");
    p.close_peer();
    BOOST_CHECK(next(c, s).error == net::error::eof);
}

// Of AF_UNIX sockets the end is not lost, however it comes about.
BOOST_DATA_TEST_CASE(local_sockets, every_mode* every_way, m, w)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 2, .size = 16});
    for (int i = 0; i != 50; ++i)
    {
        net::local::stream_protocol::socket a(c), b(c);
        net::local::connect_pair(a, b);
        net::receive_stream s(std::move(a), pool, how(w));
        std::string const text = some_text(static_cast<std::size_t>(i * 3), 5);
        boost::asio::write(b, boost::asio::buffer(text));
        received r;
        std::string got;
        if (i % 2)
        {
            fetch(s, r);
            settle(c);
            if (r.done)
                got = r.text();
            r.data.reset();
        }
        b.close();
        if (i % 2 && !r.done)
            run_until(c, [&] { return r.done; });
        error_code end = r.error;
        if (!end)
            got += all(c, s, end);
        BOOST_CHECK(got == text);
        BOOST_CHECK_EQUAL(end, net::error::eof);
    }
}

// Many connections, few buffers, random pauses; threads, and leases that go elsewhere.
BOOST_DATA_TEST_CASE(bytes_of_many,
                     threaded_modes* every_way* boost::unit_test::data::make({1, 3, 64}),
                     m, w, buffers)
{
    auto const f = as(w);
    mode_context c(m);
    net::buffer_pool pool(c, {.count = std::size_t(buffers), .size = 512});
    constexpr std::size_t n = 24;
    constexpr std::size_t bytes = 40'000;
    std::atomic<int> right{0};
    std::vector<std::unique_ptr<raw_pair>> pairs;
    auto const reads = [&](tcp::socket socket,
                           unsigned seed) -> boost::asio::awaitable<void>
    {
        std::string const expected = some_text(bytes, seed);
        std::minstd_rand random(seed);
        tcp_stream s(std::move(socket), pool, how(w, 1 + random() % 4));
        std::string got;
        for (;;)
        {
            auto [ec, data] =
                co_await s.async_next(boost::asio::as_tuple(boost::asio::use_awaitable));
            if (ec)
            {
                if (ec == boost::asio::error::eof && got == expected)
                    ++right;
                co_return;
            }
            got.append(reinterpret_cast<char const*>(data.data()), data.size());
            if (random() % 4 == 0)
                co_await boost::asio::post(boost::asio::use_awaitable);
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i != n; ++i)
    {
        pairs.push_back(std::make_unique<raw_pair>(c));
        boost::asio::co_spawn(c, reads(std::move(pairs.back()->socket), i),
                              boost::asio::detached);
    }
    threads.emplace_back(
        [&]
        {
            std::vector<std::string> texts;
            for (unsigned i = 0; i != n; ++i)
                texts.push_back(some_text(bytes, i));
            std::minstd_rand random(7);
            for (std::size_t done = 0; done != n;)
            {
                std::size_t const i = random() % n;
                if (pairs[i]->peer < 0)
                    continue;
                std::string& text = texts[i];
                std::size_t const piece =
                    std::min<std::size_t>(1 + random() % 3000, text.size());
                ::ssize_t const sent =
                    ::send(pairs[i]->peer, text.data(), piece, MSG_NOSIGNAL);
                if (sent > 0)
                    text.erase(0, static_cast<std::size_t>(sent));
                if (text.empty())
                {
                    pairs[i]->close_peer();
                    ++done;
                }
            }
        });
    for (int i = 0; i != 3; ++i)
        threads.emplace_back([&] { c.run_for(patience); });
    for (auto& t : threads)
        t.join();
    BOOST_CHECK_EQUAL(right, int(n));
    BOOST_CHECK_EQUAL(pool.counters().taken, 0u);
}

// The parent's kernel has its choice; the child takes buffers itself, of a pool that is
// its own copy.
BOOST_DATA_TEST_CASE(parent_and_child_go_on, every_mode, m)
{
    mode_context c(m);
    net::buffer_pool pool(c, {.count = 2, .size = 16});
    raw_pair p(c);
    tcp_stream s(std::move(p.socket), pool);
    p.send("both");
    received const both = next(c, s);
    received r;
    fetch(s, r);
    settle(c);
    gate go_on;
    ::pid_t const child = notified_fork(
        c,
        [&](expectations& expect)
        {
            // Its group has the number that the parent's has.
            net::buffer_pool const another(c, {.count = 8, .size = 64});
            go_on.wait();
            (void)!::send(p.peer, "child", 5, 0);
            c.restart();
            while (!r.done && c.run_one_for(patience))
                ;
            expect(r.done && r.text() == "child", "what the child has received");
        });
    p.send("parent");
    run_until(c, [&] { return r.done; });
    BOOST_CHECK_EQUAL(r.text(), "parent");
    s.cancel();
    settle(c);
    go_on.open();
    check_child(child);
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Several threads: in run() together, one after another, and outside of it.

#include "descriptors.hpp"
#include "failures.hpp"
#include "file.hpp"
#include "pair.hpp"
#include "sanitizers.hpp"
#include "test.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <array>
#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;
using namespace net::experimental::awaitable_operators;

class pool
{
public:
    pool(boost::asio::io_context& c, int n) : guard_(net::make_work_guard(c))
    {
        for (int i = 0; i != n; ++i)
            threads_.emplace_back([&c] { c.run(); });
    }

    // Waits until there is no more work.
    void join()
    {
        guard_.reset();
        for (std::thread& t : threads_)
            if (t.joinable())
                t.join();
    }

    ~pool() { join(); }

private:
    net::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::vector<std::thread> threads_;
};

// Echoes what it receives, on the server's side of a connection.
net::awaitable<void> echo(tcp::socket s)
{
    std::array<char, 2048> data;
    for (;;)
    {
        auto const [ec, n] = co_await s.async_receive(net::buffer(data),
                                                      net::as_tuple(net::use_awaitable));
        if (ec)
        {
            check_in_thread(ec == net::error::eof);
            co_return;
        }
        co_await net::async_write(s, net::buffer(data, n), net::use_awaitable);
    }
}

net::awaitable<void> serve(tcp::acceptor& a, int connections)
{
    while (connections-- != 0)
    {
        tcp::socket s = co_await a.async_accept(net::make_strand(a.get_executor()),
                                                net::use_awaitable);
        auto const ex = s.get_executor();
        net::co_spawn(ex, echo(std::move(s)), net::detached);
    }
}

// Sends random data of random length and checks what comes back.
net::awaitable<void> talk(tcp::endpoint server, unsigned seed, int rounds)
{
    tcp::socket s(co_await net::this_coro::executor);
    co_await s.async_connect(server, net::use_awaitable);
    std::minstd_rand random(seed);
    for (int i = 0; i != rounds; ++i)
    {
        std::string const out =
            pattern(1 + random() % 5000, seed + static_cast<unsigned>(i));
        std::string in(out.size(), '\0');
        // Both directions at once, or neither would end.
        co_await (net::async_write(s, net::buffer(out), net::use_awaitable) &&
                  net::async_read(s, net::buffer(in), net::use_awaitable));
        check_in_thread(in == out);
    }
}

} // namespace

BOOST_DATA_TEST_CASE(a_thousand_connections_on_four_threads, threaded_modes, m)
{
    descriptor_check check;
#if defined(URIO_TEST_THREAD_SANITIZER)
    constexpr int connections = 200, rounds = 5;
#else
    constexpr int connections = 1000, rounds = 10;
#endif
    failures = 0;
    {
        mode_context c(m);
        tcp::acceptor a(c, loopback());
        a.listen(4096);
        std::atomic<int> done{0};
        net::co_spawn(c, serve(a, connections), net::detached);
        for (unsigned i = 0; i != connections; ++i)
            net::co_spawn(net::make_strand(c), talk(a.local_endpoint(), i, rounds),
                          [&](std::exception_ptr e)
                          {
                              check_in_thread(!e);
                              ++done;
                          });
        pool p(c, 4);
        p.join();
        BOOST_CHECK_EQUAL(done, connections);
        BOOST_CHECK_EQUAL(urio::statistics_of(c).in_flight, 0u);
    }
    BOOST_CHECK_EQUAL(failures, 0);
}

BOOST_AUTO_TEST_CASE(operations_from_threads_that_do_not_run_the_context)
{
    descriptor_check check;
    failures = 0;
    temporary_file t(pattern(4096));
    for (auto mode : {urio::thread_mode::shared, urio::thread_mode::exclusive})
    {
        urio::uring_options options;
        options.threads = mode;
        net::io_context c(options);
        pool loop(c, 1);
        std::vector<std::thread> others;
        for (int i = 0; i != 4; ++i)
            others.emplace_back(
                [&]
                {
                    tcp_pair p(c);
                    net::random_access_file f(c, t.path(), net::file_base::read_only);
                    for (int n = 0; n != 100; ++n)
                    {
                        char a[4], b[4];
                        auto received =
                            p.first.async_receive(net::buffer(a), net::use_future);
                        auto read = f.async_read_some_at(static_cast<unsigned>(n),
                                                         net::buffer(b), net::use_future);
                        auto sent =
                            p.second.async_send(net::buffer("data", 4), net::use_future);
                        check_in_thread(sent.get() == 4 && received.get() == 4 &&
                                        read.get() == 4);
                    }
                });
        for (std::thread& o : others)
            o.join();
        loop.join();
    }
    BOOST_CHECK_EQUAL(failures, 0);
}

// Linux completes a request with ECANCELED when the thread that submitted it exits.
// Nobody has asked for that.
BOOST_DATA_TEST_CASE(operations_outlive_the_thread_that_started_them, threaded_modes, m)
{
    descriptor_check check;
    mode_context c(m);
    raw_pair p(c), q(c);
    tcp::acceptor a(c, loopback());
    char b[4];
    bool received = false, waited = false, accepted = false, read = false;
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    net::stream_file pipe(c, ends[0]);

    std::thread(
        [&]
        {
            p.socket.async_receive(net::buffer(b), [&](error_code ec, std::size_t n)
                                   { received = !ec && n == 2; });
            q.socket.async_wait(tcp::socket::wait_read,
                                [&](error_code ec) { waited = !ec; });
            a.async_accept([&](error_code ec, tcp::socket) { accepted = !ec; });
            pipe.async_read_some(net::buffer(b + 2, 2), [&](error_code ec, std::size_t n)
                                 { read = !ec && n == 2; });
            // Runs the loop, so that it is this thread that submits them.
            c.run_one_for(2ms);
        })
        .join();

    BOOST_CHECK(!received && !waited && !accepted && !read);
    tcp::socket client(c);
    client.connect(a.local_endpoint());
    p.send("hi");
    q.send("!");
    BOOST_REQUIRE_EQUAL(::write(ends[1], "yo", 2), 2);
    run(c);
    BOOST_CHECK(received);
    BOOST_CHECK(waited);
    BOOST_CHECK(accepted);
    BOOST_CHECK(read);
    if (on_uring())
        BOOST_CHECK_GT(urio::statistics_of(c).resubmitted, 0u);
    ::close(ends[1]);
}

BOOST_DATA_TEST_CASE(a_connect_outlives_the_thread_that_started_it, threaded_modes, m)
{
    descriptor_check check;
    // A listener whose queue is full keeps connections on their way.
    int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
    auto ep = loopback();
    BOOST_REQUIRE_EQUAL(::bind(listener, ep.data(), static_cast<::socklen_t>(ep.size())),
                        0);
    BOOST_REQUIRE_EQUAL(::listen(listener, 0), 0);
    ::socklen_t length = static_cast<::socklen_t>(ep.capacity());
    ::getsockname(listener, ep.data(), &length);
    int const filler = ::socket(AF_INET, SOCK_STREAM, 0);
    BOOST_REQUIRE_EQUAL(::connect(filler, ep.data(), length), 0);
    {
        mode_context c(m);
        tcp::socket s(c);
        bool connected = false;
        std::thread(
            [&]
            {
                s.async_connect(ep, [&](error_code ec) { connected = !ec; });
                c.run_one_for(2ms);
            })
            .join();
        BOOST_CHECK(!connected);
        // Make room.
        ::close(::accept(listener, nullptr, nullptr));
        run(c);
        BOOST_CHECK(connected);
    }
    ::close(filler);
    ::close(listener);
}

// Made on one thread, run on a second, stopped, run on a third, destroyed on the first.
BOOST_DATA_TEST_CASE(a_context_that_wanders, threaded_modes, m)
{
    descriptor_check check;
    for (int i = 0; i != 20; ++i)
    {
        auto c = std::make_unique<mode_context>(m);
        raw_pair p(*c), q(*c);
        char b[2];
        std::atomic<int> received{0};
        p.socket.async_receive(net::buffer(b, 1),
                               [&](error_code ec, std::size_t) { received += !ec; });
        q.socket.async_receive(net::buffer(b + 1, 1),
                               [&](error_code, std::size_t) { received += 100; });
        for (int n = 0; n != 3; ++n)
        {
            std::thread loop([&] { c->run(); });
            if (n == 2)
                p.send("x");
            while (n == 2 && received == 0)
                std::this_thread::yield();
            c->stop();
            loop.join();
            c->restart();
        }
        BOOST_CHECK_EQUAL(received, 1);
        p.socket = tcp::socket(*c);
        q.socket.cancel();
        c->poll();
        p.close_peer();
        q.close_peer();
        // The sockets must go before their context.
        q.socket.close();
    }
}

BOOST_DATA_TEST_CASE(a_busy_thread_does_not_stall_the_others, threaded_modes, m)
{
    failures = 0;
    mode_context c(m);
    tcp::acceptor a(c, loopback());
    std::atomic<bool> release{false};
    std::atomic<int> done{0};
    net::co_spawn(c, serve(a, 8), net::detached);
    {
        pool p(c, 3);
        // One thread is in a handler until everything else is over.
        std::promise<void> busy;
        net::post(c,
                  [&]
                  {
                      busy.set_value();
                      while (!release)
                          std::this_thread::yield();
                  });
        busy.get_future().get();
        for (unsigned i = 0; i != 8; ++i)
            net::co_spawn(net::make_strand(c), talk(a.local_endpoint(), i, 20),
                          [&](std::exception_ptr e)
                          {
                              check_in_thread(!e);
                              if (++done == 8)
                                  release = true;
                          });
        auto const limit = std::chrono::steady_clock::now() + patience;
        while (!release && std::chrono::steady_clock::now() < limit)
            std::this_thread::yield();
        BOOST_CHECK(release);
        release = true;
    }
    BOOST_CHECK_EQUAL(done, 8);
    BOOST_CHECK_EQUAL(failures, 0);
}

BOOST_DATA_TEST_CASE(a_strand_is_respected, threaded_modes, m)
{
    mode_context c(m);
    tcp_pair p(c);
    auto strand = net::make_strand(c);
    std::atomic<int> inside{0};
    std::atomic<bool> overlap{false};
    int handled = 0;
    char in[1], out[1] = {'x'};
    std::function<void()> send = [&]
    {
        p.first.async_send(net::buffer(out),
                           net::bind_executor(strand,
                                              [&](error_code ec, std::size_t)
                                              {
                                                  if (inside++)
                                                      overlap = true;
                                                  if (!ec && ++handled < 4000)
                                                      send();
                                                  else
                                                      p.first.close();
                                                  --inside;
                                              }));
    };
    std::function<void()> receive = [&]
    {
        p.second.async_receive(net::buffer(in),
                               net::bind_executor(strand,
                                                  [&](error_code ec, std::size_t)
                                                  {
                                                      if (inside++)
                                                          overlap = true;
                                                      ++handled;
                                                      if (!ec)
                                                          receive();
                                                      --inside;
                                                  }));
    };
    send();
    receive();
    pool(c, 4).join();
    BOOST_CHECK(!overlap);
    BOOST_CHECK_GE(handled, 4000);
}

// Starts, completions, cancellations and closes from everywhere at once.
BOOST_DATA_TEST_CASE(commotion, threaded_modes, m)
{
    descriptor_check check;
    failures = 0;
    {
        mode_context c(m);
        pool p(c, 3);
        std::vector<std::thread> others;
        for (unsigned seed = 0; seed != 4; ++seed)
            others.emplace_back(
                [&c, seed]
                {
                    std::minstd_rand random(seed + 1);
                    for (int i = 0; i != 150; ++i)
                    {
                        tcp_pair pair(c);
                        char b[8];
                        std::atomic<int> pending{0};
                        auto const handler = [&](error_code ec, auto&&...)
                        {
                            check_in_thread(!ec || ec == net::error::operation_aborted ||
                                            ec == net::error::eof ||
                                            ec == net::error::connection_reset ||
                                            ec == net::error::broken_pipe ||
                                            ec == net::error::bad_descriptor);
                            --pending;
                        };
                        for (auto n = 1 + random() % 6; n != 0; --n)
                        {
                            ++pending;
                            switch (random() % 4)
                            {
                            case 0:
                                pair.first.async_receive(net::buffer(b), handler);
                                break;
                            case 1:
                                pair.first.async_send(net::buffer("data", 4), handler);
                                break;
                            case 2:
                                pair.first.async_wait(tcp::socket::wait_read, handler);
                                break;
                            case 3:
                                pair.first.async_wait(tcp::socket::wait_error, handler);
                                break;
                            }
                        }
                        if (random() % 2)
                            pair.second.send(net::buffer("hello", 5));
                        switch (random() % 3)
                        {
                        case 0:
                            pair.first.cancel();
                            break;
                        case 1:
                            pair.first.close();
                            break;
                        case 2:
                            pair.second.close();
                            pair.first.cancel();
                            break;
                        }
                        auto const limit = std::chrono::steady_clock::now() + patience;
                        while (pending != 0 && std::chrono::steady_clock::now() < limit)
                            std::this_thread::yield();
                        check_in_thread(pending == 0);
                        if (pending != 0)
                            return;
                    }
                });
        for (std::thread& o : others)
            o.join();
    }
    BOOST_CHECK_EQUAL(failures, 0);
}

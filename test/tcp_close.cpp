// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What close(), destruction and the end of a context do to what is pending.

#include "descriptors.hpp"
#include "faults.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <array>
#include <atomic>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

auto aborted()
{
    return once([](error_code ec, auto&&...)
                { BOOST_CHECK_EQUAL(ec, error_code(net::error::operation_aborted)); });
}

// Whether the peer sees the end of the connection at this very moment.
bool sees_end(int fd)
{
    char b;
    return ::recv(fd, &b, 1, MSG_DONTWAIT) == 0;
}

} // namespace

BOOST_DATA_TEST_CASE(close_aborts_what_is_pending, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    raw_pair p(c);
    char b[4][4];
    std::string const much = pattern(16 << 20);
    for (auto& buffer : b)
        p.socket.async_receive(net::buffer(buffer), aborted());
    p.socket.async_wait(tcp::socket::wait_error, aborted());
    std::size_t sent = 0;
    net::async_write(p.socket, net::buffer(much),
                     once(
                         [&](error_code ec, std::size_t n)
                         {
                             // A part that was complete when the socket was closed
                             // lets async_write go on, with a closed socket.
                             BOOST_CHECK(ec == net::error::operation_aborted ||
                                         ec == net::error::bad_descriptor);
                             sent = n;
                         }));
    net::steady_timer later(c, 5ms);
    later.async_wait(
        [&](error_code)
        {
            p.socket.close();
            BOOST_CHECK(!p.socket.is_open());
        });
    run(c);
    // The bytes that were reported as sent are those that arrive.
    BOOST_CHECK_EQUAL(p.receive(much.size()).size(), sent);
}

BOOST_DATA_TEST_CASE(the_peer_sees_the_end_when_close_returns, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char b[4];
    p.socket.async_receive(net::buffer(b), aborted());
    net::post(c,
              [&]
              {
                  // Not submitted yet.
                  p.socket.close();
                  BOOST_CHECK(sees_end(p.peer));
              });
    run(c);

    raw_pair q(c);
    q.socket.async_receive(net::buffer(b), aborted());
    net::steady_timer later(c, 1ms);
    later.async_wait(
        [&](error_code)
        {
            // With the kernel.
            q.socket.close();
            BOOST_CHECK(sees_end(q.peer));
        });
    run(c);
}

BOOST_DATA_TEST_CASE(a_port_is_free_when_close_returns, every_mode, m)
{
    mode_context c(m);
    tcp::acceptor a(c, loopback());
    auto const endpoint = a.local_endpoint();
    a.async_accept(aborted());
    net::steady_timer later(c, 1ms);
    later.async_wait(
        [&](error_code)
        {
            a.close();
            tcp::acceptor again(c, endpoint);
            BOOST_CHECK(again.is_open());
        });
    run(c);
}

// A descriptor whose number is used again right after close() must not meet an operation
// that was meant for the old one.
BOOST_DATA_TEST_CASE(a_reused_descriptor_is_left_alone, every_mode, m)
{
    mode_context c(m);
    for (int i = 0; i != 200; ++i)
    {
        raw_pair p(c);
        char b[4] = {};
        p.socket.async_receive(net::buffer(b), aborted());
        int const number = p.socket.native_handle();
        int pipe_ends[2];
        BOOST_REQUIRE_EQUAL(::pipe(pipe_ends), 0);
        net::post(c,
                  [&]
                  {
                      p.socket.close();
                      BOOST_CHECK_EQUAL(::fcntl(number, F_GETFD), -1);
                      BOOST_REQUIRE_EQUAL(::dup2(pipe_ends[0], number), number);
                      ::close(pipe_ends[0]);
                      BOOST_REQUIRE_EQUAL(::write(pipe_ends[1], "data", 4), 4);
                      net::post(c,
                                [number, w = pipe_ends[1]]
                                {
                                    char got[4];
                                    BOOST_CHECK_EQUAL(::read(number, got, 4), 4);
                                    ::close(number);
                                    ::close(w);
                                });
                  });
        run(c);
        BOOST_CHECK_EQUAL(b[0], 0);
    }
}

BOOST_DATA_TEST_CASE(what_was_started_before_close_is_sent, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    net::post(c,
              [&]
              {
                  p.socket.async_send(net::buffer("last words", 10),
                                      once(
                                          [](error_code ec, std::size_t n)
                                          {
                                              BOOST_CHECK(!ec);
                                              BOOST_CHECK_EQUAL(n, 10u);
                                          }));
                  p.socket.close();
              });
    run(c);
    BOOST_CHECK_EQUAL(p.receive(100), "last words");
}

BOOST_DATA_TEST_CASE(destruction_aborts_what_is_pending, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    char b[4];
    int peer;
    {
        raw_pair p(c);
        p.socket.async_receive(net::buffer(b), aborted());
        p.socket.async_wait(tcp::socket::wait_error, aborted());
        c.poll();
        peer = std::exchange(p.peer, -1);
    }
    run(c);
    BOOST_CHECK(sees_end(peer));
    ::close(peer);

    {
        tcp::acceptor a(c, loopback());
        a.async_accept(aborted());
        a.async_accept(aborted());
    }
    run(c);
}

// A connection that is accepted while its acceptor goes away must not leak.
BOOST_DATA_TEST_CASE(accepted_while_cancelled, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    int accepted = 0, refused = 0;
    for (int i = 0; i != 200; ++i)
    {
        tcp::acceptor a(c, loopback());
        a.async_accept([&](error_code ec, tcp::socket) { ++(ec ? refused : accepted); });
        c.restart();
        c.poll();
        int const fd = ::socket(AF_INET, SOCK_STREAM, 0);
        auto const ep = a.local_endpoint();
        ::connect(fd, ep.data(), static_cast<::socklen_t>(ep.size()));
        i % 2 ? a.close() : a.cancel();
        run(c);
        ::close(fd);
    }
    BOOST_CHECK_EQUAL(accepted + refused, 200);
}

BOOST_DATA_TEST_CASE(the_context_ends_with_operations_pending, every_mode, m)
{
    std::atomic<int> alive{0};
    descriptor_check check;
    {
        char b[8];
        net::const_buffer const nothing("x", 1);
        mode_context c(m);
        raw_pair p(c), q(c), r(c);
        tcp::acceptor a(c, loopback());
        std::string const much = pattern(16 << 20);
        // Never submitted.
        p.socket.async_receive(net::buffer(b), never(alive));
        if (options(m).threads == urio::thread_mode::shared)
        {
            // With the kernel, from any thread.
            c.poll();
        }
        q.socket.async_receive(net::buffer(b, 4), never(alive));
        q.socket.async_receive(net::buffer(b, 4), never(alive));
        q.socket.async_wait(tcp::socket::wait_error, never(alive));
        net::async_write(r.socket, net::buffer(much), never(alive));
        a.async_accept(never(alive));
        net::steady_timer t(c, 1h);
        t.async_wait(never(alive));
        c.restart();
        c.poll();
        BOOST_CHECK_EQUAL(alive, 7);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

BOOST_DATA_TEST_CASE(a_session_that_owns_itself_is_destroyed, every_mode, m)
{
    // The usual pattern: handlers hold the session, which holds the socket.
    struct session : std::enable_shared_from_this<session>
    {
        session(tcp::socket s, std::atomic<int>& n) : socket(std::move(s)), count(n)
        {
            ++count;
        }
        ~session() { --count; }
        void start()
        {
            socket.async_receive(net::buffer(data), [self = this->shared_from_this()](
                                                        error_code, std::size_t) {});
        }
        tcp::socket socket;
        std::atomic<int>& count;
        std::array<char, 16> data;
    };
    descriptor_check check;
    std::atomic<int> sessions{0};
    {
        mode_context c(m);
        for (int i = 0; i != 10; ++i)
        {
            tcp_pair p(c);
            std::make_shared<session>(std::move(p.first), sessions)->start();
            std::make_shared<session>(std::move(p.second), sessions)->start();
        }
        c.run_one_for(5ms);
        BOOST_CHECK_GT(sessions, 0);
    }
    BOOST_CHECK_EQUAL(sessions, 0);
}

// Those behind the first have never been with the kernel.
BOOST_DATA_TEST_CASE(queued_accepts_are_destroyed, every_mode, m)
{
    descriptor_check check;
    auto const alive = std::make_shared<int>(0);
    {
        mode_context c(m);
        tcp::acceptor a(c, loopback());
        for (int i = 0; i != 3; ++i)
            a.async_accept([alive](error_code, tcp::socket)
                           { BOOST_ERROR("nobody connects"); });
        c.poll();
        BOOST_CHECK_EQUAL(alive.use_count(), 4);
    }
    BOOST_CHECK_EQUAL(alive.use_count(), 1);
}

BOOST_DATA_TEST_CASE(suspended_coroutines_are_destroyed, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> alive{0};
    struct guard
    {
        std::atomic<int>& n;
        explicit guard(std::atomic<int>& a) : n(a) { ++n; }
        ~guard() { --n; }
    };
    {
        mode_context c(m);
        auto const sleeper = [&]() -> net::awaitable<void>
        {
            guard g(alive);
            tcp::acceptor a(co_await net::this_coro::executor, loopback());
            tcp::socket s = co_await a.async_accept(net::use_awaitable);
            BOOST_ERROR("nobody connects");
        };
        for (int i = 0; i != 5; ++i)
            net::co_spawn(c, sleeper(), net::detached);
        c.poll();
        BOOST_CHECK_EQUAL(alive, 5);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

// The kernel takes no entry for a while: the descriptor stays open until it does.
BOOST_AUTO_TEST_CASE(close_waits_for_entries_that_the_kernel_has_not_taken)
{
    URIO_ON_URING_ONLY();
    descriptor_check check;
    net::io_context c;
    raw_pair p(c);
    net::post(c, [] {});
    run(c);
    char b[4];
    p.socket.async_receive(net::buffer(b), aborted());
    int const number = p.socket.native_handle();
    {
        faults f([](auto...) { return -EAGAIN; });
        p.socket.close();
        BOOST_CHECK(!p.socket.is_open());
        BOOST_CHECK_EQUAL(::fcntl(number, F_GETFD), 0); // still there
    }
    run(c);
    net::post(c, [] {});
    run(c);
    BOOST_CHECK_EQUAL(::fcntl(number, F_GETFD), -1);
    BOOST_CHECK(sees_end(p.peer));
}

BOOST_AUTO_TEST_CASE(close_from_another_thread_in_exclusive_mode)
{
    descriptor_check check;
    mode_context c(mode::exclusive);
    raw_pair p(c);
    char b[4];
    p.socket.async_receive(net::buffer(b), aborted());
    std::atomic<bool> running{false};
    net::post(c, [&] { running = true; });
    std::thread other(
        [&]
        {
            while (!running)
                std::this_thread::yield();
            p.socket.close();
        });
    run(c);
    other.join();
    // The loop closes it in its next turn.
    net::post(c, [] {});
    run(c);
    BOOST_CHECK_EQUAL(p.receive(1), "");
}

BOOST_AUTO_TEST_CASE(linger_is_honoured)
{
    net::io_context c;
    raw_pair p(c);
    p.socket.set_option(net::socket_base::linger(true, 0));
    char b[4];
    p.socket.async_receive(net::buffer(b), aborted());
    c.poll();
    p.socket.close(); // explicitly: a hard reset
    BOOST_CHECK_EQUAL(::recv(p.peer, b, 1, 0), -1);
    BOOST_CHECK_EQUAL(errno, ECONNRESET);
    run(c);

    // The destructor lets the connection linger in the background instead.
    int peer;
    {
        raw_pair q(c);
        q.socket.set_option(net::socket_base::linger(true, 0));
        peer = std::exchange(q.peer, -1);
    }
    BOOST_CHECK_EQUAL(::recv(peer, b, 1, 0), 0);
    ::close(peer);
}

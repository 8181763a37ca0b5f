// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The ring under pressure and with failing system calls: nothing is lost, and no
// such failure reaches the user unless nothing can be done about it.

#include "faults.hpp"

#include "descriptors.hpp"
#include "file.hpp"
#include "lost_completion.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"
#include "work.hpp"

#include <array>
#include <optional>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

} // namespace

// Every error that io_uring_enter(2) documents as temporary, on the first call, the
// second, and so on, until the work is done before the error is due.
BOOST_DATA_TEST_CASE(a_temporary_error_at_the_nth_enter, every_mode, m)
{
    for (int const error : {EAGAIN, EBUSY, EINTR, EBADR})
    {
        bool reached = true;
        for (int n = 1; reached; n += n < 20 ? 1 : 7)
        {
            descriptor_check check;
            reached = false;
            int calls = 0;
            faults* self = nullptr;
            faults f(
                [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags,
                    void* arg, std::size_t size)
                {
                    if (++calls == n)
                    {
                        reached = true;
                        return -error;
                    }
                    return self->enter(fd, submit, complete, flags, arg, size);
                });
            self = &f;
            mode_context c(m);
            work(c, 3);
        }
    }
}

BOOST_DATA_TEST_CASE(frequent_errors_of_all_kinds, every_mode, m)
{
    int calls = 0;
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        {
            constexpr int errors[] = {EAGAIN, EBUSY, EINTR, EBADR};
            if (++calls % 3 == 0)
                return -errors[calls / 3 % 4];
            return self->enter(fd, submit, complete, flags, arg, size);
        });
    self = &f;
    mode_context c(m);
    work(c, 100);
}

// The kernel takes fewer entries than it is offered.
BOOST_DATA_TEST_CASE(partial_submission, every_mode, m)
{
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        { return self->enter(fd, submit > 1 ? 1 : submit, complete, flags, arg, size); });
    self = &f;
    mode_context c(m);
    work(c);
}

BOOST_DATA_TEST_CASE(a_permanent_error_leaves_run_as_an_exception, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    char b[4];
    bool received = false;
    p.first.async_receive(net::buffer(b), [&](error_code ec, std::size_t n)
                          { received = !ec && n == 2; });
    {
        faults f([](auto...) { return -EFAULT; });
        BOOST_CHECK_EXCEPTION(
            c.run(), boost::system::system_error, [](auto& e)
            { return e.code() == error_code(EFAULT, boost::system::system_category()); });
    }
    // The context goes on where it was.
    p.second.send(net::buffer("ok", 2));
    run(c);
    BOOST_CHECK(received);
}

BOOST_DATA_TEST_CASE(ten_thousand_operations_in_one_handler, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    constexpr std::size_t n = 10000;
    temporary_file f(pattern(n));
    net::random_access_file file(c, f.path(), net::file_base::read_only);
    std::string got(n, '\0');
    std::size_t handlers = 0;
    net::post(c,
              [&]
              {
                  for (std::size_t i = 0; i != n; ++i)
                      file.async_read_some_at(i, net::buffer(&got[i], 1),
                                              [&](error_code ec, std::size_t r)
                                              {
                                                  BOOST_REQUIRE(!ec);
                                                  BOOST_REQUIRE_EQUAL(r, 1u);
                                                  ++handlers;
                                              });
                  auto const s = urio::statistics_of(c);
                  BOOST_CHECK_EQUAL(s.in_flight + s.immediate, n);
                  BOOST_CHECK_GT(s.backlogged, n / 2);
              });
    run(c);
    BOOST_CHECK_EQUAL(handlers, n);
    BOOST_CHECK(got == pattern(n));
    BOOST_CHECK_EQUAL(urio::statistics_of(c).in_flight, 0u);
}

BOOST_DATA_TEST_CASE(cancelling_ten_thousand_at_once, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    constexpr int n = 10000;
    raw_pair p(c);
    char b;
    int aborted = 0;
    net::post(c,
              [&]
              {
                  for (int i = 0; i != n / 2; ++i)
                  {
                      p.socket.async_receive(
                          net::buffer(&b, 1), [&](error_code ec, std::size_t)
                          { aborted += ec == net::error::operation_aborted; });
                      p.socket.async_wait(
                          tcp::socket::wait_read, [&](error_code ec)
                          { aborted += ec == net::error::operation_aborted; });
                  }
              });
    net::steady_timer t(c, 20ms);
    t.async_wait([&](error_code) { p.socket.cancel(); });
    run(c);
    BOOST_CHECK_EQUAL(aborted, n);
}

BOOST_AUTO_TEST_CASE(more_completions_than_the_queue_holds)
{
    for (auto mode : {urio::thread_mode::shared, urio::thread_mode::exclusive})
    {
        descriptor_check check;
        urio::uring_options options;
        options.entries = 8;
        options.cq_entries = 8;
        options.threads = mode;
        urio::io_context c(options);
        std::vector<std::unique_ptr<raw_pair>> pairs;
        int received = 0;
        char b;
        for (int i = 0; i != 200; ++i)
        {
            pairs.push_back(std::make_unique<raw_pair>(c));
            pairs.back()->socket.async_receive(
                net::buffer(&b, 1), [&](error_code ec, std::size_t) { received += !ec; });
        }
        // All of them wait in the kernel.
        net::steady_timer t(c, 5ms);
        t.async_wait(
            [&](error_code)
            {
                for (auto& p : pairs)
                    p->send("x");
            });
        run(c);
        BOOST_CHECK_EQUAL(received, 200);
        BOOST_CHECK_GT(urio::statistics_of(c).overflows, 0u);
        pairs.clear();
    }
}

// EBADR: the kernel had no memory to keep a completion. The operation it belonged to is
// found, and says so; the others are not harmed.
BOOST_DATA_TEST_CASE(a_lost_completion, every_mode, m)
{
    completion_loss loss;
    mode_context c(m);
    raw_pair victim(c), bystander(c);
    net::post(c, [] {});
    run(c);
    char a, b;
    std::optional<error_code> result;
    bool received = false;
    bystander.socket.async_receive(net::buffer(&b, 1),
                                   [&](error_code ec, std::size_t) { received = !ec; });
    victim.socket.async_receive(net::buffer(&a, 1),
                                [&](error_code ec, std::size_t)
                                {
                                    result = ec;
                                    bystander.send("y");
                                });
    net::steady_timer t(c, 5ms);
    t.async_wait(
        [&](error_code)
        {
            victim.send("x");
            loss.lose_next();
        });
    run(c);
    BOOST_REQUIRE(result);
    BOOST_CHECK_EQUAL(*result, error_code(urio::errc::completion_lost));
    BOOST_CHECK(received);
}

// The thread that would wake the loop cannot submit: the eventfd does it.
BOOST_DATA_TEST_CASE(a_wake_when_nothing_can_be_submitted, every_mode, m)
{
    mode_context c(m);
    work(c, 1);
    auto guard = net::make_work_guard(c);
    std::atomic<bool> failing{false};
    std::thread::id const loop = std::this_thread::get_id();
    faults* self = nullptr;
    faults f(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        {
            if (std::this_thread::get_id() != loop)
                return failing = true, -EAGAIN;
            return self->enter(fd, submit, complete, flags, arg, size);
        });
    self = &f;
    std::atomic<bool> running{false};
    net::post(c, [&] { running = true; });
    std::thread other(
        [&]
        {
            while (!running)
                std::this_thread::yield();
            for (int i = 0; i != 100; ++i)
            {
                std::atomic<bool> done{false};
                net::post(c, [&] { done = true; });
                while (!done)
                    std::this_thread::yield();
            }
            guard.reset();
        });
    run(c);
    other.join();
    if (options(m).threads == urio::thread_mode::shared)
        BOOST_CHECK(failing);
}

// The polls that end a wait find the queue full, too, and no wait begins without them.
BOOST_DATA_TEST_CASE(a_queue_that_is_exactly_full, every_mode, m)
{
    urio::uring_options o = options(m);
    o.entries = 4;
    net::io_context c(o);
    boost::asio::posix::stream_descriptor stock(c);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    stock.assign(ends[0]);
    char byte = 0, data[4];
    int done = 0;
    std::vector<tcp_pair> pairs;
    for (int i = 0; i != 4; ++i)
        pairs.emplace_back(c);
    for (int i = 0; i != 4; ++i)
        pairs[static_cast<std::size_t>(i)].first.async_receive(net::buffer(&data[i], 1),
                                                               [](auto&&...) {});
    stock.async_read_some(net::buffer(&byte, 1),
                          [&](error_code ec, std::size_t) { done += !ec; });
    std::thread other(
        [&]
        {
            net::post(c,
                      [&]
                      {
                          ++done;
                          BOOST_CHECK_EQUAL(::write(ends[1], "x", 1), 1);
                      });
        });
    auto const limit = std::chrono::steady_clock::now() + patience;
    while (done != 2 && std::chrono::steady_clock::now() < limit)
        c.run_one_for(patience);
    other.join();
    BOOST_CHECK_EQUAL(done, 2);
    ::close(ends[1]);
    for (tcp_pair& p : pairs)
        p.first.close();
    run(c);
}

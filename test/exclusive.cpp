// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The rules of the exclusive mode, and what happens to those who break them.

#include "descriptors.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

bool is_wrong_thread(const boost::system::system_error& e)
{
    return e.code() == urio::errc::wrong_thread;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_kernel_is_told)
{
    URIO_ON_URING_ONLY();
    net::io_context c(options(mode::exclusive));
    auto const info = urio::backend_of(c);
    BOOST_CHECK(info.threads == urio::thread_mode::exclusive);
    constexpr unsigned defer_taskrun = 1u << 13;
    URIO_REQUIRE_OR_SKIP(info.setup_flags & defer_taskrun,
                         "needs IORING_SETUP_DEFER_TASKRUN (Linux 6.1)");
    net::io_context s;
    BOOST_CHECK(urio::backend_of(s).threads == urio::thread_mode::shared);
    BOOST_CHECK(!(urio::backend_of(s).setup_flags & defer_taskrun));
}

BOOST_AUTO_TEST_CASE(the_second_thread_to_run_it_is_refused)
{
    net::io_context c(options(mode::exclusive));
    raw_pair p(c);
    char b;
    p.socket.async_receive(net::buffer(&b, 1),
                           once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    c.poll();
    bool refused = false;
    std::thread(
        [&]
        {
            try
            {
                c.run();
            }
            catch (const boost::system::system_error& e)
            {
                refused = is_wrong_thread(e);
            }
        })
        .join();
    BOOST_CHECK(refused);
    // The first is not disturbed.
    p.send("x");
    run(c);
}

BOOST_AUTO_TEST_CASE(a_context_that_never_ran_may_be_run_by_anybody)
{
    net::io_context c(options(mode::exclusive));
    raw_pair p(c);
    char b;
    bool received = false;
    p.socket.async_receive(net::buffer(&b, 1),
                           [&](error_code ec, std::size_t) { received = !ec; });
    p.send("x");
    std::thread([&] { c.run(); }).join();
    BOOST_CHECK(received);
}

BOOST_AUTO_TEST_CASE(release_on_the_wrong_thread_says_so)
{
    URIO_ON_URING_ONLY(); // with a reactor any thread may
    net::io_context c(options(mode::exclusive));
    raw_pair p(c);
    char b;
    p.socket.async_receive(net::buffer(&b, 1),
                           once([](error_code ec, std::size_t)
                                { BOOST_CHECK(ec == net::error::operation_aborted); }));
    c.poll();
    error_code ec;
    std::thread([&] { p.socket.release(ec); }).join();
    BOOST_CHECK(ec == urio::errc::wrong_thread);
    BOOST_CHECK(p.socket.is_open());
    int const fd = p.socket.release();
    run(c);
    ::close(fd);

    // Without anything pending it makes no difference.
    raw_pair q(c);
    int other = -1;
    std::thread([&] { other = q.socket.release(); }).join();
    BOOST_CHECK_GE(other, 0);
    ::close(other);
}

BOOST_AUTO_TEST_CASE(destroyed_by_another_thread_with_nothing_in_flight)
{
    descriptor_check check;
    auto c = std::make_unique<net::io_context>(options(mode::exclusive));
    {
        tcp_pair p(*c);
        char b;
        p.first.async_receive(net::buffer(&b, 1), [](error_code, std::size_t) {});
        p.second.send(net::buffer("x", 1));
        c->run();
    }
    // The loop's own requests are in flight, and concern nobody: the thread that ran it
    // lives, and another one destroys it.
    std::thread([&] { c.reset(); }).join();
}

BOOST_AUTO_TEST_CASE(destroyed_after_the_thread_that_ran_it_has_exited)
{
    descriptor_check check;
    std::atomic<int> alive{0};
    {
        net::io_context c(options(mode::exclusive));
        raw_pair p(c);
        char b;
        p.socket.async_receive(net::buffer(&b, 1), never(alive));
        std::thread([&] { c.poll(); }).join();
        BOOST_CHECK_EQUAL(alive, 1);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

// Never a hang, never a leak: the program ends, with a message.
BOOST_AUTO_TEST_CASE(destroyed_by_the_wrong_thread_with_operations_in_flight)
{
    URIO_ON_URING_ONLY(); // with a reactor any thread may
    int output[2];
    BOOST_REQUIRE_EQUAL(::pipe(output), 0);
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
    {
        ::dup2(output[1], 2);
        std::set_terminate([] { ::_exit(42); });
        auto c = std::make_unique<net::io_context>(options(mode::exclusive));
        auto p = std::make_unique<raw_pair>(*c);
        char b;
        p->socket.async_receive(net::buffer(&b, 1), [](error_code, std::size_t) {});
        std::atomic<bool> ran{false}, end{false};
        std::thread owner(
            [&]
            {
                c->poll();
                ran = true;
                while (!end)
                    std::this_thread::yield();
            });
        while (!ran)
            std::this_thread::yield();
        p.release();
        c.reset();
        ::_exit(1);
    }
    ::close(output[1]);
    int status = 0;
    BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
    BOOST_CHECK(WIFEXITED(status));
    BOOST_CHECK_EQUAL(WEXITSTATUS(status), 42);
    char text[1000] = {};
    BOOST_CHECK_GT(::read(output[0], text, sizeof text - 1), 0);
    BOOST_CHECK(std::string(text).find("must be destroyed by the thread that ran it") !=
                std::string::npos);
    ::close(output[0]);
}

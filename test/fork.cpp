// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// fork(2), with the notifications that Asio's contract asks for and without.

#include "child.hpp"
#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <optional>
#include <thread>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

/// Runs the context, in a child, until it has no more work.
void run_all(expectations& expect, boost::asio::io_context& context)
{
    context.restart();
    context.run_for(patience);
    expect(context.stopped(), "still pending after the time limit");
}

} // namespace

BOOST_DATA_TEST_CASE(the_parent_goes_on, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    tcp_pair p(c);
    char byte = 0;
    p.second.async_receive(net::buffer(&byte, 1),
                           once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    c.poll();
    check_child(notified_fork(c, [](expectations&) {}));
    p.first.async_send(net::buffer("x", 1),
                       once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK_EQUAL(byte, 'x');
}

// Receives, timers and stock objects that were pending go on in the child, on a ring of
// its own. They are pending in the parent, too: it gives them up before anything
// happens, for either process might otherwise be the one that receives.
BOOST_DATA_TEST_CASE(the_child_goes_on, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    std::optional<tcp_pair> p(std::in_place, c);
    boost::asio::ip::tcp::acceptor stock(c, loopback());
    char byte = 0;
    int received = 0, expired = 0, accepted = 0;
    p->second.async_receive(net::buffer(&byte, 1),
                            [&](error_code ec, std::size_t) { received += !ec; });
    stock.async_accept([&](error_code ec, boost::asio::ip::tcp::socket)
                       { accepted += !ec; });
    net::steady_timer timer(c, 1h);
    timer.async_wait([&](error_code ec) { expired += !ec; });
    c.poll();

    std::optional<gate> parent_is_out(std::in_place);
    ::pid_t const child = notified_fork(
        c,
        [&](expectations& expect)
        {
            parent_is_out->wait();
            // What is tried in vain is waited for, by what is the child's own.
            c.restart();
            c.poll();
            tcp::socket client(c);
            client.connect(stock.local_endpoint());
            timer.expires_after(1ms);
            timer.async_wait([&](error_code ec) { expired += !ec; });
            p->first.async_send(net::buffer("x", 1), [](error_code, std::size_t) {});
            run_all(expect, c);
            expect(received == 1 && byte == 'x', "the pending receive");
            expect(accepted == 1, "the pending accept of a stock acceptor");
            expect(expired == 1, "the timer");
            expect(net::backend_of(c).kind == expected_backend(),
                   "an engine in the child");
        });
    p.reset();
    timer.cancel();
    stock.close();
    run(c);
    parent_is_out->open();
    check_child(child);
    parent_is_out.reset();
    BOOST_CHECK_EQUAL(received + expired + accepted, 0);
}

BOOST_DATA_TEST_CASE(both_use_what_they_have, every_mode, m)
{
    mode_context c(m);
    tcp_pair for_parent(c), for_child(c);
    const auto exchange = [&](tcp_pair& pair, auto&& check)
    {
        char got[4] = {};
        net::async_read(
            pair.second, net::buffer(got, 3), [&](error_code ec, std::size_t n)
            { check(!ec && n == 3 && std::string(got) == "abc", "exchange"); });
        net::async_write(pair.first, net::buffer("abc", 3),
                         [&](error_code ec, std::size_t) { check(!ec, "write"); });
        c.restart();
        c.run_for(patience);
        check(c.stopped(), "all of it");
    };
    const auto with_boost = [](bool holds, const char* what)
    { BOOST_CHECK_MESSAGE(holds, what); };
    exchange(for_parent, with_boost);
    ::pid_t const child = notified_fork(c,
                                        [&](expectations& expect)
                                        {
                                            for (int i = 0; i != 100; ++i)
                                                exchange(for_child, expect);
                                        });
    for (int i = 0; i != 100; ++i)
        exchange(for_parent, with_boost);
    check_child(child);
}

// A write that was started takes place once, though two processes have it pending.
BOOST_DATA_TEST_CASE(file_operations_take_place_once, every_mode, m)
{
    temporary_file file;
    mode_context c(m);
    net::stream_file f(c, file.path(),
                       net::file_base::write_only | net::file_base::append);
    std::string const record(100'000, 'r');
    int written = 0;
    for (int i = 0; i != 8; ++i)
        f.async_write_some(net::buffer(record), [&](error_code ec, std::size_t n)
                           { written += !ec && n == record.size(); });
    ::pid_t const child = notified_fork(c,
                                        [&](expectations& expect)
                                        {
                                            run_all(expect, c);
                                            expect(written == 8, "the handlers");
                                        });
    run(c);
    BOOST_CHECK_EQUAL(written, 8);
    check_child(child);
    BOOST_CHECK_EQUAL(file.content().size(), 8 * record.size());
}

// Without a notification the child has no ring: its operations fail and say why, and
// nothing that it does reaches the parent's.
BOOST_DATA_TEST_CASE(a_child_that_does_not_notify, every_mode, m)
{
    std::optional<mode_context> c(std::in_place, m);
    std::optional<tcp_pair> p(std::in_place, *c);
    char byte = 0;
    p->second.async_receive(net::buffer(&byte, 1), [](error_code, std::size_t) {});
    c->poll();
    in_child(
        [&](expectations& expect)
        {
            error_code failed;
            try
            {
                p->first.async_send(net::buffer("y", 1),
                                    [&](error_code ec, std::size_t) { failed = ec; });
                c->restart();
                c->run_one_for(patience);
            }
            catch (const boost::system::system_error& e)
            {
                failed = e.code();
            }
            expect(failed == net::errc::forked_without_notification, failed.message());
            p->second.cancel();
            p.reset();
            c.reset();
        });
    BOOST_CHECK_EQUAL(byte, 0);
    p->first.async_send(net::buffer("x", 1),
                        once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(*c);
    BOOST_CHECK_EQUAL(byte, 'x');
}

// The usual fork and exec: nothing to notify, and what belongs to the engine is not
// inherited. (Sockets and files are, as Asio's are.)
BOOST_DATA_TEST_CASE(the_engines_descriptors_do_not_outlive_exec, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    c.poll();
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    {
        std::error_code ec;
        auto const target = std::filesystem::read_symlink(entry.path(), ec).string();
        if (target.find("anon_inode:") == target.npos)
            continue;
        ++found;
        int const fd = std::stoi(entry.path().filename());
        BOOST_CHECK_MESSAGE((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0,
                            target << " is inherited");
    }
    BOOST_CHECK_GE(found, 3); // the ring, its eventfd, the epoll descriptor
}

BOOST_AUTO_TEST_CASE(a_chain_of_forks)
{
    net::io_context c;
    std::optional<tcp_pair> p(std::in_place, c);
    char byte = 0;
    int received = 0;
    p->second.async_receive(net::buffer(&byte, 1),
                            [&](error_code ec, std::size_t) { received += !ec; });
    c.poll();
    gate parent_is_out, child_is_out;
    const auto get_out = [&](gate& g)
    {
        p.reset();
        c.restart();
        c.run_for(patience);
        g.open();
    };
    ::pid_t const child = notified_fork(
        c,
        [&](expectations& expect)
        {
            c.notify_fork(net::execution_context::fork_prepare);
            ::pid_t const grandchild = ::fork();
            if (grandchild == 0)
                run_child(
                    [&](expectations& grandchild_expects)
                    {
                        c.notify_fork(net::execution_context::fork_child);
                        parent_is_out.wait();
                        child_is_out.wait();
                        p->first.send(net::buffer("x", 1));
                        run_all(grandchild_expects, c);
                        grandchild_expects(received == 1, "the pending receive");
                    });
            c.notify_fork(net::execution_context::fork_parent);
            get_out(child_is_out);
            int status = 0;
            ::waitpid(grandchild, &status, 0);
            expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the grandchild");
        });
    get_out(parent_is_out);
    check_child(child);
    BOOST_CHECK_EQUAL(received, 0);
}

// The reactor makes itself a new timer descriptor in the child, which nobody watches.
BOOST_DATA_TEST_CASE(timers_set_right_after_the_fork, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    c.poll();
    check_child(notified_fork(c,
                              [&](expectations& expect)
                              {
                                  int expired = 0;
                                  net::steady_timer timer(c, 10ms);
                                  timer.async_wait([&](error_code) { ++expired; });
                                  c.restart();
                                  c.run_for(patience);
                                  expect(expired == 1, "the timer");
                              }));
}

BOOST_DATA_TEST_CASE(a_child_that_does_not_notify_may_poll, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    char byte = 0;
    p.second.async_receive(net::buffer(&byte, 1), [](auto&&...) {});
    c.poll();
    in_child(
        [&](expectations& expect)
        {
            error_code failed;
            try
            {
                c.restart();
                c.poll();
            }
            catch (const boost::system::system_error& e)
            {
                failed = e.code();
            }
            expect(failed == net::errc::forked_without_notification, failed.message());
        });
    p.second.cancel();
    run(c);
}

// A server forks into the background before the thread that runs it exists.
BOOST_AUTO_TEST_CASE(an_exclusive_context_may_be_forked_before_it_runs)
{
    mode_context c(mode::exclusive);
    tcp_pair p(c);
    check_child(notified_fork(c, [](expectations&) {}));
    std::thread([&] { c.run(); }).join();
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Children that only want to call exec, that share the memory of their parent, or whose
// parent had other threads; and what happens between the notification and the fork.

#include "child.hpp"
#include "descriptors.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <urio/reactor.hpp>
#include <urio/reactor_service.hpp>

// A library of Boost's that this one does not need would have to be linked otherwise.
#define BOOST_PROCESS_USE_STD_FS
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

/// Forks as every launcher does, but for the exec at the end.
template <class Function>
void launch(boost::asio::io_context& context, Function before_notification)
{
    context.notify_fork(net::execution_context::fork_prepare);
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
        run_child(
            [&](expectations&)
            {
                before_notification();
                context.notify_fork(net::execution_context::fork_child);
            });
    context.notify_fork(net::execution_context::fork_parent);
    check_child(child);
}

void launch(boost::asio::io_context& context)
{
    launch(context, [] {});
}

std::string take_all(int descriptor)
{
    std::string all;
    char some[65536];
    for (::ssize_t n; (n = ::recv(descriptor, some, sizeof some, MSG_DONTWAIT)) > 0;)
        all.append(some, static_cast<std::size_t>(n));
    return all;
}

} // namespace

// What had arrived before the fork is the parent's as long as the child does not run.
BOOST_DATA_TEST_CASE(the_notification_takes_nothing_from_the_parent, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char bytes[8] = {};
    std::size_t received = 0;
    p.socket.async_receive(net::buffer(bytes), once([&](error_code ec, std::size_t n)
                                                    { received = ec ? 0 : n; }));
    tcp::acceptor acceptor(c, loopback());
    int accepted = 0;
    acceptor.async_accept(once([&](error_code ec, tcp::socket) { accepted += !ec; }));
    net::ip::udp::socket udp(c, {net::ip::address_v4::loopback(), 0});
    net::ip::udp::endpoint from;
    char datagram[8];
    std::size_t datagrams = 0;
    udp.async_receive_from(net::buffer(datagram), from,
                           once([&](error_code ec, std::size_t) { datagrams += !ec; }));
    c.poll();

    p.send("hello");
    boost::asio::io_context others;
    boost::asio::ip::tcp::socket client(others);
    client.connect(acceptor.local_endpoint());
    net::ip::udp::socket sender(c, {net::ip::address_v4::loopback(), 0});
    sender.send_to(net::buffer("dg", 2), udp.local_endpoint());

    launch(c);
    run(c);
    BOOST_CHECK_EQUAL(received, 5u);
    BOOST_CHECK_EQUAL(accepted, 1);
    BOOST_CHECK_EQUAL(datagrams, 1u);
}

// A write waits for room, and there is room when the child is notified.
BOOST_DATA_TEST_CASE(the_notification_sends_nothing_twice, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    p.socket.set_option(net::socket_base::send_buffer_size(8192));
    std::string const all(300'000, 'x');
    bool written = false;
    net::async_write(
        p.socket, net::buffer(all),
        once([&](error_code ec, std::size_t n) { written = !ec && n == all.size(); }));
    c.restart();
    c.poll();
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    launch(c,
           [&]
           {
               std::size_t const n = take_all(p.peer).size();
               (void)!::write(ends[1], &n, sizeof n);
           });
    std::size_t taken = 0;
    BOOST_REQUIRE_EQUAL(::read(ends[0], &taken, sizeof taken),
                        static_cast<::ssize_t>(sizeof taken));
    ::close(ends[0]);
    ::close(ends[1]);

    std::thread reader([&] { taken += p.receive(all.size() - taken).size(); });
    run(c);
    reader.join();
    BOOST_CHECK(written);
    BOOST_CHECK_EQUAL(taken, all.size());
    BOOST_CHECK_EQUAL(take_all(p.peer).size(), 0u);
}

// What the child starts itself does not set off what is pending.
BOOST_DATA_TEST_CASE(what_is_pending_waits_for_the_first_turn, every_mode, m)
{
    mode_context c(m);
    raw_pair inherited(c), own(c);
    char byte = 0;
    inherited.socket.async_receive(net::buffer(&byte, 1), [](error_code, std::size_t) {});
    c.restart();
    c.poll();
    c.notify_fork(net::execution_context::fork_prepare);
    in_child(
        [&](expectations& expect)
        {
            c.notify_fork(net::execution_context::fork_child);
            (void)!::send(inherited.peer, "x", 1, MSG_NOSIGNAL);
            char other = 0;
            own.socket.async_receive(net::buffer(&other, 1),
                                     [](error_code, std::size_t) {});
            own.socket.cancel();
            own.socket.set_option(net::ip::tcp::no_delay(true));
            char peeked = 0;
            expect(::recv(inherited.socket.native_handle(), &peeked, 1,
                          MSG_PEEK | MSG_DONTWAIT) == 1,
                   "the byte is still there");
            c.restart();
            c.run_for(patience);
            expect(c.stopped() && byte == 'x', "the first turn receives it");
        });
    c.notify_fork(net::execution_context::fork_parent);
    inherited.socket.cancel();
    run(c);
}

// A connection that is accepted between the notification and the fork would be open in
// the child, and known to nobody there.
BOOST_DATA_TEST_CASE(nothing_is_accepted_between_prepare_and_fork, every_mode, m)
{
    mode_context c(m);
    tcp::acceptor acceptor(c, loopback());
    boost::asio::io_context others;
    for (int i = 0; i != 10; ++i)
    {
        int accepted = 0;
        acceptor.async_accept(once([&](error_code ec, tcp::socket) { accepted += !ec; }));
        c.restart();
        c.poll();
        boost::asio::ip::tcp::socket client(others);
        client.open(boost::asio::ip::tcp::v4());
        c.notify_fork(net::execution_context::fork_prepare);
        std::size_t const known = open_descriptors();
        client.connect(acceptor.local_endpoint());
        in_child([&](expectations& expect)
                 { expect(open_descriptors() == known, "an unknown descriptor"); });
        c.notify_fork(net::execution_context::fork_parent);
        run(c);
        BOOST_CHECK_EQUAL(accepted, 1);
    }
}

// A program that forks into the background: the parent is gone when the child goes on.
BOOST_DATA_TEST_CASE(what_comes_after_prepare_is_not_lost_with_the_parent, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char byte = 0;
    int received = 0;
    p.socket.async_receive(net::buffer(&byte, 1),
                           [&](error_code ec, std::size_t) { received += !ec; });
    c.restart();
    c.poll();
    c.notify_fork(net::execution_context::fork_prepare);
    p.send("x");
    in_child(
        [&](expectations& expect)
        {
            c.notify_fork(net::execution_context::fork_child);
            c.restart();
            c.run_for(patience);
            expect(c.stopped() && received == 1 && byte == 'x', "the pending receive");
        });
    c.notify_fork(net::execution_context::fork_parent);
    p.socket.cancel();
    run(c);
    BOOST_CHECK_EQUAL(received, 0);
}

// fork(2) has failed, and nobody says so.
BOOST_DATA_TEST_CASE(a_fork_that_does_not_take_place, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char bytes[2] = {};
    net::async_read(p.socket, net::buffer(bytes),
                    once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    c.restart();
    c.poll();
    c.notify_fork(net::execution_context::fork_prepare);
    p.send("xy");
    run(c);
}

// In a frame of its own, which the child does not leave.
[[gnu::noinline]] static ::pid_t notified_vfork(boost::asio::io_context& context)
{
    ::pid_t const child = ::vfork();
    if (child == 0)
    {
        context.notify_fork(net::execution_context::fork_child);
        ::_exit(0);
    }
    return child;
}

// vfork(2): the child is in the memory of its parent.
BOOST_DATA_TEST_CASE(a_child_that_shares_the_memory, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c), watched(c);
    auto& service = boost::asio::use_service<net::reactor_service>(c);
    net::reactor::source_fd source(watched.peer);
    service.registry().register_source(source, net::reactor::token(7),
                                       net::reactor::interest::readable);
    int events = 0;
    service.async_wait(net::reactor::token(7),
                       [&](error_code ec, net::reactor::event) { events += !ec; });
    boost::asio::ip::tcp::acceptor stock(c, loopback());
    int accepted = 0;
    stock.async_accept([&](error_code ec, boost::asio::ip::tcp::socket)
                       { accepted += !ec; });
    char byte = 0;
    for (int i = 0; i != 3; ++i)
    {
        int received = 0;
        p.socket.async_receive(net::buffer(&byte, 1), once([&](error_code ec, std::size_t)
                                                           { received += !ec; }));
        c.restart();
        c.poll();
        c.notify_fork(net::execution_context::fork_prepare);
        ::pid_t const child = notified_vfork(c);
        BOOST_REQUIRE(child > 0);
        c.notify_fork(net::execution_context::fork_parent);
        check_child(child);
        p.send("x");
        c.restart();
        while (received == 0 && c.run_one_for(patience) != 0)
            ;
        BOOST_CHECK_EQUAL(received, 1);
    }
    boost::asio::io_context others;
    boost::asio::ip::tcp::socket client(others);
    client.connect(stock.local_endpoint());
    watched.socket.send(net::buffer("x", 1));
    bool expired = false;
    net::steady_timer timer(c, 1ms);
    timer.async_wait([&](error_code ec) { expired = !ec; });
    run(c);
    BOOST_CHECK_EQUAL(events, 1);
    BOOST_CHECK_EQUAL(accepted, 1);
    BOOST_CHECK(expired);
    service.registry().deregister(source);
}

namespace
{

/// Threads that keep a context, and its locks, busy.
class busy_context
{
public:
    busy_context()
    {
        for (auto& p : pairs_)
            bounce(p->sockets.first, p->sockets.second, p->byte);
        for (std::thread& t : threads_)
            t = std::thread([&] { context.run(); });
    }

    ~busy_context()
    {
        ending_ = true;
        for (std::thread& t : threads_)
            t.join();
    }

    net::io_context context;

private:
    struct ball
    {
        tcp_pair sockets;
        char byte = 0;
    };

    void bounce(tcp::socket& from, tcp::socket& to, char& byte)
    {
        if (ending_)
            return;
        from.async_send(net::buffer("x", 1), [](error_code, std::size_t) {});
        to.async_receive(net::buffer(&byte, 1), [&](error_code ec, std::size_t)
                         { ec ? void() : bounce(to, from, byte); });
    }

    std::vector<std::unique_ptr<ball>> make_pairs()
    {
        std::vector<std::unique_ptr<ball>> made;
        for (int i = 0; i != 4; ++i)
            made.push_back(std::make_unique<ball>(tcp_pair(context)));
        return made;
    }

    std::vector<std::unique_ptr<ball>> pairs_ = make_pairs();
    std::atomic<bool> ending_{false};
    std::thread threads_[2];
};

// A child that hangs ends here, long after any that does not.
constexpr unsigned seconds_for_a_child = 120;

constexpr int forks = 150;

} // namespace

// Launchers know nothing of the threads of the program.
BOOST_AUTO_TEST_CASE(notified_children_of_a_busy_program)
{
    busy_context busy;
    boost::asio::use_service<net::reactor_service>(busy.context);
    for (int i = 0; i != forks; ++i)
        launch(busy.context, [] { ::alarm(seconds_for_a_child); });
}

// Whatever a child does with what it has inherited, it waits for no thread that is not
// there.
BOOST_AUTO_TEST_CASE(children_of_a_busy_program_that_do_not_notify)
{
    busy_context busy;
    tcp_pair idle(busy.context), pending(busy.context);
    char byte = 0;
    pending.first.async_receive(net::buffer(&byte, 1), [](error_code, std::size_t) {});
    net::random_access_file file(busy.context, "/proc/self/exe",
                                 net::file_base::read_only);
    boost::asio::use_service<net::reactor_service>(busy.context);
    for (int i = 0; i != forks; ++i)
        in_child(
            [&](expectations& expect)
            {
                ::alarm(seconds_for_a_child);
                idle.first.cancel();
                pending.first.cancel();
                pending.first.close();
                expect(idle.second.release() >= 0, "the descriptor");
                tcp::socket another(busy.context);
                another.open(tcp::v4());
                another.close();
                file.close();
                bool refused = false;
                try
                {
                    idle.first.async_receive(net::buffer(&byte, 1),
                                             [](error_code, std::size_t) {});
                }
                catch (const boost::system::system_error& e)
                {
                    refused = e.code() == net::errc::forked_without_notification;
                }
                expect(refused, "an operation");
                idle.first.close();
            });
    pending.first.close();
}

// The output of ten processes, all of it.
BOOST_DATA_TEST_CASE(boost_process_on_pipes, every_mode, m)
{
    namespace process = boost::process::v2;
    constexpr int processes = 10;
    mode_context c(m);
    std::vector<net::readable_pipe> pipes;
    std::vector<std::string> output(processes);
    std::vector<std::unique_ptr<process::basic_process<net::any_io_executor>>> children;
    for (int i = 0; i != processes; ++i)
        pipes.emplace_back(c);
    for (std::size_t i = 0; i != processes; ++i)
    {
        children.push_back(std::make_unique<process::basic_process<net::any_io_executor>>(
            net::any_io_executor(c.get_executor()), "/bin/echo",
            std::vector<std::string>{"process", std::to_string(i)},
            process::process_stdio{nullptr, pipes[i], nullptr}));
        net::async_read(pipes[i], net::dynamic_buffer(output[i]),
                        once([](error_code ec, std::size_t)
                             { BOOST_CHECK_EQUAL(ec, net::error::eof); }));
    }
    run(c);
    for (std::size_t i = 0; i != processes; ++i)
    {
        BOOST_CHECK_EQUAL(output[i], "process " + std::to_string(i) + "\n");
        BOOST_CHECK_EQUAL(children[i]->wait(), 0);
    }
}

// A destructor does not linger, and neither does the loop, if it is the one that closes.
BOOST_DATA_TEST_CASE(a_destructor_does_not_linger, every_mode, m)
{
    mode_context c(m);
    auto p = std::make_unique<tcp_pair>(c);
    tcp::socket peer = std::move(p->second);
    auto s = std::make_unique<tcp::socket>(std::move(p->first));
    std::string const much(1 << 20, 'x');
    s->non_blocking(true);
    for (error_code ec; !ec;)
        s->send(net::buffer(much), 0, ec);
    s->non_blocking(false);
    // Longer than anybody would wait for this test.
    s->set_option(net::socket_base::linger(true, 10'000));
    auto work = net::make_work_guard(c);
    std::thread loop([&] { c.run(); });
    std::promise<void> in_a_handler, go_on;
    net::post(c,
              [&]
              {
                  in_a_handler.set_value();
                  go_on.get_future().wait();
              });
    in_a_handler.get_future().wait();
    char byte;
    s->async_receive(net::buffer(&byte, 1),
                     once([](error_code ec, std::size_t) { BOOST_CHECK(ec); }));
    s.reset();
    go_on.set_value();
    std::promise<void> ran;
    net::post(c, [&] { ran.set_value(); });
    ran.get_future().wait();
    work.reset();
    loop.join();
}

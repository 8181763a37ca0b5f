// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The promises of the engine and the loop, each by name: doc/invariants.md numbers them
// and says where else they are tested.

#include "descriptors.hpp"
#include "faults.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

urio::uring_options small(urio::uring_options o)
{
    o.entries = 2;
    o.cq_entries = 4;
    return o;
}

/// Writes its results down.
struct noting
{
    std::string& log;
    const char* what;

    void operator()(error_code ec) const
    {
        log += std::string(what) + ' ' + ec.category().name() + ':' +
               std::to_string(ec.value()) + '\n';
    }

    void operator()(error_code ec, std::size_t n) const
    {
        (*this)(ec);
        log += std::to_string(n) + " bytes\n";
    }
};

} // namespace

// 10. A failed submission leaves no entry behind that points at released memory: what was
// prepared stays prepared until the kernel takes it, and so does the operation.
BOOST_DATA_TEST_CASE(a_failed_submission_keeps_its_operations, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    char byte = 0;
    int failures = 0;
    {
        faults f(
            [&](unsigned, unsigned, unsigned, unsigned, void*, std::size_t) -> int
            {
                ++failures;
                return -EAGAIN;
            });
        p.second.async_receive(net::buffer(&byte, 1), once([](error_code ec, std::size_t)
                                                           { BOOST_CHECK(!ec); }));
        p.first.send(net::buffer("x", 1));
        for (int i = 0; i != 5; ++i)
            c.poll();
        BOOST_CHECK_GT(failures, 0);
        BOOST_CHECK_EQUAL(net::statistics_of(c).in_flight, 1u);
        BOOST_CHECK_EQUAL(byte, 0);
    }
    run(c);
    BOOST_CHECK_EQUAL(byte, 'x');
}

// 11. A full submission queue and an overflowing completion queue hold back, and lose
// nothing.
BOOST_DATA_TEST_CASE(full_queues_lose_nothing, every_mode, m)
{
    temporary_file file(pattern(4096));
    net::io_context c(small(options(m)));
    net::random_access_file f(c, file.path(), net::file_base::read_only);
    std::vector<char> data(4096);
    int done = 0;
    net::post(c,
              [&]
              {
                  for (std::size_t i = 0; i != data.size(); ++i)
                      f.async_read_some_at(i, net::buffer(&data[i], 1),
                                           [&](error_code ec, std::size_t n)
                                           { done += !ec && n == 1; });
              });
    run(c);
    BOOST_CHECK_EQUAL(done, 4096);
    BOOST_CHECK(std::string(data.begin(), data.end()) == pattern(4096));
    BOOST_CHECK_GT(net::statistics_of(c).backlogged, 0u);
}

// 13. Success and error alike give back the caller's buffer, and the length grows by what
// has arrived alone.
BOOST_DATA_TEST_CASE(lengths_grow_by_what_arrived, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    std::string data;
    net::async_read_until(p.socket, net::dynamic_buffer(data), "\n",
                          once(
                              [&](error_code ec, std::size_t n)
                              {
                                  BOOST_CHECK(ec == net::error::eof);
                                  BOOST_CHECK_EQUAL(n, 0u);
                              }));
    p.send("no end of line");
    p.close_peer();
    run(c);
    BOOST_CHECK_EQUAL(data, "no end of line");
}

// 14. Shutdown stops intake, cancels everything and reaps it all; the handlers are
// destroyed afterwards, and not invoked, though each may destroy further objects.
BOOST_DATA_TEST_CASE(shutdown_destroys_and_does_not_invoke, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> alive{0};
    temporary_file file(pattern(1 << 20));
    {
        mode_context c(m);
        std::vector<std::shared_ptr<tcp_pair>> pairs;
        auto f = std::make_shared<net::random_access_file>(c, file.path(),
                                                           net::file_base::read_write);
        auto block = std::make_shared<std::array<char, 65536>>();
        for (int i = 0; i != 20; ++i)
        {
            auto p = std::make_shared<tcp_pair>(c);
            p->second.async_receive(net::buffer(*block), [p, block, n = never(alive)](
                                                             auto&&...) mutable { n(); });
            p->first.async_wait(tcp::socket::wait_error,
                                [p, n = never(alive)](auto&&...) mutable { n(); });
        }
        c.poll();
        for (int i = 0; i != 50; ++i)
            f->async_write_some_at(static_cast<unsigned>(i) * 100u, net::buffer(*block),
                                   [f, block, n = never(alive)](auto&&...) mutable
                                   { n(); });
        BOOST_CHECK_EQUAL(alive, 90);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

// 15. The program's code never runs under the engine's lock: a handler, an allocator, a
// cancellation slot and a destructor may all use the engine.
BOOST_DATA_TEST_CASE(user_code_runs_without_the_lock, every_mode, m)
{
    struct reentrant
    {
        tcp::socket* s;
        ~reentrant()
        {
            if (s)
                s->cancel();
        }
        reentrant(tcp::socket& x) : s(&x) {}
        reentrant(reentrant&& other) noexcept : s(std::exchange(other.s, nullptr)) {}
    };
    mode_context c(m);
    raw_pair p(c);
    char byte = 0;
    net::cancellation_signal signal;
    int calls = 0;
    p.socket.async_wait(tcp::socket::wait_read,
                        net::bind_cancellation_slot(
                            signal.slot(),
                            [&, r = reentrant(p.socket)](error_code ec)
                            {
                                BOOST_CHECK(ec == net::error::operation_aborted);
                                ++calls;
                                p.socket.async_receive(
                                    net::buffer(&byte, 1),
                                    [&](error_code e, std::size_t)
                                    {
                                        // By the destructor of the handler above.
                                        BOOST_CHECK(e == net::error::operation_aborted);
                                        ++calls;
                                        p.socket.close();
                                    });
                            }));
    c.poll();
    signal.emit(net::cancellation_type::all);
    run(c);
    BOOST_CHECK_EQUAL(calls, 2);
}

// 17. A write that is cancelled may still land; what its handler says is what happened.
BOOST_DATA_TEST_CASE(a_cancelled_write_tells_the_truth, every_mode, m)
{
    temporary_file file;
    mode_context c(m);
    net::random_access_file f(c, file.path(), net::file_base::read_write);
    std::array<bool, 100> written{};
    for (unsigned i = 0; i != written.size(); ++i)
        f.async_write_some_at(i, net::buffer("x", 1),
                              [&, i](error_code ec, std::size_t n)
                              {
                                  BOOST_CHECK(
                                      (!ec && n == 1) ||
                                      (ec == net::error::operation_aborted && n == 0));
                                  written[i] = n == 1;
                              });
    f.cancel();
    run(c);
    std::string const content = file.content();
    for (unsigned i = 0; i != written.size(); ++i)
        BOOST_CHECK_EQUAL(written[i], i < content.size() && content[i] == 'x');
}

// 19. Handlers are invoked by threads that run the context, through their executor, and
// never inside the initiating function, even if the result is known at once.
BOOST_DATA_TEST_CASE(handlers_run_in_the_context, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    tcp::socket closed(c);
    char byte = 0;
    int calls = 0;
    bool initiating = true;
    auto strand = net::make_strand(c);
    auto const handler = [&](auto&&...)
    {
        ++calls;
        BOOST_CHECK(!initiating);
        BOOST_CHECK(strand.running_in_this_thread());
    };
    auto const in_strand = [&] { return net::bind_executor(strand, handler); };
    p.first.send(net::buffer("ready", 5));
    p.second.async_receive(net::buffer(&byte, 1), in_strand());
    p.second.async_receive(net::mutable_buffer(), in_strand());
    p.first.async_send(net::buffer("x", 1), in_strand());
    closed.async_receive(net::buffer(&byte, 1), in_strand());
    p.second.async_wait(tcp::socket::wait_read, in_strand());
    BOOST_CHECK_EQUAL(calls, 0);
    initiating = false;
    run(c);
    BOOST_CHECK_EQUAL(calls, 5);
}

// 20. Every handler is invoked once or destroyed at shutdown: never both, never neither.
BOOST_DATA_TEST_CASE(every_handler_has_one_end, every_mode, m)
{
    constexpr int count = 400;
    std::atomic<int> alive{0}, invoked{0};
    {
        mode_context c(m);
        raw_pair p(c);
        char byte = 0;
        struct counted
        {
            counted(std::atomic<int>& a, std::atomic<int>& i) : alive(&a), invoked(&i)
            {
                ++a;
            }
            counted(counted&& other) noexcept
                : alive(std::exchange(other.alive, nullptr))
                , invoked(other.invoked)
            {
            }
            ~counted()
            {
                if (alive)
                    --*alive;
            }
            void operator()(error_code, std::size_t) { ++*invoked; }
            std::atomic<int>*alive, *invoked;
        };
        for (int i = 0; i != count; ++i)
            p.socket.async_receive(net::buffer(&byte, 1), counted(alive, invoked));
        p.send(std::string(count / 2, 'x'));
        while (invoked != count / 2)
            c.run_one_for(10ms);
        BOOST_CHECK_EQUAL(alive, count / 2);
    }
    BOOST_CHECK_EQUAL(alive, 0);
    BOOST_CHECK_EQUAL(invoked, count / 2);
}

// 21. Work is counted: run() returns when nothing is outstanding, and not before.
BOOST_DATA_TEST_CASE(run_returns_when_nothing_is_outstanding, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    BOOST_CHECK_EQUAL(c.run(), 0u); // open sockets are no work
    c.restart();
    char byte = 0;
    p.second.async_receive(net::buffer(&byte, 1), [](auto&&...) {});
    BOOST_CHECK_EQUAL(c.run_for(20ms), 0u);
    BOOST_CHECK(!c.stopped()); // a receive is
    p.first.async_send(net::buffer("x", 1), [](auto&&...) {});
    BOOST_CHECK_EQUAL(c.run(), 2u);
    BOOST_CHECK(c.stopped());
}

// 22. The result of an operation is what Asio's own backend gives on the same input.
BOOST_DATA_TEST_CASE(results_are_asios, every_mode, m)
{
    using stock_tcp = boost::asio::ip::tcp;
    // The same steps, on either; each line of the log is a result.
    auto const steps = [](auto& context, auto socket, auto acceptor)
    {
        std::string log;
        auto const note = [&](const char* what) { return noting{log, what}; };
        auto const go = [&]
        {
            context.restart();
            context.run_for(patience);
        };
        std::array<char, 10> data{};
        auto const none = std::array<net::mutable_buffer, 0>{};
        socket.async_receive(net::buffer(data), note("receive on a closed socket"));
        socket.async_send(net::buffer(data), note("send on a closed socket"));
        go();
        socket.async_connect(stock_tcp::endpoint(net::ip::address_v4::loopback(), 1),
                             note("connect to a closed port"));
        go();
        socket.close();
        socket.open(stock_tcp::v4());
        socket.async_send(net::buffer(data), note("send before connect"));
        go();
        socket.async_receive(net::buffer(data), note("receive before connect"));
        go();
        socket.close();

        socket.async_connect(acceptor.local_endpoint(), note("connect"));
        auto peer = decltype(socket)(context);
        acceptor.async_accept(peer, note("accept"));
        go();
        socket.async_receive(none, note("receive nothing"));
        socket.async_send(none, note("send nothing"));
        go();
        socket.async_send(net::buffer(data), note("send"));
        go();
        peer.async_receive(net::buffer(data, 4), note("receive a part"));
        peer.async_receive(net::buffer(data), note("receive the rest"));
        go();
        peer.async_wait(stock_tcp::socket::wait_write, note("wait for room"));
        go();
        socket.async_receive(net::buffer(data), note("receive, aborted"));
        socket.cancel();
        go();
        socket.shutdown(stock_tcp::socket::shutdown_send);
        socket.async_send(net::buffer(data), note("send after shutdown"));
        peer.async_receive(net::buffer(data), note("receive at the end"));
        go();
        peer.async_receive(net::buffer(data), note("receive at the end, again"));
        go();
        peer.async_receive(none, note("receive nothing at the end"));
        go();
        peer.set_option(stock_tcp::socket::linger(true, 0));
        peer.close();
        socket.async_receive(net::buffer(data), note("receive after reset"));
        go();
        acceptor.close();
        typename decltype(acceptor)::protocol_type::socket never(context);
        acceptor.async_accept(never, note("accept on a closed acceptor"));
        go();
        return log;
    };
    boost::asio::io_context stock_context;
    std::string const expected = steps(stock_context, stock_tcp::socket(stock_context),
                                       stock_tcp::acceptor(stock_context, loopback()));
    mode_context c(m);
    std::string const ours = steps(c, tcp::socket(c), tcp::acceptor(c, loopback()));
    BOOST_CHECK_EQUAL(ours, expected);
}

// 23. An object may be moved or destroyed while operations are in flight.
BOOST_DATA_TEST_CASE(objects_may_move_and_go, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file file(pattern(100));
    char data[3][8] = {};
    int aborted = 0, succeeded = 0;
    auto const count = [&](error_code ec, std::size_t)
    { ++(ec == net::error::operation_aborted ? aborted : succeeded); };

    std::optional<tcp_pair> p(std::in_place, c);
    p->second.async_receive(net::buffer(data[0]), count);
    tcp::socket moved(std::move(p->second));
    moved.async_receive(net::buffer(data[1]), count);
    c.poll();
    tcp::socket again(c);
    again = std::move(moved);
    p->first.send(net::buffer("one", 3));
    while (succeeded == 0)
        c.run_one_for(10ms);
    {
        tcp::socket const gone(std::move(again));
    }
    auto f =
        std::make_unique<net::stream_file>(c, file.path(), net::file_base::read_only);
    f->async_read_some(net::buffer(data[2]), count);
    net::stream_file other(std::move(*f));
    f.reset();
    run(c);
    BOOST_CHECK_EQUAL(std::string(data[0], 3), "one");
    BOOST_CHECK_EQUAL(aborted, 1);
    BOOST_CHECK_EQUAL(succeeded, 2);
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Cancellation of each operation in each of its states, by the object and by its
// own slot.

#include "descriptors.hpp"
#include "faults.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

// One of each kind of operation, started on objects for which it has to wait.
class subjects
{
public:
    explicit subjects(boost::asio::io_context& c)
        : pair(c)
        , full(c)
        , acceptor(c, loopback())
        , connecting(c, tcp::v4())
    {
        // A socket whose peer does not read, with buffers that the kernel does not
        // enlarge.
        full.socket.set_option(tcp::socket::send_buffer_size(1 << 16));
        int const size = 1 << 16;
        BOOST_REQUIRE_EQUAL(
            ::setsockopt(full.peer, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
        full.socket.non_blocking(true);
        error_code ec;
        while (!ec)
            full.socket.send(net::buffer(much), 0, ec);
        full.socket.non_blocking(false);
        // A listener that accepts no more: connections to it stay on their way.
        listener = ::socket(AF_INET, SOCK_STREAM, 0);
        auto any = loopback();
        BOOST_REQUIRE_EQUAL(
            ::bind(listener, any.data(), static_cast<::socklen_t>(any.size())), 0);
        BOOST_REQUIRE_EQUAL(::listen(listener, 0), 0);
        ::socklen_t length = static_cast<::socklen_t>(busy.capacity());
        ::getsockname(listener, busy.data(), &length);
        filler = ::socket(AF_INET, SOCK_STREAM, 0);
        BOOST_REQUIRE_EQUAL(::connect(filler, busy.data(), length), 0);
    }

    subjects(const subjects&) = delete;

    ~subjects()
    {
        ::close(listener);
        ::close(filler);
    }

    // How many kinds there are.
    static constexpr int kinds = 8;

    template <class Handler>
    void start(int kind, Handler handler)
    {
        auto h = [handler](error_code ec, auto&&...) mutable { handler(ec); };
        switch (kind)
        {
        case 0:
            return pair.socket.async_receive(net::buffer(data), h);
        case 1:
            return pair.socket.async_receive(
                std::array{net::buffer(data, 2), net::buffer(data + 2, 2)}, h);
        case 2:
            return full.socket.async_send(net::buffer(much), h);
        case 3:
            return full.socket.async_send(
                std::array{net::buffer(much), net::buffer(much)}, h);
        case 4:
            return pair.socket.async_wait(tcp::socket::wait_read, h);
        case 5:
            return acceptor.async_accept(h);
        case 6:
            return acceptor.async_wait(tcp::socket::wait_read, h);
        case 7:
            return connecting.async_connect(busy, h);
        }
    }

    void cancel(int kind)
    {
        switch (kind)
        {
        case 0:
        case 1:
        case 4:
            return pair.socket.cancel();
        case 2:
        case 3:
            return full.socket.cancel();
        case 5:
        case 6:
            return acceptor.cancel();
        case 7:
            return connecting.cancel();
        }
    }

    // Make the operation able to complete.
    void satisfy(int kind)
    {
        switch (kind)
        {
        case 0:
        case 1:
        case 4:
            return pair.send("data");
        case 5:
        case 6:
            client = ::socket(AF_INET, SOCK_STREAM, 0);
            {
                auto ep = acceptor.local_endpoint();
                ::connect(client, ep.data(), static_cast<::socklen_t>(ep.size()));
                ::close(client);
            }
            return;
        }
    }

    static bool can_be_satisfied(int kind) { return kind != 2 && kind != 3 && kind != 7; }

    // Whether the full socket had room after all: the kernel finds some when it moves
    // what is queued, on a slow machine late. What is then sent fills it, and it is for
    // the test to start another.
    static bool had_room(int kind, error_code ec)
    {
        return (kind == 2 || kind == 3) && !ec;
    }

    raw_pair pair, full;
    tcp::acceptor acceptor;
    tcp::socket connecting;
    tcp::endpoint busy;
    char data[4];
    std::string much = pattern(1 << 20);
    int listener, filler, client;
};

template <class Context>
void let_kernel_have_it(Context& c)
{
    net::steady_timer t(c, 1ms);
    t.async_wait([](error_code) {});
    c.restart();
    c.run_one_for(patience);
}

} // namespace

BOOST_DATA_TEST_CASE(before_submission, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    subjects s(c);
    for (int kind = 0; kind != s.kinds; ++kind)
    {
        std::optional<error_code> result;
        do
        {
            result.reset();
            net::post(c,
                      [&]
                      {
                          s.start(kind, [&](error_code ec) { result = ec; });
                          s.cancel(kind);
                          BOOST_CHECK(!result); // never from within
                      });
            run(c);
            BOOST_REQUIRE(result);
        } while (s.had_room(kind, *result));
        BOOST_CHECK_EQUAL(*result, error_code(net::error::operation_aborted));
    }
}

BOOST_DATA_TEST_CASE(in_the_kernel, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    subjects s(c);
    for (int kind = 0; kind != s.kinds; ++kind)
    {
        std::optional<error_code> result;
        do
        {
            result.reset();
            s.start(kind, [&](error_code ec) { result = ec; });
            let_kernel_have_it(c);
            BOOST_CHECK(!result || s.had_room(kind, *result));
            s.cancel(kind);
            run(c);
            BOOST_REQUIRE(result);
        } while (s.had_room(kind, *result));
        BOOST_CHECK_EQUAL(*result, error_code(net::error::operation_aborted));
    }
}

// What has completed is delivered, with its result: no data is lost.
BOOST_DATA_TEST_CASE(completed_but_not_delivered, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    for (int kind = 0; kind != subjects::kinds; ++kind)
    {
        if (!subjects::can_be_satisfied(kind))
            continue;
        subjects s(c);
        std::optional<error_code> result;
        s.start(kind, [&](error_code ec) { result = ec; });
        let_kernel_have_it(c);
        s.satisfy(kind);
        // The completion is in the queue, or on its way there. Asio's scheduler does not
        // look before it has run the handler that cancels.
        net::post(c, [&] { s.cancel(kind); });
        run(c);
        BOOST_REQUIRE(result);
        if (*result)
            BOOST_CHECK_EQUAL(*result, error_code(net::error::operation_aborted));
        if (*result && kind <= 1)
        {
            // Aborted means that nothing was taken.
            BOOST_CHECK_EQUAL(s.pair.socket.receive(net::buffer(s.data)), 4u);
        }
        else if (kind <= 1)
            BOOST_CHECK_EQUAL(s.pair.socket.available(), 0u);
    }
}

BOOST_DATA_TEST_CASE(behind_another_operation, every_mode, m)
{
    mode_context c(m);
    subjects s(c);
    for (int kind : {0, 1, 2, 3, 5})
    {
        std::vector<error_code> results;
        do
        {
            results.clear();
            for (int i = 0; i != 3; ++i)
                s.start(kind, [&](error_code ec) { results.push_back(ec); });
            let_kernel_have_it(c);
            s.cancel(kind);
            run(c);
            BOOST_REQUIRE_EQUAL(results.size(), 3u);
        } while (std::any_of(results.begin(), results.end(),
                             [&](error_code ec) { return s.had_room(kind, ec); }));
        for (error_code ec : results)
            BOOST_CHECK_EQUAL(ec, error_code(net::error::operation_aborted));
    }
}

BOOST_DATA_TEST_CASE(one_of_several_by_its_slot, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    net::cancellation_signal signals[3];
    char data[3];
    std::vector<int> order;
    std::vector<error_code> results(3);
    for (std::size_t i = 0; i != 3; ++i)
        p.socket.async_receive(
            net::buffer(&data[i], 1),
            net::bind_cancellation_slot(signals[i].slot(),
                                        [&, i](error_code ec, std::size_t)
                                        {
                                            order.push_back(static_cast<int>(i));
                                            results[i] = ec;
                                        }));
    let_kernel_have_it(c);
    signals[1].emit(net::cancellation_type::total);
    c.restart();
    c.run_one_for(patience);
    BOOST_CHECK((order == std::vector<int>{1}));
    signals[0].emit(net::cancellation_type::terminal);
    c.run_one_for(patience);
    BOOST_CHECK((order == std::vector<int>{1, 0}));
    p.send("x");
    run(c);
    BOOST_CHECK((order == std::vector<int>{1, 0, 2}));
    BOOST_CHECK_EQUAL(results[0], error_code(net::error::operation_aborted));
    BOOST_CHECK_EQUAL(results[1], error_code(net::error::operation_aborted));
    BOOST_CHECK(!results[2]);
    BOOST_CHECK_EQUAL(data[2], 'x');
}

BOOST_DATA_TEST_CASE(every_type_that_asio_allows, every_mode, m)
{
    mode_context c(m);
    subjects s(c);
    using type = net::cancellation_type;
    for (type t : {type::terminal, type::partial, type::total, type::all})
    {
        net::cancellation_signal signal;
        std::optional<error_code> result;
        s.pair.socket.async_receive(
            net::buffer(s.data),
            net::bind_cancellation_slot(signal.slot(), [&](error_code ec, std::size_t)
                                        { result = ec; }));
        let_kernel_have_it(c);
        signal.emit(type::none);
        c.poll();
        BOOST_CHECK(!result);
        signal.emit(t);
        run(c);
        BOOST_REQUIRE(result);
        BOOST_CHECK_EQUAL(*result, error_code(net::error::operation_aborted));
        signal.emit(t); // of no effect: that operation is gone
    }
}

BOOST_DATA_TEST_CASE(a_late_signal_meets_no_other_operation, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char data;
    net::cancellation_signal late;
    p.send("1");
    p.socket.async_receive(net::buffer(&data, 1),
                           net::bind_cancellation_slot(late.slot(),
                                                       [](error_code ec, std::size_t)
                                                       { BOOST_CHECK(!ec); }));
    run(c);
    // The next operation has the memory and the place of the last.
    p.socket.async_receive(net::buffer(&data, 1),
                           once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    let_kernel_have_it(c);
    late.emit(net::cancellation_type::all);
    c.restart();
    c.poll();
    p.send("2");
    run(c);
    BOOST_CHECK_EQUAL(data, '2');
}

BOOST_DATA_TEST_CASE(from_another_thread, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    for (int i = 0; i != 200; ++i)
    {
        char data;
        net::cancellation_signal signal;
        std::optional<error_code> result;
        p.socket.async_receive(net::buffer(&data, 1),
                               net::bind_cancellation_slot(signal.slot(),
                                                           [&](error_code ec, std::size_t)
                                                           { result = ec; }));
        std::thread other([&] { p.socket.cancel(); });
        run(c);
        other.join();
        BOOST_REQUIRE(result);
        BOOST_CHECK_EQUAL(*result, error_code(net::error::operation_aborted));
    }
}

BOOST_DATA_TEST_CASE(while_the_kernel_takes_no_entries, every_mode, m)
{
    URIO_ON_URING_ONLY();
    mode_context c(m);
    subjects s(c);
    for (int kind = 0; kind != s.kinds; ++kind)
    {
        std::optional<error_code> result;
        do
        {
            result.reset();
            net::post(c, [&] { s.start(kind, [&](error_code ec) { result = ec; }); });
            int failures = 0;
            {
                faults f([&](auto...) { return ++failures, -EAGAIN; });
                c.restart();
                while (failures < 3 && !c.stopped())
                    c.poll();
                s.cancel(kind);
            }
            run(c);
            BOOST_REQUIRE(result);
        } while (s.had_room(kind, *result));
        BOOST_CHECK_EQUAL(*result, error_code(net::error::operation_aborted));
    }
}

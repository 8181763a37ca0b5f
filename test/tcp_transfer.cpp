// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP: sending and receiving, against a peer that uses plain system calls.

#include "descriptors.hpp"
#include "expect.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <array>
#include <list>
#include <memory>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

} // namespace

BOOST_DATA_TEST_CASE(send_and_receive, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    raw_pair p(c);
    p.socket.async_send(net::buffer("hello", 5), expect(5));
    run(c);
    BOOST_CHECK_EQUAL(p.receive(5), "hello");

    std::string data(10, '\0');
    p.socket.async_receive(net::buffer(data), expect(3));
    c.restart();
    c.poll();
    p.send("abc");
    run(c);
    BOOST_CHECK_EQUAL(data.substr(0, 3), "abc");

    // Data that is there already.
    p.send("defg");
    p.socket.async_read_some(net::buffer(data), expect(4));
    run(c);
    BOOST_CHECK_EQUAL(data.substr(0, 4), "defg");
}

BOOST_DATA_TEST_CASE(vectored_send_and_receive, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    std::array<net::const_buffer, 3> const out{net::buffer("ab", 2), net::const_buffer(),
                                               net::buffer("cde", 3)};
    p.socket.async_send(out, expect(5));
    run(c);
    BOOST_CHECK_EQUAL(p.receive(5), "abcde");

    char a[2] = {}, b[3] = {};
    std::vector<net::mutable_buffer> const in{net::buffer(a), net::buffer(b)};
    p.send("vwxyz");
    p.socket.async_receive(in, expect(5));
    run(c);
    BOOST_CHECK_EQUAL(std::string(a, 2) + std::string(b, 3), "vwxyz");
}

BOOST_DATA_TEST_CASE(more_buffers_than_the_system_takes, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    std::size_t const n = 3000;
    static_assert(n > IOV_MAX);
    std::string const data = pattern(n);
    std::list<net::const_buffer> buffers;
    for (char const& byte : data)
        buffers.push_back(net::buffer(&byte, 1));

    // One operation takes as many as Asio's does.
    p.socket.async_send(buffers, expect(64));
    run(c);
    BOOST_CHECK_EQUAL(p.receive(64), data.substr(0, 64));
    // All of them, in several.
    net::async_write(p.socket, buffers, expect(n));
    run(c);
    BOOST_CHECK(p.receive(n) == data);

    std::string got(n, '\0');
    std::vector<net::mutable_buffer> in;
    for (char& byte : got)
        in.push_back(net::buffer(&byte, 1));
    p.send(data);
    net::async_read(p.socket, in, expect(n));
    run(c);
    BOOST_CHECK(got == data);
}

BOOST_DATA_TEST_CASE(nothing_to_transfer_is_no_operation, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    for (int i = 0; i != 3; ++i)
    {
        // The loop's own entries.
        net::post(c, [] {});
        run(c);
    }
    auto const before = urio::statistics_of(c).submitted;
    p.socket.async_send(net::const_buffer(), expect(0));
    p.socket.async_receive(net::mutable_buffer(), expect(0));
    p.socket.async_receive(std::vector<net::mutable_buffer>(3), expect(0));
    run(c);
    BOOST_CHECK_EQUAL(urio::statistics_of(c).submitted, before);
}

BOOST_DATA_TEST_CASE(the_end_of_the_stream, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char b[8];
    p.socket.async_receive(net::buffer(b), expect_error(net::error::eof));
    c.poll();
    p.close_peer();
    run(c);
    error_code ec;
    BOOST_CHECK_EQUAL(p.socket.receive(net::buffer(b), 0, ec), 0u);
    BOOST_CHECK(ec == net::error::eof);
    std::size_t const n = 0;
    net::async_read(p.socket, net::buffer(b),
                    once(
                        [&](error_code e, std::size_t got)
                        {
                            BOOST_CHECK(e == net::error::eof);
                            BOOST_CHECK_EQUAL(got, n);
                        }));
    run(c);
}

BOOST_DATA_TEST_CASE(reset_and_broken_pipe, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char b[8];
    p.socket.async_receive(net::buffer(b), expect_error(net::error::connection_reset));
    c.poll();
    ::linger const hard{1, 0};
    BOOST_REQUIRE_EQUAL(::setsockopt(p.peer, SOL_SOCKET, SO_LINGER, &hard, sizeof hard),
                        0);
    p.close_peer();
    run(c);
    // No signal: the process would be gone.
    p.socket.async_send(net::buffer("x", 1), expect_error(net::error::broken_pipe));
    run(c);
}

BOOST_DATA_TEST_CASE(flags, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char b[8] = {};
    p.send("peek");
    p.socket.async_receive(net::buffer(b), tcp::socket::message_peek, expect(4));
    run(c);
    p.socket.async_receive(net::buffer(b), expect(4));
    run(c);

    // Asio's operations never wait for all of it: neither do these.
    p.send("all");
    p.socket.async_receive(net::buffer(b), MSG_WAITALL, expect(3));
    run(c);

    // A flag that makes the kernel answer EAGAIN.
    p.socket.async_receive(net::buffer(b), MSG_DONTWAIT, expect(1));
    c.restart();
    c.poll();
    p.send("x");
    run(c);
}

BOOST_DATA_TEST_CASE(out_of_band_data, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    // Ordinary data that arrives first wakes nobody who waits for urgent data.
    char urgent = 0, normal = 0;
    p.socket.async_receive(net::buffer(&urgent, 1), tcp::socket::message_out_of_band,
                           expect(1));
    c.restart();
    c.poll();
    p.send("n");
    c.poll();
    BOOST_CHECK_EQUAL(urgent, 0);
    BOOST_REQUIRE_EQUAL(::send(p.peer, "!", 1, MSG_OOB), 1);
    run(c);
    BOOST_CHECK_EQUAL(urgent, '!');
    BOOST_CHECK(!p.socket.at_mark());
    p.socket.async_receive(net::buffer(&normal, 1), expect(1));
    run(c);
    BOOST_CHECK_EQUAL(normal, 'n');
    BOOST_CHECK(p.socket.at_mark());

    p.socket.async_send(net::buffer("?", 1), tcp::socket::message_out_of_band, expect(1));
    run(c);
    char b = 0;
    ::pollfd wait{p.peer, POLLPRI, 0};
    BOOST_REQUIRE_EQUAL(::poll(&wait, 1, 10000), 1);
    BOOST_REQUIRE_EQUAL(::recv(p.peer, &b, 1, MSG_OOB), 1);
    BOOST_CHECK_EQUAL(b, '?');
}

// Results come in the order of the starts, as with Asio's own backends.
BOOST_DATA_TEST_CASE(several_operations_of_one_kind_run_in_order, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    constexpr int n = 100;
    std::array<char, n> in{};
    std::vector<int> order;
    for (int i = 0; i != n; ++i)
        p.socket.async_receive(net::buffer(&in[static_cast<std::size_t>(i)], 1),
                               [&, i](error_code ec, std::size_t)
                               {
                                   BOOST_CHECK(!ec);
                                   order.push_back(i);
                               });
    std::string const data = pattern(n);
    std::string sent;
    for (int i = 0; i != n; ++i)
        p.socket.async_send(net::buffer(&data[static_cast<std::size_t>(i)], 1),
                            expect(1));
    p.send(data);
    run(c);
    BOOST_CHECK_EQUAL(std::string(in.data(), n), data);
    BOOST_CHECK_EQUAL(p.receive(n), data);
    for (int i = 0; i != n; ++i)
        BOOST_CHECK_EQUAL(order.at(static_cast<std::size_t>(i)), i);
}

BOOST_DATA_TEST_CASE(large_transfers_in_both_directions_at_once, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    std::size_t const size = 8 << 20;
    std::string const a = pattern(size, 1), b = pattern(size, 2);
    std::string got_a(size, '\0'), got_b(size, '\0');
    net::async_write(p.first, net::buffer(a), expect(size));
    net::async_write(p.second, net::buffer(b), expect(size));
    net::async_read(p.second, net::buffer(got_a), expect(size));
    net::async_read(p.first, net::buffer(got_b), expect(size));
    run(c);
    BOOST_CHECK(a == got_a);
    BOOST_CHECK(b == got_b);
}

BOOST_DATA_TEST_CASE(composed_operations, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    std::string line;
    net::async_read_until(p.socket, net::dynamic_buffer(line), "\r\n", expect(7));
    c.restart();
    c.poll();
    p.send("GET /");
    c.restart();
    c.poll();
    p.send("\r\nmore");
    run(c);
    BOOST_CHECK_EQUAL(line.substr(0, 7), "GET /\r\n");

    net::streambuf buffer;
    std::ostream(&buffer) << "streamed";
    net::async_write(p.socket, buffer, expect(8));
    run(c);
    BOOST_CHECK_EQUAL(p.receive(8), "streamed");
}

BOOST_DATA_TEST_CASE(user_and_internal_non_blocking_modes, every_mode, m)
{
    mode_context c(m);
    for (bool user : {true, false})
    {
        raw_pair p(c);
        user ? p.socket.non_blocking(true) : p.socket.native_non_blocking(true);
        char b[8];
        if (user)
        {
            error_code ec;
            p.socket.receive(net::buffer(b), 0, ec);
            BOOST_CHECK(ec == net::error::would_block);
        }
        for (int i = 0; i != 3; ++i)
        {
            p.socket.async_receive(net::buffer(b), expect(2));
            c.restart();
            c.poll();
            p.send("ab");
            run(c);
        }
        // More than the kernel buffers.
        std::string const data = pattern(8 << 20);
        std::string got;
        std::thread reader([&] { got = p.receive(data.size()); });
        net::async_write(p.socket, net::buffer(data), expect(data.size()));
        run(c);
        reader.join();
        BOOST_CHECK(got == data);
    }
}

BOOST_AUTO_TEST_CASE(synchronous_calls)
{
    net::io_context c;
    raw_pair p(c);
    BOOST_CHECK_EQUAL(p.socket.send(net::buffer("abc", 3)), 3u);
    BOOST_CHECK_EQUAL(p.receive(3), "abc");
    p.send("defgh");
    char b[5] = {};
    std::array<net::mutable_buffer, 2> const in{net::buffer(b, 2), net::buffer(b + 2, 3)};
    BOOST_CHECK_EQUAL(net::read(p.socket, in), 5u);
    BOOST_CHECK_EQUAL(std::string(b, 5), "defgh");
    BOOST_CHECK_EQUAL(
        net::write(p.socket, std::array{net::buffer("x", 1), net::buffer("yz", 2)}), 3u);
    BOOST_CHECK_EQUAL(p.receive(3), "xyz");
    p.socket.shutdown(tcp::socket::shutdown_send);
    BOOST_CHECK_EQUAL(p.receive(1), "");
    p.close_peer();
    error_code ec;
    p.socket.receive(net::buffer(b), 0, ec);
    BOOST_CHECK(ec == net::error::eof);
    p.socket.send(net::buffer("x", 1), 0, ec);
    BOOST_CHECK(!ec || ec == net::error::broken_pipe ||
                ec == net::error::connection_reset);
}

// What has been started takes effect before a synchronous call that follows it.
BOOST_DATA_TEST_CASE(asynchronous_before_synchronous, every_mode, m)
{
    mode_context c(m);
    for (int i = 0; i != 2; ++i)
    {
        raw_pair p(c);
        std::vector<tcp_pair> others;
        net::post(c,
                  [&]
                  {
                      // Two at once, so that they are batched.
                      p.socket.async_send(net::buffer("1", 1), expect(1));
                      p.socket.async_send(net::buffer("2", 1), expect(1));
                      if (i == 0)
                          p.socket.send(net::buffer("3", 1));
                      p.socket.shutdown(tcp::socket::shutdown_send);
                  });
        run(c);
        // The second send was behind the first when the synchronous calls were made.
        std::string const got = p.receive(3);
        BOOST_CHECK_EQUAL(got.front(), '1');
    }
}

// As with Asio, whose own asynchronous operations begin inside their initiating
// functions.
BOOST_AUTO_TEST_CASE(a_blocking_call_may_wait_for_what_was_started)
{
    net::io_context c;
    tcp::acceptor a(c, loopback());
    tcp::socket client(c);
    client.async_connect(a.local_endpoint(),
                         once([](error_code ec) { BOOST_CHECK(!ec); }));
    tcp::socket server = a.accept();
    run(c);
    client.async_send(net::buffer("x", 1), expect(1));
    char byte = 0;
    BOOST_CHECK_EQUAL(server.receive(net::buffer(&byte, 1)), 1u);
    run(c);
    client.async_send(net::buffer("y", 1), expect(1));
    server.wait(tcp::socket::wait_read);
    run(c);
}

BOOST_AUTO_TEST_CASE(operations_can_be_submitted_by_hand)
{
    net::io_context c;
    raw_pair p(c);
    p.socket.async_send(net::buffer("x", 1), expect(1));
    net::submit(c);
    BOOST_CHECK_EQUAL(p.receive(1), "x");
    run(c);
    boost::asio::io_context without;
    net::submit(without); // nothing to do
}

BOOST_DATA_TEST_CASE(null_buffers_wait_for_readiness, every_mode, m)
{
#if BOOST_ASIO_VERSION < 103600
    mode_context c(m);
    raw_pair p(c);
    p.socket.async_send(boost::asio::null_buffers(), expect(0));
    p.socket.async_receive(boost::asio::null_buffers(), expect(0));
    c.restart();
    c.poll();
    p.send("x");
    run(c);
    BOOST_CHECK_EQUAL(p.socket.available(), 1u);
    p.socket.receive(boost::asio::null_buffers());
    p.socket.send(boost::asio::null_buffers());
#endif
}

BOOST_DATA_TEST_CASE(a_sequence_that_owns_its_memory_is_kept, every_mode, m)
{
    struct shared_sequence
    {
        const net::const_buffer* begin() const { return &buffer; }
        const net::const_buffer* end() const { return &buffer + 1; }
        std::shared_ptr<std::string> data;
        net::const_buffer buffer;
    };
    mode_context c(m);
    raw_pair p(c);
    std::weak_ptr<std::string> watch;
    {
        auto data = std::make_shared<std::string>("owned");
        watch = data;
        p.socket.async_send(shared_sequence{data, net::buffer(*data)},
                            once(
                                [&](error_code ec, std::size_t n)
                                {
                                    BOOST_CHECK(!ec);
                                    BOOST_CHECK_EQUAL(n, 5u);
                                    BOOST_CHECK(watch.expired());
                                }));
    }
    BOOST_CHECK(!watch.expired());
    run(c);
    BOOST_CHECK_EQUAL(p.receive(5), "owned");
}

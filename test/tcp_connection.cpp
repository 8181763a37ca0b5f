// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TCP: opening, connecting, accepting, waiting, options, moves.

#include "descriptors.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <type_traits>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

// A port that nobody listens on.
tcp::endpoint closed_port()
{
    net::io_context c;
    tcp::acceptor a(c, loopback());
    return a.local_endpoint();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_types_are_urios)
{
    static_assert(std::is_same_v<tcp::socket::executor_type, net::any_io_executor>);
    static_assert(std::is_same_v<tcp::socket, net::basic_stream_socket<tcp>>);
    static_assert(
        std::is_same_v<tcp::socket,
                       boost::asio::basic_stream_socket<tcp, net::any_io_executor>>);
    // The protocol's own members stay within reach.
    BOOST_CHECK_EQUAL(tcp::v4().protocol(), IPPROTO_TCP);
    net::generic::stream_protocol const generic{tcp(tcp::v4())};
    BOOST_CHECK_EQUAL(generic.protocol(), IPPROTO_TCP);
    net::io_context c;
    net::basic_stream_socket<tcp, net::io_context::executor_type> typed(c);
    typed.open(tcp::v4());
    static_assert(!std::is_same_v<tcp::socket, boost::asio::ip::tcp::socket>);
    static_assert(std::is_same_v<tcp::resolver, boost::asio::ip::tcp::resolver>);
    BOOST_CHECK(tcp::v4() == boost::asio::ip::tcp::v4());
}

BOOST_DATA_TEST_CASE(connect_and_accept, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    tcp::acceptor a(c, loopback());
    tcp::socket client(c), server(c);
    a.async_accept(server, once([&](error_code ec) { BOOST_CHECK(!ec); }));
    client.async_connect(a.local_endpoint(),
                         once([&](error_code ec) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK(client.is_open() && server.is_open());
    BOOST_CHECK(client.remote_endpoint() == a.local_endpoint());
    BOOST_CHECK(server.remote_endpoint() == client.local_endpoint());
    // Like Asio's: descriptors are inherited by programs that are executed.
    BOOST_CHECK_EQUAL(::fcntl(server.native_handle(), F_GETFD), 0);
}

BOOST_DATA_TEST_CASE(all_forms_of_accept, every_mode, m)
{
    descriptor_check check;
    mode_context c(m), other(m);
    tcp::acceptor a(c, loopback());
    tcp::endpoint from[4];
    tcp::socket peer(c);
    std::vector<tcp::socket> accepted;
    auto const keep = [&](error_code ec, tcp::socket s)
    {
        BOOST_CHECK(!ec);
        accepted.push_back(std::move(s));
    };
    using on_strand =
        tcp::socket::rebind_executor<net::strand<net::any_io_executor>>::other;
    std::optional<on_strand> stranded;

    a.async_accept(peer, from[0], once([](error_code ec) { BOOST_CHECK(!ec); }));
    a.async_accept(once(keep));
    a.async_accept(from[1], once(keep));
    a.async_accept(other, once(keep));
    a.async_accept(
        other.get_executor(), from[2],
        once(
            [&](error_code ec,
                tcp::socket::rebind_executor<mode_context::executor_type>::other s)
            {
                BOOST_CHECK(!ec);
                accepted.emplace_back(std::move(s));
            }));
    a.async_accept(net::make_strand(net::any_io_executor(c.get_executor())), from[3],
                   once(
                       [&](error_code ec, on_strand s)
                       {
                           BOOST_CHECK(!ec);
                           stranded.emplace(std::move(s));
                       }));

    std::vector<tcp::socket> clients;
    for (int i = 0; i != 6; ++i)
    {
        clients.emplace_back(c);
        clients.back().connect(a.local_endpoint());
    }
    run(c);

    // Connections are handed out in the order of the calls.
    BOOST_REQUIRE_EQUAL(accepted.size(), 4u);
    BOOST_REQUIRE(stranded);
    BOOST_CHECK(from[0] == clients[0].local_endpoint());
    BOOST_CHECK(peer.remote_endpoint() == clients[0].local_endpoint());
    for (std::size_t i = 0; i != 4; ++i)
        BOOST_CHECK(accepted[i].remote_endpoint() == clients[i + 1].local_endpoint());
    BOOST_CHECK(from[1] == clients[2].local_endpoint());
    BOOST_CHECK(from[2] == clients[4].local_endpoint());
    BOOST_CHECK(from[3] == clients[5].local_endpoint());
    BOOST_CHECK(&net::query(accepted[2].get_executor(), net::execution::context) ==
                &other);

    // The sockets on the other context work there.
    char byte = 0;
    clients[3].send(net::buffer("x", 1));
    accepted[2].async_receive(net::buffer(&byte, 1), once(
                                                         [](error_code ec, std::size_t n)
                                                         {
                                                             BOOST_CHECK(!ec);
                                                             BOOST_CHECK_EQUAL(n, 1u);
                                                         }));
    run(other);
    BOOST_CHECK_EQUAL(byte, 'x');

    // And synchronously.
    clients.emplace_back(c);
    clients.back().connect(a.local_endpoint());
    tcp::socket last = a.accept(other);
    BOOST_CHECK(last.remote_endpoint() == clients.back().local_endpoint());
}

BOOST_DATA_TEST_CASE(accept_into_an_open_socket_is_refused, every_mode, m)
{
    mode_context c(m);
    tcp::acceptor a(c, loopback());
    tcp::socket open(c, tcp::v4());
    a.async_accept(
        open, once([](error_code ec) { BOOST_CHECK(ec == net::error::already_open); }));
    run(c);
    error_code ec;
    a.accept(open, ec);
    BOOST_CHECK(ec == net::error::already_open);
}

BOOST_DATA_TEST_CASE(refused_connections, every_mode, m)
{
    mode_context c(m);
    tcp::endpoint const nobody = closed_port();
    tcp::socket s(c);
    s.async_connect(nobody, once([](error_code ec)
                                 { BOOST_CHECK(ec == net::error::connection_refused); }));
    run(c);
    error_code ec;
    tcp::socket t(c);
    t.connect(nobody, ec);
    BOOST_CHECK(ec == net::error::connection_refused);
    BOOST_CHECK_THROW(t.connect(nobody), boost::system::system_error);

    // The socket is open after a failure, and may be used again.
    tcp::acceptor a(c, loopback());
    s.async_connect(a.local_endpoint(), once([](error_code e) { BOOST_CHECK(!e); }));
    run(c);
}

BOOST_DATA_TEST_CASE(connect_over_a_range_of_endpoints, every_mode, m)
{
    mode_context c(m);
    tcp::acceptor a(c, loopback());
    std::vector<tcp::endpoint> const endpoints{closed_port(), a.local_endpoint()};
    tcp::socket s(c);
    net::async_connect(s, endpoints,
                       once(
                           [&](error_code ec, tcp::endpoint const& used)
                           {
                               BOOST_CHECK(!ec);
                               BOOST_CHECK(used == endpoints[1]);
                           }));
    run(c);
    BOOST_CHECK(s.remote_endpoint() == a.local_endpoint());

    tcp::resolver resolver(c);
    auto const results =
        resolver.resolve("127.0.0.1", std::to_string(a.local_endpoint().port()));
    tcp::socket t(c);
    net::async_connect(
        t, results, once([](error_code ec, tcp::endpoint const&) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK(t.is_open());
}

BOOST_DATA_TEST_CASE(connect_in_non_blocking_mode, every_mode, m)
{
    // The kernel answers EINPROGRESS, and does not wait.
    mode_context c(m);
    tcp::acceptor a(c, loopback());
    for (bool user : {true, false})
    {
        tcp::socket s(c, tcp::v4());
        user ? s.non_blocking(true) : s.native_non_blocking(true);
        s.async_connect(a.local_endpoint(),
                        once([](error_code ec) { BOOST_CHECK(!ec); }));
        tcp::socket t(c, tcp::v4());
        t.non_blocking(true);
        t.async_connect(closed_port(),
                        once([](error_code ec)
                             { BOOST_CHECK(ec == net::error::connection_refused); }));
        run(c);
        BOOST_CHECK(s.remote_endpoint() == a.local_endpoint());
    }
}

BOOST_DATA_TEST_CASE(accept_in_non_blocking_mode, every_mode, m)
{
    mode_context c(m);
    tcp::acceptor a(c, loopback());
    a.non_blocking(true);
    error_code ec;
    tcp::socket none(c);
    a.accept(none, ec);
    BOOST_CHECK(ec == net::error::would_block);

    tcp::socket client(c);
    for (int i = 0; i != 2; ++i)
    {
        // Twice: the second time the mode is known.
        tcp::socket peer(c);
        a.async_accept(peer, once([](error_code e) { BOOST_CHECK(!e); }));
        c.restart();
        c.poll();
        tcp::socket other(c);
        other.connect(a.local_endpoint());
        run(c);
        BOOST_CHECK(peer.is_open());
    }
}

BOOST_DATA_TEST_CASE(waiting_for_readiness, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    bool readable = false;
    p.first.async_wait(tcp::socket::wait_read, once(
                                                   [&](error_code ec)
                                                   {
                                                       BOOST_CHECK(!ec);
                                                       readable = true;
                                                   }));
    p.first.async_wait(tcp::socket::wait_write,
                       once(
                           [&](error_code ec)
                           {
                               BOOST_CHECK(!ec);
                               BOOST_CHECK(!readable);
                               p.second.send(net::buffer("x", 1));
                           }));
    run(c);
    BOOST_CHECK(readable);
    BOOST_CHECK_EQUAL(p.first.available(), 1u);
    p.first.wait(tcp::socket::wait_read);
    p.first.wait(tcp::socket::wait_write);

    // Urgent data counts as an error condition.
    p.first.async_wait(tcp::socket::wait_error,
                       once([&](error_code ec) { BOOST_CHECK(!ec); }));
    p.second.send(net::buffer("!", 1), tcp::socket::message_out_of_band);
    run(c);

    p.first.async_wait(
        static_cast<tcp::socket::wait_type>(3),
        once([](error_code ec) { BOOST_CHECK(ec == net::error::invalid_argument); }));
    tcp::acceptor a(c, loopback());
    a.async_wait(tcp::acceptor::wait_read, once([](error_code ec) { BOOST_CHECK(!ec); }));
    tcp::socket client(c);
    client.connect(a.local_endpoint());
    run(c);
}

BOOST_AUTO_TEST_CASE(options_and_commands)
{
    net::io_context c;
    tcp::socket s(c, tcp::v4());
    s.set_option(tcp::no_delay(true));
    tcp::no_delay no_delay;
    s.get_option(no_delay);
    BOOST_CHECK(no_delay.value());
    s.set_option(net::socket_base::linger(true, 3));
    net::socket_base::linger linger;
    s.get_option(linger);
    BOOST_CHECK(linger.enabled());
    BOOST_CHECK_EQUAL(linger.timeout(), 3);
    s.set_option(net::socket_base::enable_connection_aborted(true));
    net::socket_base::enable_connection_aborted aborted;
    s.get_option(aborted);
    BOOST_CHECK(aborted.value());

    BOOST_CHECK(!s.non_blocking());
    s.non_blocking(true);
    BOOST_CHECK(s.non_blocking());
    BOOST_CHECK(s.native_non_blocking() == false);
    BOOST_CHECK(::fcntl(s.native_handle(), F_GETFL) & O_NONBLOCK);
    error_code ec;
    s.native_non_blocking(false, ec);
    BOOST_CHECK(ec == net::error::invalid_argument);
    s.non_blocking(false);
    s.native_non_blocking(true);
    BOOST_CHECK(s.native_non_blocking());

    tcp_pair p(c);
    p.second.send(net::buffer("abc", 3));
    p.first.wait(tcp::socket::wait_read);
    net::socket_base::bytes_readable readable;
    p.first.io_control(readable);
    BOOST_CHECK_EQUAL(readable.get(), 3u);
    BOOST_CHECK(!p.first.at_mark());
}

BOOST_AUTO_TEST_CASE(errors_of_opening_and_assigning)
{
    descriptor_check check;
    net::io_context c;
    tcp::socket s(c, tcp::v4());
    error_code ec;
    s.open(tcp::v4(), ec);
    BOOST_CHECK(ec == net::error::already_open);
    s.assign(tcp::v4(), 0, ec);
    BOOST_CHECK(ec == net::error::already_open);
    tcp::socket t(c);
    t.assign(tcp::v4(), -1, ec);
    BOOST_CHECK(ec == net::error::bad_descriptor);
    t.assign(tcp::v4(), 1 << 20, ec);
    BOOST_CHECK(ec == net::error::bad_descriptor);
    BOOST_CHECK(!t.is_open());
    t.close(ec);
    BOOST_CHECK(!ec);
    t.cancel(ec);
    BOOST_CHECK(ec == net::error::bad_descriptor);
    t.release(ec);
    BOOST_CHECK(ec == net::error::bad_descriptor);
    t.shutdown(tcp::socket::shutdown_both, ec);
    BOOST_CHECK(ec == net::error::bad_descriptor);
    t.local_endpoint(ec);
    BOOST_CHECK(ec == net::error::bad_descriptor);
    BOOST_CHECK_THROW(
        tcp::acceptor(c, tcp::endpoint(net::ip::make_address("203.0.113.1"), 1)),
        boost::system::system_error);
}

BOOST_DATA_TEST_CASE(operations_on_a_closed_socket_fail, every_mode, m)
{
    mode_context c(m);
    tcp::socket s(c);
    tcp::acceptor a(c);
    char b = 0;
    int handlers = 0;
    auto const bad = [&](error_code ec, auto&&...)
    {
        BOOST_CHECK(ec == net::error::bad_descriptor);
        ++handlers;
    };
    s.async_receive(net::buffer(&b, 1), once(bad));
    s.async_send(net::buffer(&b, 1), once(bad));
    s.async_wait(tcp::socket::wait_read, once(bad));
    a.async_accept(once(bad));
    BOOST_CHECK_EQUAL(handlers, 0); // never inside the initiating function
    run(c);
    BOOST_CHECK_EQUAL(handlers, 4);
}

BOOST_DATA_TEST_CASE(moves_keep_what_is_pending, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    tcp_pair p(c);
    char b[2] = {};
    p.first.async_receive(net::buffer(b, 1),
                          once([&](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    c.poll();
    tcp::socket moved(std::move(p.first));
    BOOST_CHECK(!p.first.is_open());
    moved.async_receive(net::buffer(b + 1, 1),
                        once([&](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    tcp::socket assigned(c, tcp::v4());
    assigned = std::move(moved);
    p.second.send(net::buffer("xy", 2));
    run(c);
    BOOST_CHECK_EQUAL(b[0], 'x');
    BOOST_CHECK_EQUAL(b[1], 'y');

    // Assigning over a socket cancels what that had pending.
    tcp_pair q(c);
    q.first.async_receive(net::buffer(b),
                          once([](error_code ec, std::size_t)
                               { BOOST_CHECK(ec == net::error::operation_aborted); }));
    c.restart();
    c.poll();
    q.first = std::move(assigned);
    run(c);
    BOOST_CHECK(q.first.is_open());
}

BOOST_AUTO_TEST_CASE(converting_moves)
{
    descriptor_check check;
    net::io_context c;
    tcp_pair p(c);
    int const fd = p.first.native_handle();

    // To another executor type and back.
    using native =
        net::basic_stream_socket<boost::asio::ip::tcp, net::io_context::executor_type>;
    tcp::acceptor a(c, loopback());
    native n(c);
    n.connect(a.local_endpoint());
    tcp::socket erased(std::move(n));
    BOOST_CHECK(erased.is_open());
    BOOST_CHECK(!n.is_open());

    // To a protocol that is known at run time only.
    net::generic::stream_protocol::socket g(std::move(p.first));
    BOOST_CHECK_EQUAL(g.native_handle(), fd);
    BOOST_CHECK(!p.first.is_open());
    p.second.send(net::buffer("x", 1));
    char b = 0;
    g.async_receive(net::buffer(&b, 1),
                    once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK_EQUAL(b, 'x');

    // From one of Asio's own sockets.
    boost::asio::ip::tcp::socket stock(c);
    stock.connect(a.local_endpoint());
    int const stock_fd = stock.native_handle();
    tcp::socket adopted(std::move(stock));
    BOOST_CHECK_EQUAL(adopted.native_handle(), stock_fd);
    BOOST_CHECK(!stock.is_open());
    tcp::socket nothing{boost::asio::ip::tcp::socket(c)};
    BOOST_CHECK(!nothing.is_open());
}

BOOST_DATA_TEST_CASE(release_gives_the_descriptor_back, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    raw_pair p(c);
    char b[4];
    p.socket.async_receive(net::buffer(b),
                           once([](error_code ec, std::size_t)
                                { BOOST_CHECK(ec == net::error::operation_aborted); }));
    c.poll(); // in exclusive mode this thread is the one from now on
    int const fd = p.socket.release();
    BOOST_CHECK(!p.socket.is_open());
    run(c);
    p.send("data");
    BOOST_CHECK_EQUAL(::read(fd, b, 4), 4);
    p.socket.assign(tcp::v4(), fd);
    p.send("more");
    p.socket.async_receive(net::buffer(b), once(
                                               [](error_code ec, std::size_t n)
                                               {
                                                   BOOST_CHECK(!ec);
                                                   BOOST_CHECK_EQUAL(n, 4u);
                                               }));
    run(c);
}

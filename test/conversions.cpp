// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Sockets and descriptors that move between urio and Asio's own types, either way.

#include "descriptors.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <boost/beast/core/tcp_stream.hpp>

#include <memory>
#include <string>
#include <utility>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace net = urio;

// Sends a byte asynchronously from one to the other.
template <class Context, class From, class To>
void check_traffic(Context& c, From& from, To& to)
{
    char byte = 0;
    int done = 0;
    asio::async_write(from, asio::buffer("x", 1),
                      once([&](error_code ec, std::size_t) { done += !ec; }));
    asio::async_read(to, asio::buffer(&byte, 1),
                     once([&](error_code ec, std::size_t) { done += !ec; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 2);
    BOOST_CHECK_EQUAL(byte, 'x');
}

// Moves an object to another type and back, and checks that the descriptor has gone
// along.
template <class Other, class Object>
void there_and_back(Object& object)
{
    int const fd = object.native_handle();
    Other other(std::move(object));
    BOOST_CHECK(!object.is_open());
    BOOST_CHECK_EQUAL(other.native_handle(), fd);
    object = Object(std::move(other));
    BOOST_CHECK(!other.is_open());
    BOOST_CHECK_EQUAL(object.native_handle(), fd);
    // By assignment.
    other = std::move(object);
    BOOST_CHECK_EQUAL(other.native_handle(), fd);
    object = std::move(other);
    BOOST_CHECK_EQUAL(object.native_handle(), fd);
}

template <class Function>
void check_refused(Function f)
{
    BOOST_CHECK_EXCEPTION(f(), boost::system::system_error,
                          [](const boost::system::system_error& e)
                          { return e.code() == net::errc::operations_pending; });
}

} // namespace

BOOST_DATA_TEST_CASE(to_asios_sockets_and_back, every_mode, m)
{
    descriptor_check const check;
    mode_context c(m);
    tcp_pair p(c);
    there_and_back<asio::ip::tcp::socket>(p.first);
    check_traffic(c, p.first, p.second);
    check_traffic(c, p.second, p.first);

    asio::ip::tcp::socket stock(std::move(p.first));
    check_traffic(c, stock, p.second);
    check_traffic(c, p.second, stock);
    // Asio has used it in its own way now.
    net::ip::tcp::socket ours(std::move(stock));
    check_traffic(c, ours, p.second);
    check_traffic(c, p.second, ours);

    // A socket that is closed moves, too.
    asio::ip::tcp::socket closed{net::ip::tcp::socket(c)};
    BOOST_CHECK(!closed.is_open());
    net::ip::tcp::socket closed_again{std::move(closed)};
    BOOST_CHECK(!closed_again.is_open());
}

BOOST_DATA_TEST_CASE(other_kinds_of_sockets, every_mode, m)
{
    descriptor_check const check;
    mode_context c(m);
    net::ip::udp::socket u(c, net::ip::udp::endpoint(net::ip::udp::v4(), 0));
    there_and_back<asio::ip::udp::socket>(u);

    net::local::stream_protocol::socket a(c), b(c);
    net::local::connect_pair(a, b);
    there_and_back<asio::local::stream_protocol::socket>(a);
    check_traffic(c, a, b);
    asio::local::stream_protocol::socket stock(std::move(a));
    check_traffic(c, stock, b);

    net::local::datagram_protocol::socket d(c), e(c);
    connect_pair(d, e); // found where its arguments are
    there_and_back<asio::local::datagram_protocol::socket>(d);

    // Of Asio's protocol on urio.
    asio::basic_stream_socket<asio::ip::tcp, net::any_io_executor> mixed(c);
    net::ip::tcp::acceptor acceptor(c, loopback());
    mixed.connect(acceptor.local_endpoint());
    there_and_back<asio::ip::tcp::socket>(mixed);

    there_and_back<asio::ip::tcp::acceptor>(acceptor);
    int done = 0;
    acceptor.async_accept(
        once([&](error_code ec, net::ip::tcp::socket) { done += !ec; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 1);
}

BOOST_DATA_TEST_CASE(to_a_protocol_known_at_run_time, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    asio::generic::stream_protocol::socket g(std::move(p.first));
    check_traffic(c, g, p.second);
    net::generic::stream_protocol::socket ours(std::move(g));
    check_traffic(c, ours, p.second);
    BOOST_CHECK_EQUAL(ours.local_endpoint().protocol().family(), AF_INET);
}

BOOST_DATA_TEST_CASE(descriptors_and_pipes, every_mode, m)
{
    descriptor_check const check;
    mode_context c(m);
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    there_and_back<asio::readable_pipe>(r);
    there_and_back<asio::writable_pipe>(w);
    check_traffic(c, w, r);
    asio::readable_pipe stock(std::move(r));
    check_traffic(c, w, stock);
    net::readable_pipe ours(std::move(stock));
    check_traffic(c, w, ours);

    net::posix::stream_descriptor d(c, ours.release());
    there_and_back<asio::posix::stream_descriptor>(d);
    check_traffic(c, w, d);
}

// The user's own modes go along.
BOOST_DATA_TEST_CASE(modes_go_along, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    p.first.non_blocking(true);
    asio::ip::tcp::socket stock(std::move(p.first));
    BOOST_CHECK(stock.non_blocking());
    net::ip::tcp::socket ours(std::move(stock));
    BOOST_CHECK(ours.non_blocking());
    char byte[1];
    error_code ec;
    ours.receive(net::buffer(byte), 0, ec);
    BOOST_CHECK(ec == net::error::would_block);
    ours.non_blocking(false);
    BOOST_CHECK(!ours.native_non_blocking());
    check_traffic(c, p.second, ours);
}

// Nothing is cancelled behind the user's back: both refuse, and stay as they are.
BOOST_DATA_TEST_CASE(with_operations_pending, every_mode, m)
{
    descriptor_check const check;
    mode_context c(m);
    tcp_pair p(c);
    char byte[1];
    int done = 0;
    auto const received = [&](error_code ec, std::size_t n) { done += !ec && n == 1; };
    p.first.async_receive(net::buffer(byte), once(received));
    check_refused([&] { asio::ip::tcp::socket s(std::move(p.first)); });
    check_refused([&] { asio::generic::stream_protocol::socket s(std::move(p.first)); });
    BOOST_CHECK(p.first.is_open());
    p.second.send(net::buffer("x", 1));
    run(c);
    BOOST_CHECK_EQUAL(done, 1);

    asio::ip::tcp::socket stock(std::move(p.first));
    stock.async_receive(net::buffer(byte), once(received));
    check_refused([&] { net::ip::tcp::socket s(std::move(stock)); });
    BOOST_CHECK(stock.is_open());
    p.second.send(net::buffer("x", 1));
    run(c);
    BOOST_CHECK_EQUAL(done, 2);
    p.first = std::move(stock);
    check_traffic(c, p.second, p.first);

    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    r.async_read_some(net::buffer(byte), once(received));
    check_refused([&] { asio::readable_pipe s(std::move(r)); });
    w.write_some(net::buffer("x", 1));
    run(c);
    BOOST_CHECK_EQUAL(done, 3);
    asio::readable_pipe s(std::move(r));
    s.async_read_some(net::buffer(byte), once(received));
    check_refused([&] { net::readable_pipe back(std::move(s)); });
    w.write_some(net::buffer("x", 1));
    run(c);
    BOOST_CHECK_EQUAL(done, 4);
}

// The other end of a connection may be accepted into either kind.
BOOST_DATA_TEST_CASE(accepting_across, every_mode, m)
{
    mode_context c(m);
    net::ip::tcp::acceptor ours(c, loopback());
    asio::ip::tcp::acceptor stock(c, loopback());
    net::ip::tcp::socket a(c), b(c);
    int done = 0;
    a.connect(ours.local_endpoint());
    b.connect(stock.local_endpoint());
    asio::ip::tcp::socket from_ours(c);
    net::ip::tcp::socket from_stock(c);
    ours.async_accept(from_ours, once([&](error_code ec) { done += !ec; }));
    stock.async_accept(once(
        [&](error_code ec, asio::ip::tcp::socket s)
        {
            done += !ec;
            from_stock = std::move(s);
        }));
    run(c);
    BOOST_CHECK_EQUAL(done, 2);
    check_traffic(c, a, from_ours);
    check_traffic(c, b, from_stock);
}

// What programs do: Beast's own stream, and iostreams, made of a socket.
BOOST_DATA_TEST_CASE(streams_made_of_a_socket, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    boost::beast::tcp_stream stream(std::move(p.first));
    stream.expires_after(patience);
    check_traffic(c, p.second, stream);
    stream.cancel();

    tcp_pair q(c);
    net::ip::tcp::iostream text(asio::ip::tcp::socket(std::move(q.first)));
    text << "hello" << std::flush;
    char b[5];
    net::read(q.second, net::buffer(b));
    BOOST_CHECK_EQUAL(std::string(b, 5), "hello");
}

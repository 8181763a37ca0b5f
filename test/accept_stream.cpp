// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The connections of a listening socket: each once, none lost, none left open.

#include "descriptors.hpp"
#include "pair.hpp"
#include "submitted.hpp"

#include <urio/stream.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

struct callers
{
    explicit callers(tcp::endpoint where) : where_(where) {}

    void call(int n)
    {
        for (; n != 0; --n)
        {
            int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            BOOST_REQUIRE(s >= 0);
            BOOST_REQUIRE_EQUAL(::connect(s, where_.data(), where_.size()), 0);
            sockets.emplace_back(s);
        }
    }

    tcp::endpoint const where_;
    std::vector<net::unique_descriptor> sockets;
};

struct accepted
{
    error_code error;
    std::optional<tcp::socket> socket;
    bool done = false;
};

template <class Stream>
void fetch(Stream& s, accepted& a)
{
    a.done = false;
    s.async_next(once(
        [&a](error_code ec, tcp::socket socket)
        {
            a.error = ec;
            a.socket.emplace(std::move(socket));
            a.done = true;
        }));
}

template <class Stream>
accepted next(boost::asio::io_context& c, Stream& s)
{
    accepted a;
    fetch(s, a);
    run_until(c, [&] { return a.done; });
    return a;
}

/// A stream of connections, and who makes them; with the operation or without it.
struct listener
{
    listener(mode m, bool has)
        : lacking(has ? nullptr : std::make_unique<faults>(IORING_OP_ACCEPT))
        , context(m)
        , stream(tcp::acceptor(context, loopback()))
        , all(stream.acceptor().local_endpoint())
    {
    }

    std::unique_ptr<faults> const lacking;
    mode_context context;
    net::accept_stream<tcp::acceptor> stream;
    callers all;
};

const auto with_and_without_it = boost::unit_test::data::make({true, false});

} // namespace

BOOST_DATA_TEST_CASE(connections, every_mode* with_and_without_it, m, has)
{
    descriptor_check check;
    listener l(m, has);
    auto& [lacking, c, s, all] = l;
    all.call(5);
    for (int i = 0; i != 5; ++i)
    {
        accepted const a = next(c, s);
        BOOST_CHECK(!a.error);
        BOOST_CHECK(a.socket->is_open());
        BOOST_CHECK(a.socket->remote_endpoint().address().is_loopback());
    }
    // When nobody has called yet.
    accepted a;
    fetch(s, a);
    settle(c);
    BOOST_CHECK(!a.done);
    all.call(1);
    run_until(c, [&] { return a.done; });
    boost::asio::write(*a.socket, boost::asio::buffer("x", 1));
    char x = 0;
    BOOST_CHECK_EQUAL(::recv(all.sockets.back().get(), &x, 1, 0), 1);
    BOOST_CHECK_EQUAL(x, 'x');
}

// What is accepted ahead is closed with the stream; more is not accepted at all.
BOOST_DATA_TEST_CASE(what_nobody_fetches, every_mode* with_and_without_it, m, has)
{
    descriptor_check check;
    std::optional<faults> f;
    if (!has)
        f.emplace(IORING_OP_ACCEPT);
    mode_context c(m);
    std::optional<net::accept_stream<tcp::acceptor>> s;
    s.emplace(tcp::acceptor(c, loopback()), net::accept_stream_options{.ahead = 4});
    callers all(s->acceptor().local_endpoint());
    all.call(20);
    BOOST_CHECK(!next(c, *s).error);
    settle(c);
    s->close();
    BOOST_CHECK(!s->is_open());
    settle(c);
    s.reset();
    settle(c);
    // Nobody listens any more, and nobody has kept a connection.
    for (auto const& caller : all.sockets)
    {
        char x;
        BOOST_CHECK(::recv(caller.get(), &x, 1, 0) <= 0);
    }
    int const late = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    BOOST_CHECK_EQUAL(::connect(late, all.where_.data(), all.where_.size()), -1);
    ::close(late);
}

BOOST_DATA_TEST_CASE(cancelled, every_mode* with_and_without_it, m, has)
{
    listener l(m, has);
    auto& [lacking, c, s, all] = l;
    net::cancellation_signal signal;
    std::optional<error_code> result;
    s.async_next(net::bind_cancellation_slot(
        signal.slot(), once([&](error_code ec, tcp::socket) { result = ec; })));
    settle(c);
    signal.emit(net::cancellation_type::terminal);
    run_until(c, [&] { return result.has_value(); });
    BOOST_CHECK(aborted(*result));
    all.call(1);
    BOOST_CHECK(!next(c, s).error);

    accepted a;
    fetch(s, a);
    settle(c);
    s.cancel();
    run_until(c, [&] { return a.done; });
    BOOST_CHECK(aborted(a.error));
    BOOST_CHECK(!a.socket->is_open());
    all.call(1);
    BOOST_CHECK(!next(c, s).error);
}

// The sockets are another context's.
BOOST_DATA_TEST_CASE(for_another_context, every_mode, m)
{
    boost::asio::thread_pool others(1);
    mode_context c(m);
    net::accept_stream s(tcp::acceptor(c, loopback()),
                         net::any_io_executor(others.get_executor()));
    callers all(s.acceptor().local_endpoint());
    all.call(1);
    accepted a = next(c, s);
    BOOST_REQUIRE(!a.error);
    BOOST_CHECK(&boost::asio::query(a.socket->get_executor(),
                                    boost::asio::execution::context) == &others);
    auto read = std::make_shared<std::promise<char>>();
    auto byte = std::make_shared<char>();
    auto socket = std::make_shared<tcp::socket>(std::move(*a.socket));
    boost::asio::async_read(*socket, boost::asio::buffer(byte.get(), 1),
                            [read, byte, socket](error_code, std::size_t)
                            { read->set_value(*byte); });
    BOOST_REQUIRE_EQUAL(::send(all.sockets[0].get(), "y", 1, 0), 1);
    BOOST_CHECK_EQUAL(read->get_future().get(), 'y');
    others.join();
}

// An error, after which it goes on.
BOOST_DATA_TEST_CASE(no_descriptors_left, every_mode* with_and_without_it, m, has)
{
    listener l(m, has);
    auto& [lacking, c, s, all] = l;
    all.call(2);
    accepted first = next(c, s);
    BOOST_CHECK(!first.error);
    settle(c); // the second has been accepted, too
    BOOST_CHECK(!next(c, s).error);
    all.call(1);
    int const lowest = ::dup(0);
    ::close(lowest);
    ::rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    ::rlimit none = before;
    none.rlim_cur = static_cast<::rlim_t>(lowest);
    ::setrlimit(RLIMIT_NOFILE, &none);
    accepted refused;
    fetch(s, refused);
    c.restart();
    while (!refused.done && c.run_one_for(patience))
        ;
    ::setrlimit(RLIMIT_NOFILE, &before);
    // It may have been accepted before the limit was set.
    if (refused.error)
    {
        BOOST_CHECK(refused.error == net::error::no_descriptors);
        BOOST_CHECK(!next(c, s).error);
    }
    else
        BOOST_CHECK(refused.socket->is_open());
}

BOOST_AUTO_TEST_CASE(nothing_that_is_open)
{
    net::io_context c;
    BOOST_CHECK_THROW(net::accept_stream(tcp::acceptor(c)), boost::system::system_error);
}

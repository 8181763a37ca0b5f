// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Unix stream sockets: names, pairs and refusals, with the results of Asio.

#include "local.hpp"
#include "parity.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
using base = asio::socket_base;

/// Connects and accepts by this name, with all that says who is who.
template <class Net>
void meet(record& r, const std::string& name)
{
    using protocol = typename Net::local_stream;
    using endpoint = typename protocol::endpoint;
    endpoint const here(name);
    typename protocol::acceptor acceptor(r.context(), here);
    r.note("acceptor's", acceptor.local_endpoint().path() == name);
    for (char const* how : {"sync ", "async ", "moving "})
    {
        typename protocol::socket a(r.context()), b(r.context());
        endpoint peer("/not/yet");
        if (how == std::string("sync "))
        {
            r.sync("connect", [&](error_code& ec) { a.connect(here, ec); });
            r.sync("accept", [&](error_code& ec) { acceptor.accept(b, peer, ec); });
        }
        else if (how == std::string("async "))
        {
            r.start("async_accept",
                    [&](auto h) { acceptor.async_accept(b, peer, std::move(h)); });
            r.turn();
            r.async("async_connect",
                    [&](auto h) { a.async_connect(here, std::move(h)); });
        }
        else
        {
            a.connect(here);
            acceptor.async_accept(peer, once(
                                            [&](error_code ec, auto socket)
                                            {
                                                r.note("async_accept with socket", ec);
                                                b = std::move(socket);
                                            }));
            r.finish();
        }
        // The client has no name.
        r.note(std::string("peer ") + how, peer.path());
        r.note(how + std::string("is remote"), a.remote_endpoint().path() == name);
        r.note("b's", b.local_endpoint().path() == name);
        r.note("a's", a.local_endpoint().path());
        char data[8];
        r.async("async_send",
                [&](auto h) { b.async_send(asio::buffer("abc", 3), std::move(h)); });
        r.async("async_receive",
                [&](auto h) { a.async_receive(asio::buffer(data), std::move(h)); });
        b.close();
        r.async(how + std::string("end"),
                [&](auto h) { a.async_receive(asio::buffer(data), std::move(h)); });
        r.async("async_send to nobody",
                [&](auto h) { a.async_send(asio::buffer("abc", 3), std::move(h)); });
    }
}

template <class Net>
void names(record& r)
{
    socket_directory const dir;
    r.section("path ");
    meet<Net>(r, dir / "socket");
    r.section("abstract ");
    meet<Net>(r, abstract_name());
    r.section("with zeros ");
    meet<Net>(r, abstract_name() + std::string(3, '\0') + "x");

    r.section("");
    using endpoint = typename Net::local_stream::endpoint;
    r.throws("107 characters", [] { endpoint(std::string(107, 'x')); });
    r.throws("108 characters", [] { endpoint(std::string(108, 'x')); });
    r.throws("path() of 108", [] { endpoint().path(std::string(108, 'x')); });
    // A client with a name of its own.
    endpoint const here(dir / "server"), there(dir / "client");
    typename Net::local_stream::acceptor acceptor(r.context(), here);
    typename Net::local_stream::socket a(r.context(), there), b(r.context());
    endpoint peer;
    r.async("connect named", [&](auto h) { a.async_connect(here, std::move(h)); });
    r.async("accept named",
            [&](auto h) { acceptor.async_accept(b, peer, std::move(h)); });
    r.note("peer is named", peer == there);
}

template <class Net>
void refusals(record& r)
{
    using protocol = typename Net::local_stream;
    using endpoint = typename protocol::endpoint;
    socket_directory const dir;
    typename protocol::socket s(r.context());
    std::ofstream(dir / "file") << "not a socket";
    endpoint const left(dir / "left");
    {
        typename protocol::acceptor acceptor(r.context(), left);
        typename protocol::socket other(r.context(), protocol());
        r.sync("bind twice", [&](error_code& ec) { other.bind(left, ec); });
        r.throws("second acceptor",
                 [&] { typename protocol::acceptor again(r.context(), left); });
        r.sync("bind again", [&](error_code& ec) { acceptor.bind(left, ec); });
    }
    r.sync("bind to what is left",
           [&](error_code& ec)
           {
               typename protocol::acceptor again(r.context(), protocol());
               again.bind(left, ec);
           });

    struct
    {
        const char* what;
        endpoint where;
    } const cases[] = {{"missing", dir / "missing"},  {"left", left},
                       {"file", dir / "file"},        {"no directory", dir / "file/x"},
                       {"abstract", abstract_name()}, {"empty", std::string()}};
    for (auto const& c : cases)
    {
        r.sync(c.what, [&](error_code& ec) { s.connect(c.where, ec); });
        s.close();
        r.async(std::string("async ") + c.what,
                [&](auto h) { s.async_connect(c.where, std::move(h)); });
        s.close();
    }
    // Of another kind.
    typename Net::local_datagram::socket d(r.context(), endpoint(dir / "dgram").path());
    r.async("async datagram",
            [&](auto h) { s.async_connect(endpoint(dir / "dgram"), std::move(h)); });
}

template <class Net>
void pairs(record& r)
{
    using socket = typename Net::local_stream::socket;
    socket a(r.context()), b(r.context());
    r.sync("connect_pair", [&](error_code& ec) { Net::connect_pair(a, b, ec); });
    char data[8];
    r.sync("send",
           [&](error_code& ec) { return a.send(asio::buffer("abcd", 4), 0, ec); });
    r.sync("available", [&](error_code& ec) { return b.available(ec); });
    r.sync("peek", [&](error_code& ec)
           { return b.receive(asio::buffer(data, 2), base::message_peek, ec); });
    r.async(
        "async_peek", [&](auto h)
        { b.async_receive(asio::buffer(data, 3), base::message_peek, std::move(h)); });
    r.async("async_receive",
            [&](auto h) { b.async_receive(asio::buffer(data, 3), std::move(h)); });
    r.sync("receive",
           [&](error_code& ec) { return b.receive(asio::buffer(data), 0, ec); });
    r.note("local", a.local_endpoint().path());
    r.note("remote", a.remote_endpoint().path());
    r.start("pending async_receive",
            [&](auto h) { b.async_receive(asio::buffer(data), std::move(h)); });
    r.turn();
    r.async("async_send",
            [&](auto h) { a.async_send(asio::buffer("x", 1), std::move(h)); });
    r.sync("send out of band", [&](error_code& ec)
           { return a.send(asio::const_buffer(), base::message_do_not_route, ec); });

    socket c(r.context());
    r.sync("first is open", [&](error_code& ec) { Net::connect_pair(a, c, ec); });
    r.note("c is open", c.is_open());
    r.sync("second is open", [&](error_code& ec) { Net::connect_pair(c, a, ec); });
    typename Net::local_datagram::socket d(r.context()), e(r.context());
    r.sync("datagrams", [&](error_code& ec) { Net::connect_pair(d, e, ec); });
    r.async("async_send datagram",
            [&](auto h) { d.async_send(asio::buffer("xyz", 3), std::move(h)); });
    r.async("async_receive datagram",
            [&](auto h) { e.async_receive(asio::buffer(data), std::move(h)); });
}

/// Urgent data, which some kernels do not have here.
template <class Net>
void urgent(record& r)
{
    typename Net::local_stream::socket a(r.context()), b(r.context());
    error_code ec;
    Net::connect_pair(a, b, ec);
    int const flag = base::message_out_of_band;
    char data[8];
    r.sync("send",
           [&](error_code& e) { return a.send(asio::buffer("ab!", 3), flag, e); });
    r.async("async_send",
            [&](auto h) { b.async_send(asio::buffer("ab!", 3), flag, std::move(h)); });
    for (auto* s : {&a, &b})
    {
        r.sync("at_mark", [&](error_code& e) { r.note("mark", s->at_mark(e)); });
        r.sync("receive",
               [&](error_code& e) { return s->receive(asio::buffer(data), flag, e); });
        s->shutdown(base::shutdown_receive);
        r.async("async_receive",
                [&](auto h) { s->async_receive(asio::buffer(data), std::move(h)); });
    }
}

} // namespace

BOOST_DATA_TEST_CASE(unix_streams_have_names, every_mode, m)
{
    check_parity(
        m, names<stock>, names<on_urio>,
        {line("path async end", error::eof, 0), line("abstract sync is remote", true),
         line("with zeros moving is remote", true), line("107 characters", error_code()),
         line("108 characters", error::name_too_long),
         line("path() of 108", error::name_too_long), line("peer is named", true)});
}

BOOST_DATA_TEST_CASE(unix_streams_that_are_refused, every_mode, m)
{
    error_code const refused = error::connection_refused;
    error_code const missing(ENOENT, error::get_system_category());
    check_parity(m, refusals<stock>, refusals<on_urio>,
                 {line("missing", missing), line("async missing", missing),
                  line("async left", refused), line("async file", refused),
                  line("async abstract", refused),
                  line("bind twice", error::address_in_use),
                  line("second acceptor", error::address_in_use)});
}

BOOST_DATA_TEST_CASE(pairs_of_unix_sockets, every_mode, m)
{
    check_parity(m, pairs<stock>, pairs<on_urio>,
                 {line("connect_pair", error_code()), line("async_receive", {}, 3),
                  line("pending async_receive", {}, 1),
                  line("first is open", error::already_open),
                  line("async_receive datagram", {}, 3)});
}

BOOST_DATA_TEST_CASE(urgent_data_of_unix_streams, every_mode, m)
{
    check_parity(m, urgent<stock>, urgent<on_urio>, {});
}

// Asio reports success for a socket that is not connected: see doc/swap.md.
BOOST_DATA_TEST_CASE(the_full_queue_of_another_is_waited_for, every_mode, m)
{
    using protocol = on_urio::local_datagram;
    mode_context c(m);
    protocol::endpoint const here(abstract_name());
    protocol::socket receiver(c, here), sender(c, protocol());
    int const other = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    std::size_t queued = 0;
    while (::sendto(other, "o", 1, 0, here.data(),
                    static_cast<::socklen_t>(here.size())) == 1)
        ++queued;
    BOOST_CHECK_EQUAL(errno, EAGAIN);

    bool sent = false;
    sender.async_send_to(urio::buffer("x", 1), here,
                         once(
                             [&](error_code ec, std::size_t)
                             {
                                 BOOST_CHECK(!ec);
                                 sent = true;
                             }));
    c.run_for(50ms);
    BOOST_CHECK(!sent);
    std::string got(queued + 1, '\0');
    for (std::size_t i = 0; i != queued; ++i)
        receiver.receive(urio::buffer(&got[i], 1));
    run(c);
    BOOST_CHECK(sent);
    receiver.receive(urio::buffer(&got[queued], 1));
    BOOST_CHECK_EQUAL(std::count(got.begin(), got.end(), 'x'), 1);
    ::close(other);
}

BOOST_DATA_TEST_CASE(a_full_queue_is_waited_for, every_mode, m)
{
    using protocol = on_urio::local_stream;
    mode_context c(m);
    protocol::endpoint const here(abstract_name());
    protocol::acceptor acceptor(c, protocol());
    acceptor.bind(here);
    acceptor.listen(1);
    std::vector<int> waiting;
    do
        waiting.push_back(
            ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    while (::connect(waiting.back(), here.data(),
                     static_cast<::socklen_t>(here.size())) == 0);
    BOOST_CHECK_EQUAL(errno, EAGAIN);

    protocol::socket s(c);
    bool connected = false;
    s.async_connect(here, once(
                              [&](error_code ec)
                              {
                                  BOOST_CHECK(!ec);
                                  connected = true;
                              }));
    c.run_for(100ms);
    BOOST_CHECK(!connected);
    if (!on_uring())
    {
        // A reactor asks from time to time, and does not spin.
        BOOST_CHECK_LT(urio::statistics_of(c).enters, 50u);
        BOOST_CHECK_LT(urio::statistics_of(c).wakeups, 5u);
    }
    for (std::size_t i = 1; i != waiting.size(); ++i)
        acceptor.accept();
    run(c);
    BOOST_CHECK_EQUAL(s.remote_endpoint(), here);
    for (int descriptor : waiting)
        ::close(descriptor);
}

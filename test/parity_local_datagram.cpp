// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Unix datagram sockets: senders, refusals and full receivers, with the results of Asio.

#include "local.hpp"
#include "parity.hpp"

#include <array>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
using base = asio::socket_base;

template <class Net>
void senders(record& r)
{
    using protocol = typename Net::local_datagram;
    using endpoint = typename protocol::endpoint;
    socket_directory const dir;
    endpoint const named(dir / "named"), abstract(abstract_name()), to(dir / "receiver");
    typename protocol::socket b(r.context(), to);
    char data[8] = {};
    for (endpoint const& from : {named, abstract, endpoint()})
    {
        r.section(from == named ? "named " : from == abstract ? "abstract " : "unnamed ");
        typename protocol::socket a(r.context(), protocol());
        if (from != endpoint())
            r.sync("bind", [&](error_code& ec) { a.bind(from, ec); });
        r.note("local_endpoint", a.local_endpoint() == from);
        r.sync("send_to", [&](error_code& ec)
               { return a.send_to(asio::buffer("abc", 3), to, 0, ec); });
        r.async("async_send_to", [&](auto h)
                { a.async_send_to(asio::buffer("de", 2), to, std::move(h)); });
        endpoint sender("/somebody/else");
        r.sync("receive_from", [&](error_code& ec)
               { return b.receive_from(asio::buffer(data), sender, 0, ec); });
        r.note("sender", sender == from);
        r.note("sender's size", sender.size() == from.size());
        sender = endpoint("/somebody/else");
        r.async("async_receive_from", [&](auto h)
                { b.async_receive_from(asio::buffer(data), sender, std::move(h)); });
        r.note("async sender", sender == from);
        r.note("async sender's size", sender.size() == from.size());
        // Answers reach who has a name.
        r.async("answer", [&](auto h)
                { b.async_send_to(asio::buffer("f", 1), sender, std::move(h)); });
        // Truncated, and empty.
        a.send_to(asio::buffer("longer", 6), to);
        r.async("truncated", [&](auto h)
                { b.async_receive_from(asio::buffer(data, 2), sender, std::move(h)); });
        r.async("async_send_to empty",
                [&](auto h) { a.async_send_to(asio::const_buffer(), to, std::move(h)); });
        r.async("empty", [&](auto h)
                { b.async_receive_from(asio::buffer(data), sender, std::move(h)); });
    }
}

template <class Net>
void refusals(record& r)
{
    using protocol = typename Net::local_datagram;
    using endpoint = typename protocol::endpoint;
    socket_directory const dir;
    endpoint const here(dir / "here"), left(dir / "left"), missing(dir / "missing");
    typename protocol::socket a(r.context(), protocol()), b(r.context(), here);
    typename protocol::socket friendly(r.context(), endpoint(dir / "friend"));
    {
        typename protocol::socket gone(r.context(), left);
    }
    auto const out = asio::buffer("x", 1);
    r.throws("bind twice", [&] { typename protocol::socket(r.context(), here); });
    for (endpoint const& to : {missing, left, endpoint(abstract_name())})
    {
        r.section(to == missing ? "missing " : to == left ? "left " : "abstract ");
        r.sync("send_to", [&](error_code& ec) { return a.send_to(out, to, 0, ec); });
        r.async("async_send_to", [&](auto h) { a.async_send_to(out, to, std::move(h)); });
        r.sync("connect", [&](error_code& ec) { a.connect(to, ec); });
        r.async("async_connect", [&](auto h) { a.async_connect(to, std::move(h)); });
    }
    r.section("");
    r.sync("send", [&](error_code& ec) { return a.send(out, 0, ec); });
    r.async("async_send", [&](auto h) { a.async_send(out, std::move(h)); });
    // Who is connected takes nothing from others.
    b.connect(friendly.local_endpoint());
    r.sync("send_to a stranger",
           [&](error_code& ec) { return a.send_to(out, here, 0, ec); });
    r.async("async_send_to a stranger",
            [&](auto h) { a.async_send_to(out, here, std::move(h)); });
    std::string const large(1 << 20, 'x');
    r.async("async_send too large",
            [&](auto h) { b.async_send(asio::buffer(large), std::move(h)); });
    r.async("async_send_to too large",
            [&](auto h)
            {
                a.async_send_to(asio::buffer(large), friendly.local_endpoint(),
                                std::move(h));
            });
    r.async("async_send to the friend", [&](auto h) { b.async_send(out, std::move(h)); });
    friendly.close();
    r.async("async_send to nobody", [&](auto h) { b.async_send(out, std::move(h)); });
    r.sync("send to nobody", [&](error_code& ec) { return b.send(out, 0, ec); });
}

template <class Net>
void full(record& r)
{
    typename Net::local_datagram::socket a(r.context()), b(r.context());
    error_code ec;
    Net::connect_pair(a, b, ec);
    BOOST_REQUIRE(!ec);
    auto const out = asio::buffer("full", 4);
    a.non_blocking(true);
    std::size_t fitted = 0;
    while (a.send(out, 0, ec), !ec)
        ++fitted;
    r.note("fitted", fitted > 0);
    r.note("then", ec);
    a.non_blocking(false);

    char data[8];
    r.start("async_send", [&](auto h) { a.async_send(out, std::move(h)); });
    r.turn();
    r.note("waits with", fitted);
    for (std::size_t i = 0; i != fitted; ++i)
        b.receive(asio::buffer(data));
    r.finish();
    r.async("async_wait", [&](auto h) { a.async_wait(base::wait_write, std::move(h)); });
    r.async("async_receive",
            [&](auto h) { b.async_receive(asio::buffer(data), std::move(h)); });

    // Room that never comes: both ways out.
    a.non_blocking(true);
    while (a.send(out, 0, ec), !ec)
        ;
    r.start("async_send cancelled", [&](auto h) { a.async_send(out, std::move(h)); });
    r.turn();
    a.cancel();
    r.finish();
    r.start("async_send closed by the peer",
            [&](auto h) { a.async_send(out, std::move(h)); });
    r.turn();
    b.close();
    r.finish();
}

/// A name that fills its field, which Asio's endpoints do not hold.
template <class Net>
void longest_name(record& r)
{
    using protocol = typename Net::local_datagram;
    socket_directory const dir;
    ::sockaddr_un longest{};
    longest.sun_family = AF_UNIX;
    std::string name = dir / "x";
    name.resize(sizeof longest.sun_path, 'x');
    name.copy(longest.sun_path, name.size());
    int const peer = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    void const* const address = &longest;
    BOOST_REQUIRE_EQUAL(
        ::bind(peer, static_cast<const ::sockaddr*>(address), sizeof longest), 0);

    typename protocol::endpoint const here(dir / "here");
    typename protocol::socket s(r.context(), here);
    typename protocol::endpoint sender;
    char data[4];
    for (int i = 0; i != 3; ++i)
        BOOST_REQUIRE_EQUAL(
            ::sendto(peer, "x", 1, 0, here.data(), static_cast<::socklen_t>(here.size())),
            1);
    ::close(peer);
    r.throws("receive_from", [&] { s.receive_from(asio::buffer(data), sender); });
    // Asio has the exception leave the initiating function, urio has it leave run().
    bool called = false;
    r.throws("async_receive_from",
             [&]
             {
                 s.async_receive_from(asio::buffer(data), sender,
                                      [&](error_code, std::size_t) { called = true; });
                 r.finish();
             });
    r.note("called", called);
    r.async("async_receive",
            [&](auto h) { s.async_receive(asio::buffer(data), std::move(h)); });
}

} // namespace

BOOST_DATA_TEST_CASE(senders_of_unix_datagrams, every_mode, m)
{
    error_code const invalid = error::invalid_argument;
    check_parity(m, senders<stock>, senders<on_urio>,
                 {line("named async sender", true), line("abstract async sender", true),
                  line("unnamed async sender", true), line("unnamed answer", invalid, 0),
                  line("named truncated", {}, 2), line("named empty", {}, 0)});
}

BOOST_DATA_TEST_CASE(unix_datagrams_that_are_refused, every_mode, m)
{
    error_code const refused = error::connection_refused, size = error::message_size;
    error_code const missing(ENOENT, error::get_system_category());
    error_code const stranger(EPERM, error::get_system_category());
    check_parity(
        m, refusals<stock>, refusals<on_urio>,
        {line("missing async_send_to", missing, 0), line("left send_to", refused, 0),
         line("left async_connect", refused), line("abstract async_send_to", refused, 0),
         line("async_send", error::not_connected, 0),
         line("async_send_to a stranger", stranger, 0),
         line("async_send too large", size, 0), line("async_send to nobody", refused, 0),
         line("bind twice", error::address_in_use)});
}

BOOST_DATA_TEST_CASE(unix_datagrams_to_a_full_receiver, every_mode, m)
{
    check_parity(m, full<stock>, full<on_urio>,
                 {line("then", error::would_block), line("async_send", {}, 4),
                  line("async_send cancelled", error::operation_aborted, 0),
                  line("async_receive", {}, 4)});
}

BOOST_DATA_TEST_CASE(a_sender_with_the_longest_name, every_mode, m)
{
    check_parity(m, longest_name<stock>, longest_name<on_urio>,
                 {line("async_receive_from", error::invalid_argument),
                  line("called", false), line("async_receive", {}, 1)});
}

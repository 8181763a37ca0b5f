// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Multicast over the loopback interface, with the results of Asio.

#include "parity.hpp"

#include <net/if.h>
#include <string>

namespace
{

using namespace test;
namespace asio = boost::asio;
namespace error = boost::asio::error;
namespace multicast = boost::asio::ip::multicast;
using endpoint = asio::ip::udp::endpoint;

/// A group, and how the loopback interface is named for it.
struct v4
{
    static asio::ip::udp protocol() { return asio::ip::udp::v4(); }
    static asio::ip::address any() { return asio::ip::address_v4::any(); }
    static asio::ip::address group() { return asio::ip::make_address("239.255.42.99"); }
    static multicast::outbound_interface interface()
    {
        return multicast::outbound_interface(asio::ip::address_v4::loopback());
    }
    template <class Membership>
    static Membership on_loopback(const asio::ip::address& group)
    {
        return Membership(group.to_v4(), asio::ip::address_v4::loopback());
    }
};

struct v6
{
    static unsigned loopback() { return ::if_nametoindex("lo"); }
    static asio::ip::udp protocol() { return asio::ip::udp::v6(); }
    static asio::ip::address any() { return asio::ip::address_v6::any(); }
    static asio::ip::address group()
    {
        auto a = asio::ip::make_address_v6("ff12::4299");
        a.scope_id(loopback());
        return a;
    }
    static multicast::outbound_interface interface()
    {
        return multicast::outbound_interface(loopback());
    }
    template <class Membership>
    static Membership on_loopback(const asio::ip::address& group)
    {
        return Membership(group.to_v6(), loopback());
    }
};

template <class Net, class Family>
void groups(record& r)
{
    using socket = typename Net::udp::socket;
    socket a(r.context(), typename Net::udp(Family::protocol()));
    socket b(r.context(), endpoint(Family::any(), 0));
    endpoint const to(Family::group(), b.local_endpoint().port());
    auto const join = Family::template on_loopback<multicast::join_group>(to.address());
    auto const leave = Family::template on_loopback<multicast::leave_group>(to.address());

    r.sync("leave too early", [&](error_code& ec) { b.set_option(leave, ec); });
    r.sync("join", [&](error_code& ec) { b.set_option(join, ec); });
    r.sync("join twice", [&](error_code& ec) { b.set_option(join, ec); });
    r.sync("join no group",
           [&](error_code& ec)
           {
               auto const none =
                   Family::template on_loopback<multicast::join_group>(Family::any());
               b.set_option(none, ec);
           });
    r.sync("interface", [&](error_code& ec) { a.set_option(Family::interface(), ec); });

    char data[8] = {};
    endpoint sender;
    auto const out = asio::buffer("group", 5);
    error_code unreachable;
    r.sync("send_to",
           [&](error_code& ec)
           {
               std::size_t const n = a.send_to(out, to, 0, ec);
               unreachable = ec;
               return n;
           });
    if (unreachable)
    {
        // Most machines have no route for IPv6's groups on this interface.
        r.async("async_send_to", [&](auto h) { a.async_send_to(out, to, std::move(h)); });
        return;
    }
    r.sync("receive_from", [&](error_code& ec)
           { return b.receive_from(asio::buffer(data), sender, 0, ec); });
    r.note("sender is a", sender.port() == a.local_endpoint().port());
    r.start("async_receive_from", [&](auto h)
            { b.async_receive_from(asio::buffer(data), sender, std::move(h)); });
    r.turn();
    r.async("async_send_to", [&](auto h) { a.async_send_to(out, to, std::move(h)); });
    r.note("data", std::string(data, 5));

    r.sync("leave", [&](error_code& ec) { b.set_option(leave, ec); });
    r.sync("leave twice", [&](error_code& ec) { b.set_option(leave, ec); });
}

template <class Net, class Family>
void options(record& r)
{
    typename Net::udp::socket s(r.context(), typename Net::udp(Family::protocol()));
    multicast::hops hops;
    multicast::enable_loopback loopback;
    r.sync("get hops", [&](error_code& ec) { s.get_option(hops, ec); });
    r.note("hops at first", hops.value());
    for (int n : {0, 7, 255})
    {
        std::string const which = std::to_string(n);
        r.sync("set hops " + which,
               [&](error_code& ec) { s.set_option(multicast::hops(n), ec); });
        s.get_option(hops);
        r.note("hops " + which, hops.value());
    }
    s.get_option(loopback);
    r.note("loopback at first", loopback.value());
    r.sync("no loopback",
           [&](error_code& ec) { s.set_option(multicast::enable_loopback(false), ec); });
    s.get_option(loopback);
    r.note("loopback", loopback.value());
    r.sync("no such interface",
           [&](error_code& ec)
           {
               auto const none =
                   multicast::outbound_interface(asio::ip::make_address_v4("127.1.2.3"));
               s.set_option(none, ec);
           });
}

/// Whether the machine lets a datagram through to a group, which plain Asio tries.
bool has_multicast()
{
    asio::io_context c;
    asio::ip::udp::socket s(c, asio::ip::udp::v4());
    error_code ec;
    s.set_option(v4::interface(), ec);
    if (!ec)
        s.send_to(asio::buffer("?", 1), endpoint(v4::group(), 9), 0, ec);
    return !ec;
}

} // namespace

BOOST_DATA_TEST_CASE(multicast_v4, every_mode, m)
{
    URIO_REQUIRE_OR_SKIP(has_multicast(), "no multicast on the loopback interface");
    check_parity(m, groups<stock, v4>, groups<on_urio, v4>,
                 {line("join", error_code()), line("receive_from", {}, 5),
                  line("async_receive_from", {}, 5), line("data", std::string("group")),
                  line("join twice", error::address_in_use)});
}

BOOST_DATA_TEST_CASE(multicast_v6, every_mode, m)
{
    URIO_REQUIRE_OR_SKIP(has_ipv6(), "no IPv6");
    check_parity(m, groups<stock, v6>, groups<on_urio, v6>,
                 {line("join", error_code()), line("interface", error_code()),
                  line("join twice", error::address_in_use)});
}

BOOST_DATA_TEST_CASE(multicast_options, every_mode, m)
{
    check_parity(m, options<stock, v4>, options<on_urio, v4>,
                 {line("hops at first", 1), line("hops 7", 7),
                  line("loopback at first", true), line("loopback", false)});
    URIO_REQUIRE_OR_SKIP(has_ipv6(), "no IPv6");
    check_parity(m, options<stock, v6>, options<on_urio, v6>,
                 {line("hops 255", 255), line("loopback", false)});
}

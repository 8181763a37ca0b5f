// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What urio's datagram sockets put on the wire and take from it: the other side is a
// plain POSIX socket, on Asio as on urio.

#include "local.hpp"
#include "parity.hpp"

#include <array>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace
{

using namespace test;
namespace asio = boost::asio;

/// A bound datagram socket of system calls alone.
template <class Endpoint>
class posix_peer
{
public:
    explicit posix_peer(const Endpoint& at)
        : descriptor_(::socket(at.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0))
    {
        BOOST_REQUIRE(descriptor_ >= 0);
        BOOST_REQUIRE_EQUAL(
            ::bind(descriptor_, at.data(), static_cast<::socklen_t>(at.size())), 0);
        auto length = static_cast<::socklen_t>(here_.capacity());
        BOOST_REQUIRE_EQUAL(::getsockname(descriptor_, here_.data(), &length), 0);
        here_.resize(length);
    }

    posix_peer(const posix_peer&) = delete;
    posix_peer& operator=(const posix_peer&) = delete;
    ~posix_peer() { ::close(descriptor_); }

    const Endpoint& here() const { return here_; }

    void send(const std::string& data, const Endpoint& to) const
    {
        ::ssize_t const n = ::sendto(descriptor_, data.data(), data.size(), MSG_NOSIGNAL,
                                     to.data(), static_cast<::socklen_t>(to.size()));
        BOOST_REQUIRE_EQUAL(n, static_cast<::ssize_t>(data.size()));
    }

    /// The next datagram, and whether it came from there.
    void note(record& r, const std::string& what, const Endpoint& from) const
    {
        await_events(descriptor_, POLLIN);
        std::string data(70'000, '\0');
        Endpoint sender;
        auto length = static_cast<::socklen_t>(sender.capacity());
        ::ssize_t const n =
            ::recvfrom(descriptor_, data.data(), data.size(), 0, sender.data(), &length);
        BOOST_REQUIRE(n >= 0);
        sender.resize(length);
        data.resize(static_cast<std::size_t>(n));
        r.note(what + " size", data.size());
        r.note(what + " begins", data.substr(0, 12));
        r.note(what + " sender", sender == from);
    }

private:
    int descriptor_;
    Endpoint here_;
};

template <class Protocol>
void exchange(record& r, const typename Protocol::endpoint& mine,
              const typename Protocol::endpoint& theirs)
{
    using endpoint = typename Protocol::endpoint;
    posix_peer<endpoint> const peer(theirs);
    typename Protocol::socket s(r.context(), mine);
    endpoint const here = s.local_endpoint(), &to = peer.here();
    std::array<asio::const_buffer, 4> const parts{
        asio::buffer("one", 3), asio::const_buffer(), asio::buffer("two", 3),
        asio::buffer("three", 5)};
    r.async("async_send_to",
            [&](auto h) { s.async_send_to(asio::buffer("plain", 5), to, std::move(h)); });
    peer.note(r, "plain", here);
    r.async("async_send_to parts",
            [&](auto h) { s.async_send_to(parts, to, std::move(h)); });
    peer.note(r, "parts", here);
    r.async("async_send_to nothing",
            [&](auto h) { s.async_send_to(asio::const_buffer(), to, std::move(h)); });
    peer.note(r, "nothing", here);
    std::string const large(60'000, 'l');
    r.async("async_send_to large",
            [&](auto h) { s.async_send_to(asio::buffer(large), to, std::move(h)); });
    peer.note(r, "large", here);

    char data[8];
    auto const in = asio::buffer(data);
    endpoint sender;
    for (char const* text : {"exactly!", "", "too much for it", "x"})
    {
        std::string const name = std::string("'") + text + '\'';
        // Once while the operation is pending, once before it starts.
        r.start("pending " + name,
                [&](auto h) { s.async_receive_from(in, sender, std::move(h)); });
        r.turn();
        peer.send(text, here);
        r.finish();
        r.note("sender of " + name, sender == to);
        sender = {};
        peer.send(text, here);
        r.async("arrived " + name,
                [&](auto h) { s.async_receive_from(in, sender, std::move(h)); });
        r.note("sender of arrived " + name, sender == to);
        sender = {};
    }

    r.async("async_connect", [&](auto h) { s.async_connect(to, std::move(h)); });
    r.async("async_send parts", [&](auto h) { s.async_send(parts, std::move(h)); });
    peer.note(r, "connected parts", here);
    r.async("async_send nothing",
            [&](auto h) { s.async_send(asio::const_buffer(), std::move(h)); });
    peer.note(r, "connected nothing", here);
}

template <class Net>
void udp(record& r)
{
    asio::ip::udp::endpoint const v4(asio::ip::address_v4::loopback(), 0);
    r.section("v4 ");
    exchange<typename Net::udp>(r, v4, v4);
    if (!has_ipv6())
        return;
    asio::ip::udp::endpoint const v6(asio::ip::address_v6::loopback(), 0);
    r.section("v6 ");
    exchange<typename Net::udp>(r, v6, v6);
}

template <class Net>
void local(record& r)
{
    socket_directory const dir;
    r.section("path ");
    exchange<typename Net::local_datagram>(r, dir / "mine", dir / "theirs");
    r.section("abstract ");
    exchange<typename Net::local_datagram>(r, abstract_name(), abstract_name());
}

template <class Net>
void generic(record& r)
{
    asio::ip::udp::endpoint const v4(asio::ip::address_v4::loopback(), 0);
    exchange<typename Net::generic_datagram>(r, {v4}, {v4});
}

lines expected(const std::string& where)
{
    return {line(where + "parts size", 11),
            line(where + "parts begins", std::string("onetwothree")),
            line(where + "parts sender", true),
            line(where + "nothing size", 0),
            line(where + "large size", 60'000),
            line(where + "pending ''", {}, 0),
            line(where + "arrived ''", {}, 0),
            line(where + "pending 'too much for it'", {}, 8),
            line(where + "sender of 'x'", true),
            line(where + "connected nothing size", 0)};
}

} // namespace

BOOST_DATA_TEST_CASE(udp_on_the_wire, every_mode, m)
{
    check_parity(m, udp<stock>, udp<on_urio>, expected("v4 "));
}

BOOST_DATA_TEST_CASE(unix_datagrams_on_the_wire, every_mode, m)
{
    check_parity(m, local<stock>, local<on_urio>, expected("abstract "));
}

BOOST_DATA_TEST_CASE(generic_datagrams_on_the_wire, every_mode, m)
{
    check_parity(m, generic<stock>, generic<on_urio>, expected(""));
}

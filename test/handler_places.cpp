// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A handler's allocator that has but one place, which was measured for Asio's operations,
// has room for urio's.

#include "pair.hpp"
#include "places.hpp"
#include "test.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::ip::tcp;
using net::ip::udp;
using stream_protocol = net::local::stream_protocol;

/// A sequence that owns what it describes.
struct owning_buffers
{
    using value_type = net::const_buffer;
    using const_iterator = const net::const_buffer*;

    explicit owning_buffers(const std::string& s) : data(std::make_shared<std::string>(s))
    {
        buffers[0] = net::buffer(*data, 3);
        buffers[1] = net::buffer(*data) + 3;
    }

    const_iterator begin() const { return buffers; }
    const_iterator end() const { return buffers + 2; }

    std::shared_ptr<std::string> data;
    net::const_buffer buffers[2];
};

const std::string text = "0123456789";

std::array<net::const_buffer, 2> halves(const std::string& s)
{
    return {net::buffer(s, 4), net::buffer(s) + 4};
}

std::array<net::mutable_buffer, 2> halves(char (&memory)[10])
{
    return {net::buffer(memory, 5), net::buffer(memory) + 5};
}

template <class Sender, class Send, class Receiver, class Receive>
void exchange(mode_context& c, Sender& from, const Send& out, Receiver& to,
              const Receive& in, char* memory)
{
    asio_send<Send> sent;
    asio_receive<Receive> received;
    to.async_receive(in, received.handler());
    c.poll(); // it waits
    from.async_send(out, sent.handler());
    run(c);
    sent.check(text.size());
    received.check(text.size());
    BOOST_CHECK_EQUAL(std::string(memory, text.size()), text);
    std::fill_n(memory, text.size(), '-');
}

template <class Sender, class Receiver>
void exchange_all(mode_context& c, Sender& from, Receiver& to)
{
    char memory[10];
    auto const two = halves(text);
    auto const in_two = halves(memory);
    std::vector<net::const_buffer> const vector(two.begin(), two.end());
    std::vector<net::mutable_buffer> const in_vector(in_two.begin(), in_two.end());

    exchange(c, from, net::const_buffer(net::buffer(text)), to, net::buffer(memory),
             memory);
    exchange(c, from, two, to, in_two, memory);
    exchange(c, from, std::span<const net::const_buffer>(two), to,
             std::span<const net::mutable_buffer>(in_two), memory);
    exchange(c, from, vector, to, in_vector, memory);
    exchange(c, from, owning_buffers(text), to, in_two, memory);

    // More than Asio's operation has room for: the list has a place of its own.
    std::vector<net::const_buffer> ten;
    std::vector<net::mutable_buffer> in_ten;
    for (std::size_t i = 0; i != 10; ++i)
    {
        ten.push_back(net::buffer(&text[i], 1));
        in_ten.push_back(net::buffer(&memory[i], 1));
    }
    exchange(c, from, ten, to, in_ten, memory);
    exchange(c, from, std::span<const net::const_buffer>(ten), to,
             std::span<const net::mutable_buffer>(in_ten), memory);
}

} // namespace

BOOST_DATA_TEST_CASE(sockets_fit_where_asios_own_operations_fit, every_mode, m)
{
    mode_context c(m);
    tcp_pair t(c);
    exchange_all(c, t.first, t.second);

    stream_protocol::socket a(c), b(c);
    net::local::connect_pair(a, b);
    exchange_all(c, a, b);

    udp::endpoint const any(net::ip::address_v4::loopback(), 0);
    udp::socket from(c, any), to(c, any);
    from.connect(to.local_endpoint());
    exchange_all(c, from, to);
    to.connect(from.local_endpoint());
    exchange_all(c, to, from);
}

BOOST_DATA_TEST_CASE(datagrams_fit_where_asios_own_operations_fit, every_mode, m)
{
    mode_context c(m);
    udp::endpoint const any(net::ip::address_v4::loopback(), 0);
    udp::socket from(c, any), to(c, any);
    char memory[10];
    auto const arrives = [&]
    {
        BOOST_CHECK_EQUAL(to.receive(net::buffer(memory)), text.size());
        BOOST_CHECK_EQUAL(std::string(memory, 10), text);
    };

    using one = net::const_buffer;
    asio_send_to<one> first;
    from.async_send_to(one(net::buffer(text)), to.local_endpoint(), first.handler());
    run(c);
    first.check(text.size());
    arrives();

    using two = std::array<net::const_buffer, 2>;
    asio_send_to<two> second;
    from.async_send_to(halves(text), to.local_endpoint(), second.handler());
    run(c);
    second.check(text.size());
    arrives();

    asio_wait wait;
    to.async_wait(udp::socket::wait_write, wait.handler());
    run(c);
    wait.check(0);
}

// Datagrams keep their headers' addresses apart, however many are sent at once.
BOOST_DATA_TEST_CASE(many_datagrams_with_an_address_each, every_mode, m)
{
    mode_context c(m);
    udp::endpoint const any(net::ip::address_v4::loopback(), 0);
    udp::socket from(c, any);
    constexpr std::size_t n = 40;
    std::vector<udp::socket> to;
    std::vector<std::string> what;
    for (std::size_t i = 0; i != n; ++i)
    {
        to.emplace_back(c, any);
        what.push_back("datagram " + std::to_string(i));
    }
    std::size_t sent = 0;
    for (std::size_t i = 0; i != n; ++i)
        from.async_send_to(halves(what[i]), to[i].local_endpoint(),
                           [&, i](error_code ec, std::size_t bytes)
                           {
                               BOOST_CHECK(!ec);
                               BOOST_CHECK_EQUAL(bytes, what[i].size());
                               ++sent;
                           });
    run(c);
    BOOST_CHECK_EQUAL(sent, n);
    for (std::size_t i = 0; i != n; ++i)
    {
        char memory[20];
        std::size_t const got = to[i].receive(net::buffer(memory));
        BOOST_CHECK_EQUAL(std::string(memory, got), what[i]);
    }
}

// Flags for several buffers: there is a header, which the kernel writes to.
BOOST_DATA_TEST_CASE(flags_and_several_buffers, every_mode, m)
{
    mode_context c(m);
    tcp_pair t(c);
    char memory[10];
    auto const in = halves(memory);
    place<1024> p;
    outcome o;
    t.first.async_receive(in, tcp::socket::message_peek, placed<1024>{&o, &p});
    c.poll();
    t.second.send(net::buffer(text));
    run(c);
    BOOST_CHECK_EQUAL(o.bytes, text.size());
    BOOST_CHECK_EQUAL(std::string(memory, 10), text);
    BOOST_CHECK_EQUAL(t.first.receive(in), text.size());
}

BOOST_DATA_TEST_CASE(pipes_fit_where_asios_own_operations_fit, every_mode, m)
{
    mode_context c(m);
    net::readable_pipe reader(c);
    net::writable_pipe writer(c);
    net::connect_pipe(reader, writer);
    char memory[10];

    asio_write<net::const_buffer> w1;
    asio_read<net::mutable_buffer> r1;
    writer.async_write_some(net::const_buffer(net::buffer(text)), w1.handler());
    reader.async_read_some(net::mutable_buffer(net::buffer(memory)), r1.handler());
    run(c);
    w1.check(text.size());
    r1.check(text.size());

    asio_write<std::array<net::const_buffer, 2>> w2;
    asio_read<std::array<net::mutable_buffer, 2>> r2;
    writer.async_write_some(halves(text), w2.handler());
    reader.async_read_some(halves(memory), r2.handler());
    run(c);
    w2.check(text.size());
    r2.check(text.size());
    BOOST_CHECK_EQUAL(std::string(memory, 10), text);
}

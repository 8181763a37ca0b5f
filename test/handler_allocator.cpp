// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A handler's allocator is used as Asio uses it: bound to the operation's type, and asked
// for one. Programs have allocators with a single place that was measured for Asio's
// operations; libtorrent is one.

#include "file.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <urio/fs.hpp>

#include <boost/asio/detail/descriptor_read_op.hpp>
#include <boost/asio/detail/descriptor_write_op.hpp>
#include <boost/asio/detail/reactive_socket_recv_op.hpp>
#include <boost/asio/detail/reactive_socket_send_op.hpp>
#include <boost/asio/detail/reactive_socket_sendto_op.hpp>
#include <boost/asio/detail/reactive_wait_op.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::ip::tcp;
using net::ip::udp;
using stream_protocol = net::local::stream_protocol;

// An allocator with one place.

template <std::size_t Size>
struct place
{
    alignas(std::max_align_t) std::byte bytes[Size];
    bool used = false;
    unsigned taken = 0;
};

template <class T, std::size_t Size>
struct place_allocator
{
    using value_type = T;
    template <class U>
    struct rebind
    {
        using other = place_allocator<U, Size>;
    };

    explicit place_allocator(place<Size>& p) : p(&p) {}
    template <class U>
    place_allocator(const place_allocator<U, Size>& other) : p(other.p)
    {
    }

    T* allocate(std::size_t n)
    {
        static_assert(sizeof(T) <= Size, "no room for the operation");
        BOOST_REQUIRE_EQUAL(n, 1u);
        BOOST_REQUIRE(!std::exchange(p->used, true));
        ++p->taken;
        return reinterpret_cast<T*>(p->bytes);
    }

    void deallocate(T* object, std::size_t n)
    {
        BOOST_REQUIRE_EQUAL(n, 1u);
        BOOST_REQUIRE(static_cast<void*>(object) == p->bytes);
        BOOST_REQUIRE(std::exchange(p->used, false));
        std::fill(std::begin(p->bytes), std::end(p->bytes), std::byte{0xdd});
    }

    template <class U>
    bool operator==(const place_allocator<U, Size>& other) const
    {
        return p == other.p;
    }

    place<Size>* p;
};

struct outcome
{
    error_code error;
    std::size_t bytes = 0;
    unsigned calls = 0;
};

template <std::size_t Size>
struct placed
{
    using allocator_type = place_allocator<char, Size>;

    allocator_type get_allocator() const noexcept { return allocator_type(*p); }

    void operator()(error_code ec, std::size_t n = 0)
    {
        BOOST_CHECK(!p->used); // for the next operation
        *o = {ec, n, o->calls + 1};
    }

    outcome* o;
    place<Size>* p;
};

// As large as all of these.
using any_placed = placed<1>;

/// A place in which Asio's own operation fits, and a handler that has it.
template <class AsioOperation>
struct asio_sized
{
    static constexpr std::size_t size = sizeof(AsioOperation);

    placed<size> handler() { return {&seen, &memory}; }

    void check(std::size_t bytes) const
    {
        BOOST_CHECK(!seen.error);
        BOOST_CHECK_EQUAL(seen.bytes, bytes);
        BOOST_CHECK_EQUAL(seen.calls, 1u);
        BOOST_CHECK_EQUAL(memory.taken, 1u);
    }

    place<size> memory;
    outcome seen;
};

namespace ad = boost::asio::detail;
using executor = boost::asio::any_io_executor;
template <class Buffers>
using asio_receive =
    asio_sized<ad::reactive_socket_recv_op<Buffers, any_placed, executor>>;
template <class Buffers>
using asio_send = asio_sized<ad::reactive_socket_send_op<Buffers, any_placed, executor>>;
template <class Buffers>
using asio_send_to = asio_sized<
    ad::reactive_socket_sendto_op<Buffers, udp::endpoint, any_placed, executor>>;
template <class Buffers>
using asio_read = asio_sized<ad::descriptor_read_op<Buffers, any_placed, executor>>;
template <class Buffers>
using asio_write = asio_sized<ad::descriptor_write_op<Buffers, any_placed, executor>>;
using asio_wait = asio_sized<ad::reactive_wait_op<any_placed, executor>>;

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

// An allocator that tells what it was asked for.

struct asked
{
    unsigned taken = 0, given_back = 0;
    std::vector<std::type_index> seen;

    unsigned live() const { return taken - given_back; }
};

template <class T>
struct telling_allocator
{
    using value_type = T;

    explicit telling_allocator(asked& a) : a(&a) {}
    template <class U>
    telling_allocator(const telling_allocator<U>& other) : a(other.a)
    {
    }

    T* allocate(std::size_t n)
    {
        BOOST_CHECK_EQUAL(n, 1u);
        // Of the operation's own type, which is no smaller than the base of all.
        BOOST_CHECK_GE(sizeof(T), sizeof(urio::detail::scheduler_operation));
        ++a->taken;
        a->seen.push_back(typeid(T));
        return std::allocator<T>().allocate(n);
    }

    void deallocate(T* p, std::size_t n)
    {
        BOOST_CHECK_EQUAL(n, 1u);
        BOOST_CHECK(a->seen.back() == typeid(T));
        ++a->given_back;
        std::allocator<T>().deallocate(p, n);
    }

    template <class U>
    bool operator==(const telling_allocator<U>& other) const
    {
        return a == other.a;
    }

    asked* a;
};

/// Starts what `start` starts with a handler that it is given, and sees it through.
void one_object(mode_context& c, const char* what, const auto& start)
{
    BOOST_TEST_CONTEXT(what)
    {
        asked a;
        unsigned calls = 0;
        start(net::bind_allocator(telling_allocator<char>(a),
                                  [&](error_code ec, auto&&...)
                                  {
                                      BOOST_CHECK(!ec);
                                      BOOST_CHECK_EQUAL(a.live(), 0u);
                                      ++calls;
                                  }));
        BOOST_CHECK_EQUAL(a.taken, 1u);
        run(c);
        BOOST_CHECK_EQUAL(calls, 1u);
        BOOST_CHECK_EQUAL(a.taken, 1u);
        BOOST_CHECK_EQUAL(a.live(), 0u);
    }
}

/// Has the place of its operation, alone.
struct owner_of_place
{
    using allocator_type = place_allocator<char, 1024>;

    allocator_type get_allocator() const noexcept { return allocator_type(*memory); }
    void operator()(error_code ec, std::size_t) { *result = ec; }

    std::unique_ptr<place<1024>> memory;
    error_code* result;
};

// What libtorrent does, whose allocator takes no notice of how many are asked for: a
// place each for a peer's reads and writes and for the waits of its two kinds of datagram
// sockets, of the sizes that its Unix builds without TLS have on 64-bit machines. The
// handlers own the places.

template <std::size_t Size>
struct handler_of
{
    alignas(void*) char state[Size];
    void operator()(error_code, std::size_t = 0) {}
};

/// Or of the sizes of Asio's operations, should those be larger here.
template <std::size_t Size, class AsioOperation>
inline constexpr std::size_t measured = std::max(Size, sizeof(AsioOperation));

constexpr std::size_t read_place =
    measured<176,
             ad::reactive_socket_recv_op<net::mutable_buffer, handler_of<16>, executor>>;
constexpr std::size_t write_place = read_place;
constexpr std::size_t udp_place =
    measured<168, ad::reactive_wait_op<handler_of<40>, executor>>;
constexpr std::size_t utp_place =
    measured<192, ad::reactive_wait_op<handler_of<64>, executor>>;

struct peer : std::enable_shared_from_this<peer>
{
    explicit peer(boost::asio::io_context& c)
        : sockets(c)
        , datagrams(c, {net::ip::address_v4::loopback(), 0})
    {
    }

    void read();
    void write();
    void on_read(error_code ec, std::size_t n);
    void on_written(error_code ec, std::size_t n);
    void wait_for_datagram();
    void wait_for_room();

    tcp_pair sockets;
    udp::socket datagrams;
    place<read_place> reading;
    place<write_place> writing;
    place<udp_place> udp_waiting;
    place<utp_place> utp_waiting;
    std::string out, in;
    char chunk[1000];
    std::size_t sent = 0;
    unsigned datagrams_seen = 0, rooms_seen = 0;
};

template <auto Place, auto Member>
struct peer_handler
{
    static constexpr std::size_t size = sizeof((std::declval<peer&>().*Place).bytes);
    using allocator_type = place_allocator<char, size>;

    allocator_type get_allocator() const noexcept
    {
        return allocator_type(p.get()->*Place);
    }
    void operator()(error_code ec, std::size_t n) { (p.get()->*Member)(ec, n); }

    std::shared_ptr<peer> p;
};

/// A function that was given a place, and somebody to tell of exceptions.
template <class Function, std::size_t Size>
struct function_with_place
{
    using allocator_type = place_allocator<int, Size>;

    function_with_place(Function f, place<Size>& p, void* whom)
        : f(std::move(f))
        , p(&p)
        , whom_to_tell(whom)
    {
    }

    allocator_type get_allocator() const noexcept { return allocator_type(*p); }
    void operator()(error_code ec) { f(ec); }

    Function f;
    place<Size>* p;
    void* whom_to_tell;
};

void peer::read()
{
    sockets.second.async_read_some(
        net::buffer(chunk),
        peer_handler<&peer::reading, &peer::on_read>{shared_from_this()});
}

void peer::on_read(error_code ec, std::size_t n)
{
    BOOST_REQUIRE(!ec);
    in.append(chunk, n);
    if (in.size() != out.size())
        read();
}

// Of one buffer, of two, and so on.
void peer::write()
{
    std::vector<net::const_buffer> pieces;
    std::size_t at = sent;
    for (std::size_t i = 0; i <= sent % 5 && at != out.size(); ++i)
    {
        std::size_t const n = std::min<std::size_t>(out.size() - at, 97 + i);
        pieces.push_back(net::buffer(&out[at], n));
        at += n;
    }
    sockets.first.async_write_some(
        std::span<const net::const_buffer>(pieces),
        peer_handler<&peer::writing, &peer::on_written>{shared_from_this()});
}

void peer::on_written(error_code ec, std::size_t n)
{
    BOOST_REQUIRE(!ec);
    sent += n;
    if (sent != out.size())
        write();
}

void peer::wait_for_datagram()
{
    auto on_ready = [this, self = shared_from_this()](error_code ec)
    {
        BOOST_REQUIRE(!ec);
        char byte;
        udp::endpoint from;
        BOOST_CHECK_EQUAL(datagrams.receive_from(net::buffer(&byte, 1), from), 1u);
        if (++datagrams_seen != 5)
            wait_for_datagram();
    };
    datagrams.send_to(net::buffer("x", 1), datagrams.local_endpoint());
    datagrams.async_wait(udp::socket::wait_read,
                         function_with_place(std::move(on_ready), udp_waiting, this));
}

void peer::wait_for_room()
{
    std::weak_ptr<peer> const one = weak_from_this(), other = one;
    bool const secure = false;
    auto on_ready = [this, one, other, secure](error_code ec)
    {
        BOOST_REQUIRE(!ec);
        BOOST_CHECK(!one.expired() && !other.expired() && !secure);
        ++rooms_seen;
    };
    datagrams.async_wait(udp::socket::wait_write,
                         function_with_place(std::move(on_ready), utp_waiting, this));
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

BOOST_DATA_TEST_CASE(one_object_of_the_operations_type, every_mode, m)
{
    mode_context c(m);
    tcp_pair t(c);
    temporary_file f(text);
    net::random_access_file random(c, f.path(), net::file_base::read_write);
    net::stream_file stream(c, f.path(), net::file_base::read_only);
    char memory[10];
    std::vector<net::mutable_buffer> in;
    for (char& x : memory)
        in.push_back(net::buffer(&x, 1));
    std::vector<net::const_buffer> const out(in.begin(), in.end());
    one_object(c, "file, read",
               [&](auto h)
               { random.async_read_some_at(0, net::buffer(memory), std::move(h)); });
    one_object(c, "file, read many",
               [&](auto h) { random.async_read_some_at(0, in, std::move(h)); });
    BOOST_CHECK_EQUAL(std::string(memory, 10), text);
    one_object(c, "file, write many",
               [&](auto h) { random.async_write_some_at(0, out, std::move(h)); });
    one_object(c, "stream file, read many",
               [&](auto h) { stream.async_read_some(in, std::move(h)); });
    one_object(c, "file, read into what the operation owns",
               [&](auto h)
               { random.async_read_some_at(0, std::string(10, ' '), std::move(h)); });
    one_object(c, "size", [&](auto h) { random.async_size(std::move(h)); });
    one_object(c, "synchronise", [&](auto h) { random.async_sync_all(std::move(h)); });
    one_object(c, "status",
               [&](auto h) { net::fs::async_stat(c, f.path(), std::move(h)); });
    one_object(c, "close", [&](auto h) { stream.async_close(std::move(h)); });
    one_object(c, "open",
               [&](auto h)
               { stream.async_open(f.path(), net::file_base::read_only, std::move(h)); });

    one_object(c, "send",
               [&](auto h) { t.first.async_send(net::buffer(text), std::move(h)); });
    one_object(c, "receive many",
               [&](auto h) { t.second.async_receive(in, std::move(h)); });
    BOOST_CHECK_EQUAL(std::string(memory, 10), text);
    one_object(c, "send many", [&](auto h) { t.first.async_send(out, std::move(h)); });
    one_object(c, "peek",
               [&](auto h)
               { t.second.async_receive(in, tcp::socket::message_peek, std::move(h)); });
    one_object(c, "wait",
               [&](auto h)
               { t.second.async_wait(tcp::socket::wait_write, std::move(h)); });

    tcp::acceptor acceptor(c, loopback());
    tcp::socket client(c), other(c);
    one_object(c, "connect",
               [&](auto h)
               { client.async_connect(acceptor.local_endpoint(), std::move(h)); });
    one_object(c, "accept", [&](auto h) { acceptor.async_accept(other, std::move(h)); });
    tcp::socket another(c);
    another.connect(acceptor.local_endpoint());
    one_object(c, "accept and move",
               [&](auto h) { acceptor.async_accept(std::move(h)); });

    udp::socket u(c, udp::endpoint(net::ip::address_v4::loopback(), 0));
    udp::endpoint sender;
    one_object(c, "send to",
               [&](auto h) { u.async_send_to(out, u.local_endpoint(), std::move(h)); });
    one_object(c, "receive from",
               [&](auto h) { u.async_receive_from(in, sender, std::move(h)); });
    BOOST_CHECK(sender == u.local_endpoint());
}

// The place is part of what the handler owns alone.
BOOST_DATA_TEST_CASE(an_allocator_whose_memory_is_the_handlers, every_mode, m)
{
    mode_context c(m);
    tcp_pair t(c);
    char byte;
    error_code result;
    t.first.async_receive(net::buffer(&byte, 1),
                          owner_of_place{std::make_unique<place<1024>>(), &result});
    t.second.send(net::buffer("x", 1));
    run(c);
    BOOST_CHECK(!result);
    // And where the handler is destroyed without having been called.
    std::vector<net::mutable_buffer> const many(20, net::buffer(&byte, 1));
    t.first.async_receive(many, owner_of_place{std::make_unique<place<1024>>(), &result});
}

BOOST_DATA_TEST_CASE(places_of_the_sizes_that_libtorrent_has, every_mode, m)
{
    mode_context c(m);
    auto const p = std::make_shared<peer>(c);
    for (int i = 0; i != 5000; ++i)
        p->out += std::to_string(i);
    p->read();
    p->write();
    p->wait_for_datagram();
    p->wait_for_room();
    run(c);
    BOOST_CHECK(p->in == p->out);
    BOOST_CHECK_EQUAL(p->datagrams_seen, 5u);
    BOOST_CHECK_EQUAL(p->rooms_seen, 1u);
    BOOST_CHECK_GT(p->writing.taken, 10u);
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What libtorrent does, whose allocator takes no notice of how many are asked for: a
// place each for a peer's reads and writes and for the waits of its two kinds of datagram
// sockets, of the sizes that its Unix builds without TLS have on 64-bit machines. The
// handlers own the places.

#include "pair.hpp"
#include "places.hpp"
#include "test.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::ip::udp;

template <std::size_t Size>
struct handler_of
{
    alignas(void*) char state[Size];
    void operator()(error_code, std::size_t = 0) {}
};

/// Or of the sizes of Asio's operations, should those be larger here.
template <std::size_t Size, class AsioOperation>
inline constexpr std::size_t measured = std::max(Size, sizeof(AsioOperation));

constexpr std::size_t read_place = measured<
    176, ad::reactive_socket_recv_op<net::mutable_buffer, handler_of<16>, any_executor>>;
constexpr std::size_t write_place = read_place;
constexpr std::size_t udp_place =
    measured<168, ad::reactive_wait_op<handler_of<40>, any_executor>>;
constexpr std::size_t utp_place =
    measured<192, ad::reactive_wait_op<handler_of<64>, any_executor>>;

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
    bool secure = false;
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

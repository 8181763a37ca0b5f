// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Waits for readiness end with what was asked for, cost nothing while nothing happens,
// and miss nothing.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>
#if __has_include(<linux/errqueue.h>)
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#endif

namespace
{

using namespace test;
namespace net = urio;
using local = net::local::stream_protocol;

// How often the context may look at the kernel while nothing happens. A loop without end
// does it more often in a few milliseconds, and a wait that is tried now and then does
// not reach it in a minute.
constexpr std::uint64_t a_few = 200;

std::uint64_t looks(boost::asio::execution_context& c)
{
    urio::statistics const s = urio::statistics_of(c);
    return s.enters + s.resubmitted;
}

// Lets the context run while nothing is to happen.
void rest(boost::asio::io_context& c)
{
    std::uint64_t const before = looks(c);
    c.restart();
    c.run_for(200ms);
    BOOST_CHECK_LT(looks(c) - before, a_few);
}

template <class Socket>
void write_to_half_closed(boost::asio::io_context& c, Socket& socket, int peer,
                          bool non_blocking)
{
    socket.native_non_blocking(non_blocking);
    std::string const data(16 << 20, 'x');
    bool written = false;
    net::async_write(socket, net::buffer(data),
                     once(
                         [&](error_code ec, std::size_t n)
                         {
                             BOOST_CHECK(!ec);
                             BOOST_CHECK_EQUAL(n, data.size());
                             written = true;
                         }));
    rest(c);
    ::shutdown(peer, SHUT_WR);
    rest(c);

    // A read beside it sees the end, and so does each that follows.
    for (int i = 0; i != 2; ++i)
    {
        char byte;
        bool ended = false;
        socket.async_read_some(net::buffer(&byte, 1), [&](error_code ec, std::size_t)
                               { ended = ec == net::error::eof; });
        rest(c);
        BOOST_CHECK(ended);
    }

    std::string in(1 << 20, '\0');
    for (std::size_t total = 0; total != data.size();)
    {
        ::ssize_t const n = ::recv(peer, in.data(), in.size(), MSG_DONTWAIT);
        if (n > 0)
            total += static_cast<std::size_t>(n);
        else
            BOOST_REQUIRE_EQUAL(errno, EAGAIN);
        c.restart();
        if (n > 0)
            c.poll();
        else
            c.run_one_for(1s);
    }
    if (!written)
        run(c);
    BOOST_CHECK(written);
}

} // namespace

BOOST_DATA_TEST_CASE(half_closed_tcp_peer,
                     every_mode* boost::unit_test::data::make({false, true}), m,
                     non_blocking)
{
    mode_context c(m);
    raw_pair p(c);
    write_to_half_closed(c, p.socket, p.peer, non_blocking);
}

BOOST_DATA_TEST_CASE(half_closed_unix_peer,
                     every_mode* boost::unit_test::data::make({false, true}), m,
                     non_blocking)
{
    mode_context c(m);
    local::socket first(c), second(c);
    net::local::connect_pair(first, second);
    write_to_half_closed(c, first, second.native_handle(), non_blocking);
}

BOOST_DATA_TEST_CASE(wait_for_writing_while_the_peer_is_half_closed, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    p.socket.non_blocking(true);
    std::string const data(1 << 20, 'x');
    error_code ec;
    while (!ec)
        p.socket.write_some(net::buffer(data), ec);
    ::shutdown(p.peer, SHUT_WR);

    bool writable = false;
    p.socket.async_wait(local::socket::wait_write, once(
                                                       [&](error_code e)
                                                       {
                                                           BOOST_CHECK(!e);
                                                           writable = true;
                                                       }));
    rest(c);
    // Buffers may have grown since: then it is writable indeed.
    ::pollfd now{p.socket.native_handle(), POLLOUT, 0};
    if (::poll(&now, 1, 0) == 0)
        BOOST_CHECK(!writable);
    p.close_peer();
    run(c);
    BOOST_CHECK(writable);
}

BOOST_DATA_TEST_CASE(wait_for_an_error_while_the_peer_is_half_closed, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    ::shutdown(p.peer, SHUT_WR);
    error_code result;
    p.socket.async_wait(local::socket::wait_error,
                        once([&](error_code e) { result = e; }));
    rest(c);
    p.socket.cancel();
    run(c);
    BOOST_CHECK_EQUAL(result, net::error::operation_aborted);
}

#if defined(SOF_TIMESTAMPING_TX_SOFTWARE)
// The error queue makes the socket report an error all the time.
BOOST_DATA_TEST_CASE(an_error_queue_beside_a_receive, every_mode, m)
{
    using udp = net::ip::udp;
    mode_context c(m);
    udp::socket socket(c, udp::endpoint(net::ip::address_v4::loopback(), 0));
    udp::socket peer(c, udp::endpoint(net::ip::address_v4::loopback(), 0));
    socket.non_blocking(true);
    int const stamps = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    BOOST_REQUIRE_EQUAL(::setsockopt(socket.native_handle(), SOL_SOCKET, SO_TIMESTAMPING,
                                     &stamps, sizeof(stamps)),
                        0);
    socket.send_to(net::buffer("x", 1), peer.local_endpoint());
    ::pollfd now{socket.native_handle(), 0, 0};
    URIO_REQUIRE_OR_SKIP(::poll(&now, 1, 1000) == 1, "no time stamps on loopback");

    char data[8];
    std::size_t received = 0;
    socket.async_receive(net::buffer(data), once(
                                                [&](error_code ec, std::size_t n)
                                                {
                                                    BOOST_CHECK(!ec);
                                                    received = n;
                                                }));
    rest(c);
    peer.send_to(net::buffer("abc", 3), socket.local_endpoint());
    run(c);
    BOOST_CHECK_EQUAL(received, 3u);
}
#endif

// No event tells of room in the queue of a socket that this one is not connected to.
BOOST_DATA_TEST_CASE(a_full_queue_of_an_unconnected_peer, every_mode, m)
{
    using datagram = net::local::datagram_protocol;
    mode_context c(m);
    ::sockaddr_un const name{AF_UNIX, {}};
    datagram::socket reader(c, datagram());
    // Any free name in the abstract space.
    BOOST_REQUIRE_EQUAL(::bind(reader.native_handle(),
                               reinterpret_cast<const ::sockaddr*>(&name),
                               sizeof(name.sun_family)),
                        0);
    datagram::endpoint const to = reader.local_endpoint();
    datagram::socket socket(c, datagram());
    socket.non_blocking(true);
    error_code ec;
    std::size_t queued = 0;
    while (!ec)
    {
        socket.send_to(net::buffer("x", 1), to, 0, ec);
        queued += !ec;
    }
    BOOST_REQUIRE_EQUAL(ec, net::error::would_block);

    bool sent = false;
    socket.async_send_to(net::buffer("abc", 3), to,
                         once(
                             [&](error_code e, std::size_t)
                             {
                                 BOOST_CHECK(!e);
                                 sent = true;
                             }));
    rest(c);
    BOOST_CHECK(!sent);
    char data[8];
    for (std::size_t i = 0; i != queued; ++i)
        BOOST_REQUIRE_EQUAL(reader.receive(net::buffer(data)), 1u);
    run(c);
    BOOST_CHECK(sent);
    BOOST_CHECK_EQUAL(reader.receive(net::buffer(data)), 3u);
}

namespace
{

// A terminal: its own end is `name`, the other one `master`.
struct terminal
{
    terminal() : master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        BOOST_REQUIRE(master >= 0);
        BOOST_REQUIRE_EQUAL(::grantpt(master), 0);
        BOOST_REQUIRE_EQUAL(::unlockpt(master), 0);
        int const slave = open();
        ::termios settings;
        BOOST_REQUIRE_EQUAL(::tcgetattr(slave, &settings), 0);
        ::cfmakeraw(&settings);
        BOOST_REQUIRE_EQUAL(::tcsetattr(slave, TCSANOW, &settings), 0);
        keeps_settings = slave;
    }

    ~terminal()
    {
        ::close(keeps_settings);
        ::close(master);
    }

    int open() const
    {
        int const fd = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
        BOOST_REQUIRE(fd >= 0);
        return fd;
    }

    int master;
    int keeps_settings;
};

bool is_blocking(int descriptor)
{
    return (::fcntl(descriptor, F_GETFL) & O_NONBLOCK) == 0;
}

} // namespace

// In blocking mode, whoever writes to a terminal waits until all has been written,
// however little room there was.
BOOST_DATA_TEST_CASE(a_terminal_does_not_hold_the_loop, every_mode, m)
{
    terminal t;
    mode_context c(m);
    net::posix::stream_descriptor d(c, t.open());
    int const other = ::dup(d.native_handle()); // the same open file
    std::string const data(1 << 20, 'x');
    std::size_t written = 0;
    bool done = false;
    net::async_write(d, net::buffer(data),
                     once(
                         [&](error_code ec, std::size_t n)
                         {
                             BOOST_CHECK(!ec);
                             written = n;
                             done = true;
                         }));
    // A timer would never fire if the loop were waiting for the terminal.
    rest(c);
    BOOST_CHECK(!done);

    std::string in(1 << 16, '\0');
    ::fcntl(t.master, F_SETFL, O_NONBLOCK);
    for (std::size_t total = 0; total != data.size();)
    {
        ::ssize_t const n = ::read(t.master, in.data(), in.size());
        if (n > 0)
            total += static_cast<std::size_t>(n);
        c.restart();
        c.run_one_for(n > 0 ? 0ms : 100ms);
    }
    if (!done)
        run(c);
    BOOST_CHECK_EQUAL(written, data.size());

    // It is given back as it was found.
    d.close();
    c.restart();
    c.poll();
    BOOST_CHECK(is_blocking(other));
    ::close(other);
}

BOOST_DATA_TEST_CASE(a_read_of_a_terminal_is_cancelled, every_mode, m)
{
    terminal t;
    mode_context c(m);
    net::posix::stream_descriptor d(c, t.open());
    char byte;
    error_code result;
    d.async_read_some(net::buffer(&byte, 1),
                      once([&](error_code ec, std::size_t) { result = ec; }));
    rest(c);
    d.cancel();
    run(c);
    BOOST_CHECK_EQUAL(result, net::error::operation_aborted);

    d.async_read_some(net::buffer(&byte, 1),
                      once([&](error_code ec, std::size_t) { result = ec; }));
    rest(c);
    BOOST_REQUIRE_EQUAL(::write(t.master, "x", 1), 1);
    run(c);
    BOOST_CHECK(!result);
    BOOST_CHECK_EQUAL(byte, 'x');
}

// The user has asked for non-blocking mode: it is not taken back.
BOOST_DATA_TEST_CASE(a_terminal_keeps_the_mode_that_the_user_gave_it, every_mode, m)
{
    terminal t;
    mode_context c(m);
    net::posix::stream_descriptor d(c, t.open());
    int const other = ::dup(d.native_handle());
    BOOST_REQUIRE_EQUAL(::write(t.master, "xy", 2), 2);
    char byte;
    d.async_read_some(net::buffer(&byte, 1), once([](error_code, std::size_t) {}));
    run(c);
    d.native_non_blocking(true);
    d.async_read_some(net::buffer(&byte, 1), once([](error_code, std::size_t) {}));
    run(c);
    d.close();
    BOOST_CHECK(!is_blocking(other));
    ::close(other);
}

// Room for a part only, in a pipe in blocking mode, with a name and without.
BOOST_DATA_TEST_CASE(a_pipe_does_not_hold_the_loop,
                     every_mode* boost::unit_test::data::make({false, true}), m, named)
{
    temporary_directory directory;
    int ends[2];
    if (named)
    {
        std::string const name = directory.path() / "pipe";
        BOOST_REQUIRE_EQUAL(::mkfifo(name.c_str(), 0600), 0);
        ends[0] = ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        ends[1] = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
    }
    else
        BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
    mode_context c(m);
    net::posix::stream_descriptor reader(c, ends[0]), writer(c, ends[1]);
    std::string const out = pattern(1 << 20);
    std::string in(out.size(), '\0');
    bool written = false;
    net::async_write(writer, net::buffer(out),
                     once(
                         [&](error_code ec, std::size_t n)
                         {
                             BOOST_CHECK(!ec);
                             BOOST_CHECK_EQUAL(n, out.size());
                             written = true;
                         }));
    rest(c);
    BOOST_CHECK(!written);
    net::async_read(reader, net::buffer(in),
                    once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK(written);
    BOOST_CHECK(in == out);
}

// Several that are no files at all, one after another, with cancellation in between.
BOOST_DATA_TEST_CASE(an_eventfd, every_mode, m)
{
    descriptor_check check;
    {
        mode_context c(m);
        net::posix::stream_descriptor d(c, ::eventfd(0, EFD_CLOEXEC));
        for (std::uint64_t i = 1; i != 4; ++i)
        {
            std::uint64_t value = 0;
            d.async_read_some(net::buffer(&value, sizeof(value)),
                              once([](error_code ec, std::size_t n)
                                   { BOOST_CHECK(!ec && n == sizeof(value)); }));
            c.restart();
            c.poll();
            BOOST_REQUIRE_EQUAL(::write(d.native_handle(), &i, sizeof(i)), 8);
            run(c);
            BOOST_CHECK_EQUAL(value, i);

            d.async_read_some(
                net::buffer(&value, sizeof(value)),
                once([](error_code ec, std::size_t)
                     { BOOST_CHECK_EQUAL(ec, net::error::operation_aborted); }));
            c.restart();
            c.poll();
            d.cancel();
            run(c);
        }
    }
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Descriptors: pipes, eventfds, terminals, regular files, and what others have done to
// them. Serial ports, which are Asio's own.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <pty.h>
#include <string>
#include <sys/eventfd.h>
#include <termios.h>
#include <thread>
#include <type_traits>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using net::posix::stream_descriptor;

error_code const aborted = net::error::operation_aborted;

// A pseudo-terminal in raw mode: what is written to one end is read at the other.
struct terminal
{
    terminal()
    {
        BOOST_REQUIRE_EQUAL(::openpty(&master, &slave, name, nullptr, nullptr), 0);
        ::termios t;
        BOOST_REQUIRE_EQUAL(::tcgetattr(slave, &t), 0);
        ::cfmakeraw(&t);
        BOOST_REQUIRE_EQUAL(::tcsetattr(slave, TCSANOW, &t), 0);
    }

    int master = -1, slave = -1;
    char name[64] = {};
};

template <class Function>
error_code error_from(Function f)
{
    error_code ec;
    f(ec);
    return ec;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_types_are_urios)
{
    static_assert(std::is_same_v<net::readable_pipe,
                                 boost::asio::basic_readable_pipe<net::any_io_executor>>);
    static_assert(std::is_same_v<
                  stream_descriptor,
                  boost::asio::posix::basic_stream_descriptor<net::any_io_executor>>);
    net::io_context c;
    stream_descriptor d(c);
    net::writable_pipe p(c);
    BOOST_CHECK_EQUAL(net::statistics_of(c).enters, 0u);
    BOOST_CHECK(net::backend_of(c).kind == expected_backend());
}

BOOST_DATA_TEST_CASE(pipes, every_mode, m)
{
    mode_context c(m);
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    auto const before = operations_done(c);

    std::string const out = pattern(300'000); // more than a pipe holds
    std::string in(out.size(), '\0');
    int done = 0;
    net::async_write(w, net::buffer(out),
                     once(
                         [&](error_code ec, std::size_t n)
                         {
                             BOOST_CHECK(!ec);
                             BOOST_CHECK_EQUAL(n, out.size());
                             w.close();
                             ++done;
                         }));
    net::async_read(r, net::buffer(in),
                    once(
                        [&](error_code ec, std::size_t n)
                        {
                            BOOST_CHECK(!ec);
                            BOOST_CHECK_EQUAL(n, in.size());
                            char more[1];
                            r.async_read_some(net::buffer(more),
                                              once(
                                                  [&](error_code ec, std::size_t n)
                                                  {
                                                      BOOST_CHECK(ec == net::error::eof);
                                                      BOOST_CHECK_EQUAL(n, 0u);
                                                      ++done;
                                                  }));
                        }));
    run(c);
    BOOST_CHECK_EQUAL(done, 2);
    BOOST_CHECK(in == out);
    BOOST_CHECK_GT(operations_done(c), before + 4);
}

BOOST_DATA_TEST_CASE(several_buffers_and_none, every_mode, m)
{
    mode_context c(m);
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    std::array<net::const_buffer, 3> const out{net::buffer("ab", 2), net::buffer("", 0),
                                               net::buffer("cde", 3)};
    char a[1], b[4];
    std::array<net::mutable_buffer, 2> const in{net::buffer(a), net::buffer(b)};
    r.async_read_some(in, once(
                              [&](error_code ec, std::size_t n)
                              {
                                  BOOST_CHECK(!ec);
                                  BOOST_CHECK_EQUAL(n, 5u);
                                  BOOST_CHECK_EQUAL(a[0], 'a');
                                  BOOST_CHECK_EQUAL(std::string(b, 4), "bcde");
                              }));
    w.async_write_some(
        out, once([](error_code ec, std::size_t n) { BOOST_CHECK(!ec && n == 5); }));
    run(c);
    // Nothing to transfer is no reason to wait.
    r.async_read_some(net::mutable_buffer(), once([](error_code ec, std::size_t n)
                                                  { BOOST_CHECK(!ec && n == 0); }));
    w.async_write_some(net::const_buffer(), once([](error_code ec, std::size_t n)
                                                 { BOOST_CHECK(!ec && n == 0); }));
    run(c);
    // Synchronously.
    BOOST_CHECK_EQUAL(w.write_some(out), 5u);
    BOOST_CHECK_EQUAL(r.read_some(in), 5u);
}

// As with Asio, and write(2), the program has to ignore the signal that comes with it.
BOOST_DATA_TEST_CASE(a_pipe_without_a_reader, every_mode, m)
{
    std::signal(SIGPIPE, SIG_IGN);
    mode_context c(m);
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    r.close();
    w.async_write_some(net::buffer("x", 1),
                       once([](error_code ec, std::size_t)
                            { BOOST_CHECK(ec == net::error::broken_pipe); }));
    run(c);
}

BOOST_DATA_TEST_CASE(an_eventfd, every_mode, m)
{
    for (int const mode : {0, int{EFD_NONBLOCK}})
    {
        mode_context c(m);
        stream_descriptor d(c, ::eventfd(0, EFD_CLOEXEC | mode));
        std::uint64_t n = 0, one = 1;
        d.async_read_some(net::buffer(&n, sizeof(n)),
                          once([&](error_code ec, std::size_t bytes)
                               { BOOST_CHECK(!ec && bytes == 8 && n == 3); }));
        c.poll();
        one = 3;
        d.async_write_some(net::buffer(&one, sizeof(one)),
                           once([&](error_code ec, std::size_t bytes)
                                { BOOST_CHECK(!ec && bytes == 8); }));
        run(c);
        BOOST_CHECK_EQUAL(n, 3u);
    }
}

// Standard input and output of a program on a terminal; another process that shares it
// may put it into blocking or non-blocking mode at any time.
BOOST_DATA_TEST_CASE(a_terminal_in_whatever_mode, every_mode, m)
{
    for (bool const non_blocking : {false, true})
        for (bool const changes : {false, true})
        {
            mode_context c(m);
            terminal t;
            auto const set = [&](bool on)
            {
                int const flags = ::fcntl(t.slave, F_GETFL);
                ::fcntl(t.slave, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
            };
            set(non_blocking);
            stream_descriptor d(c, t.slave);
            if (changes)
                set(!non_blocking);
            char in[16];
            int done = 0;
            d.async_read_some(net::buffer(in),
                              once(
                                  [&](error_code ec, std::size_t n)
                                  {
                                      BOOST_CHECK(!ec);
                                      BOOST_CHECK_EQUAL(std::string(in, n), "hello");
                                      ++done;
                                  }));
            c.poll();
            BOOST_CHECK_EQUAL(done, 0);
            BOOST_REQUIRE_EQUAL(::write(t.master, "hello", 5), 5);
            run(c);
            BOOST_CHECK_EQUAL(done, 1);
            d.async_write_some(
                net::buffer("world", 5),
                once([&](error_code ec, std::size_t n) { BOOST_CHECK(!ec && n == 5); }));
            run(c);
            BOOST_CHECK_EQUAL(::read(t.master, in, 16), 5);
            ::close(t.master);
        }
}

BOOST_DATA_TEST_CASE(the_other_side_of_a_terminal_is_gone, every_mode, m)
{
    mode_context c(m);
    terminal t;
    stream_descriptor d(c, t.master);
    char in[1];
    d.async_read_some(
        net::buffer(in),
        once(
            [](error_code ec, std::size_t)
            {
                BOOST_CHECK_EQUAL(
                    ec, error_code(EIO, boost::asio::error::get_system_category()));
            }));
    c.poll();
    ::close(t.slave);
    run(c);
}

// Asio's epoll has no use for regular files; where an operation cannot be done at once
// it fails. Here it works. The position is that of the open file.
BOOST_DATA_TEST_CASE(regular_files, every_mode, m)
{
    mode_context c(m);
    temporary_file const file("0123456789");
    int const shared = ::open(file.path().c_str(), O_RDWR | O_CLOEXEC);
    stream_descriptor d(c, ::dup(shared));
    char in[4];
    int done = 0;
    d.async_read_some(net::buffer(in), once(
                                           [&](error_code ec, std::size_t n)
                                           {
                                               BOOST_CHECK(!ec);
                                               BOOST_CHECK_EQUAL(std::string(in, n),
                                                                 "0123");
                                               ++done;
                                           }));
    run(c);
    BOOST_CHECK_EQUAL(::lseek(shared, 0, SEEK_CUR), 4);
    BOOST_CHECK_EQUAL(d.read_some(net::buffer(in)), 4u);
    d.async_write_some(net::buffer("AB", 2), once([&](error_code ec, std::size_t n)
                                                  { done += !ec && n == 2; }));
    run(c);
    d.async_read_some(net::buffer(in), once([&](error_code ec, std::size_t)
                                            { done += ec == net::error::eof; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 3);
    BOOST_CHECK_EQUAL(file.content(), "01234567AB");
    ::close(shared);
}

BOOST_DATA_TEST_CASE(waiting, every_mode, m)
{
    mode_context c(m);
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    stream_descriptor read_end(c, r.release()), write_end(c, w.release());
    int done = 0;
    write_end.async_wait(stream_descriptor::wait_write,
                         once([&](error_code ec) { done += !ec; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 1);
    read_end.async_wait(stream_descriptor::wait_read,
                        once([&](error_code ec) { done += !ec; }));
    c.restart();
    c.poll();
    BOOST_CHECK_EQUAL(done, 1);
    write_end.write_some(net::buffer("x", 1));
    run(c);
    BOOST_CHECK_EQUAL(done, 2);
    read_end.wait(stream_descriptor::wait_read);
    // A kind of wait that there is not.
    read_end.async_wait(
        static_cast<stream_descriptor::wait_type>(3),
        once([&](error_code ec) { done += ec == net::error::invalid_argument; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 3);
    // In the form of a transfer.
    read_end.async_read_some(
        boost::asio::null_buffers(),
        once([&](error_code ec, std::size_t n) { done += !ec && n == 0; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 4);
}

BOOST_DATA_TEST_CASE(cancelling_and_closing, every_mode, m)
{
    mode_context c(m);
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    char in[1];
    int done = 0;
    auto const read = [&]
    {
        r.async_read_some(net::buffer(in), once([&](error_code ec, std::size_t n)
                                                { done += ec == aborted && n == 0; }));
    };
    read();
    read(); // behind the first
    c.poll();
    r.cancel();
    run(c);
    BOOST_CHECK_EQUAL(done, 2);

    net::cancellation_signal signal;
    r.async_read_some(
        net::buffer(in),
        net::bind_cancellation_slot(signal.slot(), once([&](error_code ec, std::size_t)
                                                        { done += ec == aborted; })));
    c.restart();
    c.poll();
    signal.emit(net::cancellation_type::total);
    run(c);
    BOOST_CHECK_EQUAL(done, 3);

    read();
    c.restart();
    c.poll();
    r.close();
    BOOST_CHECK(!r.is_open());
    // The other end sees it at once.
    BOOST_CHECK_EQUAL(
        error_from([&](error_code& ec) { w.write_some(net::buffer("x", 1), ec); }),
        error_code(net::error::broken_pipe));
    run(c);
    BOOST_CHECK_EQUAL(done, 4);
}

BOOST_DATA_TEST_CASE(errors_of_misuse, every_mode, m)
{
    mode_context c(m);
    stream_descriptor d(c);
    error_code const bad = net::error::bad_descriptor;
    BOOST_CHECK_EQUAL(error_from([&](error_code& ec) { d.assign(-1, ec); }), bad);
    BOOST_CHECK_EQUAL(error_from([&](error_code& ec) { d.cancel(ec); }), bad);
    BOOST_CHECK_EQUAL(error_from([&](error_code& ec) { d.close(ec); }), error_code());
    BOOST_CHECK_EQUAL(d.release(), -1);
    int done = 0;
    char b[1];
    d.async_read_some(net::buffer(b),
                      once([&](error_code ec, std::size_t) { done += ec == bad; }));
    d.async_write_some(net::buffer(b),
                       once([&](error_code ec, std::size_t) { done += ec == bad; }));
    d.async_wait(stream_descriptor::wait_read,
                 once([&](error_code ec) { done += ec == bad; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 3);

    d.assign(::eventfd(0, EFD_CLOEXEC));
    int const other = ::eventfd(0, EFD_CLOEXEC);
    BOOST_CHECK_EQUAL(error_from([&](error_code& ec) { d.assign(other, ec); }),
                      error_code(net::error::already_open));
    ::close(other);
    // The user's own non-blocking mode is for synchronous calls.
    d.non_blocking(true);
    BOOST_CHECK(d.non_blocking());
    std::uint64_t n;
    BOOST_CHECK_EQUAL(
        error_from([&](error_code& ec) { d.read_some(net::buffer(&n, 8), ec); }),
        error_code(net::error::would_block));
    net::posix::descriptor_base::bytes_readable command;
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    w.write_some(net::buffer("xyz", 3));
    stream_descriptor p(c, r.release());
    p.io_control(command);
    BOOST_CHECK_EQUAL(command.get(), 3u);
}

BOOST_DATA_TEST_CASE(moves_keep_what_is_pending, every_mode, m)
{
    mode_context c(m);
    net::readable_pipe r(c);
    net::writable_pipe w(c);
    net::connect_pipe(r, w);
    char in[1];
    int done = 0;
    r.async_read_some(net::buffer(in),
                      once([&](error_code ec, std::size_t n) { done += !ec && n == 1; }));
    c.poll();
    net::readable_pipe other(std::move(r));
    BOOST_CHECK(!r.is_open());
    BOOST_CHECK(other.is_open());
    r = std::move(other);
    BOOST_CHECK(r.is_open());
    w.write_some(net::buffer("x", 1));
    run(c);
    BOOST_CHECK_EQUAL(done, 1);
}

BOOST_DATA_TEST_CASE(nothing_is_left_behind, every_mode, m)
{
    descriptor_check const check;
    std::atomic<int> alive{0};
    {
        mode_context c(m);
        auto r = std::make_shared<net::readable_pipe>(c);
        auto w = std::make_shared<net::writable_pipe>(c);
        net::connect_pipe(*r, *w);
        static char in[1];
        r->async_read_some(net::buffer(in),
                           [r, w, n = never(alive)](error_code, std::size_t) mutable
                           { n(); });
        c.poll();
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

// A serial port is Asio's own type, and urio's loop serves it.
BOOST_DATA_TEST_CASE(a_serial_port, every_mode, m)
{
    mode_context c(m);
    BOOST_REQUIRE(net::backend_of(c).kind == expected_backend());
    terminal t;
    net::serial_port port(c, t.name);
    port.set_option(net::serial_port::baud_rate(9600));
    char in[8];
    int done = 0;
    port.async_read_some(net::buffer(in), once(
                                              [&](error_code ec, std::size_t n)
                                              {
                                                  BOOST_CHECK(!ec);
                                                  BOOST_CHECK_EQUAL(std::string(in, n),
                                                                    "ping");
                                                  ++done;
                                              }));
    c.poll();
    BOOST_REQUIRE_EQUAL(::write(t.master, "ping", 4), 4);
    run(c);
    net::async_write(port, net::buffer("pong", 4),
                     once([&](error_code ec, std::size_t n) { done += !ec && n == 4; }));
    run(c);
    BOOST_CHECK_EQUAL(done, 2);
    BOOST_CHECK_EQUAL(::read(t.master, in, sizeof(in)), 4);
    ::close(t.master);
    ::close(t.slave);
}

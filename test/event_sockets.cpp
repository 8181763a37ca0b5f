// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The ready-made events that are about sockets and readiness, against what the system
// calls do: by the kernel's operation, and by what there is instead of it.

#include "descriptors.hpp"
#include "submitted.hpp"

#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;
namespace opcodes = net::detail::opcodes;
using net::unique_descriptor;

struct socket_pair
{
    explicit socket_pair(int type = SOCK_STREAM)
    {
        int ends[2];
        BOOST_REQUIRE_EQUAL(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends), 0);
        a = unique_descriptor(ends[0]);
        b = unique_descriptor(ends[1]);
    }

    unique_descriptor a, b;
};

unique_descriptor listener(net::ip::tcp::endpoint& where)
{
    unique_descriptor l(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t size = sizeof(address);
    BOOST_REQUIRE_EQUAL(
        ::bind(l.get(), reinterpret_cast<::sockaddr*>(&address), sizeof(address)), 0);
    BOOST_REQUIRE_EQUAL(::listen(l.get(), 5), 0);
    BOOST_REQUIRE_EQUAL(
        ::getsockname(l.get(), reinterpret_cast<::sockaddr*>(&address), &size), 0);
    where = loopback(ntohs(address.sin_port));
    return l;
}

} // namespace

BOOST_AUTO_TEST_CASE(sockets_are_made_and_connected)
{
    descriptor_check check;
    for (std::uint8_t const opcode :
         {opcodes::socket, opcodes::bind, opcodes::listen, opcodes::accept,
          opcodes::connect, opcodes::shutdown})
        with_and_without(
            opcode,
            [](auto& c)
            {
                auto const server = submitted(c, event::socket(AF_INET, SOCK_STREAM));
                BOOST_CHECK(!server.error);
                int const s = server.value.get();
                BOOST_CHECK(::fcntl(s, F_GETFD) & FD_CLOEXEC);
                // Linux before 6.11 has no such operations.
                BOOST_CHECK(!submitted(c, event::bind(s, loopback())).error);
                BOOST_CHECK(!submitted(c, event::listen(s, 5)).error);
                ::sockaddr_in address{};
                ::socklen_t size = sizeof(address);
                BOOST_REQUIRE_EQUAL(
                    ::getsockname(s, reinterpret_cast<::sockaddr*>(&address), &size), 0);
                auto const where = loopback(ntohs(address.sin_port));

                outcome<event::accept> accepted;
                submit(c, event::accept(s), accepted);
                settle(c);
                BOOST_CHECK(!accepted.event);
                auto const client = submitted(c, event::socket(AF_INET, SOCK_STREAM));
                auto const connected =
                    submitted(c, event::connect(client.value.get(), where));
                BOOST_CHECK(!connected.error);
                run_until(c, [&] { return accepted.event.has_value(); });
                BOOST_CHECK(!accepted.error);
                BOOST_CHECK(::fcntl(accepted.value.get(), F_GETFD) & FD_CLOEXEC);
                BOOST_CHECK(
                    !submitted(c, event::shutdown(client.value.get(), SHUT_WR)).error);
                char x;
                BOOST_CHECK_EQUAL(::recv(accepted.value.get(), &x, 1, 0), 0);
            });
    net::io_context c;
    auto const s = submitted(c, event::socket(AF_INET, SOCK_STREAM));
    BOOST_CHECK(submitted(c, event::socket(AF_INET, 99)).error ==
                net::error::invalid_argument);
    net::ip::tcp::endpoint where;
    (void)listener(where); // and closed
    auto refused = submitted(c, event::connect(s.value.get(), where));
    BOOST_CHECK(refused.error == net::error::connection_refused);
    // It can be submitted again.
    BOOST_CHECK(submitted(c, std::move(*refused.event)).error ==
                net::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(a_socket_in_a_slot)
{
    descriptor_check check;
    net::io_context c;
    net::ip::tcp::endpoint where;
    auto const l = listener(where);
    event::file_slot const slot(c);
    BOOST_CHECK(!submitted(c, event::socket(AF_INET, SOCK_STREAM, 0, slot)).error);
    BOOST_CHECK(!submitted(c, event::connect(slot, where)).error);
    BOOST_CHECK_EQUAL(submitted(c, event::send(slot, std::string("text"))).value, 4u);
    unique_descriptor const peer(::accept(l.get(), nullptr, nullptr));
    std::string text(4, ' ');
    BOOST_CHECK_EQUAL(::recv(peer.get(), text.data(), 4, 0), 4);
    BOOST_CHECK_EQUAL(text, "text");
}

BOOST_AUTO_TEST_CASE(socket_options)
{
    for (std::uint8_t const opcode : {opcodes::uring_cmd, opcodes::nop})
        with_and_without(
            opcode,
            [](auto& c)
            {
                socket_pair const p;
                int const size = 50000;
                std::string value(sizeof(size), '\0');
                std::memcpy(value.data(), &size, sizeof(size));
                BOOST_CHECK(!submitted(c, event::setsockopt(p.a.get(), SOL_SOCKET,
                                                            SO_SNDBUF, value))
                                 .error);
                auto const got = submitted(
                    c, event::getsockopt(p.a.get(), SOL_SOCKET, SO_SNDBUF, sizeof(int)));
                BOOST_CHECK(!got.error);
                BOOST_CHECK_EQUAL(got.value, 4);
                // Which io_uring does not have, as of Linux 6.18.
                net::ip::tcp::socket tcp_socket(c, net::ip::tcp::v4());
                BOOST_CHECK(!submitted(c, event::getsockopt(tcp_socket.native_handle(),
                                                            IPPROTO_TCP, TCP_NODELAY,
                                                            sizeof(int)))
                                 .error);
                int is = 0;
                std::memcpy(&is, got.event->value.data(), sizeof(is));
                BOOST_CHECK_EQUAL(is, 2 * size); // the kernel's own share
            });
}

BOOST_AUTO_TEST_CASE(bytes)
{
    for (std::uint8_t const opcode : {opcodes::recv, opcodes::send, opcodes::send_zc})
        with_and_without(
            opcode,
            [](auto& c)
            {
                net::ip::tcp::endpoint where;
                auto const l = listener(where);
                auto const s = submitted(c, event::socket(AF_INET, SOCK_STREAM));
                BOOST_REQUIRE(!submitted(c, event::connect(s.value.get(), where)).error);
                unique_descriptor const peer(::accept(l.get(), nullptr, nullptr));
                outcome<event::recv<std::string>> r;
                submit(c, event::recv(peer.get(), std::string(100, ' ')), r);
                settle(c);
                BOOST_CHECK(!r.event);
                BOOST_CHECK_EQUAL(
                    submitted(c, event::send(s.value.get(), std::string("abc"))).value,
                    3u);
                run(c);
                BOOST_REQUIRE(r.event);
                BOOST_CHECK_EQUAL(r.event->buffer.substr(0, r.value), "abc");
                // The buffer is the user's again when the kernel has let go of it.
                auto z =
                    submitted(c, event::send_zc(s.value.get(), std::string(5000, 'z')));
                BOOST_CHECK(!z.error);
                BOOST_CHECK_EQUAL(z.value, 5000u);
                z.event->buffer.assign(5000, '-');
                std::string got(5000, ' ');
                BOOST_CHECK_EQUAL(::recv(peer.get(), got.data(), 5000, MSG_WAITALL),
                                  5000);
                BOOST_CHECK(got == std::string(5000, 'z'));
                ::close(const_cast<unique_descriptor&>(peer).release());
                error_code ec;
                for (int i = 0; i != 100 && !ec; ++i)
                    ec = submitted(c, event::send(s.value.get(), std::string(100, 'x')))
                             .error;
                BOOST_CHECK(ec == net::error::broken_pipe ||
                            ec == net::error::connection_reset);
            });
}

BOOST_AUTO_TEST_CASE(messages)
{
    for (std::uint8_t const opcode :
         {opcodes::recvmsg, opcodes::sendmsg, opcodes::sendmsg_zc})
        with_and_without(
            opcode,
            [](auto& c)
            {
                net::ip::udp::socket a(c, {net::ip::address_v4::loopback(), 0});
                net::ip::udp::socket b(c, {net::ip::address_v4::loopback(), 0});
                outcome<event::recvmsg<std::string>> r;
                submit(c, event::recvmsg(b.native_handle(), std::string(3, ' ')), r);
                settle(c);
                BOOST_CHECK(!r.event);
                auto const s =
                    submitted(c, event::sendmsg(a.native_handle(), std::string("text"),
                                                b.local_endpoint()));
                BOOST_CHECK(!s.error);
                BOOST_CHECK_EQUAL(s.value, 4u);
                run(c);
                BOOST_REQUIRE(r.event);
                BOOST_CHECK_EQUAL(r.value, 3u);
                BOOST_CHECK_EQUAL(r.event->buffer, "tex");
                BOOST_CHECK(r.event->received_flags & MSG_TRUNC);
                BOOST_CHECK_EQUAL(r.event->address.template as<net::ip::udp::endpoint>(),
                                  a.local_endpoint());
                BOOST_CHECK_EQUAL(
                    submitted(c, event::sendmsg_zc(a.native_handle(), std::string("zc"),
                                                   b.local_endpoint()))
                        .value,
                    2u);
                BOOST_CHECK_EQUAL(
                    submitted(c, event::recvmsg(b.native_handle(), std::string(9, ' ')))
                        .value,
                    2u);
            });
}

BOOST_AUTO_TEST_CASE(readiness)
{
    with_and_without(opcodes::poll_add,
                     [](auto& c)
                     {
                         socket_pair const p;
                         BOOST_CHECK_EQUAL(
                             submitted(c, event::poll_add(p.a.get(), POLLOUT)).value,
                             POLLOUT);
                         outcome<event::poll_add> in;
                         submit(c, event::poll_add(p.a.get(), POLLIN), in);
                         settle(c);
                         BOOST_CHECK(!in.event);
                         BOOST_REQUIRE_EQUAL(::send(p.b.get(), "x", 1, 0), 1);
                         run(c);
                         BOOST_CHECK(!in.error);
                         BOOST_CHECK_EQUAL(in.value, POLLIN);
                         BOOST_CHECK(submitted(c, event::poll_add(-1, POLLIN)).error ==
                                     net::error::bad_descriptor);
                     });
}

BOOST_AUTO_TEST_CASE(epoll_descriptors)
{
    for (std::uint8_t const opcode : {opcodes::epoll_ctl, opcodes::epoll_wait})
        with_and_without(
            opcode,
            [](auto& c)
            {
                unique_descriptor const e(::epoll_create1(EPOLL_CLOEXEC));
                unique_descriptor const d(::eventfd(0, EFD_CLOEXEC));
                BOOST_CHECK(!submitted(c, event::epoll_ctl(e.get(), EPOLL_CTL_ADD,
                                                           d.get(), EPOLLIN, 77))
                                 .error);
                BOOST_CHECK(submitted(c, event::epoll_ctl(e.get(), EPOLL_CTL_ADD, d.get(),
                                                          EPOLLIN, 77))
                                .error == boost::system::errc::file_exists);
                outcome<event::epoll_wait> w;
                submit(c, event::epoll_wait(e.get(), 5), w);
                settle(c);
                BOOST_CHECK(!w.event);
                std::uint64_t const one = 1;
                BOOST_REQUIRE_EQUAL(::write(d.get(), &one, 8), 8);
                run(c);
                BOOST_REQUIRE(w.event);
                BOOST_CHECK(!w.error);
                BOOST_REQUIRE_EQUAL(w.value, 1);
                BOOST_CHECK_EQUAL((*w.event)[0].data, 77u);
                BOOST_CHECK_EQUAL((*w.event)[0].events, std::uint32_t(EPOLLIN));
            });
}

// Events that others change: io_uring's alone.
BOOST_AUTO_TEST_CASE(polls_that_are_changed)
{
    net::io_context c;
    socket_pair const p;
    event::name n;
    BOOST_CHECK(on_uring() ? submitted(c, event::poll_remove(n)).error ==
                                 boost::system::errc::no_such_file_or_directory
                           : is_missing(submitted(c, event::poll_remove(n)).error));
    URIO_ON_URING_ONLY();
    {
        outcome<event::named<event::poll_add>> o;
        submit(c, event::named(n, event::poll_add(p.a.get(), POLLIN)), o);
        settle(c);
        BOOST_CHECK(n.value() != 0);
        BOOST_CHECK(!submitted(c, event::poll_remove(n)).error);
        run(c);
        BOOST_CHECK(o.error == net::error::operation_aborted);
    }
    {
        outcome<event::named<event::poll_add>> o;
        submit(c, event::named(n, event::poll_add(p.a.get(), POLLIN)), o);
        settle(c);
        auto const u = submitted(c, event::poll_update(n, POLLOUT));
        BOOST_CHECK(!u.error);
        run(c);
        BOOST_CHECK(!o.error);
        BOOST_CHECK_EQUAL(o.value, POLLOUT);
    }
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Sources of one's own, and of others.

#include "support/reactor.hpp"

#include <cerrno>

#include <sys/socket.h>

namespace test
{
namespace
{

using reactor::source_fd;

/// A source of one's own, which counts and may fail.
struct counting_source
{
    int registered = 0;
    int reregistered = 0;
    int deregistered = 0;
    error_code result;

    void register_with(const reactor::registry&, token, interest, trigger, error_code& ec)
    {
        ++registered;
        ec = result;
    }
    void reregister_with(const reactor::registry&, token, interest, trigger,
                         error_code& ec)
    {
        ++reregistered;
        ec = result;
    }
    void deregister_from(const reactor::registry&, error_code& ec)
    {
        ++deregistered;
        ec = result;
    }
};

BOOST_DATA_TEST_CASE(poll_registration, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    reactor::any_source s = counting_source();
    b.registry().register_source(s, token(0), both);
    b.registry().reregister(s, token(0), interest::readable);
    b.registry().deregister(s);
    auto const* const inner = s.target<counting_source>();
    BOOST_REQUIRE(inner);
    BOOST_CHECK_EQUAL(inner->registered, 1);
    BOOST_CHECK_EQUAL(inner->reregistered, 1);
    BOOST_CHECK_EQUAL(inner->deregistered, 1);
    BOOST_CHECK(!s.target<udp_socket>());
}

BOOST_DATA_TEST_CASE(poll_erroneous_registration, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    counting_source s;
    s.result = make_error_code(errc::not_connected);
    check_error(errc::not_connected, [&](error_code& ec)
                { b.registry().register_source(s, token(0), both, ec); });
    check_error(errc::not_connected,
                [&](error_code& ec) { b.registry().reregister(s, token(0), both, ec); });
    check_error(errc::not_connected,
                [&](error_code& ec) { b.registry().deregister(s, ec); });
    BOOST_CHECK_THROW(b.registry().register_source(s, token(0), both),
                      boost::system::system_error);
    BOOST_CHECK_THROW(b.registry().reregister(s, token(0), both),
                      boost::system::system_error);
}

BOOST_DATA_TEST_CASE(a_descriptor_of_somebody_else, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    int ends[2];
    BOOST_REQUIRE_EQUAL(
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    auto const mine = reactor::unix_stream::from_native(ends[0]);
    auto theirs = reactor::unix_stream::from_native(ends[1]);
    source_fd fd(mine.native_handle());
    b.registry().register_source(fd, token(1), interest::readable);
    for (int i = 0; i != 3; ++i)
    {
        theirs.write("x");
        b.expect_readable(token(1));
        char data[16];
        while (::recv(ends[0], data, sizeof data, 0) > 0)
            ;
        b.registry().reregister(fd, token(1), interest::readable);
    }
    b.registry().deregister(fd);
    theirs.write("x");
    b.expect_silence();
}

struct number
{
    int fd;
    int native_handle() const { return fd; }
};

BOOST_DATA_TEST_CASE(an_io_source_of_ones_own, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto pair = reactor::unix_stream::pair();
    reactor::io_source<number> mine(number{pair.first.native_handle()});
    b.registry().register_source(mine, token(1), interest::readable);
    auto const read = [&](error_code& ec)
    {
        return mine.do_io(
            [](const number& n, error_code& e)
            {
                char data[16];
                auto const got = ::recv(n.fd, data, sizeof data, 0);
                if (got < 0)
                    e.assign(errno, boost::system::system_category());
                return got;
            },
            ec);
    };
    for (int i = 0; i != 3; ++i)
    {
        pair.second.write("x");
        b.expect_readable(token(1));
        error_code ec;
        BOOST_CHECK_EQUAL(read(ec), 2);
        BOOST_CHECK(!ec);
        BOOST_CHECK_EQUAL(read(ec), -1);
        BOOST_CHECK(ec == errc::operation_would_block);
    }
    auto moved = std::move(mine);
    pair.second.write("x");
    b.expect_readable(token(1));
    BOOST_CHECK_EQUAL(std::move(moved).into_inner().fd, pair.first.native_handle());
    pair.second.write("x");
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(try_io_is_seen, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [mine, theirs] = reactor::unix_stream::pair();
    int const fd = mine.native_handle();
    b.registry().register_source(mine, token(1), interest::readable);
    for (int i = 0; i != 3; ++i)
    {
        theirs.write("x");
        b.expect_readable(token(1));
        error_code ec;
        while (!ec)
            mine.try_io(
                interest::readable,
                [fd](error_code& e)
                {
                    char data[1];
                    if (::recv(fd, data, 1, 0) < 0)
                        e.assign(errno, boost::system::system_category());
                },
                ec);
        BOOST_CHECK(ec == errc::operation_would_block);
    }
}

} // namespace
} // namespace test

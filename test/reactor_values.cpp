// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The reactor's values: tokens, interests, events, timeouts, addresses, options.

#include "support/reactor.hpp"

#include <sstream>
#include <type_traits>
#include <unordered_set>

namespace test
{
namespace
{

template <class T>
std::string text(const T& value)
{
    std::ostringstream out;
    out << value;
    return out.str();
}

BOOST_AUTO_TEST_CASE(tokens)
{
    std::unordered_set<token> const set{token(1), token(2), token(1), token(SIZE_MAX)};
    BOOST_CHECK_EQUAL(set.size(), 3u);
    BOOST_CHECK_LT(token(1), token(2));
    BOOST_CHECK_EQUAL(static_cast<std::size_t>(token(5)), 5u);
    BOOST_CHECK_EQUAL(text(token(5)), "token(5)");
}

BOOST_AUTO_TEST_CASE(interests)
{
    constexpr interest rw = interest::readable.add(interest::writable);
    static_assert(rw == (interest::readable | interest::writable));
    static_assert(rw.is_readable() && rw.is_writable() && !rw.is_priority());
    static_assert(!rw.is_aio() && !rw.is_lio());
    static_assert(interest::aio.is_aio() && interest::lio.is_lio());
    static_assert(rw.remove(interest::readable) == interest::writable);
    static_assert(!rw.remove(rw));
    static_assert(rw.remove(interest::priority) == rw);
    interest i = interest::priority;
    i |= interest::readable;
    BOOST_CHECK_EQUAL(text(i), "readable | priority");
    BOOST_CHECK_EQUAL(text(interest::aio | interest::lio), "aio | lio");
    BOOST_CHECK_EQUAL(text(rw), "readable | writable");
}

BOOST_AUTO_TEST_CASE(event_accessors)
{
    using reactor::event;
    event const e(token(3), event::readable | event::read_closed | event::aio, 0x2001);
    BOOST_CHECK(e.is_readable() && e.is_read_closed() && e.is_aio());
    BOOST_CHECK(!e.is_writable() && !e.is_write_closed() && !e.is_lio());
    BOOST_CHECK(!e.is_error() && !e.is_priority());
    BOOST_CHECK_EQUAL(text(e), "token(3): readable | read_closed | aio (0x2001)");
    static_assert(std::is_trivially_copyable_v<event>);
}

BOOST_AUTO_TEST_CASE(timeouts)
{
    using reactor::timeout;
    constexpr auto most = std::chrono::nanoseconds::max();
    static_assert(!timeout().limit());
    static_assert(timeout(1s).limit() == 1'000'000'000ns);
    static_assert(timeout(-1s).limit() == 0ns);
    static_assert(timeout(std::chrono::hours::max()).limit() == most);
    static_assert(timeout(std::chrono::duration<int, std::pico>(1)).limit() == 1ns);
    static_assert(timeout(std::optional(2ns)).limit() == 2ns);
    static_assert(!timeout(std::optional<std::chrono::seconds>()).limit());
    BOOST_CHECK(timeout(std::chrono::duration<double>(1e300)).limit() == most);
    std::chrono::duration<double> const nan(std::numeric_limits<double>::quiet_NaN());
    BOOST_CHECK(timeout(nan).limit() == 0ns);
}

BOOST_AUTO_TEST_CASE(ip_addresses)
{
    for (const char* const s : {"127.0.0.1:80", "[::1]:65535", "[fe80::1:2]:0"})
        BOOST_CHECK_EQUAL(socket_address(s).to_string(), s);
    for (const char* const s : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "::1:80",
                                "1.2.3:80", "1.2.3.4:65536", "[]:1", "1.2.3.4:1 "})
    {
        check_error(errc::invalid_argument,
                    [s](error_code& ec) { socket_address(s, ec); });
        BOOST_CHECK_THROW(socket_address{s}, boost::system::system_error);
    }
    auto const a = socket_address::v4({10, 0, 0, 1}, 8080);
    BOOST_CHECK(a.is_v4() && !a.is_v6());
    BOOST_CHECK_EQUAL(a.port(), 8080);
    BOOST_CHECK_EQUAL(socket_address::from_native(a.data(), a.size()), a);
    BOOST_CHECK_EQUAL(socket_address().to_string(), "(none)");
    BOOST_CHECK(!(socket_address() == a));
    BOOST_CHECK_EQUAL(socket_address::from_native(a.data(), 3), socket_address());
}

BOOST_AUTO_TEST_CASE(unix_addresses)
{
    using reactor::unix_address;
    unix_address const path("/tmp/socket");
    BOOST_CHECK_EQUAL(path.path(), "/tmp/socket");
    BOOST_CHECK(!path.is_unnamed() && !path.is_abstract());
    BOOST_CHECK_EQUAL(text(path), "/tmp/socket");
    BOOST_CHECK(unix_address().is_unnamed());
    BOOST_CHECK_EQUAL(text(unix_address()), "(unnamed)");
    auto const abstract = unix_address::abstract("name");
    BOOST_CHECK(abstract.is_abstract() && !abstract.is_unnamed());
    BOOST_CHECK_EQUAL(abstract.abstract_name(), "name");
    BOOST_CHECK_EQUAL(abstract.path(), "");
    BOOST_CHECK_EQUAL(text(abstract), "@name");
    for (auto const& bad : {std::string(108, 'x'), std::string("a\0b", 3)})
        check_error(errc::invalid_argument,
                    [&](error_code& ec) { unix_address(bad, ec); });
    check_error(errc::invalid_argument, [](error_code& ec)
                { unix_address::abstract(std::string(108, 'x'), ec); });
    BOOST_CHECK_EQUAL(unix_address(std::string(107, 'x')).path().size(), 107u);
}

BOOST_AUTO_TEST_CASE(what_this_system_has)
{
    using reactor::selector_kind;
    using reactor::waker_kind;
    BOOST_CHECK(reactor::supported(selector_kind::poll));
    BOOST_CHECK(reactor::supported(selector_kind::epoll, waker_kind::eventfd));
    BOOST_CHECK(!reactor::supported(selector_kind::kqueue));
    BOOST_CHECK(!reactor::supported(selector_kind::epoll, waker_kind::kqueue_user));
    BOOST_CHECK_EQUAL(to_string(selector_kind::epoll), "epoll");
    check_error(errc::operation_not_supported, [](error_code& ec)
                { reactor::poll({selector_kind::kqueue, waker_kind::automatic}, ec); });
    BOOST_CHECK_THROW(reactor::poll({selector_kind::automatic, waker_kind::kqueue_user}),
                      boost::system::system_error);
    reactor::poll const p;
    BOOST_CHECK(p.registry().selector() == selector_kind::epoll);
}

static_assert(std::is_move_constructible_v<reactor::poll>);
static_assert(!std::is_copy_constructible_v<reactor::poll>);
static_assert(!std::is_copy_constructible_v<reactor::registry>);
static_assert(!std::is_copy_constructible_v<reactor::waker>);
static_assert(!std::is_copy_constructible_v<tcp_stream>);
static_assert(std::is_nothrow_move_constructible_v<tcp_stream>);
static_assert(reactor::source<tcp_stream> && reactor::source<tcp_listener> &&
              reactor::source<udp_socket> && reactor::source<reactor::unix_stream> &&
              reactor::source<reactor::unix_listener> &&
              reactor::source<reactor::unix_datagram> &&
              reactor::source<reactor::pipe::sender> &&
              reactor::source<reactor::pipe::receiver> &&
              reactor::source<reactor::source_fd> &&
              reactor::source<reactor::any_source>);
static_assert(!reactor::source<int>);
static_assert(std::forward_iterator<reactor::events::iterator>);

} // namespace
} // namespace test

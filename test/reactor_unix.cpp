// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Unix domain sockets, and pipes.

#include "support/reactor.hpp"

#include <array>
#include <cstring>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace test
{
namespace
{

using reactor::shutdown_type;
using reactor::unix_address;
using reactor::unix_datagram;
using reactor::unix_listener;
using reactor::unix_stream;
namespace pipe = reactor::pipe;

/// A path that nothing has, removed at the end.
struct temporary
{
    ~temporary() { ::unlink(path.c_str()); }

    static inline int count = 0;
    std::string path =
        "/tmp/urio-test-" + std::to_string(::getpid()) + '-' + std::to_string(++count);
};

BOOST_DATA_TEST_CASE(unix_listener_smoke, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    temporary const t;
    for (auto const& address :
         {unix_address(t.path), unix_address::abstract(std::string("a\0b", 3) + t.path)})
    {
        auto listener = unix_listener::bind(address);
        BOOST_CHECK_EQUAL(listener.local_address(), address);
        check_error(errc::address_in_use,
                    [&](error_code& ec) { unix_listener::bind(address, ec); });
        b.registry().register_source(listener, token(1), interest::readable);
        b.expect_silence();
        auto client = unix_stream::connect(address);
        b.expect_readable(token(1));
        auto [server, peer] = listener.accept();
        BOOST_CHECK(peer.is_unnamed());
        BOOST_CHECK_EQUAL(client.peer_address(), address);
        BOOST_CHECK(client.local_address().is_unnamed());
        BOOST_CHECK(::fcntl(server.native_handle(), F_GETFL) & O_NONBLOCK);
        BOOST_CHECK(::fcntl(server.native_handle(), F_GETFD) & FD_CLOEXEC);
        client.write(std::string("abc"));
        BOOST_CHECK_EQUAL(drain(server), "abc");
        BOOST_CHECK(!listener.take_error());
    }
}

BOOST_DATA_TEST_CASE(unix_stream_pair, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [one, two] = unix_stream::pair();
    b.registry().register_source(one, token(1), both);
    b.expect_writable(token(1));
    b.registry().register_source(two, token(2), both);
    b.expect_writable(token(2));
    char data[8] = "-------";
    check_error(errc::operation_would_block, [&](error_code& ec) { two.read(data, ec); });
    std::string const parts[] = {"ab", "c"};
    std::array<reactor::const_buffer, 2> const from{parts[0], parts[1]};
    BOOST_CHECK_EQUAL(one.write_vectored(from), 3u);
    b.expect_readable(token(2));
    std::array<reactor::mutable_buffer, 2> const to{reactor::mutable_buffer(data, 1),
                                                    reactor::mutable_buffer(data + 1, 5)};
    BOOST_CHECK_EQUAL(two.read_vectored(to), 3u);
    BOOST_CHECK_EQUAL(data, "abc----");
}

BOOST_DATA_TEST_CASE(unix_stream_shutdown, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [one, two] = unix_stream::pair();
    b.registry().register_source(one, token(1), both);
    auto const before = b.expect_writable(token(1));
    BOOST_CHECK(!before.read_closed && !before.write_closed);
    two.shutdown(shutdown_type::write);
    b.expect(token(1), [](const seen& s) { return s.readable && s.read_closed; });
    one.shutdown(shutdown_type::write);
    b.expect(token(1), [](const seen& s) { return s.write_closed; });
    check_error(errc::broken_pipe, [&](error_code& ec) { one.write("x", ec); });
    char data[1];
    BOOST_CHECK_EQUAL(one.read(data), 0u);
}

BOOST_DATA_TEST_CASE(unix_datagram_smoke, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    temporary const t;
    auto receiver = unix_datagram::bind(unix_address(t.path));
    auto sender = unix_datagram::unbound();
    check_error(errc::not_connected, [&](error_code& ec) { sender.send("x", ec); });
    b.registry().register_source(receiver, token(1), interest::readable);
    sender.send_to("ab", receiver.local_address());
    b.expect_readable(token(1));
    char data[8];
    auto const [n, from] = receiver.recv_from(data);
    BOOST_CHECK_EQUAL(n, 3u);
    BOOST_CHECK(from.is_unnamed());
    check_error(errc::operation_would_block,
                [&](error_code& ec) { receiver.recv(data, ec); });
    sender.connect(receiver.local_address());
    BOOST_CHECK_EQUAL(sender.peer_address().path(), t.path);
    sender.send("abc");
    b.expect_readable(token(1));
    BOOST_CHECK_EQUAL(receiver.recv(data), 4u);
}

BOOST_DATA_TEST_CASE(unix_datagram_shutdown, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [one, two] = unix_datagram::pair();
    b.registry().register_source(one, token(1), both);
    b.expect_writable(token(1));
    one.shutdown(shutdown_type::read);
    b.expect(token(1), [](const seen& s) { return s.read_closed; });
    one.shutdown(shutdown_type::write);
    b.expect(token(1), [](const seen& s) { return s.write_closed; });
    check_error(errc::broken_pipe, [&](error_code& ec) { one.send("x", ec); });
}

BOOST_DATA_TEST_CASE(pipe_smoke, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [sender, receiver] = pipe::make();
    b.registry().register_source(receiver, token(1), interest::readable);
    b.registry().register_source(sender, token(2), interest::writable);
    char data[8];
    check_error(errc::operation_would_block,
                [&](error_code& ec) { receiver.read(data, ec); });
    b.expect_writable(token(2));
    std::string const parts[] = {"ab", "cd"};
    std::array<reactor::const_buffer, 2> const from{parts[0], parts[1]};
    BOOST_CHECK_EQUAL(sender.write_vectored(from), 4u);
    b.expect_readable(token(1));
    std::array<reactor::mutable_buffer, 2> const to{reactor::mutable_buffer(data, 1),
                                                    reactor::mutable_buffer(data + 1, 5)};
    BOOST_CHECK_EQUAL(receiver.read_vectored(to), 4u);
    BOOST_CHECK_EQUAL(std::string(data, 4), "abcd");
    receiver.set_nonblocking(false);
    BOOST_CHECK(!(::fcntl(receiver.native_handle(), F_GETFL) & O_NONBLOCK));
    sender.set_nonblocking(true);
    BOOST_CHECK(::fcntl(sender.native_handle(), F_GETFL) & O_NONBLOCK);
}

BOOST_DATA_TEST_CASE(event_when_sender_is_dropped, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [sender, receiver] = pipe::make();
    b.registry().register_source(receiver, token(1), interest::readable);
    b.expect_silence();
    sender = pipe::sender::from_native(-1);
    auto const s = b.expect(token(1), [](const seen& e) { return e.read_closed; });
    BOOST_CHECK_EQUAL(s.events, 1);
    b.expect_silence();
}

BOOST_DATA_TEST_CASE(event_when_receiver_is_dropped, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [sender, receiver] = pipe::make();
    b.registry().register_source(sender, token(1), interest::writable);
    b.expect_writable(token(1));
    receiver = pipe::receiver::from_native(-1);
    auto const s = b.expect(token(1), [](const seen& e) { return e.write_closed; });
    BOOST_CHECK_EQUAL(s.events, 1);
    b.expect_silence();
    check_error(errc::broken_pipe, [&](error_code& ec) { sender.write("x", ec); });
}

bool blocks_sigpipe()
{
    sigset_t now;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
    return sigismember(&now, SIGPIPE) == 1;
}

bool sigpipe_is_pending()
{
    sigset_t now;
    ::sigpending(&now);
    return sigismember(&now, SIGPIPE) == 1;
}

BOOST_AUTO_TEST_CASE(a_broken_pipe_leaves_signals_as_they_were)
{
    auto [sender, receiver] = pipe::make();
    receiver = pipe::receiver::from_native(-1);
    auto const fails = [&s = sender]
    {
        check_error(errc::broken_pipe, [&](error_code& ec) { s.write("x", ec); });
        std::array<reactor::const_buffer, 2> const two{reactor::const_buffer("a", 1),
                                                       reactor::const_buffer("b", 1)};
        check_error(errc::broken_pipe,
                    [&](error_code& ec) { s.write_vectored(two, ec); });
    };
    fails();
    BOOST_CHECK(!blocks_sigpipe());

    sigset_t sigpipe;
    sigset_t before;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    fails();
    BOOST_CHECK(blocks_sigpipe());
    BOOST_CHECK(!sigpipe_is_pending());

    ::pthread_kill(::pthread_self(), SIGPIPE); // one of the program's own
    fails();
    BOOST_CHECK(sigpipe_is_pending());
    int taken = 0;
    ::sigwait(&sigpipe, &taken);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BOOST_DATA_TEST_CASE(a_full_pipe_loses_its_receiver, URIO_TEST_SELECTORS, how)
{
    bench b(how);
    auto [sender, receiver] = pipe::make();
    std::string const chunk(65536, 'x');
    error_code ec;
    while (!ec)
        sender.write(chunk, ec);
    BOOST_REQUIRE(ec == errc::operation_would_block);
    b.registry().register_source(sender, token(1), interest::writable);
    b.expect_silence();
    receiver = pipe::receiver::from_native(-1);
    b.expect(token(1), [](const seen& e) { return e.write_closed; });
}

} // namespace
} // namespace test

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The promises that hold everywhere, each by name: doc/invariants.md numbers them and
// says where else they are tested.

#include "allocator.hpp"
#include "descriptors.hpp"
#include "file.hpp"
#include "multishot_poll.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include "detail/system/liburing.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <tuple>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

template <class Handler>
auto with(heap& h, Handler handler)
{
    return net::bind_allocator(counting_allocator<char>(h), std::move(handler));
}

} // namespace

// 1. What the kernel may touch stays where it is until the final completion, and is the
// operation's own: buffer lists, addresses and message headers of the caller may go as
// soon as the initiating function returns.
BOOST_DATA_TEST_CASE(memory_is_stable_until_the_final_completion, every_mode, m)
{
    heap h;
    {
        mode_context c(m);
        raw_pair p(c);
        std::string const text = pattern(4000);
        std::string got(text.size(), '\0');
        {
            auto parts = std::make_unique<std::vector<net::mutable_buffer>>();
            for (std::size_t i = 0; i != got.size(); i += 100)
                parts->push_back(net::buffer(&got[i], 100));
            p.socket.async_receive(*parts,
                                   with(h, once([&](error_code ec, std::size_t n)
                                                { BOOST_CHECK(!ec && n == 4000); })));
        }
        c.poll();
        // Other operations take and give back memory meanwhile.
        for (int i = 0; i != 50; ++i)
        {
            tcp::socket client(c);
            tcp::acceptor a(c, loopback());
            auto to = std::make_unique<tcp::endpoint>(a.local_endpoint());
            client.async_connect(*to,
                                 with(h, once([](error_code ec) { BOOST_CHECK(!ec); })));
            to.reset();
            c.poll();
            auto from = a.accept();
            c.poll();
            c.restart();
        }
        p.send(text);
        run(c);
        BOOST_CHECK(got == text);
    }
    BOOST_CHECK_EQUAL(h.taken, h.freed);
}

// 2. Cancelling frees nothing early: the block goes back after the final completion, and
// before the handler runs.
BOOST_DATA_TEST_CASE(cancelling_never_frees_early, every_mode, m)
{
    heap h;
    mode_context c(m);
    raw_pair p(c);
    char data[8];
    p.socket.async_receive(net::buffer(data),
                           with(h, once(
                                       [&](error_code ec, std::size_t)
                                       {
                                           BOOST_CHECK(ec ==
                                                       net::error::operation_aborted);
                                           BOOST_CHECK_EQUAL(h.freed, 1u);
                                       })));
    c.poll();
    c.restart();
    p.socket.cancel();
    BOOST_CHECK_EQUAL(h.taken, 1u);
    BOOST_CHECK_EQUAL(h.freed, 0u);
    run(c);
    BOOST_CHECK_EQUAL(h.freed, 1u);
}

// 3. Cancellation is a request. Whatever comes of it, no byte is lost: what is reported
// as aborted has taken nothing from the stream.
BOOST_DATA_TEST_CASE(cancellation_is_a_request, every_mode, m)
{
    mode_context c(m);
    tcp_pair p(c);
    constexpr std::size_t total = 2000;
    std::string const text = pattern(total);
    std::string got;
    int aborted = 0;
    char byte = 0;
    std::function<void()> receive = [&]
    {
        p.second.async_receive(net::buffer(&byte, 1),
                               [&](error_code ec, std::size_t n)
                               {
                                   if (ec == net::error::operation_aborted)
                                       ++aborted;
                                   else
                                       BOOST_REQUIRE(!ec);
                                   got.append(&byte, n);
                                   if (got.size() != total)
                                       receive();
                               });
    };
    std::size_t sent = 0;
    std::function<void()> send = [&]
    {
        p.first.async_send(net::buffer(&text[sent], 1),
                           [&](error_code ec, std::size_t)
                           {
                               BOOST_REQUIRE(!ec);
                               p.second.cancel();
                               if (++sent != total)
                                   send();
                           });
    };
    receive();
    send();
    run(c);
    BOOST_CHECK(got == text);
    BOOST_TEST_MESSAGE(aborted << " of the cancellations came in time");
}

// 4. A record leaves the table once, at its final completion: the one without
// IORING_CQE_F_MORE.
BOOST_DATA_TEST_CASE(the_final_completion_alone_ends_an_operation, every_mode, m)
{
    URIO_ON_URING_ONLY();
    mode_context c(m);
    auto& engine = net::detail::use_engine(c);
    int const fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    net::detail::io_object& object = engine.open_object(fd, {});
    delivery_report r;
    bool ended = false;
    start_multishot(c, object, r,
                    once(
                        [&](error_code ec)
                        {
                            BOOST_CHECK(ec == net::error::operation_aborted);
                            ended = true;
                        }));
    for (int round = 1; round != 10; ++round)
    {
        std::uint64_t one = 1;
        BOOST_REQUIRE_EQUAL(::write(fd, &one, sizeof(one)), 8);
        while (r.delivered != round)
            BOOST_REQUIRE_EQUAL(c.run_one_for(patience), 1u);
        BOOST_REQUIRE_EQUAL(::read(fd, &one, sizeof(one)), 8);
        BOOST_CHECK(!ended);
        BOOST_CHECK_EQUAL(net::statistics_of(c).in_flight, 1u);
    }
    engine.cancel(object);
    run(c);
    BOOST_CHECK(ended);
    BOOST_CHECK_EQUAL(net::statistics_of(c).in_flight, 0u);
    if (engine.retire(object) == net::detail::engine::ownership::caller_closes)
        ::close(fd);
}

// 5. An operation's name in the kernel is never another's: a request to cancel one that
// is over meets nobody, though its memory and its slot in the table are in use again.
BOOST_DATA_TEST_CASE(names_are_not_reused, every_mode, m)
{
    mode_context c(m);
    raw_pair p(c);
    char byte = 0;
    net::cancellation_signal first;
    p.socket.async_receive(
        net::buffer(&byte, 1),
        net::bind_cancellation_slot(
            first.slot(), once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); })));
    p.send("1");
    run(c);
    p.socket.async_receive(net::buffer(&byte, 1),
                           once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    c.restart();
    c.poll();
    first.emit(net::cancellation_type::all);
    c.poll();
    p.send("2");
    run(c);
    BOOST_CHECK_EQUAL(byte, '2');
}

// 6. Completion and cancellation meet in one transition: each operation ends once, even
// if a thread cancels while another reaps.
BOOST_AUTO_TEST_CASE(one_of_completion_and_cancellation_wins)
{
    net::io_context c;
    raw_pair p(c);
    char byte = 0;
    std::atomic<bool> stop{false};
    std::atomic<int> left{3000};
    auto work = net::make_work_guard(c);
    std::function<void()> receive = [&]
    {
        p.socket.async_receive(net::buffer(&byte, 1), once(
                                                          [&](error_code, std::size_t)
                                                          {
                                                              if (--left)
                                                                  receive();
                                                              else
                                                                  work.reset();
                                                          }));
    };
    net::post(c, receive);
    std::thread other(
        [&]
        {
            while (!stop)
            {
                (void)!::send(p.peer, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
                net::post(c, [&] { p.socket.cancel(); });
                std::this_thread::yield();
            }
        });
    c.run_for(60s);
    stop = true;
    other.join();
    BOOST_CHECK_EQUAL(left, 0);
    run(c);
}

// 7. An abandoned operation that produces a descriptor closes it.
BOOST_DATA_TEST_CASE(an_abandoned_accept_leaks_nothing, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> alive{0};
    for (int round = 0; round != 20; ++round)
    {
        mode_context c(m);
        tcp::acceptor a(c, loopback());
        boost::asio::io_context other;
        boost::asio::ip::tcp::socket client(other);
        a.async_accept([n = never(alive)](error_code, tcp::socket) mutable { n(); });
        c.poll();
        client.connect(a.local_endpoint());
        // Now the kernel has accepted, and nobody asks for the result.
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

// 8. A descriptor's number stays taken as long as the kernel may look at it.
BOOST_DATA_TEST_CASE(a_number_is_not_reused_underneath, every_mode, m)
{
    mode_context c(m);
    char byte = 0;
    for (int round = 0; round != 50; ++round)
    {
        raw_pair p(c);
        p.socket.async_receive(
            net::buffer(&byte, 1),
            once([](error_code ec, std::size_t)
                 { BOOST_CHECK(ec == net::error::operation_aborted); }));
        p.socket.close();
        // Whatever gets the number next has its data to itself.
        int pipe[2];
        BOOST_REQUIRE_EQUAL(::pipe(pipe), 0);
        BOOST_REQUIRE_EQUAL(::write(pipe[1], "z", 1), 1);
        run(c);
        char z = 0;
        BOOST_CHECK_EQUAL(::read(pipe[0], &z, 1), 1);
        ::close(pipe[0]);
        ::close(pipe[1]);
    }
    BOOST_CHECK_EQUAL(byte, 0);
}

// 9. What was never submitted has no effect: a send that waits behind another one goes
// without a trace.
BOOST_DATA_TEST_CASE(never_submitted_means_no_effect, every_mode, m)
{
    heap h;
    mode_context c(m);
    // Of the local kind, where what fills it does not move on behind the scenes.
    net::local::stream_protocol::socket socket(c), peer(c);
    net::local::connect_pair(socket, peer);
    // No room in the socket, so that the first send waits in the kernel.
    std::string expected(1 << 20, 'f');
    std::size_t filled = 0;
    for (::ssize_t n = 0; n >= 0; filled += static_cast<std::size_t>(n > 0 ? n : 0))
        n = ::send(socket.native_handle(), expected.data(), expected.size(),
                   MSG_DONTWAIT | MSG_NOSIGNAL);
    expected.assign(filled, 'f');
    socket.async_send(net::buffer("first", 5), once([](error_code ec, std::size_t n)
                                                    { BOOST_CHECK(!ec && n == 5); }));
    net::cancellation_signal signal;
    bool aborted = false;
    auto second = once(
        [&](error_code ec, std::size_t)
        {
            BOOST_CHECK(ec == net::error::operation_aborted);
            aborted = true;
        });
    socket.async_send(
        net::buffer("never", 5),
        net::bind_cancellation_slot(signal.slot(), with(h, std::move(second))));
    c.poll();
    signal.emit(net::cancellation_type::all);
    c.restart();
    c.poll();
    BOOST_CHECK(aborted);
    BOOST_CHECK_EQUAL(h.freed, 1u);

    std::string got(expected.size() + 5, '\0');
    net::async_read(peer, net::buffer(got),
                    once([](error_code ec, std::size_t) { BOOST_CHECK(!ec); }));
    run(c);
    BOOST_CHECK(got == expected + "first");
    socket.close();
    char more[1];
    error_code ec;
    peer.receive(net::buffer(more), 0, ec);
    BOOST_CHECK(ec == net::error::eof);
}

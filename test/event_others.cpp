// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The ready-made events that are about time, memory, processes and io_uring itself.

#include "descriptors.hpp"
#include "submitted.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace event = urio::event;
namespace opcodes = net::detail::opcodes;
using net::unique_descriptor;

// A child that ends with this when it is told to, by the closing of the pipe.
struct child
{
    explicit child(int code)
    {
        int ends[2];
        BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
        pid = ::fork();
        BOOST_REQUIRE(pid >= 0);
        if (pid == 0)
        {
            ::close(ends[1]);
            char x;
            while (::read(ends[0], &x, 1) < 0 && errno == EINTR)
                ;
            ::_exit(code);
        }
        ::close(ends[0]);
        leash = unique_descriptor(ends[1]);
    }

    ::pid_t pid;
    unique_descriptor leash;
};

constexpr event::timespec soon{0, 2'000'000};

// A ring of the user's own.
struct own_ring
{
    own_ring() { BOOST_REQUIRE_EQUAL(::io_uring_queue_init(8, &ring, 0), 0); }
    ~own_ring() { ::io_uring_queue_exit(&ring); }
    ::io_uring ring;
};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_at_all)
{
    with_and_without(opcodes::nop,
                     [](auto& c)
                     {
                         auto const n = submitted(c, event::nop());
                         BOOST_CHECK(!n.error);
                         BOOST_CHECK_EQUAL(n.value, 0);
                     });
}

BOOST_AUTO_TEST_CASE(times)
{
    with_and_without(
        opcodes::timeout,
        [](auto& c)
        {
            error_code const over(ETIME, boost::system::system_category());
            auto const begin = std::chrono::steady_clock::now();
            BOOST_CHECK(submitted(c, event::timeout(5ms)).error == over);
            BOOST_CHECK(std::chrono::steady_clock::now() - begin >= 5ms);
            BOOST_CHECK(
                submitted(c, event::timeout(std::chrono::steady_clock::now() + 5ms))
                    .error == over);
            BOOST_CHECK(
                submitted(c, event::timeout(std::chrono::steady_clock::now() - 5ms))
                    .error == over);
            BOOST_CHECK(submitted(c, event::timeout(0ms)).error == over);
            // It can be submitted again.
            auto again = submitted(c, event::timeout(1ms));
            BOOST_CHECK(submitted(c, std::move(*again.event)).error == over);
            BOOST_CHECK(submitted(c, event::static_timeout(soon)).error == over);
        });
    URIO_ON_URING_ONLY();
    net::io_context c;
    // As many completions as that end it, too.
    outcome<event::timeout> t;
    submit(c, event::timeout(1h, 2), t);
    for (int i = 0; i != 2; ++i)
        (void)submitted(c, event::nop());
    run(c);
    BOOST_REQUIRE(t.event);
    BOOST_CHECK(!t.error);
}

BOOST_AUTO_TEST_CASE(times_that_are_changed)
{
    net::io_context c;
    event::name n;
    if (!on_uring())
    {
        BOOST_CHECK(is_missing(submitted(c, event::timeout_remove(n)).error));
        BOOST_CHECK(is_missing(submitted(c, event::timeout_update(n, 1s)).error));
        return;
    }
    outcome<event::named<event::timeout>> t;
    submit(c, event::named(n, event::timeout(1h)), t);
    settle(c);
    auto const later = submitted(c, event::timeout_update(n, 1ms));
    BOOST_CHECK(!later.error);
    run(c);
    BOOST_CHECK(t.error == error_code(ETIME, boost::system::system_category()));

    outcome<event::named<event::timeout>> u;
    submit(c, event::named(n, event::timeout(1h)), u);
    settle(c);
    BOOST_CHECK(!submitted(c, event::timeout_remove(n)).error);
    run(c);
    BOOST_CHECK(u.error == net::error::operation_aborted);
    BOOST_CHECK(submitted(c, event::timeout_remove(n)).error ==
                boost::system::errc::no_such_file_or_directory);
}

// What others have cancelled has ended, even if the thread that had submitted it has.
BOOST_AUTO_TEST_CASE(a_removed_timeout_of_a_thread_that_has_ended)
{
    URIO_ON_URING_ONLY();
    net::io_context c;
    event::name n;
    outcome<event::named<event::timeout>> t;
    std::thread(
        [&]
        {
            submit(c, event::named(n, event::timeout(1h)), t);
            settle(c);
        })
        .join();
    std::thread([] {}).join();
    c.restart();
    (void)submitted(c, event::timeout_remove(n));
    run(c);
    BOOST_CHECK(t.error == net::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(words)
{
    event::futex_word word{1};
    with_and_without(
        opcodes::futex_wake, [&](auto& c)
        { BOOST_CHECK_EQUAL(submitted(c, event::futex_wake(word)).value, 0); });
    net::io_context c;
    if (!has_operation(opcodes::futex_wait))
    {
        BOOST_CHECK(is_missing(submitted(c, event::futex_wait(word, 1)).error));
        BOOST_CHECK(is_missing(
            submitted(c, event::futex_waitv(std::vector<event::futex_waitv::one>{}))
                .error));
        URIO_ON_URING_ONLY();
        skip("the kernel has no such operation (Linux 6.7)");
        return;
    }
    BOOST_CHECK(submitted(c, event::futex_wait(word, 2)).error ==
                boost::system::errc::resource_unavailable_try_again);
    {
        outcome<event::futex_wait> w;
        submit(c, event::futex_wait(word, 1), w);
        settle(c);
        BOOST_CHECK(!w.event);
        // From another thread, by its own system call.
        std::thread(
            [&]
            {
                event::futex_wake wake(word);
                BOOST_TEST_MESSAGE(wake.perform());
            })
            .join();
        run(c);
        BOOST_CHECK(!w.error);
    }
    {
        event::futex_word other{5};
        outcome<event::futex_waitv> w;
        submit(c,
               event::futex_waitv(
                   std::vector<event::futex_waitv::one>{{&word, 1}, {&other, 5}}),
               w);
        settle(c);
        BOOST_CHECK_EQUAL(submitted(c, event::futex_wake(other)).value, 1);
        run(c);
        BOOST_CHECK(!w.error);
        BOOST_CHECK_EQUAL(w.value, 1);
    }
}

BOOST_AUTO_TEST_CASE(children)
{
    descriptor_check check;
    with_and_without(
        opcodes::waitid,
        [](auto& c)
        {
            {
                child one(42);
                outcome<event::waitid> w;
                submit(c, event::waitid(P_PID, one.pid, WEXITED), w);
                settle(c);
                BOOST_CHECK(!w.event);
                one.leash = unique_descriptor();
                run(c);
                BOOST_REQUIRE(w.event);
                BOOST_CHECK(!w.error);
                BOOST_CHECK_EQUAL(w.value.pid, one.pid);
                BOOST_CHECK_EQUAL(w.value.status, 42);
                BOOST_CHECK_EQUAL(w.value.code, CLD_EXITED);
            }
            {
                child gone(1);
                gone.leash = unique_descriptor();
                BOOST_CHECK_EQUAL(
                    submitted(c, event::waitid(P_PID, gone.pid, WEXITED)).value.status,
                    1);
            }
            BOOST_CHECK(submitted(c, event::waitid(P_PID, ::getpid(), WEXITED)).error ==
                        boost::system::errc::no_child_process);
        });
}

BOOST_AUTO_TEST_CASE(cancellations)
{
    net::io_context c;
    event::name n;
    if (!on_uring())
    {
        BOOST_CHECK(is_missing(submitted(c, event::async_cancel(n)).error));
        return;
    }
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    unique_descriptor const out(ends[0]), in(ends[1]);

    outcome<event::named<event::poll_add>> named;
    submit(c, event::named(n, event::poll_add(out.get(), POLLIN)), named);
    settle(c);
    BOOST_CHECK(!submitted(c, event::async_cancel(n)).error);
    run(c);
    BOOST_CHECK(named.error == net::error::operation_aborted);
    BOOST_CHECK(submitted(c, event::async_cancel(n)).error ==
                boost::system::errc::no_such_file_or_directory);

    URIO_REQUIRE_OR_SKIP(has_operation(opcodes::socket),
                         "the kernel cancels nothing by descriptor (Linux 5.19)");
    outcome<event::poll_add> first, second;
    submit(c, event::poll_add(out.get(), POLLIN), first);
    submit(c, event::poll_add(out.get(), POLLIN), second);
    settle(c);
    BOOST_CHECK_EQUAL(submitted(c, event::async_cancel::on(out.get())).value, 2);
    run(c);
    BOOST_CHECK(first.error == net::error::operation_aborted);
    BOOST_CHECK(second.error == net::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(messages_to_another_ring)
{
    net::io_context c;
    if (!has_operation(opcodes::msg_ring))
    {
        BOOST_CHECK(is_missing(submitted(c, event::msg_ring(0, 0, 0)).error));
        URIO_ON_URING_ONLY();
        skip("the kernel has no such operation (Linux 5.18)");
        return;
    }
    own_ring other;
    BOOST_CHECK(!submitted(c, event::msg_ring(other.ring.ring_fd, 5, 77)).error);
    ::io_uring_cqe* cqe = nullptr;
    BOOST_REQUIRE_EQUAL(::io_uring_wait_cqe(&other.ring, &cqe), 0);
    BOOST_CHECK_EQUAL(cqe->res, 5);
    BOOST_CHECK_EQUAL(cqe->user_data, 77u);
    ::io_uring_cqe_seen(&other.ring, cqe);

    // And a file, from a slot to a slot.
    BOOST_REQUIRE_EQUAL(::io_uring_register_files_sparse(&other.ring, 2), 0);
    event::file_slot const slot(c);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    unique_descriptor const out(ends[0]), in(ends[1]);
    BOOST_REQUIRE_EQUAL(submitted(c, event::files_update(slot, in.get())).value, 1);
    auto const sent = submitted(c, event::msg_ring_fd(other.ring.ring_fd, slot, 1, 78));
    BOOST_CHECK_MESSAGE(!sent.error, sent.error.message());
    BOOST_REQUIRE_EQUAL(::io_uring_wait_cqe(&other.ring, &cqe), 0);
    BOOST_CHECK_EQUAL(cqe->user_data, 78u);
    ::io_uring_cqe_seen(&other.ring, cqe);
    ::io_uring_sqe* const sqe = ::io_uring_get_sqe(&other.ring);
    ::io_uring_prep_write(sqe, 1, "x", 1, 0);
    sqe->flags |= IOSQE_FIXED_FILE;
    BOOST_REQUIRE_EQUAL(::io_uring_submit_and_wait(&other.ring, 1), 1);
    char x = 0;
    BOOST_CHECK_EQUAL(::read(out.get(), &x, 1), 1);
    BOOST_CHECK_EQUAL(x, 'x');
}

BOOST_AUTO_TEST_CASE(buffers_of_the_kernels_choice)
{
    net::io_context c;
    std::array<char, 4 * 16> memory{};
    if (!on_uring())
    {
        BOOST_CHECK(is_missing(
            submitted(c, event::provide_buffers(memory.data(), 16, 4, 9)).error));
        BOOST_CHECK(is_missing(submitted(c, event::remove_buffers(4, 9)).error));
        return;
    }
    BOOST_CHECK(!submitted(c, event::provide_buffers(memory.data(), 16, 4, 9)).error);
    if (has_operation(opcodes::read_multishot))
    {
        int ends[2];
        BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
        unique_descriptor const out(ends[0]), in(ends[1]);
        auto reads = net::async_submit_multi(c, event::read_multishot(out.get(), 9));
        for (std::string const text : {"one", "two"})
        {
            BOOST_REQUIRE_EQUAL(::write(in.get(), text.data(), 3), 3);
            reads.async_next(once(
                [&](error_code ec, event::selected s, bool last)
                {
                    BOOST_CHECK(!ec);
                    BOOST_CHECK(!last);
                    BOOST_CHECK_EQUAL(s.size, 3u);
                    BOOST_REQUIRE(s.has_buffer);
                    BOOST_CHECK_EQUAL(std::string(memory.data() + s.buffer * 16, 3),
                                      text);
                }));
            c.restart();
            BOOST_REQUIRE_EQUAL(c.run_one_for(patience), 1u);
        }
        reads.cancel();
        run(c);
        BOOST_CHECK_EQUAL(submitted(c, event::remove_buffers(4, 9)).value, 2);
    }
    else
        BOOST_CHECK_EQUAL(submitted(c, event::remove_buffers(4, 9)).value, 4);
}

// What nothing else can do is missing by name, and comes back, whichever it is; all else
// goes on.
BOOST_AUTO_TEST_CASE(without_anything_instead)
{
    static std::array<char, 16> memory{};
    static event::futex_word const word{0};
    static event::name const nobody{};
    auto const without = [](std::uint8_t opcode, auto make)
    {
        BOOST_TEST_CONTEXT("without operation " << int(opcode))
        {
            std::optional<faults> hidden;
            if (on_uring())
                hidden.emplace(int(opcode));
            net::io_context c;
            auto const o = submitted(c, make());
            BOOST_CHECK(is_missing(o.error));
            BOOST_CHECK(o.event.has_value());
            BOOST_CHECK(!submitted(c, event::nop()).error);
        }
    };
    without(opcodes::poll_remove, [] { return event::poll_remove(nobody); });
    without(opcodes::timeout_remove, [] { return event::timeout_remove(nobody); });
    without(opcodes::provide_buffers,
            [] { return event::provide_buffers(memory.data(), 16, 1, 9); });
    without(opcodes::remove_buffers, [] { return event::remove_buffers(1, 9); });
    without(opcodes::msg_ring, [] { return event::msg_ring(-1, 1, 2); });
    without(opcodes::read_multishot, [] { return event::read_multishot(0, 9); });
    without(opcodes::futex_wait, [] { return event::futex_wait(word, 0); });
    without(opcodes::futex_waitv, [] { return event::futex_waitv({{&word, 0}}); });
}

// A command that its file does not know.
BOOST_AUTO_TEST_CASE(commands)
{
    net::io_context c;
    net::ip::udp::socket s(c, net::ip::udp::v4());
    error_code const ec = submitted(c, event::uring_cmd(s.native_handle(), 0xffff)).error;
    BOOST_CHECK(has_operation(opcodes::uring_cmd)
                    ? ec == net::error::operation_not_supported && !is_missing(ec)
                    : is_missing(ec));
}

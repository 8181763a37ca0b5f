// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is the reactor engine's own: its pool of threads, and the modes of descriptors.
// That its results are those of io_uring is for all the other tests, which run on it,
// too.

#include "child.hpp"
#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "sanitizers.hpp"
#include "test.hpp"

#include <array>
#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using tcp = net::ip::tcp;

struct reactor_context : net::io_context
{
    explicit reactor_context(net::backend_choice backend, unsigned file_threads = 4)
        : net::io_context(options(backend, file_threads))
    {
    }

    static net::uring_options options(net::backend_choice backend, unsigned file_threads)
    {
        net::uring_options o;
        o.backend = backend;
        o.file_threads = file_threads;
        return o;
    }
};

const auto backends =
    boost::unit_test::data::make({net::backend_choice::epoll, net::backend_choice::poll});

bool is_non_blocking(int descriptor)
{
    return (::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0;
}

auto aborted()
{
    return once([](error_code ec, std::size_t)
                { BOOST_CHECK_EQUAL(ec, net::error::operation_aborted); });
}

constexpr std::size_t block = 1 << 16;

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(net::backend_choice)

BOOST_DATA_TEST_CASE(the_backend, backends, backend)
{
    reactor_context c(backend);
    net::backend_info const info = net::backend_of(c);
    BOOST_CHECK(info.kind == net::backend::epoll || info.kind == net::backend::poll);
    BOOST_CHECK_EQUAL(info.setup_flags, 0u);
    BOOST_CHECK(info.loop == net::loop_kind::native);
    raw_pair p(c);
    p.socket.async_send(net::buffer("x", 1), once([](error_code ec, std::size_t n)
                                                  { BOOST_CHECK(!ec && n == 1); }));
    char b;
    p.socket.async_receive(net::buffer(&b, 1), once([](error_code ec, std::size_t n)
                                                    { BOOST_CHECK(!ec && n == 1); }));
    net::statistics s = net::statistics_of(c);
    BOOST_CHECK_EQUAL(s.immediate, 1u);
    BOOST_CHECK_EQUAL(s.in_flight, 1u);
    p.send("y");
    run(c);
    s = net::statistics_of(c);
    BOOST_CHECK_EQUAL(s.completions, 1u);
    BOOST_CHECK_EQUAL(s.in_flight, 0u);
    BOOST_CHECK_GE(s.enters, 1u);
}

// One thread carries them out one after another; all but the first few are cancelled
// before their turn, and each handler runs once.
// Writes, which always take a thread: what is in memory is read without one.
BOOST_DATA_TEST_CASE(operations_that_wait_for_a_thread_are_cancelled, backends, backend)
{
    constexpr std::size_t n = 300;
    std::string const data = pattern(block);
    temporary_file t;
    reactor_context c(backend, 1);
    net::random_access_file file(c, t.path(), net::file_base::write_only);
    std::vector<int> ended(n);
    std::size_t written = 0, aborted = 0;
    for (std::size_t i = 0; i != n; ++i)
        file.async_write_some_at(i * block, net::buffer(data),
                                 [&, i](error_code ec, std::size_t size)
                                 {
                                     ++ended[i];
                                     if (ec == net::error::operation_aborted)
                                         ++aborted;
                                     else if (!ec && size == block)
                                         ++written;
                                 });
    file.cancel();
    run(c);
    BOOST_CHECK_EQUAL(written + aborted, n);
    BOOST_CHECK(ended == std::vector<int>(n, 1));
    // What was not told to be written was not.
    std::string const content = t.content();
    std::size_t found = 0;
    for (std::size_t at = 0; at < content.size(); at += block)
        found += content.compare(at, block, data) == 0;
    BOOST_CHECK_EQUAL(found, written);
}

// The number must not become another file's while a thread may still use it.
BOOST_DATA_TEST_CASE(closing_while_threads_are_at_work, backends, backend)
{
    descriptor_check check;
    std::string const data = pattern(block), other = std::string(block, 'o');
    temporary_file t, o(other);
    for (int round = 0; round != 50; ++round)
    {
        reactor_context c(backend, 2);
        net::random_access_file file(c, t.path(), net::file_base::write_only);
        int ended = 0, wrong = 0;
        for (int i = 0; i != 20; ++i)
            file.async_write_some_at(0, net::buffer(data),
                                     [&](error_code ec, std::size_t)
                                     {
                                         ++ended;
                                         wrong +=
                                             ec && ec != net::error::operation_aborted;
                                     });
        file.close();
        net::random_access_file next(c, o.path(), net::file_base::read_write);
        run(c);
        BOOST_CHECK_EQUAL(ended, 20);
        BOOST_CHECK_EQUAL(wrong, 0);
    }
    BOOST_CHECK(o.content() == other);
}

BOOST_DATA_TEST_CASE(releasing_while_threads_are_at_work, backends, backend)
{
    std::string const data = pattern(block);
    temporary_file t;
    for (int round = 0; round != 50; ++round)
    {
        reactor_context c(backend, 2);
        net::random_access_file file(c, t.path(), net::file_base::write_only);
        int ended = 0;
        for (int i = 0; i != 20; ++i)
            file.async_write_some_at(0, net::buffer(data),
                                     [&](error_code, std::size_t) { ++ended; });
        int const descriptor = file.release();
        BOOST_CHECK_EQUAL(::close(descriptor), 0);
        run(c);
        BOOST_CHECK_EQUAL(ended, 20);
    }
}

// What was closed late is not closed again with the context: its number may be another's.
BOOST_DATA_TEST_CASE(a_late_close_happens_once, backends, backend)
{
    std::string const data = pattern(block);
    temporary_file t;
    for (int round = 0; round != 20; ++round)
    {
        std::vector<int> later;
        {
            reactor_context c(backend, 1);
            net::random_access_file file(c, t.path(), net::file_base::write_only);
            int const number = file.native_handle();
            for (int i = 0; i != 20; ++i)
                file.async_write_some_at(0, net::buffer(data),
                                         [](error_code, std::size_t) {});
            file.close();
            run(c);
            // Takes the number, if it is free by now.
            while (later.empty() || later.back() < number)
                later.push_back(::dup(0));
        }
        for (int const descriptor : later)
            BOOST_CHECK_EQUAL(::close(descriptor), 0);
    }
}

// What a thread has begun is waited for; the rest is destroyed.
BOOST_DATA_TEST_CASE(the_end_of_the_context, backends, backend)
{
    descriptor_check check;
    std::string const data = pattern(block);
    temporary_file t;
    for (int round = 0; round != 50; ++round)
    {
        auto const alive = std::make_shared<int>(0);
        {
            reactor_context c(backend, 2);
            net::random_access_file file(c, t.path(), net::file_base::write_only);
            for (int i = 0; i != 20; ++i)
                file.async_write_some_at(0, net::buffer(data),
                                         [alive](error_code, std::size_t) {});
            if (round % 2 == 0)
                file.close();
        }
        BOOST_CHECK_EQUAL(alive.use_count(), 1);
    }
}

// A stream's operations come one after another, each where the last has ended.
BOOST_DATA_TEST_CASE(streams_in_the_pool, backends, backend)
{
    std::string const data = pattern(100 * 1000);
    temporary_file t;
    reactor_context c(backend);
    net::stream_file file(c, t.path(), net::file_base::read_write);
    int in_order = 0;
    for (std::size_t i = 0; i != 100; ++i)
        file.async_write_some(net::buffer(&data[i * 1000], 1000),
                              [&, i](error_code ec, std::size_t n)
                              { in_order += !ec && n == 1000 && in_order == int(i); });
    // Behind a write, what is in memory is read in its turn, too.
    char end;
    file.async_read_some(net::buffer(&end, 1),
                         [&](error_code ec, std::size_t)
                         {
                             BOOST_CHECK_EQUAL(ec, net::error::eof);
                             BOOST_CHECK_EQUAL(in_order, 100);
                         });
    run(c);
    BOOST_CHECK_EQUAL(in_order, 100);
    BOOST_CHECK(t.content() == data);
}

// What is in memory is read at once, and what is not by a thread.
BOOST_DATA_TEST_CASE(reads_of_what_is_in_memory, backends, backend)
{
    std::string const data = pattern(100'000);
    temporary_file t(data);
    reactor_context c(backend);
    net::random_access_file file(c, t.path(), net::file_base::read_only);
    std::string got(data.size(), '\0');
    auto const reads = [&](std::uint64_t offset, std::size_t expected, error_code error)
    {
        auto const before = urio::statistics_of(c).immediate;
        file.async_read_some_at(offset, net::buffer(got),
                                [&](error_code ec, std::size_t n)
                                {
                                    BOOST_CHECK_EQUAL(ec, error);
                                    BOOST_CHECK_EQUAL(n, expected);
                                });
        run(c);
        BOOST_CHECK(got.substr(0, expected) ==
                    (expected ? data.substr(offset, expected) : ""));
        return urio::statistics_of(c).immediate - before;
    };
    BOOST_CHECK_EQUAL(reads(0, 100'000, {}), 1u);
    BOOST_CHECK_EQUAL(reads(90'000, 10'000, {}), 1u);
    BOOST_CHECK_EQUAL(reads(100'000, 0, net::error::eof), 1u);

    // Part of it is not.
    file.close();
    int const descriptor = ::open(t.path().c_str(), O_RDWR | O_CLOEXEC);
    BOOST_REQUIRE_EQUAL(::fsync(descriptor), 0);
    BOOST_REQUIRE_EQUAL(::posix_fadvise(descriptor, 40960, 0, POSIX_FADV_DONTNEED), 0);
    ::close(descriptor);
    file.open(t.path(), net::file_base::read_only);
    BOOST_CHECK_EQUAL(reads(0, 100'000, {}), 0u);
    BOOST_CHECK_EQUAL(reads(0, 100'000, {}), 1u);
}

// Terminals and pipes are shared with other programs, which would be surprised.
BOOST_DATA_TEST_CASE(descriptors_get_their_mode_back, backends, backend)
{
    reactor_context c(backend);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    int const mine = ::dup(ends[0]), released = ::dup(ends[0]);
    char b;
    {
        net::posix::stream_descriptor d(c, mine), r(c, released);
        d.async_read_some(net::buffer(&b, 1), aborted());
        BOOST_CHECK(is_non_blocking(ends[0]));
        c.poll();
        d.close();
        BOOST_CHECK(!is_non_blocking(ends[0]));
        r.async_read_some(net::buffer(&b, 1), aborted());
        BOOST_CHECK(is_non_blocking(ends[0]));
        BOOST_CHECK_EQUAL(r.release(), released);
        BOOST_CHECK(!is_non_blocking(ends[0]));
        run(c);
    }
    // One that was in that mode, or that the user puts into it, stays in it.
    {
        net::posix::stream_descriptor d(c, ::dup(ends[0]));
        d.async_read_some(net::buffer(&b, 1), aborted());
        d.non_blocking(true);
        d.close();
        run(c);
        BOOST_CHECK(is_non_blocking(ends[0]));
        ::fcntl(ends[0], F_SETFL, 0);
    }
    ::fcntl(released, F_SETFL, O_NONBLOCK);
    {
        net::posix::stream_descriptor d(c, released);
        d.async_read_some(net::buffer(&b, 1), aborted());
        d.close();
        run(c);
    }
    BOOST_CHECK(is_non_blocking(ends[0]));
    ::close(ends[0]);
    ::close(ends[1]);
}

// Another process has put the pipe back into blocking mode: the loop must not block.
BOOST_DATA_TEST_CASE(a_mode_that_others_change, backends, backend)
{
    reactor_context c(backend);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    net::readable_pipe reader(c, ends[0]);
    char b = 0;
    reader.async_read_some(net::buffer(&b, 1), once([](error_code ec, std::size_t n)
                                                    { BOOST_CHECK(!ec && n == 1); }));
    ::fcntl(ends[0], F_SETFL, 0);
    bool went_on = false;
    net::post(c,
              [&]
              {
                  went_on = true;
                  BOOST_CHECK_EQUAL(::write(ends[1], "x", 1), 1);
              });
    run(c);
    BOOST_CHECK(went_on);
    reader.async_read_some(
        net::buffer(&b, 1),
        once([](error_code ec, std::size_t) { BOOST_CHECK_EQUAL(ec, net::error::eof); }));
    ::close(ends[1]);
    run(c);
}

// The user may put a socket back into blocking mode, too.
BOOST_DATA_TEST_CASE(an_acceptor_in_blocking_mode, backends, backend)
{
    reactor_context c(backend);
    tcp::acceptor a(c, loopback());
    tcp::socket client(c), other(c);
    a.async_accept(once([](error_code ec, tcp::socket) { BOOST_CHECK(!ec); }));
    client.connect(a.local_endpoint());
    run(c);
    a.native_non_blocking(false);
    BOOST_CHECK(!is_non_blocking(a.native_handle()));
    a.async_accept(once([](error_code ec, tcp::socket) { BOOST_CHECK(!ec); }));
    c.restart();
    c.poll();
    other.connect(a.local_endpoint());
    run(c);
}

// Two objects of one open pipe: what one gives back the other still needs.
BOOST_DATA_TEST_CASE(a_mode_that_two_objects_share, backends, backend)
{
    reactor_context c(backend);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    net::writable_pipe out(c, ends[1]), err(c, ::dup(ends[1]));
    std::string const much(1 << 20, 'x');
    std::size_t written = 0;
    out.async_write_some(net::buffer("a", 1), once([](error_code ec, std::size_t n)
                                                   { BOOST_CHECK(!ec && n == 1); }));
    err.async_write_some(net::buffer("b", 1), once([](error_code ec, std::size_t n)
                                                   { BOOST_CHECK(!ec && n == 1); }));
    err.close();
    run(c);
    // More than there is room for: it must not block.
    out.async_write_some(net::buffer(much),
                         once([&](error_code, std::size_t n) { written = n; }));
    run(c);
    BOOST_CHECK_GT(written, 0u);
    BOOST_CHECK_LT(written, much.size());
    ::close(ends[0]);
}

// Of two processes that accept, one finds nothing: it must go on waiting.
BOOST_DATA_TEST_CASE(somebody_else_was_faster, backends, backend)
{
    reactor_context c(backend);
    tcp::acceptor a(c, loopback());
    tcp::socket client(c), second(c);
    int accepted = 0;
    a.async_accept([&](error_code ec, tcp::socket) { accepted += !ec; });
    c.poll();
    client.connect(a.local_endpoint());
    int const taken = ::accept(a.native_handle(), nullptr, nullptr);
    BOOST_REQUIRE_GE(taken, 0);
    c.restart();
    c.poll();
    BOOST_CHECK_EQUAL(accepted, 0);
    second.connect(a.local_endpoint());
    run(c);
    BOOST_CHECK_EQUAL(accepted, 1);
    ::close(taken);
}

// A random-access file that has no position after all.
BOOST_DATA_TEST_CASE(a_fifo, backends, backend)
{
    reactor_context c(backend);
    temporary_file const place;
    std::string const path = place.path() + ".fifo";
    BOOST_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0600), 0);
    net::random_access_file file(c, path, net::file_base::read_write);
    char b = 0;
    file.async_read_some_at(
        100, net::buffer(&b, 1),
        once([](error_code ec, std::size_t n) { BOOST_CHECK(!ec && n == 1); }));
    c.poll();
    file.async_write_some_at(
        5, net::buffer("x", 1),
        once([](error_code ec, std::size_t n) { BOOST_CHECK(!ec && n == 1); }));
    run(c);
    BOOST_CHECK_EQUAL(b, 'x');
    std::filesystem::remove(path);
}

// Parent and child go on, each with threads of its own.
#if !defined(URIO_TEST_THREAD_SANITIZER)
BOOST_DATA_TEST_CASE(forking_with_operations_on_files, backends, backend)
{
    std::string const data = pattern(block);
    temporary_file t(data);
    reactor_context c(backend);
    net::random_access_file file(c, t.path(), net::file_base::read_only);
    std::vector<std::string> buffers(40, std::string(block, '\0'));
    int read = 0;
    auto const start = [&]
    {
        for (std::string& b : buffers)
            file.async_read_some_at(0, net::buffer(b), [&](error_code ec, std::size_t)
                                    { read += !ec && b == data; });
    };
    start();
    c.notify_fork(net::io_context::fork_prepare);
    in_child(
        [&](expectations& expect)
        {
            c.notify_fork(net::io_context::fork_child);
            c.run_for(patience);
            expect(read == 40, "what was started before");
            start();
            c.restart();
            c.run_for(patience);
            expect(read == 80, "what was started in the child");
        });
    c.notify_fork(net::io_context::fork_parent);
    run(c);
    BOOST_CHECK_EQUAL(read, 40);
    start();
    run(c);
    BOOST_CHECK_EQUAL(read, 80);
}
#endif

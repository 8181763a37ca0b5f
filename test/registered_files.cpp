// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files whose descriptor is registered with the ring: what the kernel is given, and that
// it lets go of the file when the program does.

#include "child.hpp"
#include "descriptors.hpp"
#include "entries.hpp"
#include "expect.hpp"
#include "file.hpp"
#include "once.hpp"
#include "registration.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::random_access_file;
using net::stream_file;

bool is_transfer(const ::io_uring_sqe& e)
{
    return e.opcode == IORING_OP_READ || e.opcode == IORING_OP_WRITE ||
           e.opcode == IORING_OP_READV || e.opcode == IORING_OP_WRITEV;
}

std::size_t by_slot(const entries& e)
{
    return e.count_if([](const ::io_uring_sqe& s)
                      { return is_transfer(s) && s.flags & IOSQE_FIXED_FILE; });
}

std::size_t by_number(const entries& e)
{
    return e.count_if([](const ::io_uring_sqe& s)
                      { return is_transfer(s) && !(s.flags & IOSQE_FIXED_FILE); });
}

template <class Context>
void read(Context& c, random_access_file& f, const std::string& expected)
{
    std::string got(expected.size(), '\0');
    f.async_read_some_at(0, net::buffer(got), expect(got.size()));
    run(c);
    BOOST_CHECK_EQUAL(got, expected);
}

// The writing end of a pipe, which a file takes over, and the reading one, which tells
// when nobody holds the other any more.
class pipe_ends
{
public:
    pipe_ends() { BOOST_REQUIRE_EQUAL(::pipe2(ends_, O_CLOEXEC), 0); }
    ~pipe_ends() { ::close(ends_[0]); }
    pipe_ends(const pipe_ends&) = delete;
    pipe_ends& operator=(const pipe_ends&) = delete;

    int writing() const { return ends_[1]; }

    bool abandoned() const
    {
        ::pollfd p{ends_[0], 0, 0};
        return ::poll(&p, 1, 0) == 1 && p.revents & POLLHUP;
    }

    // An older kernel, or one that still has a request, needs a moment.
    template <class Context>
    void await_abandonment(Context& c) const
    {
        while (!abandoned())
        {
            net::post(c, [] {}); // a turn needs work
            c.restart();
            c.poll();
        }
    }

private:
    int ends_[2];
};

} // namespace

BOOST_DATA_TEST_CASE(all_operations, every_mode, m)
{
    descriptor_check check;
    entries e;
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_write);
    stream_file s(c, t.path(), file_base::read_write);
    BOOST_CHECK_EQUAL(f.register_descriptor(), expect_registered_files());
    BOOST_CHECK_EQUAL(s.register_descriptor(), expect_registered_files());
    BOOST_CHECK_EQUAL(f.register_descriptor(), expect_registered_files()); // once more

    read(c, f, "01234");
    f.async_write_some_at(2, net::buffer("ab", 2), expect(2));
    run(c);
    std::string got(4, '\0');
    net::async_read(s, net::buffer(got), expect(4));
    run(c);
    BOOST_CHECK_EQUAL(got, "01ab");
    std::array<net::const_buffer, 2> const two{net::buffer("x", 1), net::buffer("yz", 2)};
    s.async_write_some(two, expect(3));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "01abxyz789");
    if (on_uring())
    {
        BOOST_CHECK_EQUAL(by_slot(e), expect_registered_files() ? 4u : 0u);
        BOOST_CHECK_EQUAL(by_number(e), expect_registered_files() ? 0u : 4u);
    }

    // It stays so when the file moves, and the functions of the descriptor are as ever.
    e.clear();
    random_access_file moved(std::move(f));
    read(c, moved, "01abx");
    BOOST_CHECK_EQUAL(by_slot(e), expect_registered_files() ? 1u : 0u);
    BOOST_CHECK_EQUAL(moved.size(), 10u);
    moved.sync_all();
    auto const succeeds = [](error_code e2) { BOOST_CHECK(!e2); };
    moved.async_sync_all(succeeds);
    moved.async_advise(file_base::will_need, 0, 10, succeeds);
    moved.async_allocate(file_base::keep_size, 0, 10, succeeds);
    moved.async_resize(10, succeeds);
    moved.async_stat([](error_code e2, net::file_status s2)
                     { BOOST_CHECK(!e2 && s2.size() == 10); });
    run(c);
    BOOST_CHECK_EQUAL(moved.read_some_at(2, net::buffer(got)), 4u);
    BOOST_CHECK_EQUAL(got, "abxy");

    error_code ec;
    BOOST_CHECK(!f.register_descriptor(ec));
    BOOST_CHECK_EQUAL(ec, error_code(net::error::bad_descriptor));
    BOOST_CHECK_THROW(f.register_descriptor(), boost::system::system_error);
    // Opened again it is another one.
    e.clear();
    moved.close();
    moved.open(t.path(), file_base::read_only);
    read(c, moved, "01abx");
    BOOST_CHECK_EQUAL(by_slot(e), 0u);
}

BOOST_DATA_TEST_CASE(a_pipe_is_waited_for, every_mode, m)
{
    entries e;
    mode_context c(m);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    stream_file in(c, ends[0]), out(c, ends[1]);
    BOOST_CHECK_EQUAL(in.register_descriptor(), expect_registered_files());
    BOOST_CHECK_EQUAL(out.register_descriptor(), expect_registered_files());
    std::string got(10, '\0');
    in.async_read_some(net::buffer(got), expect(3));
    c.poll();
    out.async_write_some(net::buffer("abc", 3), expect(3));
    run(c);
    BOOST_CHECK_EQUAL(got.substr(0, 3), "abc");
    BOOST_CHECK_EQUAL(by_number(e),
                      on_uring() && !expect_registered_files() ? by_number(e) : 0);
    // And given up.
    in.async_read_some(net::buffer(got),
                       once([](error_code ec, std::size_t)
                            { BOOST_CHECK_EQUAL(ec, net::error::operation_aborted); }));
    c.restart();
    c.poll();
    in.cancel();
    run(c);
}

BOOST_DATA_TEST_CASE(the_file_is_really_closed, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    c.poll();
    auto const with = [&](auto give_up)
    {
        pipe_ends p;
        auto f = std::make_unique<stream_file>(c, p.writing());
        f->register_descriptor();
        BOOST_CHECK(!p.abandoned());
        give_up(f);
        p.await_abandonment(c);
    };
    auto const wait_for_room = [&](stream_file& f)
    {
        int const fd = f.native_handle();
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
        while (::write(fd, "x", 1) == 1)
            ;
        ::fcntl(fd, F_SETFL, 0);
        f.async_write_some(
            net::buffer("x", 1),
            once([](error_code ec, std::size_t)
                 { BOOST_CHECK_EQUAL(ec, net::error::operation_aborted); }));
    };
    with([](auto& f) { f->close(); });
    with([](auto& f) { f.reset(); });
    with([](auto& f) { ::close(f->release()); });
    with([&](auto& f) { *f = stream_file(c); });
    auto const closed = [](error_code ec) { BOOST_CHECK(!ec); };
    with([&](auto& f) { f->async_close(closed); });
    // With operations in flight, which the kernel has taken or not.
    for (bool const taken : {false, true})
    {
        auto const start = [&](auto& f)
        {
            wait_for_room(*f);
            if (taken)
            {
                c.restart();
                c.poll();
            }
        };
        with(
            [&](auto& f)
            {
                start(f);
                f->close();
            });
        with(
            [&](auto& f)
            {
                start(f);
                f.reset();
            });
        with(
            [&](auto& f)
            {
                start(f);
                f->async_close(closed);
            });
        with(
            [&](auto& f)
            {
                start(f);
                ::close(f->release());
            });
    }
    run(c);
}

// The ring goes with the context.
BOOST_DATA_TEST_CASE(the_context_goes_first, every_mode, m)
{
    pipe_ends p;
    {
        auto c = std::make_unique<mode_context>(m);
        stream_file f(*c, p.writing());
        f.register_descriptor();
    }
    while (!p.abandoned())
        std::this_thread::yield(); // the kernel takes its ring down by and by
    BOOST_CHECK(p.abandoned());
}

BOOST_DATA_TEST_CASE(slots_are_used_again, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("0123456789");
    for (int i = 0; i != 5000; ++i)
    {
        random_access_file f(c, t.path(), file_base::read_only);
        BOOST_REQUIRE_EQUAL(f.register_descriptor(), expect_registered_files());
        if (i % 100 == 0)
            read(c, f, "0123");
    }
}

// An entry that the kernel has not taken names the slot: nobody else may get it.
BOOST_DATA_TEST_CASE(not_while_an_entry_names_them, every_mode, m)
{
    URIO_ON_URING_ONLY();
    descriptor_check check;
    entries e;
    mode_context c(m);
    temporary_file t("the first"), u("the other");
    c.poll();
    random_access_file f(c, t.path(), file_base::read_only);
    random_access_file g(c, u.path(), file_base::read_only);
    BOOST_CHECK_EQUAL(f.register_descriptor(), expect_registered_files());
    std::string got(9, '\0'), other(9, '\0');
    e.withhold(true);
    bool done = false;
    f.async_read_some_at(0, net::buffer(got),
                         [&](error_code ec, std::size_t n)
                         {
                             done = true;
                             // As it is with descriptors that are not registered.
                             BOOST_CHECK(ec == net::error::operation_aborted ||
                                         (!ec && n == 9 && got == "the first"));
                         });
    f.close();
    BOOST_CHECK_EQUAL(g.register_descriptor(), expect_registered_files());
    g.async_read_some_at(0, net::buffer(other), expect(9));
    e.withhold(false);
    run(c);
    BOOST_CHECK(done);
    BOOST_CHECK_EQUAL(other, "the other");
    BOOST_CHECK(got != "the other");
}

BOOST_AUTO_TEST_CASE(a_full_table)
{
    URIO_ON_URING_ONLY();
    in_child(
        [](expectations& child)
        {
            temporary_file t("0123456789");
            net::io_context c;
            ::rlimit limit;
            ::getrlimit(RLIMIT_NOFILE, &limit);
            // The table has as many places as the limit allows when it is set up.
            ::rlimit const low{40, limit.rlim_max};
            ::setrlimit(RLIMIT_NOFILE, &low);
            random_access_file first(c, t.path(), file_base::read_only);
            child(first.register_descriptor() == expect_registered_files(), "the first");
            ::setrlimit(RLIMIT_NOFILE, &limit);
            std::vector<std::unique_ptr<random_access_file>> files;
            unsigned registered = 1, good = 0;
            for (unsigned i = 0; i != 50; ++i)
            {
                files.push_back(std::make_unique<random_access_file>(
                    c, t.path(), file_base::read_only));
                registered += files.back()->register_descriptor();
            }
            child(registered == (expect_registered_files() ? 40u : 1u), "the others");
            std::string b(10, '\0');
            for (auto& f : files)
                f->async_read_some_at(0, net::buffer(b), [&](error_code ec, std::size_t n)
                                      { good += !ec && n == 10; });
            c.run();
            child(good == 50, "all can be read");
            files.front()->close();
            child(files.back()->register_descriptor() == expect_registered_files(),
                  "in the place of the one that is closed");
        });
}

BOOST_DATA_TEST_CASE(a_kernel_that_cannot, every_mode, m)
{
    faults const refusal([](unsigned) { return -EINVAL; }, faults::registration());
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_only);
    BOOST_CHECK(!f.register_descriptor());
    read(c, f, "0123");
}

BOOST_AUTO_TEST_CASE(an_exclusive_context_and_other_threads)
{
    URIO_ON_URING_ONLY();
    descriptor_check check;
    mode_context c(mode::exclusive);
    temporary_file t("0123456789");
    auto const elsewhere = [](auto f) { std::thread(f).join(); };
    random_access_file f(c, t.path(), file_base::read_only);
    // Nobody owns it yet.
    elsewhere([&]
              { BOOST_CHECK_EQUAL(f.register_descriptor(), expect_registered_files()); });
    read(c, f, "0123");
    random_access_file g(c, t.path(), file_base::read_only);
    elsewhere([&] { BOOST_CHECK(!g.register_descriptor()); });
    read(c, g, "0123");

    // What is closed elsewhere is so as soon as the owner runs.
    pipe_ends p;
    stream_file s(c, p.writing());
    BOOST_CHECK_EQUAL(s.register_descriptor(), expect_registered_files());
    elsewhere([&] { s.close(); });
    p.await_abandonment(c);
    BOOST_CHECK_EQUAL(g.register_descriptor(), expect_registered_files());
    read(c, g, "0123");
}

BOOST_DATA_TEST_CASE(after_fork, every_mode, m)
{
    // A sanitizer's allocator does not survive a fork among the threads of a pool.
    URIO_ON_URING_ONLY();
    entries e;
    mode_context c(m);
    temporary_file t("0123456789");
    pipe_ends p;
    random_access_file f(c, t.path(), file_base::read_only);
    auto s = std::make_unique<stream_file>(c, p.writing());
    bool const registered = f.register_descriptor();
    BOOST_CHECK_EQUAL(s->register_descriptor(), registered);
    auto const read_four = [&](random_access_file& file)
    {
        e.clear();
        std::string b(4, '\0');
        std::size_t got = 0;
        file.async_read_some_at(3, net::buffer(b),
                                [&](error_code ec, std::size_t n) { got = ec ? 0 : n; });
        c.restart();
        c.run();
        return got == 4 && b == "3456" && by_slot(e) == (registered ? 1 : 0);
    };
    BOOST_CHECK(read_four(f));

    c.notify_fork(boost::asio::execution_context::fork_prepare);
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
        run_child(
            [&](expectations& expect)
            {
                s.reset(); // before it has a ring
                c.notify_fork(boost::asio::execution_context::fork_child);
                expect(read_four(f), "the child reads by the slot");
                random_access_file g(c, t.path(), file_base::read_only);
                expect(g.register_descriptor() == registered, "another one");
                expect(read_four(g), "from another one");
                f.close();
                expect(read_four(g), "still");
            });
    c.notify_fork(boost::asio::execution_context::fork_parent);
    check_child(child);
    BOOST_CHECK(read_four(f));
    BOOST_CHECK(!p.abandoned());
    s.reset();
    p.await_abandonment(c);
}

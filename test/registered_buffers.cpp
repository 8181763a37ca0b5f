// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Registered buffers: the operations that they bring about, and the same results where
// there is no registering.

#include "child.hpp"
#include "descriptors.hpp"
#include "entries.hpp"
#include "expect.hpp"
#include "file.hpp"
#include "once.hpp"
#include "registration.hpp"
#include "test.hpp"

#include <array>
#include <atomic>
#include <fstream>
#include <linux/capability.h>
#include <optional>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::random_access_file;
using net::stream_file;

std::size_t fixed(const entries& e)
{
    return e.count(IORING_OP_READ_FIXED) + e.count(IORING_OP_WRITE_FIXED);
}

std::size_t plain(const entries& e)
{
    return e.count(IORING_OP_READ) + e.count(IORING_OP_WRITE) + e.count(IORING_OP_READV) +
           e.count(IORING_OP_WRITEV);
}

// Pages that the kernel has pinned for this process, in KiB.
long pinned()
{
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);)
        if (line.rfind("VmPin:", 0) == 0)
            return std::stol(line.substr(6));
    return 0;
}

// Until less than 1 MiB is pinned: rings count, too. An older kernel needs a moment.
void await_release()
{
    while (pinned() >= 1024)
        ::sched_yield();
}

// All functions, with buffers that are registered or that are said to be.
template <class Context, class Registration>
void use(Context& c, const Registration& r, std::string& memory)
{
    std::string const text = pattern(5000);
    temporary_file t(text);
    random_access_file f(c, t.path(), file_base::read_write);
    stream_file s(c, t.path(), file_base::read_write);
    net::mutable_registered_buffer const whole = *r.begin();
    auto const check = [&](std::size_t at, std::size_t n)
    {
        BOOST_CHECK(memory.compare(0, n, text, at, n) == 0);
        std::fill(memory.begin(), memory.end(), '\0');
    };

    f.async_read_some_at(7, net::buffer(whole, 100), expect(100));
    run(c);
    check(7, 100);
    net::async_read_at(f, 11, net::buffer(whole, 1000), expect(1000));
    run(c);
    check(11, 1000);
    s.async_read_some(net::buffer(whole, 200), expect(200));
    run(c);
    check(0, 200);
    net::async_read(s, net::buffer(whole, 300), expect(300));
    run(c);
    check(200, 300);
    // A part of it.
    f.async_read_some_at(0, net::buffer(whole + 1000, 50), expect(50));
    run(c);
    BOOST_CHECK(memory.compare(1000, 50, text, 0, 50) == 0);

    memory.replace(0, 8, "abcdefgh");
    net::const_registered_buffer const out(net::buffer(whole, 8));
    f.async_write_some_at(0, out, expect(8));
    net::async_write_at(f, 8, out, expect(8));
    run(c);
    s.seek(16, file_base::seek_set);
    s.async_write_some(out, expect(8));
    net::async_write(s, out, expect(8));
    run(c);
    BOOST_CHECK_EQUAL(t.content().substr(0, 32), "abcdefghabcdefghabcdefghabcdefgh");
    // Synchronously.
    BOOST_CHECK_EQUAL(f.read_some_at(24, net::buffer(whole, 4)), 4u);
    BOOST_CHECK_EQUAL(memory.substr(0, 4), "abcd");
    f.async_read_some_at(5000, whole,
                         once(
                             [](error_code ec, std::size_t n)
                             {
                                 BOOST_CHECK_EQUAL(ec, error_code(net::error::eof));
                                 BOOST_CHECK_EQUAL(n, 0u);
                             }));
    run(c);
}

constexpr std::size_t operations_of_use = 10;

} // namespace

BOOST_DATA_TEST_CASE(all_operations, every_mode, m)
{
    descriptor_check check;
    entries e;
    mode_context c(m);
    std::string memory(4096, '\0');
    {
        auto const r = net::register_buffers(c, net::buffer(memory));
        BOOST_CHECK_EQUAL(r.registered(), expect_registered_buffers());
        BOOST_CHECK_EQUAL(r.size(), 1u);
        use(c, r, memory);
        BOOST_CHECK_EQUAL(fixed(e), r.registered() ? operations_of_use : 0);
        // Reads that are done at once have no entry.
        if (on_uring())
            BOOST_CHECK_EQUAL(plain(e) + urio::statistics_of(c).immediate,
                              r.registered() ? 0 : operations_of_use);
    }
    // A registration that ended in the meantime does no harm.
    auto const r = net::register_buffers(c, net::buffer(memory));
    use(c, r, memory);
}

BOOST_DATA_TEST_CASE(the_interface_of_asio, every_mode, m)
{
    mode_context c(m);
    std::string a(100, '\0'), b(200, '\0');
    std::vector<net::mutable_buffer> const two{net::buffer(a), net::buffer(b)};
    net::buffer_registration<std::vector<net::mutable_buffer>> r =
        net::register_buffers(c, two);
    BOOST_CHECK_EQUAL(r.size(), 2u);
    BOOST_CHECK(r.begin() == r.cbegin() && r.end() == r.cend());
    BOOST_CHECK(r.begin() + 2 == r.end());
    BOOST_CHECK(r[0].data() == a.data() && r[0].size() == 100);
    BOOST_CHECK(r.at(1).data() == b.data() && r.at(1).size() == 200);
    BOOST_CHECK(!r.registered() || r[0].id() != r[1].id());
    BOOST_CHECK_THROW(r.at(2), std::out_of_range);

    auto const by_executor = net::register_buffers(c.get_executor(), two);
    auto const by_strand = net::register_buffers(net::make_strand(c), net::buffer(a));
    auto const by_any =
        net::register_buffers(net::any_io_executor(c.get_executor()), net::buffer(a));
    auto const with_allocator =
        net::register_buffers(c, two, std::allocator<std::byte>());
    BOOST_CHECK_EQUAL(by_executor.registered(), expect_registered_buffers());
    BOOST_CHECK_EQUAL(by_strand.registered(), expect_registered_buffers());
    BOOST_CHECK_EQUAL(by_any.registered(), expect_registered_buffers());
    BOOST_CHECK_EQUAL(with_allocator.registered(), expect_registered_buffers());

    auto const none = net::register_buffers(c, std::vector<net::mutable_buffer>());
    BOOST_CHECK_EQUAL(none.size(), 0u);
    auto const empty = net::register_buffers(c, net::mutable_buffer());
    BOOST_CHECK_EQUAL(empty.size(), 1u);
    BOOST_CHECK_EQUAL(empty.registered(), expect_registered_buffers());

    auto moved = std::move(r);
    BOOST_CHECK_EQUAL(moved.registered(), expect_registered_buffers());
    BOOST_CHECK(!r.registered());
    moved = net::register_buffers(c, two);
    BOOST_CHECK_EQUAL(moved.registered(), expect_registered_buffers());
    std::string memory(4096, '\0');
    auto const last = net::register_buffers(c, net::buffer(memory));
    use(c, last, memory);
}

BOOST_DATA_TEST_CASE(of_another_context, every_mode, m)
{
    entries e;
    mode_context c(m), other(m);
    std::string memory(4096, '\0');
    // The same numbers.
    std::string unused(10, '\0');
    auto const own = net::register_buffers(c, net::buffer(unused));
    auto const r = net::register_buffers(other, net::buffer(memory));
    use(c, r, memory);
    BOOST_CHECK_EQUAL(fixed(e), 0u);
    // Asio's own registration is no registration with urio.
    auto const stock = boost::asio::register_buffers(c, net::buffer(memory));
    use(c, stock, memory);
    BOOST_CHECK_EQUAL(fixed(e), 0u);
    // Reads that are done at once have no entry.
    if (on_uring())
        BOOST_CHECK_EQUAL(plain(e) + urio::statistics_of(c).immediate,
                          2 * operations_of_use);
}

BOOST_DATA_TEST_CASE(memory_is_pinned_as_long_as_it_is_registered, every_mode, m)
{
    if (!expect_registered_buffers())
        return;
    std::string memory(1 << 20, '\0');
    bool const counts = ring_allows(
        [&](::io_uring& ring)
        {
            ::iovec const all{memory.data(), memory.size()};
            return ::io_uring_register_buffers(&ring, &all, 1) == 0 && pinned() >= 1024;
        });
    URIO_REQUIRE_OR_SKIP(counts, "this kernel does not count what rings pin (VmPin)");
    await_release();
    mode_context c(m);
    for (int i = 0; i != 3; ++i)
    {
        auto r = net::register_buffers(c, net::buffer(memory));
        BOOST_CHECK_GE(pinned(), 1024);
        auto s = std::move(r);
        BOOST_CHECK_GE(pinned(), 1024);
        s = net::register_buffers(c, net::buffer(memory, 4096));
        await_release();
    }
}

BOOST_DATA_TEST_CASE(thousands_in_a_row, every_mode, m)
{
    entries e;
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_only);
    std::array<std::string, 4> memory;
    std::vector<net::mutable_buffer> all;
    for (std::string& m : memory)
    {
        m.resize(16);
        all.push_back(net::buffer(m));
    }
    std::string other(16, '\0');
    bool const registered = expect_registered_buffers();
    // What stays there leaves gaps.
    auto first = std::make_optional(net::register_buffers(c, all));
    auto const second = net::register_buffers(c, net::buffer(other));
    first.reset();
    constexpr int rounds = 5000;
    for (int i = 0; i != rounds; ++i)
    {
        auto const r = net::register_buffers(c, all);
        BOOST_REQUIRE_EQUAL(r.registered(), registered);
        if (i % 100 != 0)
            continue;
        f.async_read_some_at(2, net::buffer(r[3], 4), expect(4));
        run(c);
        BOOST_REQUIRE_EQUAL(memory[3].substr(0, 4), "2345");
        memory[3].assign(16, '\0');
    }
    BOOST_CHECK_EQUAL(fixed(e), registered ? rounds / 100 : 0);
}

BOOST_DATA_TEST_CASE(a_full_table, every_mode, m)
{
    URIO_ON_URING_ONLY();
    mode_context c(m);
    std::string memory(4096, '\0');
    // One buffer more than the kernel knows.
    std::vector<net::mutable_buffer> many((1 << 14) + 1, net::buffer(memory));
    auto const too_many = net::register_buffers(c, many);
    BOOST_CHECK(!too_many.registered());
    use(c, too_many, memory);
    // It has left nothing.
    many.pop_back();
    {
        // RLIMIT_MEMLOCK may be lower.
        auto const r = net::register_buffers(c, many);
        if (r.registered())
            BOOST_CHECK(!net::register_buffers(c, net::buffer(memory)).registered());
    }
    auto const r = net::register_buffers(c, net::buffer(memory));
    BOOST_CHECK_EQUAL(r.registered(), expect_registered_buffers());
    use(c, r, memory);
}

BOOST_DATA_TEST_CASE(a_kernel_that_cannot, every_mode, m)
{
    for (int const error : {EINVAL, ENOMEM})
    {
        faults const f([=](unsigned) { return -error; }, faults::registration());
        mode_context c(m);
        std::string memory(4096, '\0');
        auto const r = net::register_buffers(c, net::buffer(memory));
        BOOST_CHECK(!r.registered());
        use(c, r, memory);
    }
    for (int const missing : {IORING_OP_READ_FIXED, IORING_OP_WRITE_FIXED})
    {
        faults const f(missing);
        mode_context c(m);
        std::string memory(4096, '\0');
        auto const r = net::register_buffers(c, net::buffer(memory));
        use(c, r, memory);
    }
}

// RLIMIT_MEMLOCK, and no privilege to exceed it.
BOOST_AUTO_TEST_CASE(no_memory_may_be_locked)
{
    ::rlimit now{};
    ::getrlimit(RLIMIT_MEMLOCK, &now);
    if (now.rlim_cur < 1 << 20)
    {
        BOOST_TEST_MESSAGE("too little for a ring without privileges");
        return;
    }
    in_child(
        [](expectations& child)
        {
            // Who has this right when the ring is set up is not limited; and newer
            // kernels count the ring itself, too.
            ::__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
            ::__user_cap_data_struct data[2]{};
            child(::syscall(SYS_capset, &header, data) == 0, "capset");
            temporary_file t("0123456789");
            net::io_context c;
            random_access_file f(c, t.path(), file_base::read_only);
            std::string memory(4096, '\0');
            ::rlimit const nothing{0, 0};
            child(::setrlimit(RLIMIT_MEMLOCK, &nothing) == 0, "setrlimit");
            auto const r = net::register_buffers(c, net::buffer(memory));
            child(!r.registered(), "not registered");
            std::size_t got = 0;
            f.async_read_some_at(3, r[0],
                                 [&](error_code ec, std::size_t n) { got = ec ? 0 : n; });
            c.run();
            child(got == 7 && memory.substr(0, 7) == "3456789", "the data");
        });
}

// Entries that the kernel has not taken yet, operations that have none, and those that it
// is at work on.
BOOST_DATA_TEST_CASE(the_registration_ends_before_the_operations, every_mode, m)
{
    entries e;
    mode_context c(m);
    std::string const text = pattern(1 << 16);
    temporary_file t(text);
    random_access_file f(c, t.path(), file_base::read_only);
    stream_file s(c, t.path(), file_base::read_only);
    std::string first(1 << 14, '\0'), second(1 << 14, '\0'), third(1 << 14, '\0');
    c.poll();
    {
        std::array<net::mutable_buffer, 3> const all{
            net::buffer(first), net::buffer(second), net::buffer(third)};
        auto const r = net::register_buffers(c, all);
        f.async_read_some_at(0, r[0], expect(first.size()));
        s.async_read_some(r[1], expect(second.size()));
        s.async_read_some(r[2], expect(third.size()));
    }
    // Its number is another's now.
    std::string other(100, '\0');
    auto const r = net::register_buffers(c, net::buffer(other));
    run(c);
    BOOST_CHECK(first == text.substr(0, first.size()));
    BOOST_CHECK(second == text.substr(0, second.size()));
    BOOST_CHECK(third == text.substr(second.size(), third.size()));
    BOOST_CHECK_EQUAL(other, std::string(100, '\0'));
    if (on_uring())
        BOOST_CHECK_EQUAL(plain(e), 3u);
}

BOOST_AUTO_TEST_CASE(an_exclusive_context_and_other_threads)
{
    URIO_ON_URING_ONLY();
    mode_context c(mode::exclusive);
    std::string memory(1 << 20, '\0');
    std::optional<net::buffer_registration<net::mutable_buffer>> r, s;
    auto const elsewhere = [](auto f) { std::thread(f).join(); };

    // Nobody owns it yet.
    elsewhere([&] { r.emplace(c, net::buffer(memory)); });
    BOOST_CHECK_EQUAL(r->registered(), expect_registered_buffers());
    use(c, *r, memory);

    elsewhere([&] { s.emplace(c, net::buffer(memory)); });
    BOOST_CHECK(!s->registered());
    use(c, *s, memory);

    elsewhere([&] { r.reset(); });
    net::post(c, [] {});
    run(c);
    await_release();
    auto const again = net::register_buffers(c, net::buffer(memory));
    BOOST_CHECK_EQUAL(again.registered(), expect_registered_buffers());
    use(c, again, memory);
}

BOOST_AUTO_TEST_CASE(threads_that_register_while_others_read)
{
    net::io_context c;
    std::string const text = pattern(4096);
    temporary_file t(text);
    random_access_file f(c, t.path(), file_base::read_only);
    auto const work = net::make_work_guard(c);
    std::vector<std::thread> loops;
    for (int i = 0; i != 2; ++i)
        loops.emplace_back([&] { c.run(); });
    std::atomic<int> good{0};
    std::vector<std::thread> users;
    constexpr int rounds = 200;
    for (int i = 0; i != 3; ++i)
        users.emplace_back(
            [&]
            {
                for (int n = 0; n != rounds; ++n)
                {
                    std::string memory(4096, '\0');
                    auto const r = net::register_buffers(c, net::buffer(memory));
                    std::size_t const got =
                        f.async_read_some_at(0, r[0], net::use_future).get();
                    good += got == 4096 && memory == text;
                }
            });
    for (std::thread& u : users)
        u.join();
    c.stop();
    for (std::thread& l : loops)
        l.join();
    BOOST_CHECK_EQUAL(good, 3 * rounds);
}

BOOST_DATA_TEST_CASE(after_fork, every_mode, m)
{
    // A sanitizer's allocator does not survive a fork among the threads of a pool.
    URIO_ON_URING_ONLY();
    entries e;
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_only);
    std::string memory(4096, '\0');
    auto r = std::make_optional(net::register_buffers(c, net::buffer(memory)));
    bool const registered = r->registered();
    std::size_t got = 0;
    auto const read = [&](std::uint64_t at)
    {
        e.clear();
        got = 0;
        f.async_read_some_at(at, net::buffer((*r)[0], 4),
                             [&](error_code ec, std::size_t n) { got = ec ? 0 : n; });
        c.restart();
        c.run();
        return memory.substr(0, got);
    };
    BOOST_CHECK_EQUAL(read(1), "1234");

    ::pid_t const child = notified_fork(
        c,
        [&](expectations& expect)
        {
            expect(read(2) == "2345", "the child reads");
            expect(fixed(e) == (registered ? 1 : 0), "with its registered buffer");
            std::string more(100, '\0');
            auto const s = net::register_buffers(c, net::buffer(more));
            expect(s.registered() == registered, "more of them");
            r.reset();
        });
    check_child(child);
    BOOST_CHECK_EQUAL(read(3), "3456");
    BOOST_CHECK_EQUAL(fixed(e), registered ? 1u : 0u);

    // A child that tells nobody leaves the parent's ring alone.
    in_child(
        [&](expectations& expect)
        {
            auto const s = net::register_buffers(c, net::buffer(memory));
            expect(!s.registered(), "not in the parent's ring");
            r.reset();
        });
    BOOST_CHECK_EQUAL(read(4), "4567");
    BOOST_CHECK_EQUAL(fixed(e), registered ? 1u : 0u);
}

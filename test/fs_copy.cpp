// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Copies of files, and from files to sockets.

#include "descriptors.hpp"
#include "expect.hpp"
#include "file.hpp"
#include "once.hpp"
#include "pair.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace fs = urio::fs;
namespace stdfs = std::filesystem;
using tcp = net::ip::tcp;

/// A file beside which the kernel does not copy by itself.
stdfs::path of_the_kernel()
{
    return "/proc/self/maps";
}

} // namespace

BOOST_DATA_TEST_CASE(copies, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    auto const to = d.path() / "copy";
    for (std::size_t const size : {0, 1, 4097, 3'000'000})
        for (std::size_t const chunk : {0, 5'000})
        {
            temporary_file from(pattern(size));
            std::vector<std::uint64_t> reports;
            fs::copy_options options;
            options.chunk = chunk;
            options.progress = [&](std::uint64_t n) { reports.push_back(n); };
            fs::async_copy_file(c, from.path(), to, options, expect_bytes(size));
            run(c);
            BOOST_CHECK(content_of(to) == pattern(size));
            BOOST_REQUIRE(!reports.empty());
            BOOST_CHECK_EQUAL(reports.back(), size);
            BOOST_CHECK(std::ranges::is_sorted(reports));
        }
}

BOOST_DATA_TEST_CASE(what_a_copy_keeps, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    temporary_file from("new"), there("what was there, which is longer");
    auto const before = stdfs::hard_link_count(there.path());
    stdfs::create_hard_link(there.path(), d.path() / "other name");
    fs::async_copy_file(c, from.path(), there.path(), expect_bytes(3));
    run(c);
    BOOST_CHECK_EQUAL(before, 1u);
    BOOST_CHECK_EQUAL(content_of(d.path() / "other name"), "new");

    fs::copy_options options;
    options.overwrite = false;
    fs::async_copy_file(c, from.path(), there.path(), options, expect_bytes(0, EEXIST));
    run(c);

    ::mode_t const mask = ::umask(022);
    stdfs::permissions(from.path(), stdfs::perms(0771));
    auto const long_ago = stdfs::file_time_type::clock::now() - std::chrono::hours(1000);
    stdfs::last_write_time(from.path(), long_ago);
    options.times = true;
    auto const copy = d.path() / "copy";
    fs::async_copy_file(c, from.path(), copy, options, expect_bytes(3));
    run(c);
    ::umask(mask);
    BOOST_CHECK(stdfs::status(copy).permissions() == stdfs::perms(0751));
    BOOST_CHECK(stdfs::last_write_time(copy) == stdfs::last_write_time(from.path()));
}

BOOST_DATA_TEST_CASE(by_way_of_a_temporary_file, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    auto const to = d.path() / "copy", part = d.path() / ".copy.part";
    std::string const text = pattern(300'000);
    temporary_file from(text), other("what was there");
    stdfs::permissions(from.path(), stdfs::perms(04700));

    fs::copy_options options;
    options.temporary = part;
    options.chunk = 100'000;
    // Nothing that has its name is written to.
    stdfs::create_symlink(other.path(), part);
    stdfs::create_hard_link(other.path(), to);
    bool half = false;
    options.progress = [&](std::uint64_t n)
    {
        half = half || n == 100'000;
        if (n != text.size())
            BOOST_CHECK_EQUAL(content_of(to), "what was there");
    };
    fs::async_copy_file(c, from.path(), to, options, expect_bytes(text.size()));
    run(c);
    BOOST_CHECK(half);
    BOOST_CHECK(content_of(to) == text);
    BOOST_CHECK_EQUAL(content_of(other.path()), "what was there");
    BOOST_CHECK(!stdfs::exists(stdfs::symlink_status(part)));
    BOOST_CHECK(stdfs::status(to).permissions() == stdfs::perms(0700));

    // A part of it is gone on with, if it is no link.
    std::ofstream(part) << text.substr(0, 123'456) << "rubbish";
    options.progress = nullptr;
    options.offset = 123'456;
    options.times = true;
    fs::async_copy_file(c, from.path(), to, options, expect_bytes(text.size()));
    run(c);
    BOOST_CHECK(content_of(to) == text);
    BOOST_CHECK(stdfs::last_write_time(to) == stdfs::last_write_time(from.path()));
    fs::async_copy_file(c, from.path(), to, options, expect_bytes(123'456, ENOENT));
    run(c);
    stdfs::create_symlink(other.path(), part);
    fs::async_copy_file(c, from.path(), to, options, expect_bytes(123'456, ELOOP));
    run(c);

    // What cannot be replaced is found out before.
    options.offset = 0;
    fs::async_copy_file(c, from.path(), from.path(), options, expect_bytes(0, EINVAL));
    run(c);
    fs::async_copy_file(c, from.path(), d.path(), options, expect_bytes(0, EISDIR));
    run(c);
    options.overwrite = false;
    fs::async_copy_file(c, from.path(), to, options, expect_bytes(0, EEXIST));
    run(c);
    BOOST_CHECK_EQUAL(content_of(other.path()), "what was there");
    options.temporary = std::string("a\0b", 3);
    fs::async_copy_file(c, from.path(), to, options, expect_bytes(0, EINVAL));
    run(c);

    // By reads and writes, too.
    options.temporary = part;
    std::uint64_t size = 0;
    fs::async_copy_file(c, of_the_kernel(), d.path() / "new", options,
                        once(
                            [&](error_code ec, std::uint64_t n)
                            {
                                BOOST_CHECK(!ec);
                                size = n;
                            }));
    run(c);
    BOOST_CHECK_EQUAL(stdfs::file_size(d.path() / "new"), size);
    BOOST_CHECK(!stdfs::exists(stdfs::symlink_status(part)));
}

BOOST_DATA_TEST_CASE(many_at_once, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    temporary_file empty(""), small("small"), large(pattern(300'000));
    fs::copy_options options;
    options.chunk = 100'000;
    std::vector<fs::copy_request> files{
        {empty.path(), d.path() / "empty"},
        {d.path() / "none", d.path() / "no copy"},
        {large.path(), d.path() / "large", d.path() / "part"},
        {small.path(), d.path()},
        {of_the_kernel(), d.path() / "by hand"},
        {small.path(), std::string("a\0b", 3)},
        {small.path(), d.path() / "small", d.path() / "part2"},
    };
    fs::async_copy_files(
        c, files, options,
        once(
            [&](error_code ec, std::vector<fs::copy_result> results)
            {
                BOOST_CHECK(!ec);
                BOOST_REQUIRE_EQUAL(results.size(), files.size());
                int const errors[] = {0, ENOENT, 0, EISDIR, 0, EINVAL, 0};
                std::uint64_t const sizes[] = {
                    0, 0, 300'000, 0, stdfs::file_size(d.path() / "by hand"), 0, 5};
                for (std::size_t i = 0; i != files.size(); ++i)
                {
                    BOOST_CHECK_EQUAL(results[i].error.value(), errors[i]);
                    BOOST_CHECK_EQUAL(results[i].bytes, sizes[i]);
                }
            }));
    run(c);
    BOOST_CHECK(stdfs::is_empty(d.path() / "empty"));
    BOOST_CHECK(content_of(d.path() / "large") == pattern(300'000));
    BOOST_CHECK_EQUAL(content_of(d.path() / "small"), "small");
    BOOST_CHECK(!stdfs::is_empty(d.path() / "by hand"));
    BOOST_CHECK(!stdfs::exists(d.path() / "part"));
    BOOST_CHECK(!stdfs::exists(d.path() / "part2"));

    fs::async_copy_files(c, {}, options,
                         once([](error_code ec, std::vector<fs::copy_result> results)
                              { BOOST_CHECK(!ec && results.empty()); }));
    run(c);
}

BOOST_DATA_TEST_CASE(holes_stay_holes, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    auto const from = d.path() / "from", to = d.path() / "to";
    constexpr std::uint64_t size = 8 << 20;
    {
        std::ofstream out(from);
        out << "begin";
        out.seekp(4 << 20);
        out << "middle";
    }
    stdfs::resize_file(from, size);
    fs::async_copy_file(c, from, to, expect_bytes(size));
    run(c);
    BOOST_CHECK(content_of(to) == content_of(from));
    struct ::stat s, t;
    BOOST_REQUIRE_EQUAL(::stat(from.c_str(), &s), 0);
    BOOST_REQUIRE_EQUAL(::stat(to.c_str(), &t), 0);
    BOOST_CHECK_EQUAL(t.st_size, s.st_size);
    BOOST_CHECK_LT(t.st_blocks, s.st_size / 512 / 8);
}

BOOST_DATA_TEST_CASE(a_copy_goes_on, every_mode, m)
{
    mode_context c(m);
    temporary_file from(pattern(100'000)), to(pattern(60'000));
    fs::copy_options options;
    options.offset = 50'000;
    fs::async_copy_file(c, from.path(), to.path(), options, expect_bytes(100'000));
    run(c);
    BOOST_CHECK(to.content() == pattern(100'000));
}

// By reads and writes, where the kernel cannot.
BOOST_DATA_TEST_CASE(what_the_kernel_does_not_copy, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    auto const to = d.path() / "copy";
    std::uint64_t bytes = 0;
    fs::async_copy_file(c, "/proc/cpuinfo", to,
                        once(
                            [&](error_code ec, std::uint64_t n)
                            {
                                BOOST_CHECK(!ec);
                                bytes = n;
                            }));
    run(c);
    BOOST_CHECK_EQUAL(content_of(to).size(), bytes);
    BOOST_CHECK_EQUAL(content_of(to).substr(0, 9),
                      content_of("/proc/cpuinfo").substr(0, 9));

    // Not seekable.
    auto const fifo = d.path() / "fifo";
    BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
    int const writer = ::open(fifo.c_str(), O_RDWR | O_CLOEXEC);
    std::string const text = pattern(60'000);
    BOOST_REQUIRE_EQUAL(::write(writer, text.data(), text.size()), 60'000);
    fs::copy_options options;
    options.chunk = 30'000;
    // It ends when nobody has it open for writing any more.
    options.progress = [&](std::uint64_t n)
    {
        if (n == text.size())
            ::close(writer);
    };
    fs::async_copy_file(c, fifo, to, options, expect_bytes(text.size()));
    run(c);
    BOOST_CHECK(content_of(to) == text);
    fs::async_copy_file(c, "/dev/null", to, expect_bytes(0));
    run(c);
    BOOST_CHECK_EQUAL(content_of(to), "");
}

BOOST_DATA_TEST_CASE(copies_that_fail, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    temporary_file t("abc");
    fs::async_copy_file(c, d.path() / "missing", d.path() / "x", expect_bytes(0, ENOENT));
    fs::async_copy_file(c, d.path(), d.path() / "x", expect_bytes(0, EISDIR));
    fs::async_copy_file(c, t.path(), d.path() / "no/x", expect_bytes(0, ENOENT));
    fs::async_copy_file(c, t.path(), "/dev/full", expect_bytes(0, ENOSPC));
    fs::async_copy_file(c, std::string("a\0b", 3), "x", expect_bytes(0, EINVAL));
    run(c);
    // Onto itself, whatever it is called.
    stdfs::create_symlink(t.path(), d.path() / "link");
    fs::async_copy_file(c, t.path(), d.path() / "link", expect_bytes(0, EINVAL));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "abc");

    auto failed = fs::async_copy_file(c, d.path() / "missing", t.path(), net::use_future);
    run(c);
    BOOST_CHECK_EXCEPTION(
        failed.get(), fs::filesystem_error, [&](const fs::filesystem_error& e)
        { return e.path1() == d.path() / "missing" && e.path2() == t.path(); });
}

BOOST_DATA_TEST_CASE(a_copy_is_cancelled, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file from(pattern(1'000'000)), to;
    net::cancellation_signal signal;
    fs::copy_options options;
    options.chunk = 1'000;
    std::uint64_t reported = 0;
    options.progress = [&](std::uint64_t n)
    {
        reported = n;
        if (n >= 10'000)
            signal.emit(net::cancellation_type::partial);
    };
    fs::async_copy_file(c, from.path(), to.path(), options,
                        net::bind_cancellation_slot(
                            signal.slot(), once(
                                               [&](error_code ec, std::uint64_t n)
                                               {
                                                   BOOST_CHECK_EQUAL(
                                                       ec, net::error::operation_aborted);
                                                   BOOST_CHECK_GE(n, reported);
                                                   BOOST_CHECK_LT(n, 1'000'000u);
                                               })));
    run(c);
    BOOST_CHECK_GE(to.content().size(), reported);
    BOOST_CHECK(from.content().starts_with(to.content()));
}

BOOST_DATA_TEST_CASE(the_context_ends_with_copies, every_mode, m)
{
    descriptor_check check;
    temporary_file from(pattern(5'000'000)), to;
    mode_context c(m);
    fs::copy_options options;
    options.chunk = 1'000;
    fs::async_copy_file(c, from.path(), to.path(), options,
                        [](error_code, std::uint64_t) {});
    c.run_one();
    c.poll_one();
}

// On several threads.
BOOST_AUTO_TEST_CASE(many_copies)
{
    temporary_directory d;
    temporary_file from(pattern(100'000));
    net::thread_pool pool(4);
    std::atomic<int> done = 0;
    for (int i = 0; i != 200; ++i)
        fs::async_copy_file(pool, i % 4 ? from.path() : "/proc/cpuinfo",
                            d.path() / std::to_string(i),
                            [&](error_code ec, std::uint64_t) { done += !ec; });
    pool.join();
    BOOST_CHECK_EQUAL(done, 200);
    for (int i = 0; i != 200; ++i)
        if (i % 4)
            BOOST_CHECK(content_of(d.path() / std::to_string(i)) == pattern(100'000));
}

BOOST_DATA_TEST_CASE(files_through_sockets, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    raw_pair p(c);
    temporary_file t(pattern(5'000'000));
    net::random_access_file f(c, t.path(), net::file_base::read_only);
    fs::async_send_file(p.socket, f, 1'000, 4'000'000, expect_bytes(4'000'000));
    std::string got;
    std::thread reader([&] { got = p.receive(4'000'000); });
    run(c);
    reader.join();
    BOOST_CHECK(got == pattern(5'000'000).substr(1'000, 4'000'000));
    BOOST_CHECK(!p.socket.native_non_blocking());
    // The socket goes on.
    net::async_write(p.socket, net::buffer("end", 3),
                     [](error_code ec, std::size_t) { BOOST_CHECK(!ec); });
    run(c);
    BOOST_CHECK_EQUAL(p.receive(3), "end");
}

BOOST_DATA_TEST_CASE(what_cannot_be_sent, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    raw_pair p(c);
    temporary_file t(pattern(1'000));
    net::random_access_file f(c, t.path(), net::file_base::read_only);
    fs::async_send_file(p.socket, f, 0, 0, expect_bytes(0));
    run(c);
    auto const expect = [](error_code expected, std::uint64_t bytes)
    {
        return once(
            [=](error_code ec, std::uint64_t n)
            {
                BOOST_CHECK_EQUAL(ec, expected);
                BOOST_CHECK_EQUAL(n, bytes);
            });
    };
    // The file ends before.
    fs::async_send_file(p.socket, f, 0, 2'000, expect(net::error::eof, 1'000));
    run(c);
    BOOST_CHECK(p.receive(1'000) == pattern(1'000));
    net::random_access_file closed(c);
    fs::async_send_file(p.socket, closed, 0, 1, expect(net::error::bad_descriptor, 0));
    fs::async_send_file(p.socket, f, ~std::uint64_t{0}, 1,
                        expect(net::error::invalid_argument, 0));
    run(c);
    tcp::socket none(c);
    fs::async_send_file(none, f, 0, 1, expect(net::error::bad_descriptor, 0));
    run(c);
}

// The peer does not read: the operation is cancelled, or the socket closed.
BOOST_DATA_TEST_CASE(sending_ends, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t;
    stdfs::resize_file(t.path(), 20'000'000);
    net::random_access_file f(c, t.path(), net::file_base::read_only);
    for (bool const close : {false, true})
    {
        raw_pair p(c);
        net::cancellation_signal signal;
        bool ended = false;
        std::uint64_t sent = 0;
        fs::async_send_file(
            p.socket, f, 0, 20'000'000,
            net::bind_cancellation_slot(signal.slot(),
                                        [&](error_code ec, std::uint64_t n)
                                        {
                                            ended = true;
                                            sent = n;
                                            BOOST_CHECK(ec);
                                        }));
        // Until nothing goes on: the socket's buffers are full.
        c.restart();
        while (c.run_for(100ms) != 0 && !ended)
            c.restart();
        BOOST_CHECK(!ended);
        if (close)
            p.socket.close();
        else
            signal.emit(net::cancellation_type::total);
        run(c);
        BOOST_CHECK(ended);
        BOOST_CHECK_GT(sent, 0u);
        BOOST_CHECK_LT(sent, 20'000'000u);
    }
}

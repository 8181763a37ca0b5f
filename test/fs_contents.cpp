// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whole files, read and written, and the listing of directories.

#include "child.hpp"
#include "descriptors.hpp"
#include "expect.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
namespace fs = urio::fs;
namespace stdfs = std::filesystem;

} // namespace

BOOST_DATA_TEST_CASE(read_files, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    for (std::size_t const size : {0, 1, 4095, 4096, 4097, 3'000'000})
    {
        temporary_file t(pattern(size));
        fs::async_read_file(c, t.path(),
                            once(
                                [&](error_code ec, std::string got)
                                {
                                    BOOST_CHECK(!ec);
                                    BOOST_CHECK(got == pattern(size));
                                }));
        fs::async_read_file<std::vector<std::byte>>(
            c, t.path(),
            once(
                [&](error_code ec, std::vector<std::byte> got)
                {
                    BOOST_CHECK(!ec);
                    BOOST_CHECK_EQUAL(got.size(), size);
                }));
        run(c);
    }
    // Of a file that does not know its size.
    auto read = fs::async_read_file(c, "/proc/self/maps", net::use_future);
    run(c);
    BOOST_CHECK_GT(std::ranges::count(read.get(), '\n'), 10);
}

BOOST_DATA_TEST_CASE(files_that_cannot_be_read, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    auto const expect = [&](int error, std::size_t got = 0)
    {
        return once(
            [=](error_code ec, std::string s)
            {
                BOOST_CHECK_EQUAL(ec.value(), error);
                BOOST_CHECK_EQUAL(s.size(), got);
            });
    };
    fs::async_read_file(c, d.path() / "missing", expect(ENOENT));
    fs::async_read_file(c, d.path(), expect(EISDIR));
    temporary_file t(pattern(10'000));
    fs::async_read_file(c, t.path(), 9'999, expect(EFBIG));
    fs::async_read_file(c, t.path(), 10'000, expect(0, 10'000));
    fs::async_read_file(c, "/proc/self/maps", 10, expect(EFBIG));
    run(c);

    auto read = fs::async_read_file(c, d.path() / "missing", net::use_future);
    run(c);
    BOOST_CHECK_EXCEPTION(read.get(), fs::filesystem_error,
                          [&](const fs::filesystem_error& e)
                          { return e.path1() == d.path() / "missing"; });
}

BOOST_DATA_TEST_CASE(write_files, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    auto const path = d.path() / "file";
    std::string const text = pattern(100'000);
    ::mode_t const mask = ::umask(022);
    for (bool const atomic : {false, true})
        for (bool const sync : {false, true})
        {
            fs::write_options options{.atomic = atomic, .sync = sync, .mode = 0664};
            fs::async_write_file(c, path, net::buffer(text), options,
                                 expect_bytes(text.size()));
            run(c);
            BOOST_CHECK(content_of(path) == text);
            BOOST_CHECK(stdfs::status(path).permissions() == stdfs::perms(0644));
            // It gets shorter.
            std::vector<net::const_buffer> const parts{net::buffer("ab", 2),
                                                       net::buffer("cde", 3)};
            fs::async_write_file(c, path, parts, options, expect_bytes(5));
            run(c);
            BOOST_CHECK_EQUAL(content_of(path), "abcde");
            stdfs::remove(path);
        }
    fs::async_write_file(c, path, net::buffer("x", 1), expect_bytes(1));
    run(c);
    BOOST_CHECK_EQUAL(content_of(path), "x");
    // Permissions are kept.
    stdfs::permissions(path, stdfs::perms(0606));
    fs::async_write_file(c, path, net::buffer("y", 1), {.atomic = true}, expect_bytes(1));
    run(c);
    BOOST_CHECK(stdfs::status(path).permissions() == stdfs::perms(0606));
    BOOST_CHECK_EQUAL(content_of(path), "y");
    ::umask(mask);
    // Nothing stays beside it.
    BOOST_CHECK_EQUAL(std::distance(stdfs::directory_iterator(d.path()), {}), 1);
}

BOOST_DATA_TEST_CASE(files_that_cannot_be_written, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    for (bool const atomic : {false, true})
    {
        fs::write_options const options{.atomic = atomic};
        fs::async_write_file(c, d.path() / "no/file", net::buffer("x", 1), options,
                             expect_bytes(0, ENOENT));
        // A directory has the name.
        stdfs::create_directories(d.path() / "dir/sub");
        fs::async_write_file(c, d.path() / "dir", net::buffer("x", 1), options,
                             expect_bytes(0, EISDIR));
        run(c);
    }
    BOOST_CHECK_EQUAL(std::distance(stdfs::directory_iterator(d.path()), {}), 1);
    fs::async_write_file(c, "/dev/full", net::buffer("x", 1), expect_bytes(0, ENOSPC));
    run(c);
}

// Cancelled at any moment, the file has the old content or the new one, and the handler
// knows which.
BOOST_DATA_TEST_CASE(a_replacement_is_cancelled, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    auto const path = d.path() / "file";
    std::ofstream(path) << "old";
    for (int turns = 0; turns != 60; ++turns)
    {
        net::cancellation_signal signal;
        std::optional<error_code> result;
        std::string const text = "new " + std::to_string(turns);
        std::string const before = content_of(path);
        fs::async_write_file(c, path, net::buffer(text), {.atomic = true},
                             net::bind_cancellation_slot(signal.slot(),
                                                         [&](error_code ec, std::uint64_t)
                                                         { result = ec; }));
        c.restart();
        for (int i = 0; i != turns && !result; ++i)
            c.poll_one();
        signal.emit(net::cancellation_type::terminal);
        run(c);
        BOOST_REQUIRE(result);
        BOOST_CHECK(!*result || *result == net::error::operation_aborted);
        BOOST_CHECK_EQUAL(content_of(path), *result ? before : text);
        BOOST_CHECK_EQUAL(std::distance(stdfs::directory_iterator(d.path()), {}), 1);
    }
}

// Killed at any moment, likewise.
BOOST_AUTO_TEST_CASE(a_replacement_is_killed)
{
    temporary_directory d;
    auto const path = d.path() / "file";
    auto const is_whole = [](const std::string& s)
    {
        return s.size() == 200'000 && s.find_first_not_of(s.front()) == std::string::npos;
    };
    std::ofstream(path) << std::string(200'000, 'a');
    std::set<char> seen;
    std::minstd_rand random(1);
    for (int kills = 0; kills != 50; ++kills)
    {
        int progress[2];
        BOOST_REQUIRE_EQUAL(::pipe2(progress, O_CLOEXEC), 0);
        ::pid_t const child = ::fork();
        BOOST_REQUIRE(child >= 0);
        if (child == 0)
        {
            net::io_context c;
            for (char letter = content_of(path).front();;)
            {
                letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1);
                std::string const text(200'000, letter);
                auto done = fs::async_write_file(c, path, net::buffer(text),
                                                 {.atomic = true}, net::use_future);
                c.restart();
                c.run();
                done.get();
                (void)!::write(progress[1], "", 1);
            }
        }
        // It has replaced the file once, at least, and is at it again.
        char byte;
        BOOST_REQUIRE_EQUAL(::read(progress[0], &byte, 1), 1);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
        ::close(progress[0]);
        ::close(progress[1]);
        ::kill(child, SIGKILL);
        int status;
        BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
        BOOST_REQUIRE(WIFSIGNALED(status));
        std::string const found = content_of(path);
        BOOST_REQUIRE(is_whole(found));
        seen.insert(found.front());
    }
    BOOST_TEST_MESSAGE(seen.size() << " different contents were seen");
    BOOST_CHECK_GT(seen.size(), 1u);
}

BOOST_DATA_TEST_CASE(directories, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    std::set<std::string> names;
    for (int i = 0; i != 1000; ++i)
    {
        names.insert("file" + std::to_string(i));
        std::ofstream(d.path() / *names.rbegin());
        std::ofstream(d.path() / ("file" + std::to_string(i)));
    }
    stdfs::create_directory(d.path() / "dir");
    stdfs::create_symlink("nowhere", d.path() / "link");
    names.insert({"dir", "link"});
    fs::async_list_directory(
        c, d.path(),
        once(
            [&](error_code ec, std::vector<fs::directory_entry> found)
            {
                BOOST_CHECK(!ec);
                BOOST_CHECK_EQUAL(found.size(), names.size());
                for (const fs::directory_entry& e : found)
                {
                    BOOST_CHECK_EQUAL(names.count(e.name), 1u);
                    using type = stdfs::file_type;
                    BOOST_CHECK(e.type == (e.name == "dir"    ? type::directory
                                           : e.name == "link" ? type::symlink
                                                              : type::regular));
                }
            }));
    run(c);
    auto const fails = [](int error)
    {
        return once(
            [error](error_code ec, std::vector<fs::directory_entry> found)
            {
                BOOST_CHECK_EQUAL(ec.value(), error);
                BOOST_CHECK(found.empty());
            });
    };
    fs::async_list_directory(c, d.path() / "missing", fails(ENOENT));
    fs::async_list_directory(c, d.path() / "file1", fails(ENOTDIR));
    run(c);
}

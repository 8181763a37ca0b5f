// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What goes wrong with files, and how much was transferred until then.

#include "descriptors.hpp"
#include "faulty_file.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::random_access_file;
using net::stream_file;

BOOST_TEST_GLOBAL_FIXTURE(own_mounts);

auto expect(int error, std::size_t bytes = 0)
{
    return once(
        [=](error_code ec, std::size_t n)
        {
            BOOST_CHECK_EQUAL(ec, error_code(error, boost::system::system_category()));
            BOOST_CHECK_EQUAL(n, bytes);
        });
}

auto expect_plain(int error)
{
    return once(
        [=](error_code ec)
        { BOOST_CHECK_EQUAL(ec, error_code(error, boost::system::system_category())); });
}

auto expect_eof(std::size_t bytes = 0)
{
    return once(
        [=](error_code ec, std::size_t n)
        {
            BOOST_CHECK_EQUAL(ec, net::error::eof);
            BOOST_CHECK_EQUAL(n, bytes);
        });
}

// It takes the right to mount.
#define REQUIRE_MOUNTS(condition)                                                        \
    if (!(condition))                                                                    \
    {                                                                                    \
        BOOST_TEST_MESSAGE("this process may not mount file systems");                   \
        return;                                                                          \
    }                                                                                    \
    static_assert(true)

} // namespace

// A disk that is full, for the user, or altogether; one that is broken.
BOOST_DATA_TEST_CASE(errors_of_disks, every_mode, m)
{
    descriptor_check check;
    for (int const error : {ENOSPC, EDQUOT, EIO})
    {
        faulty_file there;
        REQUIRE_MOUNTS(there.possible());
        // From a certain byte on.
        constexpr std::uint64_t bad = 128 << 10;
        there.on_read = there.on_write = [=](std::uint64_t at, std::uint32_t n)
        { return at >= bad ? -error : static_cast<int>(n); };
        there.on_sync = there.on_close = [=] { return -error; };

        mode_context c(m);
        random_access_file f(c, there.path(), file_base::read_write);
        std::string b(256 << 10, '\0');
        // (Linux 6.18 reads twice from the same place when io_uring goes on after a short
        // direct read of FUSE: each operation is one request of that file system.)
        auto const in_pieces = [](error_code ec, std::size_t)
        { return ec ? 0 : std::size_t{64} << 10; };
        f.async_read_some_at(bad, net::buffer(b, 4096), expect(error));
        f.async_write_some_at(bad, net::buffer(b, 4096), expect(error));
        run(c);
        // What was transferred before is told.
        net::async_read_at(f, 0, net::buffer(b), in_pieces, expect(error, bad));
        run(c);
        net::async_write_at(f, 0, net::buffer(b), in_pieces, expect(error, bad));
        run(c);
        BOOST_CHECK(b.starts_with("rrrr"));
        f.async_sync_all(expect_plain(error));
        run(c);
        f.async_sync_data(expect_plain(error));
        run(c);

        // A stream stands where it failed.
        stream_file s(c, there.path(), file_base::read_write);
        net::async_read(s, net::buffer(b), in_pieces, expect(error, bad));
        run(c);
        BOOST_CHECK_EQUAL(s.seek(0, file_base::seek_cur), bad);
        // The last chance to tell.
        s.async_close(expect_plain(error));
        run(c);
        error_code ec;
        f.close(ec);
        BOOST_CHECK_EQUAL(ec.value(), error);
        BOOST_CHECK(!f.is_open());
    }
}

BOOST_DATA_TEST_CASE(a_small_file_system, every_mode, m)
{
    temporary_directory d;
    REQUIRE_MOUNTS(own_mounts::instance->possible &&
                   ::mount("urio-test", d.path().c_str(), "tmpfs", 0, "size=64k") == 0);
    {
        mode_context c(m);
        random_access_file f(c, d.path() / "file",
                             file_base::read_write | file_base::create);
        std::string const b(100'000, 'x');
        net::async_write_at(f, 0, net::buffer(b), expect(ENOSPC, 64 << 10));
        run(c);
        BOOST_CHECK_EQUAL(f.size(), 64u << 10);
        f.async_allocate(file_base::reserve, 64 << 10, 4096, expect_plain(ENOSPC));
        run(c);
        // There is room again.
        f.async_resize(0, expect_plain(0));
        run(c);
        f.async_write_some_at(0, net::buffer(b, 4096), expect(0, 4096));
        run(c);
        // A whole file, all of it or nothing.
        net::fs::async_write_file(
            c, d.path() / "file", net::buffer(b), {.atomic = true},
            once([](error_code ec, std::uint64_t)
                 { BOOST_CHECK(ec == boost::system::errc::no_space_on_device); }));
        run(c);
        BOOST_CHECK_EQUAL(f.size(), 4096u);
        BOOST_CHECK_EQUAL(
            std::distance(std::filesystem::directory_iterator(d.path()), {}), 1);
    }
    ::umount(d.path().c_str());
}

BOOST_DATA_TEST_CASE(no_room, every_mode, m)
{
    mode_context c(m);
    stream_file f(c, "/dev/full", file_base::read_write);
    f.async_write_some(net::buffer("x", 1), expect(ENOSPC));
    run(c);
}

BOOST_DATA_TEST_CASE(an_address_without_memory, every_mode, m)
{
    mode_context c(m);
    random_access_file f(c, "/proc/self/mem", file_base::read_only);
    char b[16];
    f.async_read_some_at(0, net::buffer(b), expect(EIO));
    run(c);
}

BOOST_DATA_TEST_CASE(handles_that_cannot, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("abc");
    temporary_directory d;
    char b[16] = {};
    random_access_file reader(c, t.path(), file_base::read_only);
    random_access_file writer(c, t.path(), file_base::write_only);
    random_access_file directory(c, d.path().string(), file_base::read_only);
    random_access_file path(c);
    path.open(t.path(), file_base::path_only);
    auto const check_all =
        [&](random_access_file& f, int read, int write, int resize, int sync)
    {
        f.async_read_some_at(0, net::buffer(b), read ? expect(read) : expect(0, 3));
        f.async_write_some_at(0, net::buffer("abc", 3),
                              write ? expect(write) : expect(0, 3));
        run(c);
        f.async_resize(3, expect_plain(resize));
        run(c);
        f.async_sync_all(expect_plain(sync));
        run(c);
        error_code ec;
        f.read_some_at(0, net::buffer(b), ec);
        BOOST_CHECK_EQUAL(ec.value(), read);
    };
    check_all(reader, 0, EBADF, EINVAL, 0);
    check_all(writer, EBADF, 0, 0, 0);
    check_all(directory, EISDIR, EBADF, EINVAL, 0);
    check_all(path, EBADF, EBADF, EBADF, EBADF);
}

BOOST_DATA_TEST_CASE(the_file_is_cut_under_the_reader, every_mode, m)
{
    mode_context c(m);
    temporary_file t(pattern(100'000));
    random_access_file f(c, t.path(), file_base::read_only);
    stream_file s(c, t.path(), file_base::read_only);
    std::string b(60'000, '\0');
    net::async_read(s, net::buffer(b), expect(0, 60'000));
    run(c);
    std::filesystem::resize_file(t.path(), 70'000);
    net::async_read(s, net::buffer(b), expect_eof(10'000));
    run(c);
    net::async_read_at(f, 65'000, net::buffer(b), expect_eof(5'000));
    f.async_read_some_at(80'000, net::buffer(b), expect_eof());
    run(c);
    std::filesystem::resize_file(t.path(), 0);
    s.async_read_some(net::buffer(b), expect_eof());
    run(c);
}

BOOST_DATA_TEST_CASE(files_that_are_too_large, every_mode, m)
{
    mode_context c(m);
    temporary_file t;
    random_access_file f(c, t.path(), file_base::read_write);
    // Beyond what the kernel can address.
    f.async_write_some_at(0x7fffffffffffffff, net::buffer("xy", 2), expect(EINVAL));
    run(c);
    char b;
    f.async_read_some_at(0x8000000000000000, net::buffer(&b, 1), expect(EINVAL));
    run(c);

    // Beyond the limit of the process. What fits is written.
    std::signal(SIGXFSZ, SIG_IGN);
    ::rlimit before;
    BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_FSIZE, &before), 0);
    ::rlimit const limit{10'000, before.rlim_max};
    BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    std::string const text(20'000, 'x');
    f.async_write_some_at(0, net::buffer(text), expect(0, 10'000));
    run(c);
    f.async_write_some_at(10'000, net::buffer(text), expect(EFBIG));
    run(c);
    f.async_resize(20'000, expect_plain(EFBIG));
    run(c);
    f.async_allocate(file_base::reserve, 0, 20'000, expect_plain(EFBIG));
    run(c);
    ::setrlimit(RLIMIT_FSIZE, &before);
    BOOST_CHECK_EQUAL(f.size(), 10'000u);
}

BOOST_DATA_TEST_CASE(what_cannot_seek, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
    stream_file in(c, ends[0]), out(c, ends[1]);
    error_code ec;
    in.seek(0, file_base::seek_set, ec);
    BOOST_CHECK_EQUAL(ec.value(), ESPIPE);
    out.async_write_some(net::buffer("abc", 3), expect(0, 3));
    char b[16];
    in.async_read_some(net::buffer(b), expect(0, 3));
    run(c);
    out.close();
    in.async_read_some(net::buffer(b), expect_eof());
    run(c);
    in.read_some(net::buffer(b), ec);
    BOOST_CHECK_EQUAL(ec, net::error::eof);
}

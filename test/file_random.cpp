// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random-access files, and what both kinds of file have in common.

#include "descriptors.hpp"
#include "expect.hpp"
#include "faults.hpp"
#include "file.hpp"
#include "once.hpp"
#include "sanitizers.hpp"
#include "test.hpp"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::random_access_file;

error_code system_error(int e)
{
    return {e, boost::system::system_category()};
}

} // namespace

BOOST_DATA_TEST_CASE(read_and_write_at_offsets, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_write);
    std::string b(4, '\0');
    f.async_read_some_at(3, net::buffer(b), expect(4));
    run(c);
    BOOST_CHECK_EQUAL(b, "3456");
    f.async_write_some_at(8, net::buffer("abcd", 4), expect(4));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "01234567abcd");
    BOOST_CHECK_EQUAL(f.size(), 12u);

    // Synchronously.
    BOOST_CHECK_EQUAL(f.read_some_at(0, net::buffer(b)), 4u);
    BOOST_CHECK_EQUAL(b, "0123");
    BOOST_CHECK_EQUAL(f.write_some_at(1, net::buffer("xy", 2)), 2u);
    BOOST_CHECK_EQUAL(t.content(), "0xy34567abcd");
}

BOOST_DATA_TEST_CASE(the_end_of_the_file, every_mode, m)
{
    mode_context c(m);
    temporary_file t("abc");
    random_access_file f(c, t.path(), file_base::read_only);
    std::string b(8, '\0');
    f.async_read_some_at(1, net::buffer(b), expect(2));
    f.async_read_some_at(3, net::buffer(b), expect_error(net::error::eof));
    f.async_read_some_at(1000, net::buffer(b), expect_error(net::error::eof));
    f.async_read_some_at(0, net::mutable_buffer(), expect(0));
    run(c);
    error_code ec;
    BOOST_CHECK_EQUAL(f.read_some_at(3, net::buffer(b), ec), 0u);
    BOOST_CHECK_EQUAL(ec, error_code(net::error::eof));
    BOOST_CHECK_EQUAL(f.read_some_at(3, net::mutable_buffer(), ec), 0u);
    BOOST_CHECK(!ec);
    net::async_read_at(f, 0, net::buffer(b),
                       once(
                           [](error_code e, std::size_t n)
                           {
                               BOOST_CHECK_EQUAL(e, error_code(net::error::eof));
                               BOOST_CHECK_EQUAL(n, 3u);
                           }));
    run(c);
}

BOOST_DATA_TEST_CASE(vectored_transfers, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(3000);
    temporary_file t;
    random_access_file f(c, t.path(), file_base::read_write);
    std::vector<net::const_buffer> out;
    for (char const& byte : data)
        out.push_back(net::buffer(&byte, 1));
    f.async_write_some_at(0, out, expect(64));
    run(c);
    net::async_write_at(f, 0, out, expect(data.size()));
    run(c);
    BOOST_CHECK(t.content() == data);

    std::string got(data.size(), '\0');
    std::array<net::mutable_buffer, 3> const in{net::buffer(got.data(), 1000),
                                                net::mutable_buffer(),
                                                net::buffer(got.data() + 1000, 2000)};
    f.async_read_some_at(0, in, expect(3000));
    run(c);
    BOOST_CHECK(got == data);
    got.assign(data.size(), '\0');
    BOOST_CHECK_EQUAL(f.read_some_at(0, in), 3000u);
    BOOST_CHECK(got == data);
    std::vector<net::const_buffer> const none(3);
    f.async_write_some_at(0, none, expect(0));
    run(c);
}

// Stock Asio runs the operations on one file one after another.
BOOST_DATA_TEST_CASE(operations_run_side_by_side, every_mode, m)
{
    mode_context c(m);
    constexpr std::size_t n = 256, block = 512;
    std::string const data = pattern(n * block);
    temporary_file t(data);
    random_access_file f(c, t.path(), file_base::read_write);
    std::string got(data.size(), '\0');
    for (std::size_t i = 0; i != n; ++i)
        f.async_read_some_at(i * block, net::buffer(&got[i * block], block),
                             expect(block));
    // The first may have been tried, and done, at once.
    auto const at_once = urio::statistics_of(c).immediate;
    if (on_uring())
    {
        BOOST_CHECK_LE(at_once, 1u);
        BOOST_CHECK_EQUAL(urio::statistics_of(c).in_flight, n - at_once);
    }
    c.restart();
    c.poll_one();
    // All of them went to the kernel with the first turn.
    if (on_uring())
        BOOST_CHECK_GE(urio::statistics_of(c).submitted, n - at_once);
    run(c);
    BOOST_CHECK(got == data);

    std::string const other = pattern(n * block, 2);
    for (std::size_t i = n; i-- != 0;)
        f.async_write_some_at(i * block, net::buffer(&other[i * block], block),
                              expect(block));
    run(c);
    BOOST_CHECK(t.content() == other);
}

BOOST_DATA_TEST_CASE(files_larger_than_four_gigabytes, every_mode, m)
{
    mode_context c(m);
    temporary_file t;
    random_access_file f(c, t.path(), file_base::read_write);
    std::uint64_t const far = (std::uint64_t{5} << 30) + 123;
    f.resize(far + 4096); // sparse
    BOOST_CHECK_EQUAL(f.size(), far + 4096);
    std::string const data = pattern(1000);
    net::async_write_at(f, far, net::buffer(data), expect(1000));
    run(c);
    std::string got(1000, '\0');
    net::async_read_at(f, far, net::buffer(got), expect(1000));
    run(c);
    BOOST_CHECK(got == data);
    BOOST_CHECK_EQUAL(f.read_some_at(far + 10, net::buffer(got, 5)), 5u);
    BOOST_CHECK_EQUAL(got.substr(0, 5), data.substr(10, 5));
    // 4 GiB away nothing was written.
    f.async_read_some_at(far - (std::uint64_t{4} << 30), net::buffer(got), expect(1000));
    run(c);
    BOOST_CHECK(got == std::string(1000, '\0'));
}

BOOST_AUTO_TEST_CASE(transfers_larger_than_one_call_can_do)
{
#if defined(URIO_TEST_THREAD_SANITIZER)
    // ThreadSanitizer would note each of the bytes that a plain call transfers.
    URIO_ON_URING_ONLY();
#endif
    // Three gigabytes of addresses for a few megabytes of memory.
    constexpr std::size_t piece = 8 << 20, size = std::size_t{3} << 30;
    int const memory = ::memfd_create("urio-test", MFD_CLOEXEC);
    BOOST_REQUIRE(memory >= 0);
    BOOST_REQUIRE_EQUAL(::ftruncate(memory, piece), 0);
    void* const base = ::mmap(nullptr, size, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    BOOST_REQUIRE(base != MAP_FAILED);
    for (std::size_t i = 0; i != size; i += piece)
        BOOST_REQUIRE(::mmap(static_cast<char*>(base) + i, piece, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_FIXED, memory, 0) != MAP_FAILED);

    net::io_context c;
    temporary_file t;
    random_access_file f(c, t.path(), file_base::read_write);
    f.resize(size); // sparse: reading costs memory bandwidth only
    f.async_read_some_at(0, net::buffer(base, size), expect(0x7ffff000));
    run(c);
    net::async_read_at(f, 0, net::buffer(base, size), expect(size));
    run(c);
    BOOST_CHECK_EQUAL(f.read_some_at(0, net::buffer(base, size)), 0x7ffff000u);
    ::munmap(base, size);
    ::close(memory);
}

BOOST_DATA_TEST_CASE(direct_io, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(1 << 16);
    temporary_file t(data);
    int const fd = ::open(t.path().c_str(), O_RDWR | O_DIRECT | O_CLOEXEC);
    URIO_REQUIRE_OR_SKIP(fd >= 0, "the file system has no direct I/O");
    random_access_file f(c, fd);
    std::unique_ptr<char, decltype(&std::free)> const memory(
        static_cast<char*>(std::aligned_alloc(4096, 1 << 16)), &std::free);
    for (std::size_t i = 0; i != 1 << 16; i += 4096)
        f.async_read_some_at(i, net::buffer(memory.get() + i, 4096), expect(4096));
    run(c);
    BOOST_CHECK(std::string(memory.get(), 1 << 16) == data);
    char unaligned[1025];
    f.async_read_some_at(0, net::buffer(unaligned + 1, 512),
                         once(
                             [](error_code ec, std::size_t)
                             {
                                 // Some file systems do without the alignment.
                                 BOOST_CHECK(!ec || ec == net::errc::misaligned);
                             }));
    f.async_write_some_at(4096, net::buffer(memory.get(), 4096), expect(4096));
    run(c);
    BOOST_CHECK(t.content().substr(4096, 4096) == data.substr(0, 4096));
}

BOOST_AUTO_TEST_CASE(opening)
{
    descriptor_check check;
    net::io_context c;
    temporary_file t("content");
    error_code ec;
    random_access_file f(c);
    BOOST_CHECK(!f.is_open());
    f.open("/nonexistent/file", file_base::read_only, ec);
    BOOST_CHECK_EQUAL(ec, system_error(ENOENT));
    BOOST_CHECK_THROW(f.open("/nonexistent/file", file_base::read_only),
                      boost::system::system_error);
    BOOST_CHECK_THROW(random_access_file(c, "/nonexistent/file", file_base::read_only),
                      boost::system::system_error);
    f.open(t.path(), file_base::read_write | file_base::create | file_base::exclusive,
           ec);
    BOOST_CHECK_EQUAL(ec, system_error(EEXIST));
    f.open(t.path(), file_base::read_only);
    f.open(t.path(), file_base::read_only, ec);
    BOOST_CHECK_EQUAL(ec, error_code(net::error::already_open));
    f.assign(0, ec);
    BOOST_CHECK_EQUAL(ec, error_code(net::error::already_open));
    f.close();
    BOOST_CHECK(!f.is_open());
    f.assign(-1, ec);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));

    f.open(t.path(), file_base::write_only | file_base::truncate);
    BOOST_CHECK_EQUAL(f.size(), 0u);
    char b;
    BOOST_CHECK_EQUAL(f.read_some_at(0, net::buffer(&b, 1), ec), 0u);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));
    f.async_read_some_at(0, net::buffer(&b, 1), expect_error(system_error(EBADF)));
    run(c);
    f.resize(100);
    BOOST_CHECK_EQUAL(f.size(), 100u);
    f.resize(~std::uint64_t{0}, ec);
    BOOST_CHECK_EQUAL(ec, system_error(EFBIG));
    f.sync_all();
    f.sync_data();

    auto const flags = file_base::read_write | file_base::append;
    static_assert((flags & file_base::append) == file_base::append);
    static_assert((flags ^ file_base::append) == file_base::read_write);
    auto changing = flags;
    changing &= ~file_base::append;
    BOOST_CHECK(changing == file_base::read_write);
}

BOOST_AUTO_TEST_CASE(new_files_have_asios_mode)
{
    net::io_context c;
    std::string const path =
        (std::filesystem::temp_directory_path() / "urio-test-mode").string();
    std::filesystem::remove(path);
    ::mode_t const mask = ::umask(022);
    random_access_file f(c, path, file_base::read_write | file_base::create);
    ::umask(mask);
    struct ::stat s;
    BOOST_REQUIRE_EQUAL(::fstat(f.native_handle(), &s), 0);
    BOOST_CHECK_EQUAL(s.st_mode & 07777, 0755u);
    std::filesystem::remove(path);
}

BOOST_DATA_TEST_CASE(operations_on_a_closed_file_fail, every_mode, m)
{
    mode_context c(m);
    random_access_file f(c);
    char b = 0;
    f.async_read_some_at(0, net::buffer(&b, 1), expect_error(system_error(EBADF)));
    f.async_write_some_at(0, net::buffer(&b, 1), expect_error(system_error(EBADF)));
    run(c);
    error_code ec;
    f.read_some_at(0, net::buffer(&b, 1), ec);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));
    f.size(ec);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));
    f.resize(1, ec);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));
    f.sync_all(ec);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));
    f.cancel(ec);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));
    f.release(ec);
    BOOST_CHECK_EQUAL(ec, system_error(EBADF));
    f.close(ec);
    BOOST_CHECK(!ec);
}

BOOST_DATA_TEST_CASE(offsets_out_of_range_are_errors, every_mode, m)
{
    // The kernel would take all ones for "the current position".
    mode_context c(m);
    temporary_file t("abc");
    random_access_file f(c, t.path(), file_base::read_write);
    char b;
    for (std::uint64_t offset : {~std::uint64_t{0}, std::uint64_t{1} << 63})
    {
        f.async_read_some_at(offset, net::buffer(&b, 1),
                             expect_error(system_error(EINVAL)));
        f.async_write_some_at(offset, net::buffer(&b, 1),
                              expect_error(system_error(EINVAL)));
        run(c);
        error_code ec;
        f.read_some_at(offset, net::buffer(&b, 1), ec);
        BOOST_CHECK_EQUAL(ec, system_error(EINVAL));
    }
    BOOST_CHECK_EQUAL(t.content(), "abc");
}

BOOST_DATA_TEST_CASE(reading_a_directory_is_an_error, every_mode, m)
{
    mode_context c(m);
    random_access_file f(c, std::filesystem::temp_directory_path().string(),
                         file_base::read_only);
    char b[16];
    f.async_read_some_at(0, net::buffer(b), expect_error(system_error(EISDIR)));
    run(c);
}

BOOST_DATA_TEST_CASE(a_full_device, every_mode, m)
{
    mode_context c(m);
    random_access_file f(c, "/dev/full", file_base::write_only);
    f.async_write_some_at(0, net::buffer("x", 1), expect_error(system_error(ENOSPC)));
    run(c);
}

BOOST_DATA_TEST_CASE(moves_and_release, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    std::string const data = pattern(100);
    temporary_file t(data);
    random_access_file f(c, t.path(), file_base::read_only);
    int const fd = f.native_handle();
    std::string got(100, '\0');
    f.async_read_some_at(0, net::buffer(got), expect(100));
    random_access_file g(std::move(f));
    BOOST_CHECK(!f.is_open());
    BOOST_CHECK_EQUAL(g.native_handle(), fd);
    net::basic_random_access_file<net::strand<net::any_io_executor>> h(
        net::make_strand(net::any_io_executor(c.get_executor())));
    net::basic_random_access_file<mode_context::executor_type> native(c);
    native = net::basic_random_access_file<mode_context::executor_type>(
        c, t.path(), file_base::read_only);
    random_access_file erased(std::move(native));
    BOOST_CHECK(erased.is_open() && !native.is_open());
    random_access_file another(c);
    another = std::move(g);
    run(c);
    BOOST_CHECK(got == data);
    int const released = another.release();
    BOOST_CHECK_EQUAL(released, fd);
    BOOST_CHECK(!another.is_open());
    another.assign(released);
    BOOST_CHECK_EQUAL(another.size(), 100u);
}

BOOST_DATA_TEST_CASE(cancellation_and_destruction, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    std::string const data = pattern(1 << 20);
    temporary_file t(data);
    std::string got(data.size(), '\0');
    int handlers = 0;
    auto const either = [&](error_code ec, std::size_t n)
    {
        // Reads of a file take place at once: cancelled before, or complete.
        BOOST_CHECK((ec == net::error::operation_aborted && n == 0) || (!ec && n != 0));
        ++handlers;
    };
    {
        random_access_file f(c, t.path(), file_base::read_only);
        for (std::size_t i = 0; i != 64; ++i)
            f.async_read_some_at(i << 14, net::buffer(&got[i << 14], 1 << 14), either);
        f.cancel();
        for (std::size_t i = 0; i != 64; ++i)
            f.async_read_some_at(i << 14, net::buffer(&got[i << 14], 1 << 14), either);
    }
    run(c);
    BOOST_CHECK_EQUAL(handlers, 128);

    // One of several, by its slot.
    random_access_file f(c, t.path(), file_base::read_only);
    net::cancellation_signal signal;
    char b[3];
    f.async_read_some_at(0, net::buffer(b, 1), expect(1));
    f.async_read_some_at(1, net::buffer(b + 1, 1),
                         net::bind_cancellation_slot(signal.slot(), either));
    f.async_read_some_at(2, net::buffer(b + 2, 1), expect(1));
    signal.emit(net::cancellation_type::total);
    run(c);
    BOOST_CHECK_EQUAL(b[0], data[0]);
    BOOST_CHECK_EQUAL(b[2], data[2]);
}

BOOST_DATA_TEST_CASE(the_context_ends_with_reads_pending, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> alive{0};
    temporary_file t(pattern(1 << 20));
    auto const memory = std::make_unique<char[]>(1 << 20);
    {
        mode_context c(m);
        random_access_file f(c, t.path(), file_base::read_only);
        for (std::size_t i = 0; i != 500; ++i)
            f.async_read_some_at(i, net::buffer(&memory[i * 1000], 1000), never(alive));
        BOOST_CHECK_EQUAL(alive, 500);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

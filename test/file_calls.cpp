// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is asked of an open file other than its contents: opening, closing, syncing,
// sizes, room on the disk.

#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::random_access_file;
using net::stream_file;

auto expect(error_code expected = {})
{
    return once([expected](error_code ec) { BOOST_CHECK_EQUAL(ec, expected); });
}

error_code errno_code(int e)
{
    return {e, boost::system::system_category()};
}

} // namespace

BOOST_DATA_TEST_CASE(open_and_close, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c);
    f.async_open(t.path(), file_base::read_write, expect());
    BOOST_CHECK(!f.is_open());
    run(c);
    BOOST_REQUIRE(f.is_open());
    BOOST_CHECK(::fcntl(f.native_handle(), F_GETFD) & FD_CLOEXEC);
    BOOST_CHECK_EQUAL(f.size(), 10u);
    std::string b(4, '\0');
    f.async_read_some_at(
        3, net::buffer(b),
        once([](error_code ec, std::size_t n) { BOOST_CHECK(!ec && n == 4); }));
    run(c);
    BOOST_CHECK_EQUAL(b, "3456");

    int const descriptor = f.native_handle();
    f.async_close(expect());
    BOOST_CHECK(!f.is_open());
    run(c);
    BOOST_CHECK_EQUAL(::fcntl(descriptor, F_GETFD), -1);

    // It may be opened again, and closing what is closed is no error.
    f.async_open(std::filesystem::path(t.path()), file_base::read_only, expect());
    run(c);
    BOOST_CHECK(f.is_open());
    f.close();
    f.async_close(expect());
    run(c);
}

BOOST_DATA_TEST_CASE(a_stream_has_its_position, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    stream_file f(c);
    f.async_open(t.path(), file_base::read_write, expect());
    run(c);
    std::string b(4, '\0');
    for (const char* expected : {"0123", "4567"})
    {
        f.async_read_some(net::buffer(b), once([](error_code ec, std::size_t n)
                                               { BOOST_CHECK(!ec && n == 4); }));
        run(c);
        BOOST_CHECK_EQUAL(b, expected);
    }

    // Who appends has none of its own.
    stream_file a(c);
    a.async_open(t.path(), file_base::write_only | file_base::append, expect());
    run(c);
    t.append("ab");
    a.async_write_some(net::buffer("cd", 2), once([](error_code ec, std::size_t n)
                                                  { BOOST_CHECK(!ec && n == 2); }));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "0123456789abcd");
}

BOOST_DATA_TEST_CASE(open_fails, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_directory d;
    random_access_file f(c);
    f.async_open(d.path() / "missing", file_base::read_only, expect(errno_code(ENOENT)));
    run(c);
    BOOST_CHECK(!f.is_open());
    f.async_open(d.path(), file_base::write_only, expect(errno_code(EISDIR)));
    run(c);
    f.async_open(std::string("a\0b", 3), file_base::read_only,
                 expect(net::error::invalid_argument));
    run(c);

    // One thing at a time.
    temporary_file t;
    f.async_open(t.path(), file_base::read_only, expect());
    f.async_open(t.path(), file_base::read_only, expect(net::error::already_started));
    error_code ec;
    f.open(t.path(), file_base::read_only, ec);
    BOOST_CHECK_EQUAL(ec, net::error::already_started);
    f.assign(0, ec);
    BOOST_CHECK_EQUAL(ec, net::error::already_started);
    run(c);
    BOOST_CHECK(f.is_open());
    f.async_open(t.path(), file_base::read_only, expect(net::error::already_open));
    run(c);
    BOOST_CHECK(f.is_open());
}

BOOST_DATA_TEST_CASE(a_file_moves_while_it_is_opened, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("abc");
    std::optional<random_access_file> f(std::in_place, c);
    f->async_open(t.path(), file_base::read_only, expect());
    random_access_file g(std::move(*f));
    f.reset();
    auto h = std::make_unique<random_access_file>(c);
    *h = std::move(g);
    run(c);
    BOOST_CHECK(h->is_open());
    BOOST_CHECK(!g.is_open());
    BOOST_CHECK_EQUAL(h->size(), 3u);
}

BOOST_DATA_TEST_CASE(a_file_is_closed_while_it_is_opened, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t;
    random_access_file f(c);
    f.async_open(t.path(), file_base::read_only, expect(net::error::operation_aborted));
    f.close();
    f.async_open(t.path(), file_base::read_only, expect());
    run(c);
    BOOST_CHECK(f.is_open());
    f.close();

    f.async_open(t.path(), file_base::read_only, expect(net::error::operation_aborted));
    f.async_close(expect());
    run(c);
    BOOST_CHECK(!f.is_open());
    {
        random_access_file g(c);
        g.async_open(t.path(), file_base::read_only,
                     expect(net::error::operation_aborted));
    }
    run(c);
}

// Cancelled or not, it is open if and only if the handler was told so.
BOOST_DATA_TEST_CASE(opening_is_cancelled, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t;
    net::cancellation_signal signal;
    for (int i = 0; i != 100; ++i)
    {
        random_access_file f(c);
        bool called = false;
        f.async_open(t.path(), file_base::read_only,
                     net::bind_cancellation_slot(
                         signal.slot(),
                         [&](error_code ec)
                         {
                             called = true;
                             BOOST_CHECK(!ec || ec == net::error::operation_aborted);
                             BOOST_CHECK_EQUAL(f.is_open(), !ec);
                         }));
        if (i % 2)
            f.cancel();
        else
            signal.emit(net::cancellation_type::partial);
        run(c);
        BOOST_CHECK(called);
    }
}

// Neither end is waited for.
BOOST_DATA_TEST_CASE(a_named_pipe, every_mode, m)
{
    mode_context c(m);
    temporary_directory d;
    auto const fifo = d.path() / "fifo";
    BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
    stream_file reader(c), writer(c);
    writer.async_open(fifo, file_base::write_only, expect(errno_code(ENXIO)));
    run(c);
    reader.async_open(fifo, file_base::read_only, expect());
    run(c);
    writer.async_open(fifo, file_base::write_only, expect());
    run(c);
    BOOST_CHECK(!(::fcntl(reader.native_handle(), F_GETFL) & O_NONBLOCK));
    char b[4];
    reader.async_read_some(net::buffer(b), once([](error_code ec, std::size_t n)
                                                { BOOST_CHECK(!ec && n == 2); }));
    writer.async_write_some(net::buffer("ab", 2), once([](error_code ec, std::size_t n)
                                                       { BOOST_CHECK(!ec && n == 2); }));
    run(c);
}

// What is pending when the file is closed ends first.
BOOST_DATA_TEST_CASE(close_ends_what_is_pending, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    stream_file f(c, ends[0]);
    char b[4];
    bool ended = false;
    f.async_read_some(net::buffer(b),
                      once(
                          [&](error_code ec, std::size_t)
                          {
                              BOOST_CHECK_EQUAL(ec, net::error::operation_aborted);
                              ended = true;
                          }));
    c.poll();
    f.async_close(once(
        [&](error_code ec)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK(ended);
            BOOST_CHECK_EQUAL(::fcntl(ends[0], F_GETFD), -1);
        }));
    BOOST_CHECK(!f.is_open());
    run(c);
    ::close(ends[1]);
}

BOOST_DATA_TEST_CASE(the_context_ends_while_files_open_and_close, every_mode, m)
{
    descriptor_check check;
    temporary_file t;
    mode_context c(m);
    random_access_file f(c), g(c, t.path(), file_base::read_only);
    f.async_open(t.path(), file_base::read_only, [](error_code) {});
    g.async_close([](error_code) {});
}

BOOST_DATA_TEST_CASE(sizes_and_room, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_write);
    auto const size = [&](std::uint64_t expected)
    {
        f.async_size(once(
            [expected](error_code ec, std::uint64_t n)
            {
                BOOST_CHECK(!ec);
                BOOST_CHECK_EQUAL(n, expected);
            }));
        run(c);
        BOOST_CHECK_EQUAL(f.size(), expected);
    };
    size(10);
    f.async_resize(4, expect());
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "0123");
    f.async_resize(6, expect());
    run(c);
    BOOST_CHECK_EQUAL(t.content(), std::string("0123\0\0", 6));
    f.async_resize(~std::uint64_t{0}, expect(errno_code(EFBIG)));
    run(c);
    size(6);

    f.async_allocate(file_base::reserve, 0, 8192, expect());
    run(c);
    size(8192);
    f.async_allocate(file_base::keep_size, 8192, 8192, expect());
    run(c);
    size(8192);
    error_code ec;
    f.allocate(file_base::reserve, 0, 16384, ec);
    BOOST_CHECK(!ec);
    size(16384);
    f.async_allocate(file_base::reserve, 0, 0, expect(errno_code(EINVAL)));
    run(c);
    f.async_allocate(file_base::reserve, 0, ~std::uint64_t{0}, expect(errno_code(EFBIG)));
    run(c);

    std::string const text(8192, 'x');
    f.async_write_some_at(0, net::buffer(text), [](error_code, std::size_t) {});
    run(c);
    f.async_allocate(file_base::punch_hole, 0, 4096, expect());
    run(c);
    BOOST_CHECK_EQUAL(t.content().substr(4090, 12), std::string(6, '\0') + "xxxxxx");
    f.async_allocate(file_base::zero_range, 4096, 2, expect());
    run(c);
    BOOST_CHECK_EQUAL(t.content().substr(4096, 4), std::string("\0\0xx", 4));
}

BOOST_DATA_TEST_CASE(status, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    std::filesystem::permissions(t.path(), std::filesystem::perms(0640));
    random_access_file f(c, t.path(), file_base::read_only);
    struct ::stat s;
    BOOST_REQUIRE_EQUAL(::stat(t.path().c_str(), &s), 0);
    auto const check = [&](const net::file_status& found)
    {
        BOOST_CHECK(found.is_regular_file() && !found.is_directory());
        BOOST_CHECK_EQUAL(found.size(), 10u);
        BOOST_CHECK(found.permissions() == std::filesystem::perms(0640));
        BOOST_CHECK_EQUAL(found.inode(), s.st_ino);
        BOOST_CHECK_EQUAL(found.links(), 1u);
        BOOST_CHECK_EQUAL(found.allocated(), std::uint64_t(s.st_blocks) * 512);
        BOOST_CHECK(found.modified().time_since_epoch() ==
                    std::chrono::seconds(s.st_mtim.tv_sec) +
                        std::chrono::nanoseconds(s.st_mtim.tv_nsec));
    };
    check(f.stat());
    f.async_stat(once(
        [&](error_code ec, net::file_status found)
        {
            BOOST_CHECK(!ec);
            check(found);
        }));
    run(c);
    BOOST_CHECK(net::file_status().type() == std::filesystem::file_type::none);
}

BOOST_DATA_TEST_CASE(sync_and_advise, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    random_access_file f(c, t.path(), file_base::read_write);
    f.async_sync_all(expect());
    f.async_sync_data(expect());
    f.async_advise(file_base::will_need, 0, 4096, expect());
    f.async_advise(file_base::dont_need, 0, std::uint64_t{5} << 32, expect());
    run(c);
    f.advise(file_base::sequential);

    // What has no disk below it.
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    stream_file p(c, ends[0]);
    p.async_sync_all(expect(errno_code(EINVAL)));
    run(c);
    p.async_advise(file_base::random, 0, 0, expect(errno_code(ESPIPE)));
    run(c);
    p.async_allocate(file_base::reserve, 0, 1, expect(errno_code(EBADF)));
    run(c);
    p.async_resize(0, expect(errno_code(EINVAL)));
    run(c);
    ::close(ends[1]);
}

BOOST_DATA_TEST_CASE(a_closed_file, every_mode, m)
{
    mode_context c(m);
    random_access_file f(c);
    error_code const bad = net::error::bad_descriptor;
    f.async_sync_all(expect(bad));
    f.async_sync_data(expect(bad));
    f.async_resize(1, expect(bad));
    f.async_allocate(file_base::reserve, 0, 1, expect(bad));
    f.async_advise(file_base::normal, 0, 1, expect(bad));
    f.async_size(once([bad](error_code ec, std::uint64_t n)
                      { BOOST_CHECK(ec == bad && n == 0); }));
    f.async_stat(once([bad](error_code ec, net::file_status s)
                      { BOOST_CHECK(ec == bad && s.size() == 0); }));
    run(c);
    error_code ec;
    f.stat(ec);
    BOOST_CHECK_EQUAL(ec, bad);
    f.allocate(file_base::reserve, 0, 1, ec);
    BOOST_CHECK_EQUAL(ec, bad);
    f.advise(file_base::normal, 0, 1, ec);
    BOOST_CHECK_EQUAL(ec, bad);
    BOOST_CHECK_THROW(f.stat(), boost::system::system_error);
}

BOOST_DATA_TEST_CASE(in_coroutines, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t;
    auto const work = [&]() -> net::awaitable<std::uint64_t>
    {
        random_access_file f(co_await net::this_coro::executor);
        co_await f.async_open(t.path(), file_base::read_write, net::use_awaitable);
        co_await net::async_write_at(f, 0, net::buffer("hello", 5), net::use_awaitable);
        co_await f.async_sync_data(net::use_awaitable);
        co_await f.async_resize(4, net::use_awaitable);
        std::uint64_t const n = co_await f.async_size(net::use_awaitable);
        co_await f.async_close(net::use_awaitable);
        co_return n;
    };
    auto n = net::co_spawn(c, work(), net::use_future);
    run(c);
    BOOST_CHECK_EQUAL(n.get(), 4u);
    BOOST_CHECK_EQUAL(t.content(), "hell");
}

BOOST_AUTO_TEST_CASE(direct_transfers_must_be_aligned)
{
    net::io_context c;
    temporary_file t(std::string(8192, 'x'));
    random_access_file f(c);
    error_code ec;
    f.open(t.path(), file_base::read_only | file_base::direct, ec);
    URIO_REQUIRE_OR_SKIP(!ec, "the file system of temporary files has no O_DIRECT");
    alignas(4096) char b[4096];
    f.async_read_some_at(
        0, net::buffer(b),
        once([](error_code e, std::size_t n) { BOOST_CHECK(!e && n == 4096); }));
    run(c);
    auto const refused = []
    {
        return once(
            [](error_code e, std::size_t n)
            {
                BOOST_CHECK(e == net::errc::misaligned);
                BOOST_CHECK(e == boost::system::errc::invalid_argument);
                BOOST_CHECK_EQUAL(n, 0u);
            });
    };
    f.async_read_some_at(1, net::buffer(b), refused());
    f.async_read_some_at(0, net::buffer(b, 100), refused());
    run(c);
    f.read_some_at(1, net::buffer(b), ec);
    BOOST_CHECK(ec == net::errc::misaligned);
}

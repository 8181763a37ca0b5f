// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Stream files: the position under sequences, short transfers, concurrent starts,
// cancellation and seeks.

#include "descriptors.hpp"
#include "expect.hpp"
#include "faults.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <array>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::stream_file;

auto expect_eof()
{
    return once(
        [](error_code ec, std::size_t n)
        {
            BOOST_CHECK_EQUAL(ec, error_code(net::error::eof));
            BOOST_CHECK_EQUAL(n, 0u);
        });
}

} // namespace

BOOST_DATA_TEST_CASE(reading_goes_on_where_it_stopped, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("0123456789");
    stream_file f(c, t.path(), file_base::read_only);
    std::string b(4, '\0');
    for (std::string const expected : {"0123", "4567"})
    {
        f.async_read_some(net::buffer(b), expect(4));
        run(c);
        BOOST_CHECK_EQUAL(b, expected);
    }
    f.async_read_some(net::buffer(b), expect(2)); // short
    run(c);
    BOOST_CHECK_EQUAL(b.substr(0, 2), "89");
    f.async_read_some(net::buffer(b), expect_eof());
    run(c);
    BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), 10u);
}

BOOST_DATA_TEST_CASE(operations_started_together_run_in_order, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(10000);
    temporary_file t(data);
    stream_file f(c, t.path(), file_base::read_write);
    std::string got(data.size(), '\0');
    for (std::size_t i = 0; i != 100; ++i)
        f.async_read_some(net::buffer(&got[i * 100], 100), expect(100));
    f.async_read_some(net::buffer(got.data(), 1), expect_eof());
    run(c);
    BOOST_CHECK(got == data);

    // Reads and writes share the position.
    f.seek(0, file_base::seek_set);
    char b[3];
    f.async_read_some(net::buffer(b), expect(3));
    f.async_write_some(net::buffer("XYZ", 3), expect(3));
    f.async_read_some(net::buffer(b), expect(3));
    run(c);
    BOOST_CHECK_EQUAL(std::string(b, 3), data.substr(6, 3));
    BOOST_CHECK_EQUAL(t.content(), data.substr(0, 3) + "XYZ" + data.substr(6));
}

// The second operation begins where the first has really ended.
BOOST_DATA_TEST_CASE(a_short_transfer_gives_back_what_it_did_not_use, every_mode, m)
{
    mode_context c(m);
    temporary_file t("abc");
    stream_file f(c, t.path(), file_base::read_write);
    char b[10];
    f.async_read_some(net::buffer(b), expect(3));
    f.async_write_some(net::buffer("def", 3), expect(3));
    f.async_read_some(net::buffer(b), expect_eof());
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "abcdef");
    BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), 6u);
}

BOOST_DATA_TEST_CASE(a_cancelled_operation_does_not_move_the_position, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    stream_file f(c, t.path(), file_base::read_only);
    char b[4];
    net::cancellation_signal signal;
    bool aborted = false;
    std::size_t moved = 3;
    // The first may be done at once. The one to be cancelled waits behind the second.
    f.async_read_some(net::buffer(b, 1), expect(1));
    f.async_read_some(net::buffer(b + 1, 1), expect(1));
    f.async_read_some(
        net::buffer(b + 2, 1),
        net::bind_cancellation_slot(signal.slot(),
                                    [&](error_code ec, std::size_t n)
                                    {
                                        aborted = ec == net::error::operation_aborted;
                                        BOOST_CHECK_EQUAL(n, aborted ? 0u : 1u);
                                        moved += n;
                                    }));
    f.async_read_some(net::buffer(b + 3, 1), expect(1));
    signal.emit(net::cancellation_type::total);
    run(c);
    // A thread of the pool may have been faster.
    BOOST_CHECK(aborted || !on_uring());
    BOOST_CHECK_EQUAL(b[0], '0');
    BOOST_CHECK_EQUAL(b[1], '1');
    BOOST_CHECK_EQUAL(b[3], aborted ? '2' : '3');

    // All of them: what has taken place moves it, what has not does not.
    for (int i = 0; i != 3; ++i)
        f.async_read_some(net::buffer(b, 1),
                          [&](error_code ec, std::size_t n)
                          {
                              BOOST_CHECK_EQUAL(!ec, n == 1);
                              moved += n;
                          });
    f.cancel();
    run(c);
    BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), moved);
}

BOOST_DATA_TEST_CASE(seeking, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    stream_file f(c, t.path(), file_base::read_write);
    char b[2];
    BOOST_CHECK_EQUAL(f.seek(4, file_base::seek_set), 4u);
    f.async_read_some(net::buffer(b), expect(2));
    run(c);
    BOOST_CHECK_EQUAL(std::string(b, 2), "45");
    BOOST_CHECK_EQUAL(f.seek(-1, file_base::seek_cur), 5u);
    BOOST_CHECK_EQUAL(f.seek(2, file_base::seek_cur), 7u);
    f.async_read_some(net::buffer(b), expect(2));
    run(c);
    BOOST_CHECK_EQUAL(std::string(b, 2), "78");
    BOOST_CHECK_EQUAL(f.seek(-2, file_base::seek_end), 8u);
    BOOST_CHECK_EQUAL(f.read_some(net::buffer(b)), 2u);
    BOOST_CHECK_EQUAL(std::string(b, 2), "89");
    // Beyond the end: a hole.
    BOOST_CHECK_EQUAL(f.seek(3, file_base::seek_end), 13u);
    f.async_write_some(net::buffer("x", 1), expect(1));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), std::string("0123456789\0\0\0x", 14));

    error_code ec;
    f.seek(-1, file_base::seek_set, ec);
    BOOST_CHECK_EQUAL(ec.value(), EINVAL);
    f.seek(-100, file_base::seek_cur, ec);
    BOOST_CHECK_EQUAL(ec.value(), EINVAL);
    f.seek(std::numeric_limits<std::int64_t>::max(), file_base::seek_cur, ec);
    BOOST_CHECK_EQUAL(ec.value(), EOVERFLOW);
    BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), 14u); // unchanged
    BOOST_CHECK_THROW(f.seek(-1, file_base::seek_set), boost::system::system_error);
}

BOOST_DATA_TEST_CASE(appending, every_mode, m)
{
    mode_context c(m);
    temporary_file t("abc");
    stream_file f(c, t.path(), file_base::read_write | file_base::append);
    stream_file g(c, t.path(), file_base::write_only | file_base::append);
    char b[4];
    f.async_read_some(net::buffer(b, 2), expect(2));
    run(c);
    f.async_write_some(net::buffer("1", 1), expect(1));
    run(c);
    g.async_write_some(net::buffer("2", 1), expect(1));
    run(c);
    f.async_write_some(net::buffer("3", 1), expect(1));
    run(c);
    BOOST_CHECK_EQUAL(t.content(), "abc123");
    // A write leaves the position behind what it has written.
    f.async_read_some(net::buffer(b), expect_eof());
    run(c);
}

BOOST_DATA_TEST_CASE(composed_operations, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(1 << 20);
    temporary_file t;
    {
        stream_file f(c, t.path(), file_base::write_only);
        std::vector<net::const_buffer> buffers;
        for (std::size_t i = 0; i != 1024; ++i)
            buffers.push_back(net::buffer(&data[i << 10], 1 << 10));
        net::async_write(f, buffers, expect(data.size()));
        run(c);
    }
    stream_file f(c, t.path(), file_base::read_only);
    std::string got;
    net::async_read(f, net::dynamic_buffer(got),
                    once(
                        [&](error_code ec, std::size_t n)
                        {
                            BOOST_CHECK_EQUAL(ec, error_code(net::error::eof));
                            BOOST_CHECK_EQUAL(n, data.size());
                        }));
    run(c);
    BOOST_CHECK(got == data);
}

BOOST_AUTO_TEST_CASE(synchronous_calls_share_the_position)
{
    net::io_context c;
    temporary_file t("0123456789");
    stream_file f(c, t.path(), file_base::read_write);
    char b[3];
    BOOST_CHECK_EQUAL(f.read_some(net::buffer(b, 2)), 2u);
    f.async_read_some(net::buffer(b), expect(3));
    run(c);
    BOOST_CHECK_EQUAL(std::string(b, 3), "234");
    BOOST_CHECK_EQUAL(net::write(f, net::buffer("xy", 2)), 2u);
    BOOST_CHECK_EQUAL(f.read_some(net::buffer(b)), 3u);
    BOOST_CHECK_EQUAL(std::string(b, 3), "789");
    error_code ec;
    BOOST_CHECK_EQUAL(f.read_some(net::buffer(b), ec), 0u);
    BOOST_CHECK_EQUAL(ec, error_code(net::error::eof));
    BOOST_CHECK_EQUAL(t.content(), "01234xy789");
}

// Of a descriptor that was assigned others may know the position, and move it.
BOOST_DATA_TEST_CASE(an_assigned_descriptor_keeps_the_kernels_position, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t("0123456789");
    int const fd = ::open(t.path().c_str(), O_RDWR | O_CLOEXEC);
    char b[2];
    BOOST_REQUIRE_EQUAL(::read(fd, b, 2), 2);
    stream_file f(c, fd);
    f.async_read_some(net::buffer(b), expect(2));
    f.async_read_some(net::buffer(b), expect(2));
    run(c);
    BOOST_CHECK_EQUAL(std::string(b, 2), "45");
    BOOST_REQUIRE_EQUAL(::read(fd, b, 2), 2);
    BOOST_CHECK_EQUAL(std::string(b, 2), "67");
    BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), 8u);
    BOOST_CHECK_EQUAL(f.seek(1, file_base::seek_set), 1u);
    f.async_write_some(net::buffer("ab", 2), expect(2));
    run(c);
    BOOST_REQUIRE_EQUAL(::write(fd, "c", 1), 1);
    BOOST_CHECK_EQUAL(t.content(), "0abc456789");
}

BOOST_DATA_TEST_CASE(a_released_descriptor_is_where_the_file_was, every_mode, m)
{
    mode_context c(m);
    temporary_file t("0123456789");
    stream_file f(c, t.path(), file_base::read_only);
    char b[3];
    f.async_read_some(net::buffer(b), expect(3));
    run(c);
    int const fd = f.release();
    BOOST_CHECK_EQUAL(::read(fd, b, 3), 3);
    BOOST_CHECK_EQUAL(std::string(b, 3), "345");
    ::close(fd);
}

BOOST_DATA_TEST_CASE(pipes_have_no_position, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    for (int const flags : {0, O_NONBLOCK})
    {
        int ends[2];
        BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC | flags), 0);
        stream_file in(c, ends[0]), out(c, ends[1]);
        char b[8];
        in.async_read_some(net::buffer(b), expect(5));
        c.restart();
        c.poll();
        out.async_write_some(net::buffer("hello", 5), expect(5));
        run(c);
        BOOST_CHECK_EQUAL(std::string(b, 5), "hello");
        BOOST_CHECK_EQUAL(out.write_some(net::buffer("sync", 4)), 4u);
        BOOST_CHECK_EQUAL(in.read_some(net::buffer(b)), 4u);
        error_code ec;
        in.seek(0, file_base::seek_cur, ec);
        BOOST_CHECK_EQUAL(ec.value(), ESPIPE);

        // More than the pipe holds.
        std::string const data = pattern(1 << 20);
        std::string got(data.size(), '\0');
        net::async_write(out, net::buffer(data), expect(data.size()));
        net::async_read(in, net::buffer(got), expect(data.size()));
        run(c);
        BOOST_CHECK(got == data);

        in.async_read_some(net::buffer(b), expect_eof());
        c.restart();
        c.poll();
        out.close();
        run(c);

        // Cancelled while it waits.
        int other[2];
        BOOST_REQUIRE_EQUAL(::pipe2(other, O_CLOEXEC | flags), 0);
        stream_file waiting(c, other[0]);
        waiting.async_read_some(
            net::buffer(b),
            once([](error_code e, std::size_t)
                 { BOOST_CHECK_EQUAL(e, error_code(net::error::operation_aborted)); }));
        c.restart();
        c.poll();
        waiting.cancel();
        run(c);
        ::close(other[1]);
    }
}

BOOST_DATA_TEST_CASE(the_kernel_takes_no_entries_for_a_while, every_mode, m)
{
    // Entries are prepared when there is room for them; the position must be that of
    // then.
    mode_context c(m);
    std::string const data = pattern(5000);
    temporary_file t(data);
    stream_file f(c, t.path(), file_base::read_only);
    std::string got(data.size(), '\0');
    int calls = 0;
    faults* self = nullptr;
    faults fault(
        [&](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
            std::size_t size)
        {
            if (++calls % 2)
                return -EAGAIN;
            return self->enter(fd, submit, complete, flags, arg, size);
        });
    self = &fault;
    for (std::size_t i = 0; i != 500; ++i)
        f.async_read_some(net::buffer(&got[i * 10], 10), expect(10));
    run(c);
    BOOST_CHECK(got == data);
}

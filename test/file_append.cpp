// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What disregards offsets: files that are open to append, and pipes. Everything comes in
// order all the same, and every offset that is told is right.

#include "chunks.hpp"
#include "descriptors.hpp"
#include "file.hpp"
#include "once.hpp"
#include "test.hpp"

#include <fcntl.h>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::file_sync;

int open_to_append(const std::string& path, int more = 0)
{
    int const fd = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | more);
    BOOST_REQUIRE(fd >= 0);
    return fd;
}

/// Operations take place when the test says, but it has the descriptor of a real file.
struct file_of_descriptor : scripted_file
{
    file_of_descriptor(executor_type ex, int fd)
        : scripted_file(std::move(ex))
        , descriptor(fd)
    {
    }
    int native_handle() const { return descriptor.get(); }

    net::detail::unique_descriptor descriptor;
};

auto expect(std::size_t bytes)
{
    return once(
        [=](error_code ec, std::size_t n)
        {
            BOOST_CHECK_EQUAL(ec, error_code());
            BOOST_CHECK_EQUAL(n, bytes);
        });
}

auto expect_total(std::uint64_t bytes, error_code expected = {})
{
    return once(
        [=](error_code ec, std::uint64_t n)
        {
            BOOST_CHECK_EQUAL(ec, expected);
            BOOST_CHECK_EQUAL(n, bytes);
        });
}

} // namespace

BOOST_DATA_TEST_CASE(a_writer_appends_in_order, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    std::string const data = pattern(1'000'123);
    for (bool const assigned : {false, true})
        for (std::size_t const depth : {1, 2, 16})
        {
            temporary_file t("before");
            net::random_access_file f(c);
            if (assigned)
                f.assign(open_to_append(t.path()));
            else
                f.open(t.path(), file_base::write_only | file_base::append);
            net::file_writer writer(f, {.chunk_size = 20'000, .depth = depth});
            BOOST_CHECK_EQUAL(writer.offset(), 6u);
            net::co_spawn(c, write_all(writer, data, 1, file_sync::none), net::detached);
            run(c);
            BOOST_CHECK_EQUAL(writer.offset(), 6 + data.size());
            BOOST_CHECK(t.content() == "before" + data);
        }
}

BOOST_AUTO_TEST_CASE(offsets_of_a_writer_that_appends)
{
    net::io_context c;
    temporary_file t("before");
    net::random_access_file f(c, open_to_append(t.path()));
    BOOST_CHECK_EQUAL(net::file_writer(f, {.offset = 6}).offset(), 6u);
    for (std::uint64_t const offset : {1, 5, 7})
        BOOST_CHECK_EXCEPTION(
            net::file_writer(f, {.offset = offset}), boost::system::system_error,
            [](const boost::system::system_error& e)
            {
                return e.code() == net::error::invalid_argument &&
                       std::string(e.what()).find("append") != std::string::npos;
            });
    // For a pipe it is where the count begins.
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
    net::detail::unique_descriptor const reading(ends[0]);
    net::random_access_file pipe(c, ends[1]);
    BOOST_CHECK_EQUAL(net::file_writer(pipe, {.offset = 7}).offset(), 7u);
}

// One write at a time, however the writes come back; what waits is filled meanwhile.
BOOST_AUTO_TEST_CASE(writes_wait_for_their_turn)
{
    temporary_file t("before");
    std::string const data = pattern(100'000);
    for (unsigned seed = 1; seed != 30; ++seed)
    {
        net::io_context c;
        file_of_descriptor f(c.get_executor(), open_to_append(t.path()));
        f.content = "before";
        net::basic_file_writer<file_of_descriptor> writer(
            f, {.chunk_size = 4096,
                .depth = 1 + seed % 4,
                .alignment = seed % 2 ? 1u : 32u});
        net::co_spawn(c, write_all(writer, data, seed, file_sync::none), net::detached);
        // Short writes are gone on with at the byte where they ended.
        f.run_scrambled(c, seed, seed % 3 == 0);
        BOOST_CHECK(f.content == "before" + data);
        BOOST_CHECK_EQUAL(f.most_pending, 1u);
    }

    net::io_context c;
    file_of_descriptor f(c.get_executor(), open_to_append(t.path()));
    net::basic_file_writer<file_of_descriptor> writer(f, {.chunk_size = 10, .depth = 4});
    auto const poll = [&]
    {
        c.restart();
        c.poll();
    };
    net::async_write(writer, net::buffer(data, 35), expect(35));
    poll();
    BOOST_CHECK_EQUAL(writer.offset(), 6 + 35u);
    BOOST_CHECK_EQUAL(f.pending.size(), 1u);
    f.complete(0);
    poll();
    BOOST_REQUIRE_EQUAL(f.pending.size(), 1u);
    BOOST_CHECK_EQUAL(f.pending[0].offset, 16u);
    // What comes after a failure is not written.
    writer.async_finish(file_sync::none, expect_total(10, system_error(ENOSPC)));
    f.fail(0, system_error(ENOSPC));
    poll();
    BOOST_CHECK(f.pending.empty());
    BOOST_CHECK_EQUAL(writer.written(), 10u);
}

BOOST_AUTO_TEST_CASE(a_writer_that_appends_ends_with_writes_waiting)
{
    temporary_file t;
    std::string const data = pattern(30);
    for (std::size_t const throws_at : {0, 1, 2})
    {
        net::io_context c;
        file_of_descriptor f(c.get_executor(), open_to_append(t.path()));
        f.throws_at = throws_at;
        net::basic_file_writer<file_of_descriptor> writer(f,
                                                          {.chunk_size = 10, .depth = 4});
        net::async_write(writer, net::buffer(data), [](error_code, std::size_t) {});
        writer.async_finish(file_sync::none, [](error_code, std::uint64_t) {});
        f.run_scrambled(c, 1, true);
        writer.async_finish(file_sync::none,
                            expect_total(10 * throws_at, net::error::no_memory));
        f.run_scrambled(c, 1, true);
        BOOST_CHECK(f.content == data.substr(0, 10 * throws_at));
    }
    net::io_context c;
    file_of_descriptor f(c.get_executor(), open_to_append(t.path()));
    {
        net::basic_file_writer<file_of_descriptor> writer(f,
                                                          {.chunk_size = 10, .depth = 4});
        net::async_write(writer, net::buffer(data), expect(30));
        c.poll();
        BOOST_CHECK_EQUAL(f.pending.size(), 1u);
    }
    f.run_scrambled(c, 1, true);
    BOOST_CHECK_EQUAL(f.started, 1u);
    BOOST_CHECK_EQUAL(f.content, "");
}

BOOST_DATA_TEST_CASE(a_writer_and_a_reader_of_a_pipe, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    std::string const data = pattern(1'000'123);
    // The writes differ from the reads in size, so that all of them are short.
    for (std::size_t const alignment : {1, 512})
    {
        int ends[2];
        BOOST_REQUIRE_EQUAL(::pipe2(ends, O_CLOEXEC), 0);
        net::random_access_file in(c, ends[0]), out(c, ends[1]);
        net::file_reader reader(
            in, {.chunk_size = 30 * 512, .depth = 8, .alignment = alignment});
        consumer k(reader);
        net::file_writer writer(out, {.chunk_size = 20'000, .depth = 16});
        net::co_spawn(c, write_all(writer, data, 1, file_sync::none),
                      [&](std::exception_ptr e)
                      {
                          BOOST_CHECK(!e);
                          out.close();
                      });
        run(c);
        BOOST_CHECK_EQUAL(k.end, error_code(net::error::eof));
        BOOST_CHECK(k.content == data);
        for (std::size_t i = 0; i + 1 < k.sizes.size(); ++i)
            BOOST_CHECK_EQUAL(k.sizes[i], 30u * 512);
        BOOST_CHECK_EQUAL(reader.offset(), data.size());
    }
}

// All forms of writing at an offset: everything goes to the end, each write whole.
BOOST_DATA_TEST_CASE(writes_at_offsets_are_appended, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    for (bool const assigned : {false, true})
    {
        temporary_file t("before");
        net::random_access_file f(c);
        if (assigned)
            f.assign(open_to_append(t.path()));
        else
            f.open(t.path(), file_base::read_write | file_base::append);
        f.register_descriptor();
        std::string memory(16, 'r'), expected = "before";
        auto const registration = net::register_buffers(c, net::buffer(memory));

        BOOST_CHECK_EQUAL(f.write_some_at(1, net::buffer("sync", 4)), 4u);
        f.async_write_some_at(0, net::buffer("async", 5), expect(5));
        run(c);
        f.async_write_some_at(2, std::string("owned"),
                              once(
                                  [](error_code ec, std::size_t n, const std::string&)
                                  {
                                      BOOST_CHECK(!ec);
                                      BOOST_CHECK_EQUAL(n, 5u);
                                  }));
        run(c);
        f.async_write_some_at(3, net::buffer(registration[0]), expect(16));
        run(c);
        net::async_write_at(f, 100, net::buffer("composed", 8), expect(8));
        run(c);
        expected += "syncasyncowned" + memory + "composed";
        BOOST_CHECK_EQUAL(t.content(), expected);
        // Reads keep to their offsets.
        std::string got(4, ' ');
        f.async_read_some_at(6, net::buffer(got), expect(4));
        run(c);
        BOOST_CHECK_EQUAL(got, "sync");

        // In whatever order, if several are in flight.
        std::size_t const before = expected.size();
        std::vector<std::string> blocks;
        for (char i = 0; i != 32; ++i)
            blocks.emplace_back(3000, static_cast<char>('A' + i));
        for (std::string const& b : blocks)
            f.async_write_some_at(0, net::buffer(b), expect(3000));
        run(c);
        std::string const all = t.content();
        BOOST_REQUIRE_EQUAL(all.size(), before + 32 * 3000);
        std::map<std::string, int> found;
        for (std::size_t i = before; i != all.size(); i += 3000)
            ++found[all.substr(i, 3000)];
        for (std::string const& b : blocks)
            BOOST_CHECK_EQUAL(found[b], 1);
    }
}

// The operations of a stream come one after another, and the position is the kernel's.
BOOST_DATA_TEST_CASE(streams_append_in_order, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    for (bool const assigned : {false, true})
    {
        temporary_file t("before");
        net::stream_file f(c);
        if (assigned)
            f.assign(open_to_append(t.path()));
        else
            f.open(t.path(), file_base::read_write | file_base::append);
        std::string got(3, ' ');
        f.async_read_some(net::buffer(got), expect(3));
        std::vector<std::string> blocks;
        std::string expected = "before";
        for (char i = 0; i != 20; ++i)
            expected += blocks.emplace_back(5000, static_cast<char>('a' + i));
        for (std::string const& b : blocks)
            f.async_write_some(net::buffer(b), expect(5000));
        run(c);
        BOOST_CHECK_EQUAL(got, "bef");
        BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), expected.size());
        BOOST_CHECK_EQUAL(f.seek(1, file_base::seek_set), 1u);
        BOOST_CHECK_EQUAL(f.write_some(net::buffer("sync", 4)), 4u);
        expected += "sync";
        BOOST_CHECK_EQUAL(f.seek(0, file_base::seek_cur), expected.size());
        BOOST_CHECK(t.content() == expected);
    }
}

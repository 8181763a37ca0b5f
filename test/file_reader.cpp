// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Reading files at depth.

#include "chunks.hpp"

#include <cerrno>
#include <fcntl.h>
#include <vector>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::file_reader;
using net::file_reader_options;
using net::random_access_file;

// Reads all of a scripted file.
std::string read_scrambled(const std::string& content, const file_reader_options& o,
                           unsigned seed, bool whole)
{
    net::io_context c;
    scripted_file f(c.get_executor(), content);
    net::basic_file_reader reader(f, o);
    consumer all(reader);
    f.run_scrambled(c, seed, whole);
    BOOST_CHECK_EQUAL(all.end, error_code(net::error::eof));
    BOOST_CHECK_LE(f.most_pending, o.depth);
    for (std::size_t i = 0; i + 1 < all.sizes.size(); ++i)
        BOOST_CHECK_EQUAL(all.sizes[i], o.chunk_size);
    BOOST_CHECK_EQUAL(reader.offset(), o.offset + all.content.size());
    return all.content;
}

} // namespace

BOOST_DATA_TEST_CASE(contents_of_all_sizes, every_mode, m)
{
    mode_context c(m);
    for (std::size_t size : {0, 1, 4095, 4096, 4097, 8192, 100001, 262144, 300000})
        for (std::size_t depth : {1, 2, 3, 8, 32})
            for (std::size_t chunk : {1000, 4096, 65536})
            {
                std::string const data = pattern(size);
                temporary_file t(data);
                random_access_file f(c, t.path(), file_base::read_only);
                file_reader reader(f, {.chunk_size = chunk, .depth = depth});
                consumer all(reader);
                run(c);
                BOOST_CHECK_EQUAL(all.end, error_code(net::error::eof));
                BOOST_CHECK(all.content == data);
                BOOST_CHECK_EQUAL(all.sizes.size(), (size + chunk - 1) / chunk);
            }
}

BOOST_DATA_TEST_CASE(parts_of_a_file, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(10000);
    temporary_file t(data);
    random_access_file f(c, t.path(), file_base::read_only);
    for (std::uint64_t offset : {0, 1, 5000, 9999, 10000, 20000})
        for (std::uint64_t length : {0, 1, 999, 1000, 1001, 5000, 50000})
        {
            file_reader reader(f,
                               {.offset = offset, .length = length, .chunk_size = 1000});
            BOOST_CHECK_EQUAL(reader.offset(), offset);
            consumer all(reader);
            run(c);
            BOOST_CHECK_EQUAL(all.end, error_code(net::error::eof));
            BOOST_CHECK(all.content == (offset < data.size() ? data.substr(offset, length)
                                                             : std::string()));
        }
}

// Their size is zero, and reading finds an end nevertheless.
BOOST_DATA_TEST_CASE(files_without_a_size, every_mode, m)
{
    mode_context c(m);
    std::ifstream in("/proc/self/maps");
    std::string first;
    std::getline(in, first);
    random_access_file f(c, "/proc/self/maps", file_base::read_only);
    BOOST_REQUIRE_EQUAL(f.size(), 0u);
    file_reader reader(f, {.chunk_size = 100});
    consumer all(reader);
    run(c);
    BOOST_CHECK_EQUAL(all.end, error_code(net::error::eof));
    BOOST_CHECK_GT(all.sizes.size(), 1u);
    BOOST_CHECK_EQUAL(all.content.substr(0, first.size()), first);
}

BOOST_AUTO_TEST_CASE(completions_in_any_order)
{
    std::string const data = pattern(20000);
    for (unsigned seed = 1; seed != 200; ++seed)
        for (bool whole : {true, false})
        {
            file_reader_options const o{.offset = seed % 3,
                                        .length = seed % 2 ? ~std::uint64_t{0} : 9000,
                                        .chunk_size = 1 + seed * 37 % 3000,
                                        .depth = 1 + seed % 32};
            BOOST_CHECK(read_scrambled(data, o, seed, whole) ==
                        data.substr(o.offset, o.length));
        }
}

BOOST_AUTO_TEST_CASE(whole_blocks_and_no_others_are_asked_for)
{
    std::string const data = pattern(10001);
    for (unsigned seed = 1; seed != 100; ++seed)
    {
        net::io_context c;
        scripted_file f(c.get_executor(), data);
        net::basic_file_reader reader(
            f, {.length = seed % 2 ? ~std::uint64_t{0} : 9000 + seed,
                .chunk_size = 1024,
                .depth = 3,
                .alignment = 512});
        consumer all(reader);
        std::minstd_rand random(seed);
        for (c.poll(); !f.pending.empty(); c.restart(), c.poll())
        {
            std::size_t const i = random() % f.pending.size();
            scripted_file::operation const& o = f.pending[i];
            BOOST_CHECK_EQUAL(o.offset % 512, 0u);
            BOOST_CHECK_EQUAL(o.size % 512, 0u);
            BOOST_CHECK_EQUAL(reinterpret_cast<std::uintptr_t>(o.memory) % 512, 0u);
            // Short in the middle of a block, but never without progress.
            f.complete(i, 512 + random() % 512);
        }
        BOOST_CHECK_EQUAL(all.end, error_code(net::error::eof));
        BOOST_CHECK(all.content == data.substr(0, seed % 2 ? data.size() : 9000 + seed));
    }
}

BOOST_AUTO_TEST_CASE(as_many_reads_as_the_depth_says)
{
    net::io_context c;
    scripted_file f(c.get_executor(), pattern(100));
    net::basic_file_reader reader(f, {.length = 100, .chunk_size = 10, .depth = 3});
    BOOST_CHECK_EQUAL(f.started, 0u);
    int chunks = 0;
    auto const count = [&](error_code ec, net::const_buffer)
    {
        BOOST_CHECK(!ec);
        ++chunks;
    };
    reader.async_next(count);
    BOOST_CHECK_EQUAL(f.pending.size(), 3u);
    // Not in order: nothing to be handed out, nor to be read.
    f.complete(1);
    f.complete(1);
    c.poll();
    BOOST_CHECK_EQUAL(chunks, 0);
    BOOST_CHECK_EQUAL(f.started, 3u);
    // The consumer has one, two are ready, one more is read.
    f.complete(0);
    c.poll();
    BOOST_CHECK_EQUAL(chunks, 1);
    BOOST_CHECK_EQUAL(f.started, 4u);
    reader.async_next(count);
    c.restart();
    c.poll();
    BOOST_CHECK_EQUAL(chunks, 2);
    BOOST_CHECK_EQUAL(f.pending.size(), 2u);
    reader.cancel();
    f.run_scrambled(c, 1, true);
}

BOOST_AUTO_TEST_CASE(a_chunk_stays_valid_until_the_next_call)
{
    net::io_context c;
    std::string const data = pattern(1000);
    scripted_file f(c.get_executor(), data);
    net::basic_file_reader reader(f, {.chunk_size = 10, .depth = 2});
    net::const_buffer chunk;
    for (std::size_t at = 0; at != data.size(); at += 10)
    {
        reader.async_next(
            [&](error_code ec, net::const_buffer b)
            {
                BOOST_REQUIRE(!ec);
                chunk = b;
            });
        // Whatever has been started is complete before the consumer looks.
        f.run_scrambled(c, 1, true);
        BOOST_CHECK(std::string(static_cast<const char*>(chunk.data()), chunk.size()) ==
                    data.substr(at, 10));
    }
}

BOOST_AUTO_TEST_CASE(errors_come_after_what_was_read_before_them)
{
    net::io_context c;
    std::string const data = pattern(40);
    scripted_file f(c.get_executor(), data);
    net::basic_file_reader reader(f, {.chunk_size = 10, .depth = 4});
    // The end is not known: the first chunk is read alone.
    consumer all(reader);
    BOOST_REQUIRE_EQUAL(f.pending.size(), 1u);
    f.complete(0);
    c.poll();
    BOOST_REQUIRE_EQUAL(f.pending.size(), 4u);
    // The third one fails after three bytes, when the fourth has been read already.
    f.complete(2);
    f.complete(1, 3);
    c.poll();
    BOOST_REQUIRE_EQUAL(f.pending.size(), 3u);
    BOOST_CHECK_EQUAL(f.pending[2].offset, 23u);
    f.fail(2, system_error(EIO));
    c.poll();
    BOOST_CHECK_EQUAL(all.content.size(), 10u);
    f.run_scrambled(c, 1, true);
    BOOST_CHECK_EQUAL(all.end, system_error(EIO));
    BOOST_CHECK(all.content == data.substr(0, 23));
    BOOST_CHECK_EQUAL(reader.offset(), 23u);
    // Nothing is read beyond, and the error is final.
    BOOST_CHECK_EQUAL(f.started, 6u);
    consumer again(reader);
    run(c);
    BOOST_CHECK_EQUAL(again.end, system_error(EIO));
    BOOST_CHECK_EQUAL(f.started, 6u);
}

// However many operations can be started: what they read comes first.
BOOST_AUTO_TEST_CASE(an_operation_that_cannot_be_started)
{
    std::string const data = pattern(95);
    for (std::size_t n = 0;; ++n)
    {
        net::io_context c;
        scripted_file f(c.get_executor(), data);
        f.throws_at = n;
        net::basic_file_reader reader(f, {.length = 95, .chunk_size = 10, .depth = 3});
        consumer all(reader);
        f.run_scrambled(c, static_cast<unsigned>(n), false);
        BOOST_CHECK(all.content == data.substr(0, all.content.size()));
        if (all.end == net::error::eof)
        {
            BOOST_CHECK_GT(n, 10u);
            BOOST_CHECK_EQUAL(all.content.size(), data.size());
            break;
        }
        BOOST_CHECK_EQUAL(all.end, error_code(net::error::no_memory));
        BOOST_CHECK_EQUAL(f.started, n);
    }
}

BOOST_DATA_TEST_CASE(errors_of_the_system, every_mode, m)
{
    mode_context c(m);
    random_access_file closed(c);
    file_reader a(closed);
    consumer first(a);
    random_access_file directory(c, std::filesystem::temp_directory_path().string(),
                                 file_base::read_only);
    file_reader b(directory);
    consumer second(b);
    run(c);
    BOOST_CHECK_EQUAL(first.end, system_error(EBADF));
    BOOST_CHECK_EQUAL(second.end, system_error(EISDIR));
}

BOOST_AUTO_TEST_CASE(a_file_that_has_become_shorter)
{
    net::io_context c;
    temporary_file t(pattern(10000));
    random_access_file f(c, t.path(), file_base::read_write);
    file_reader reader(f, {.chunk_size = 1000, .depth = 2});
    f.resize(2500);
    consumer all(reader);
    run(c);
    BOOST_CHECK_EQUAL(all.end, error_code(net::error::eof));
    BOOST_CHECK(all.content == pattern(10000).substr(0, 2500));
}

BOOST_AUTO_TEST_CASE(options_that_cannot_be)
{
    net::io_context c;
    scripted_file f(c.get_executor(), "abc");
    for (file_reader_options const& o :
         {file_reader_options{.chunk_size = 0}, file_reader_options{.depth = 0},
          file_reader_options{.chunk_size = (1 << 30) + 1},
          file_reader_options{.alignment = 0}, file_reader_options{.alignment = 3},
          file_reader_options{.offset = 1, .alignment = 512},
          file_reader_options{.chunk_size = 1000, .alignment = 512},
          file_reader_options{.offset = ~std::uint64_t{0}}})
        BOOST_CHECK_THROW(net::basic_file_reader(f, o), boost::system::system_error);
}

BOOST_DATA_TEST_CASE(direct_io, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(100001);
    // Where the tests are built, which is a file system on a disk more often than /tmp.
    temporary_file t(data, std::filesystem::current_path());
    int const fd = ::open(t.path().c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC);
    URIO_REQUIRE_OR_SKIP(fd >= 0, "the file system has no direct I/O");
    random_access_file f(c, fd);
    for (std::size_t depth : {1, 4})
    {
        file_reader reader(f, {.chunk_size = 8192, .depth = depth, .alignment = 4096});
        consumer all(reader);
        run(c);
        BOOST_CHECK_EQUAL(all.end, error_code(net::error::eof));
        BOOST_CHECK(all.content == data);
    }
}

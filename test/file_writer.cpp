// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Writing files at depth.

#include "chunks.hpp"

#include <cerrno>
#include <fcntl.h>
#include <tuple>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::file_sync;
using net::file_writer;
using net::file_writer_options;
using net::random_access_file;

} // namespace

BOOST_DATA_TEST_CASE(contents_of_all_sizes, every_mode, m)
{
    mode_context c(m);
    for (std::size_t size : {0, 1, 4095, 4096, 4097, 8192, 100001, 262144, 300000})
        for (std::size_t depth : {1, 2, 3, 8, 32})
            for (std::size_t chunk : {1000, 4096, 65536})
            {
                std::string const data = pattern(size);
                temporary_file t;
                random_access_file f(c, t.path(), file_base::write_only);
                file_writer writer(f, {.chunk_size = chunk, .depth = depth});
                std::exception_ptr failed;
                net::co_spawn(c, write_all(writer, data, 1, file_sync::none),
                              [&](std::exception_ptr e) { failed = e; });
                run(c);
                BOOST_CHECK(!failed);
                BOOST_CHECK(t.content() == data);
            }
}

BOOST_DATA_TEST_CASE(at_an_offset_and_synced, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(10000);
    for (file_sync sync : {file_sync::none, file_sync::data, file_sync::all})
    {
        temporary_file t("0123456789");
        random_access_file f(c, t.path(), file_base::write_only);
        file_writer writer(f, {.offset = 5, .chunk_size = 1000});
        net::co_spawn(c, write_all(writer, data, 2, sync), net::detached);
        run(c);
        BOOST_CHECK(t.content() == "01234" + data);
    }
}

BOOST_AUTO_TEST_CASE(completions_in_any_order)
{
    std::string const data = pattern(20000);
    for (unsigned seed = 1; seed != 200; ++seed)
        for (bool whole : {true, false})
        {
            file_writer_options const o{.offset = seed % 3,
                                        .chunk_size = 1 + seed * 37 % 3000,
                                        .depth = 1 + seed % 32};
            scripted_writer w(o);
            bool done = false;
            net::co_spawn(w.c, write_all(*w.writer, data, seed, file_sync::data),
                          [&](std::exception_ptr e) { done = !e; });
            w.file.run_scrambled(w.c, seed, whole);
            BOOST_CHECK(done);
            BOOST_CHECK(w.file.content == std::string(o.offset, '\0') + data);
            BOOST_CHECK_LE(w.file.most_pending, o.depth);
            BOOST_CHECK_EQUAL(w.file.synced_data, 1);
            BOOST_CHECK_EQUAL(w.file.synced_all, 0);
        }
}

BOOST_AUTO_TEST_CASE(no_more_chunks_than_the_depth_says)
{
    scripted_writer w({.chunk_size = 10, .depth = 3});
    std::string const data = pattern(55);
    auto const written = w.write(data);
    BOOST_CHECK(!written->over);
    BOOST_CHECK_EQUAL(w.file.pending.size(), 3u);
    // In order: the first one is waited for.
    w.file.complete(1);
    w.file.complete(1);
    w.poll();
    BOOST_CHECK_EQUAL(w.file.pending.size(), 1u);
    BOOST_CHECK_EQUAL(w.writer->written(), 0u);
    w.file.complete(0);
    w.poll();
    BOOST_CHECK(written->over && !written->ec);
    BOOST_CHECK_EQUAL(w.writer->written(), 30u);
    BOOST_CHECK_EQUAL(w.writer->offset(), 55u);
    // Five bytes are in the third chunk, which is not written before it has to be.
    BOOST_CHECK_EQUAL(w.file.pending.size(), 2u);
    auto const finished = w.finish();
    BOOST_CHECK_EQUAL(w.file.pending.size(), 3u);
    BOOST_CHECK(!finished->over);
    w.file.run_scrambled(w.c, 1, true);
    BOOST_CHECK(finished->over && !finished->ec);
    BOOST_CHECK_EQUAL(finished->n, 55u);
    BOOST_CHECK(w.file.content == data);
    BOOST_CHECK_EQUAL(w.file.synced_all + w.file.synced_data, 0);
}

BOOST_AUTO_TEST_CASE(small_pieces_are_gathered)
{
    scripted_writer w({.chunk_size = 100, .depth = 2});
    for (int i = 0; i != 99; ++i)
        BOOST_CHECK(w.write("x")->over);
    BOOST_CHECK_EQUAL(w.file.started, 0u);
    w.writer->async_prepare(
        [&](error_code ec, net::mutable_buffer room)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(room.size(), 1u);
            w.writer->commit(0);
            BOOST_CHECK_THROW(w.writer->commit(1), boost::system::system_error);
        });
    w.poll();
    w.writer->async_prepare(
        [&](error_code ec, net::mutable_buffer room)
        {
            BOOST_CHECK(!ec);
            *static_cast<char*>(room.data()) = 'y';
            BOOST_CHECK_THROW(w.writer->commit(2), boost::system::system_error);
        });
    w.poll();
    w.writer->async_prepare(
        [&](error_code, net::mutable_buffer room)
        {
            *static_cast<char*>(room.data()) = 'y';
            w.writer->commit(1);
        });
    w.poll();
    BOOST_CHECK_EQUAL(w.file.started, 1u);
    w.file.run_scrambled(w.c, 1, true);
    BOOST_CHECK_EQUAL(w.file.content.size(), 100u);
    BOOST_CHECK_EQUAL(w.file.content.find('y'), 99u);
}

BOOST_AUTO_TEST_CASE(finished_more_than_once)
{
    scripted_writer w({.chunk_size = 10, .depth = 2});
    for (std::uint64_t i = 1; i != 4; ++i)
    {
        w.write("abc");
        auto const finished = w.finish(file_sync::all);
        w.file.run_scrambled(w.c, 1, true);
        BOOST_CHECK(finished->over && !finished->ec);
        BOOST_CHECK_EQUAL(finished->n, 3 * i);
        BOOST_CHECK_EQUAL(w.file.synced_all, static_cast<int>(i));
    }
    BOOST_CHECK_EQUAL(w.file.content, "abcabcabc");
}

BOOST_AUTO_TEST_CASE(the_first_error_is_final)
{
    scripted_writer w({.offset = 100, .chunk_size = 10, .depth = 4});
    std::string const data = pattern(35);
    BOOST_CHECK(w.write(data)->over);
    BOOST_REQUIRE_EQUAL(w.file.pending.size(), 3u);
    // Four bytes of the second chunk, and all of the third, are written.
    w.file.complete(2);
    w.file.complete(1, 4);
    w.poll();
    BOOST_REQUIRE_EQUAL(w.file.pending.size(), 2u);
    BOOST_CHECK_EQUAL(w.file.pending[1].offset, 114u);
    w.file.fail(1, system_error(ENOSPC));
    w.poll();
    auto const refused = w.write("x");
    BOOST_CHECK_EQUAL(refused->ec, system_error(ENOSPC));
    BOOST_CHECK_EQUAL(refused->n, 0u);
    BOOST_CHECK_EQUAL(w.writer->written(), 0u);
    // Finishing waits for what is in flight nevertheless, and does not sync.
    auto const finished = w.finish(file_sync::all);
    BOOST_CHECK(!finished->over);
    w.file.complete(0);
    w.poll();
    BOOST_CHECK_EQUAL(finished->ec, system_error(ENOSPC));
    BOOST_CHECK_EQUAL(finished->n, 14u);
    BOOST_CHECK_EQUAL(w.writer->written(), 14u);
    BOOST_CHECK_EQUAL(w.file.synced_all, 0);
    BOOST_CHECK_EQUAL(w.file.started, 4u);
    error_code prepared;
    w.writer->async_prepare(
        [&](error_code ec, net::mutable_buffer room)
        {
            prepared = ec;
            BOOST_CHECK_EQUAL(room.size(), 0u);
        });
    w.poll();
    BOOST_CHECK_EQUAL(prepared, system_error(ENOSPC));
}

BOOST_AUTO_TEST_CASE(an_error_while_waiting_for_room)
{
    scripted_writer w({.chunk_size = 10, .depth = 2});
    auto const written = w.write(pattern(100));
    w.file.fail(1, system_error(EIO));
    w.poll();
    BOOST_CHECK_EQUAL(written->ec, system_error(EIO));
    BOOST_CHECK_EQUAL(written->n, 20u);
    w.file.run_scrambled(w.c, 1, true);
}

BOOST_AUTO_TEST_CASE(a_write_of_nothing_is_an_error)
{
    scripted_writer w({.chunk_size = 10});
    w.write("abc");
    auto const finished = w.finish();
    w.file.complete(0, 0);
    w.poll();
    BOOST_CHECK_EQUAL(finished->ec, system_error(EIO));
}

BOOST_AUTO_TEST_CASE(the_sync_comes_last_and_its_failure_is_final)
{
    scripted_writer w;
    w.write("abc");
    auto const finished = w.finish(file_sync::data);
    BOOST_CHECK(!w.file.syncing);
    w.file.complete(0);
    w.poll();
    BOOST_REQUIRE(w.file.syncing);
    BOOST_CHECK(!finished->over);
    w.file.complete_sync(system_error(EIO));
    w.poll();
    BOOST_CHECK_EQUAL(finished->ec, system_error(EIO));
    BOOST_CHECK_EQUAL(finished->n, 3u);
    BOOST_CHECK_EQUAL(w.finish(file_sync::data)->ec, system_error(EIO));
    BOOST_CHECK_EQUAL(w.file.synced_data, 1);
}

BOOST_AUTO_TEST_CASE(a_cancelled_sync_can_be_repeated)
{
    scripted_writer w;
    auto const finished = w.finish(file_sync::all);
    w.file.complete_sync(net::error::operation_aborted);
    w.poll();
    BOOST_CHECK_EQUAL(finished->ec, error_code(net::error::operation_aborted));
    auto const again = w.finish(file_sync::all);
    w.file.complete_sync();
    w.poll();
    BOOST_CHECK(again->over && !again->ec);
    // The writer may go while its file is synced.
    auto const abandoned = w.finish(file_sync::all);
    w.writer.reset();
    w.file.complete_sync();
    w.poll();
    BOOST_CHECK_EQUAL(abandoned->ec, error_code(net::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(an_operation_that_cannot_be_started)
{
    std::string const data = pattern(95);
    for (std::size_t n = 0;; ++n)
    {
        scripted_writer w({.chunk_size = 10, .depth = 3});
        w.file.throws_at = n;
        w.write(data);
        w.file.run_scrambled(w.c, static_cast<unsigned>(n), false);
        auto const finished = w.finish(file_sync::data);
        w.file.run_scrambled(w.c, static_cast<unsigned>(n), false);
        BOOST_REQUIRE(finished->over);
        BOOST_CHECK_EQUAL(finished->n, w.writer->written());
        BOOST_CHECK(w.file.content.substr(0, finished->n) == data.substr(0, finished->n));
        if (!finished->ec)
        {
            BOOST_CHECK_GT(n, 10u);
            BOOST_CHECK(w.file.content == data);
            break;
        }
        BOOST_CHECK_EQUAL(finished->ec, error_code(net::error::no_memory));
    }
}

BOOST_DATA_TEST_CASE(errors_of_the_system, every_mode, m)
{
    mode_context c(m);
    for (bool full : {true, false})
    {
        random_access_file f(c);
        if (full)
            f.open("/dev/full", file_base::write_only);
        file_writer writer(f, {.chunk_size = 10});
        error_code finished;
        net::co_spawn(
            c,
            [&]() -> net::awaitable<void>
            {
                auto const token = net::as_tuple(net::use_awaitable);
                co_await net::async_write(writer, net::buffer("0123456789abc"), token);
                finished =
                    std::get<0>(co_await writer.async_finish(file_sync::all, token));
            },
            net::detached);
        run(c);
        BOOST_CHECK_EQUAL(finished, system_error(full ? ENOSPC : EBADF));
        BOOST_CHECK_EQUAL(writer.written(), 0u);
    }
}

BOOST_AUTO_TEST_CASE(options_that_cannot_be)
{
    net::io_context c;
    scripted_file f(c.get_executor());
    for (file_writer_options const& o :
         {file_writer_options{.chunk_size = 0}, file_writer_options{.depth = 0},
          file_writer_options{.alignment = 3},
          file_writer_options{.offset = 1, .alignment = 512},
          file_writer_options{.chunk_size = 1000, .alignment = 512}})
        BOOST_CHECK_THROW(net::basic_file_writer(f, o), boost::system::system_error);
}

// Blocks that a short write leaves half done are written once more.
BOOST_AUTO_TEST_CASE(whole_blocks_and_no_others_are_written)
{
    for (unsigned seed = 1; seed != 100; ++seed)
    {
        scripted_writer w({.chunk_size = 2048, .depth = 3, .alignment = 512});
        std::string const data = pattern(9 * 512 + seed % 2);
        bool over = false;
        std::uint64_t total = 0;
        error_code result;
        net::co_spawn(
            w.c,
            [&]() -> net::awaitable<void>
            {
                auto const token = net::as_tuple(net::use_awaitable);
                co_await net::async_write(*w.writer, net::buffer(data), token);
                std::tie(result, total) =
                    co_await w.writer->async_finish(file_sync::none, token);
                over = true;
            },
            net::detached);
        std::minstd_rand random(seed);
        for (w.poll(); !w.file.pending.empty(); w.poll())
        {
            std::size_t const i = random() % w.file.pending.size();
            scripted_file::operation const& o = w.file.pending[i];
            BOOST_CHECK_EQUAL(o.offset % 512, 0u);
            BOOST_CHECK_EQUAL(o.size % 512, 0u);
            BOOST_CHECK_EQUAL(reinterpret_cast<std::uintptr_t>(o.memory) % 512, 0u);
            w.file.complete(i, 512 + random() % 512);
        }
        BOOST_CHECK(over);
        BOOST_CHECK_EQUAL(total, 9u * 512);
        BOOST_CHECK(w.file.content == data.substr(0, 9 * 512));
        // The odd byte at the end cannot be written.
        BOOST_CHECK_EQUAL(result,
                          seed % 2 ? error_code(net::errc::misaligned) : error_code());
    }
}

BOOST_DATA_TEST_CASE(direct_io, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(100000);
    // Where the tests are built, which is a file system on a disk more often than /tmp.
    temporary_file t({}, std::filesystem::current_path());
    int const fd = ::open(t.path().c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);
    URIO_REQUIRE_OR_SKIP(fd >= 0, "the file system has no direct I/O");
    random_access_file f(c, fd);
    file_writer writer(f, {.chunk_size = 8192, .depth = 4, .alignment = 4096});
    // Filled up, and cut afterwards.
    std::string padded = data;
    padded.resize(102400);
    net::co_spawn(c, write_all(writer, padded, 1, file_sync::data), net::detached);
    run(c);
    f.resize(data.size());
    BOOST_CHECK(t.content() == data);
}

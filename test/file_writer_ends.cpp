// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations of a file_writer end, on whichever thread.

#include "chunks.hpp"
#include "descriptors.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <optional>
#include <vector>

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

BOOST_AUTO_TEST_CASE(one_operation_at_a_time)
{
    scripted_writer w({.chunk_size = 10, .depth = 1});
    auto const written = w.write(pattern(20));
    BOOST_CHECK(!written->over);
    BOOST_CHECK_EQUAL(w.write("x")->ec, error_code(net::error::already_started));
    BOOST_CHECK_EQUAL(w.finish()->ec, error_code(net::error::already_started));
    error_code prepared;
    w.writer->async_prepare([&](error_code ec, net::mutable_buffer) { prepared = ec; });
    w.poll();
    BOOST_CHECK_EQUAL(prepared, error_code(net::error::already_started));
    w.file.run_scrambled(w.c, 1, true);
    BOOST_CHECK(written->over && !written->ec);
    BOOST_CHECK(w.file.content == pattern(20));
}

BOOST_AUTO_TEST_CASE(cancelled_waiting_loses_nothing)
{
    scripted_writer w({.chunk_size = 10, .depth = 1});
    w.write(pattern(10));
    net::cancellation_signal signal;
    error_code waited;
    for (auto type : {net::cancellation_type::total, net::cancellation_type::partial,
                      net::cancellation_type::terminal})
    {
        waited = {};
        w.writer->async_finish(
            file_sync::all,
            net::bind_cancellation_slot(
                signal.slot(), once([&](error_code ec, std::uint64_t) { waited = ec; })));
        w.poll();
        BOOST_CHECK(!waited);
        signal.emit(type);
        w.poll();
        BOOST_CHECK_EQUAL(waited, error_code(net::error::operation_aborted));
        BOOST_CHECK(w.file.pending[0].cancelled == net::cancellation_type::none);
    }
    auto const finished = w.finish(file_sync::all);
    w.file.run_scrambled(w.c, 1, true);
    BOOST_CHECK(finished->over && !finished->ec);
    BOOST_CHECK_EQUAL(w.file.synced_all, 1);
}

BOOST_AUTO_TEST_CASE(destruction_with_writes_in_flight)
{
    scripted_writer w({.chunk_size = 10, .depth = 3});
    auto const written = w.write(pattern(100));
    BOOST_CHECK_EQUAL(w.file.pending.size(), 3u);
    w.writer.reset();
    w.poll();
    BOOST_CHECK_EQUAL(written->ec, error_code(net::error::operation_aborted));
    for (scripted_file::operation& o : w.file.pending)
    {
        BOOST_CHECK(o.cancelled == net::cancellation_type::terminal);
        o.cancelled = net::cancellation_type::none;
    }
    // They could not be cancelled: they have their memory still, and are not continued.
    w.file.complete(0, 3);
    w.file.run_scrambled(w.c, 1, true);
    BOOST_CHECK_EQUAL(w.file.started, 3u);
    BOOST_CHECK(w.file.content.substr(10) == pattern(100).substr(10, 20));
}

BOOST_DATA_TEST_CASE(destruction_on_a_real_file, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    std::string const data = pattern(200000);
    int handlers = 0;
    for (int turns = 0; turns != 8; ++turns)
    {
        temporary_file t;
        random_access_file f(c, t.path(), file_base::write_only);
        std::optional<file_writer> writer(
            std::in_place, f, file_writer_options{.chunk_size = 4096, .depth = 4});
        net::async_write(*writer, net::buffer(data),
                         once(
                             [&](error_code ec, std::size_t n)
                             {
                                 BOOST_CHECK(ec ? ec == net::error::operation_aborted
                                                : n == data.size());
                                 ++handlers;
                             }));
        c.restart();
        for (int i = 0; i != turns; ++i)
            c.poll_one();
        // The composed operation refers to the writer, and goes first.
        writer->cancel();
        run(c);
        writer.reset();
    }
    BOOST_CHECK_EQUAL(handlers, 8);
}

BOOST_DATA_TEST_CASE(the_context_ends_while_writing, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> alive{0};
    temporary_file t;
    std::string const data = pattern(100000);
    {
        mode_context c(m);
        random_access_file f(c, t.path(), file_base::write_only);
        file_writer writer(f, {.chunk_size = 4096, .depth = 2});
        net::async_write(writer, net::buffer(data), never(alive));
        BOOST_CHECK_EQUAL(alive, 1);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

BOOST_AUTO_TEST_CASE(cancel_is_final)
{
    scripted_writer w({.chunk_size = 10});
    w.write(pattern(15));
    w.writer->cancel();
    BOOST_CHECK_EQUAL(w.write("x")->ec, error_code(net::error::operation_aborted));
    BOOST_CHECK_EQUAL(w.finish()->ec, error_code(net::error::operation_aborted));
    w.file.run_scrambled(w.c, 1, true);
    BOOST_CHECK_EQUAL(w.file.started, 1u);
    BOOST_CHECK_EQUAL(w.file.content, "");
}

BOOST_DATA_TEST_CASE(futures_and_moves, every_mode, m)
{
    mode_context c(m);
    temporary_file t, u;
    random_access_file f(c, t.path(), file_base::write_only);
    random_access_file g(c, u.path(), file_base::write_only);
    file_writer a(f), b(g);
    auto written = net::async_write(a, net::buffer("abc", 3), net::use_future);
    run(c);
    BOOST_CHECK_EQUAL(written.get(), 3u);
    file_writer moved(std::move(a));
    b = std::move(moved);
    auto finished = b.async_finish(file_sync::data, net::use_future);
    run(c);
    BOOST_CHECK_EQUAL(finished.get(), 3u);
    BOOST_CHECK_EQUAL(t.content(), "abc");
}

// Completions on all threads at once, each writer on one strand or none.
BOOST_AUTO_TEST_CASE(several_threads)
{
    std::string const data = pattern(1 << 20);
    std::vector<temporary_file> files(6);
    net::thread_pool pool(4);
    std::atomic<int> done{0};
    auto file = files.begin();
    auto const write = [&](net::any_io_executor ex, std::size_t depth)
    {
        net::co_spawn(
            ex,
            [&, depth, path = (file++)->path()]() -> net::awaitable<void>
            {
                random_access_file f(co_await net::this_coro::executor, path,
                                     file_base::write_only);
                file_writer writer(f, {.chunk_size = 3000, .depth = depth});
                for (std::size_t at = 0; at < data.size(); at += 1 << 14)
                    co_await net::async_write(writer, net::buffer(&data[at], 1 << 14),
                                              net::use_awaitable);
                auto const total =
                    co_await writer.async_finish(file_sync::none, net::use_awaitable);
                done += total == data.size();
            },
            net::detached);
    };
    for (std::size_t depth : {1, 4, 32})
    {
        write(pool.get_executor(), depth);
        write(net::make_strand(pool.get_executor()), depth);
    }
    pool.join();
    BOOST_CHECK_EQUAL(done, 6);
    for (temporary_file const& t : files)
        BOOST_CHECK(t.content() == data);
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations of a file_reader end, on whichever thread.

#include "chunks.hpp"
#include "descriptors.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <future>
#include <optional>

namespace
{

using namespace test;
namespace net = urio;
using net::file_base;
using net::file_reader;
using net::file_reader_options;
using net::random_access_file;

} // namespace

BOOST_AUTO_TEST_CASE(one_operation_at_a_time)
{
    net::io_context c;
    scripted_file f(c.get_executor(), "abc");
    net::basic_file_reader reader(f);
    bool read = false;
    reader.async_next(once(
        [&](error_code ec, net::const_buffer b)
        {
            BOOST_CHECK(!ec);
            BOOST_CHECK_EQUAL(b.size(), 3u);
            read = true;
        }));
    reader.async_next(once(
        [&](error_code ec, net::const_buffer b)
        {
            BOOST_CHECK_EQUAL(ec, error_code(net::error::already_started));
            BOOST_CHECK_EQUAL(b.size(), 0u);
            BOOST_CHECK(!read);
        }));
    c.poll();
    BOOST_CHECK(!read);
    f.run_scrambled(c, 1, true);
    BOOST_CHECK(read);
}

BOOST_DATA_TEST_CASE(cancelled_waiting_loses_nothing, every_mode, m)
{
    mode_context c(m);
    scripted_file f(c.get_executor(), "abc");
    net::basic_file_reader reader(f);
    net::cancellation_signal signal;
    error_code waited;
    auto const wait = [&]
    {
        waited = {};
        reader.async_next(net::bind_cancellation_slot(
            signal.slot(), once([&](error_code ec, net::const_buffer) { waited = ec; })));
        c.restart();
        c.poll();
    };
    for (auto type : {net::cancellation_type::total, net::cancellation_type::partial,
                      net::cancellation_type::terminal})
    {
        wait();
        BOOST_CHECK(!waited);
        signal.emit(type);
        c.restart();
        c.poll();
        BOOST_CHECK_EQUAL(waited, error_code(net::error::operation_aborted));
        BOOST_CHECK_EQUAL(f.started, 1u);
        BOOST_CHECK(f.pending[0].cancelled == net::cancellation_type::none);
    }
    // It has arrived when the cancellation comes.
    waited = net::error::fault;
    reader.async_next(net::bind_cancellation_slot(
        signal.slot(), once(
                           [&](error_code ec, net::const_buffer b)
                           {
                               waited = ec;
                               BOOST_CHECK_EQUAL(b.size(), 3u);
                           })));
    f.complete(0, 3);
    f.run_scrambled(c, 1, true);
    signal.emit(net::cancellation_type::total);
    BOOST_CHECK(!waited);
}

BOOST_DATA_TEST_CASE(destruction_with_reads_in_flight, every_mode, m)
{
    mode_context c(m);
    scripted_file f(c.get_executor(), pattern(1000));
    error_code end;
    {
        net::basic_file_reader reader(f, {.length = 1000, .chunk_size = 10, .depth = 4});
        reader.async_next(once([&](error_code ec, net::const_buffer) { end = ec; }));
    }
    BOOST_CHECK_EQUAL(f.pending.size(), 4u);
    for (scripted_file::operation const& o : f.pending)
        BOOST_CHECK(o.cancelled == net::cancellation_type::terminal);
    c.poll();
    BOOST_CHECK_EQUAL(end, error_code(net::error::operation_aborted));
    // Some could not be cancelled: they have their memory still, and are not continued.
    f.pending[0].cancelled = f.pending[2].cancelled = net::cancellation_type::none;
    f.complete(0, 3);
    f.complete(1);
    f.run_scrambled(c, 1, true);
    BOOST_CHECK_EQUAL(f.started, 4u);
}

BOOST_DATA_TEST_CASE(destruction_on_a_real_file, every_mode, m)
{
    descriptor_check check;
    mode_context c(m);
    temporary_file t(pattern(1 << 20));
    int handlers = 0;
    for (int turns = 0; turns != 8; ++turns)
    {
        random_access_file f(c, t.path(), file_base::read_only);
        std::optional<file_reader> reader(
            std::in_place, f, file_reader_options{.chunk_size = 4096, .depth = 16});
        reader->async_next(once(
            [&](error_code ec, net::const_buffer b)
            {
                BOOST_CHECK(ec ? ec == net::error::operation_aborted : b.size() == 4096);
                ++handlers;
            }));
        c.restart();
        for (int i = 0; i != turns; ++i)
            c.poll_one();
        reader.reset();
    }
    run(c);
    BOOST_CHECK_EQUAL(handlers, 8);
}

BOOST_DATA_TEST_CASE(the_context_ends_while_reading, every_mode, m)
{
    descriptor_check check;
    std::atomic<int> alive{0};
    temporary_file t(pattern(1 << 20));
    {
        mode_context c(m);
        random_access_file f(c, t.path(), file_base::read_only);
        file_reader reader(f, {.chunk_size = 4096, .depth = 16});
        reader.async_next(never(alive));
        BOOST_CHECK_EQUAL(alive, 1);
    }
    BOOST_CHECK_EQUAL(alive, 0);
}

BOOST_AUTO_TEST_CASE(cancel_is_final)
{
    net::io_context c;
    scripted_file f(c.get_executor(), pattern(100));
    net::basic_file_reader reader(f, {.chunk_size = 10});
    consumer first(reader);
    reader.cancel();
    f.run_scrambled(c, 1, true);
    BOOST_CHECK_EQUAL(first.end, error_code(net::error::operation_aborted));
    consumer second(reader);
    f.run_scrambled(c, 1, true);
    BOOST_CHECK_EQUAL(second.end, error_code(net::error::operation_aborted));
    BOOST_CHECK_EQUAL(f.started, 1u);
}

BOOST_DATA_TEST_CASE(coroutines_futures_and_moves, every_mode, m)
{
    mode_context c(m);
    std::string const data = pattern(100000);
    temporary_file t(data);
    random_access_file f(c, t.path(), file_base::read_only);
    file_reader other(f, {.chunk_size = 50});
    file_reader reader(f, {.chunk_size = 1000});
    std::string got;
    net::co_spawn(
        c,
        [&]() -> net::awaitable<void>
        {
            file_reader moved(std::move(reader));
            other = std::move(moved);
            for (;;)
            {
                auto const [ec, chunk] =
                    co_await other.async_next(net::as_tuple(net::use_awaitable));
                if (ec)
                    break;
                got.append(static_cast<const char*>(chunk.data()), chunk.size());
            }
        },
        net::detached);
    run(c);
    BOOST_CHECK(got == data);
    std::future<net::const_buffer> end = other.async_next(net::use_future);
    run(c);
    BOOST_CHECK_THROW(end.get(), boost::system::system_error);
}

// Completions on all threads at once, each reader on one strand or none.
BOOST_AUTO_TEST_CASE(several_threads)
{
    std::string const data = pattern(1 << 20);
    temporary_file t(data);
    net::thread_pool pool(4);
    std::atomic<int> same{0};
    auto const read = [&](net::any_io_executor ex, std::size_t depth)
    {
        net::co_spawn(
            ex,
            [&, depth]() -> net::awaitable<void>
            {
                random_access_file f(co_await net::this_coro::executor, t.path(),
                                     file_base::read_only);
                file_reader reader(f, {.chunk_size = 3000, .depth = depth});
                std::string got;
                for (;;)
                {
                    auto const [ec, chunk] =
                        co_await reader.async_next(net::as_tuple(net::use_awaitable));
                    if (ec)
                        break;
                    got.append(static_cast<const char*>(chunk.data()), chunk.size());
                }
                same += got == data;
            },
            net::detached);
    };
    for (std::size_t depth : {1, 4, 32})
    {
        read(pool.get_executor(), depth);
        read(net::make_strand(pool.get_executor()), depth);
    }
    pool.join();
    BOOST_CHECK_EQUAL(same, 6);
}

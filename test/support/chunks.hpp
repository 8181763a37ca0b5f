// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The consumer of a file_reader, and the source of a file_writer.
#pragma once

#include "file.hpp"
#include "once.hpp"
#include "scripted_file.hpp"
#include "test.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace test
{

inline error_code system_error(int e)
{
    return {e, boost::system::system_category()};
}

/// What a reader has handed out, read to its end by callbacks.
template <class Reader>
struct consumer
{
    explicit consumer(Reader& r) : reader(r) { next(); }

    void next()
    {
        reader.async_next(once(
            [this](error_code ec, urio::const_buffer chunk)
            {
                BOOST_CHECK_EQUAL(chunk.size() == 0, ec.failed());
                if (ec)
                {
                    end = ec;
                    return;
                }
                content.append(static_cast<const char*>(chunk.data()), chunk.size());
                sizes.push_back(chunk.size());
                next();
            }));
    }

    Reader& reader;
    std::string content;
    std::vector<std::size_t> sizes;
    error_code end;
};

/// A writer on a scripted file.
struct scripted_writer
{
    explicit scripted_writer(const urio::file_writer_options& o = {},
                             std::string content = {})
        : file(c.get_executor(), std::move(content))
        , writer(std::in_place, file, o)
    {
    }

    void poll()
    {
        c.restart();
        c.poll();
    }

    // Operations whose result is looked at when they are over.
    struct result
    {
        bool over = false;
        error_code ec;
        std::uint64_t n = 0;
        std::string data; // valid until it is over
    };

    template <class Number>
    auto into(std::shared_ptr<result> r)
    {
        return once(
            [r](error_code ec, Number n)
            {
                r->over = true;
                r->ec = ec;
                r->n = n;
            });
    }

    std::shared_ptr<result> write(std::string data)
    {
        auto const r = std::make_shared<result>();
        r->data = std::move(data);
        urio::async_write(*writer, urio::buffer(r->data), into<std::size_t>(r));
        poll();
        return r;
    }

    std::shared_ptr<result> finish(urio::file_sync sync = urio::file_sync::none)
    {
        auto const r = std::make_shared<result>();
        writer->async_finish(sync, into<std::uint64_t>(r));
        poll();
        return r;
    }

    urio::io_context c;
    scripted_file file;
    std::optional<urio::basic_file_writer<scripted_file>> writer;
};

/// Writes it in pieces of changing size.
template <class Writer>
urio::awaitable<void> write_all(Writer& writer, const std::string& data, unsigned seed,
                                urio::file_sync sync)
{
    std::minstd_rand random(seed);
    for (std::size_t at = 0; at != data.size();)
    {
        std::size_t n = std::min<std::size_t>(1 + random() % 5000, data.size() - at);
        if (random() % 2)
        {
            std::array<urio::const_buffer, 3> const parts{
                urio::buffer(&data[at], n / 3), urio::const_buffer(),
                urio::buffer(&data[at + n / 3], n - n / 3)};
            co_await urio::async_write(writer, parts, urio::use_awaitable);
        }
        else
        {
            urio::mutable_buffer const room =
                co_await writer.async_prepare(urio::use_awaitable);
            BOOST_CHECK_GT(room.size(), 0u);
            n = std::min(n, room.size());
            std::memcpy(room.data(), &data[at], n);
            writer.commit(n);
        }
        at += n;
    }
    std::uint64_t const start = writer.offset() - data.size();
    std::uint64_t const total = co_await writer.async_finish(sync, urio::use_awaitable);
    BOOST_CHECK_EQUAL(total, data.size());
    BOOST_CHECK_EQUAL(writer.written(), data.size());
    BOOST_CHECK_EQUAL(writer.offset(), start + data.size());
}

} // namespace test

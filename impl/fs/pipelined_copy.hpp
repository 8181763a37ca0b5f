// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A copy by reads and writes, where the kernel cannot copy by itself.
#pragma once

#include "copy_job.hpp"
#include "data_map.hpp"
#include "duplicate.hpp"
#include "in_one_piece.hpp"

#include <urio/detail/file/file_order.hpp>
#include <urio/file/basic_random_access_file.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_at.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write_at.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

// Each coroutine that is begun anew would hear of terminal cancellation alone.
inline auto accept_cancellation()
{
    return boost::asio::this_coro::reset_cancellation_state(
        boost::asio::enable_total_cancellation());
}

/// A copy by reads and writes, several at a time. Holes stay holes.
class pipelined_copy
{
public:
    using file = basic_random_access_file<any_io_executor>;
    using task = boost::asio::awaitable<void, any_io_executor>;
    using token = boost::asio::use_awaitable_t<any_io_executor>;

    pipelined_copy(const any_io_executor& ex, copy_job& job,
                   const fs::copy_options& options)
        : in_(ex, duplicate(job.source(), "async_copy_file").release())
        , out_(ex, duplicate(job.target(), "async_copy_file").release())
        , options_(options)
        , map_(job.source())
        , has_holes_(job.has_holes())
        , next_(job.offset())
        , done_(job.offset())
    {
        if (options_.chunk == 0)
            options_.chunk = 256 << 10;
        // What has no offsets, or does not know its end, is read and written from one
        // byte to the next.
        if (!job.has_size())
            options_.depth = 1;
        if (job.is_unsized())
        {
            options_.chunk = std::clamp(options_.chunk, first_read, largest_read);
            // Some files are read in whole numbers of eight bytes only.
            options_.chunk -= options_.chunk % 4096;
        }
    }

    task run()
    {
        co_await accept_cancellation();
        co_await workers(std::max(1u, options_.depth));
        if (failed_)
            std::rethrow_exception(failed_);
    }

    /// How many bytes there are in the copy, from the beginning, without a gap.
    std::uint64_t contiguous() const noexcept { return done_; }

private:
    task workers(unsigned n)
    {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await accept_cancellation();
        if (n == 1)
            co_await work_until_failure();
        else
            co_await (work_until_failure() && workers(n - 1));
    }

    // The first failure is that of all; the others finish what they are at.
    task work_until_failure()
    {
        co_await accept_cancellation();
        try
        {
            co_await work();
        }
        catch (...)
        {
            if (!failed_)
                failed_ = std::current_exception();
            ended_ = true;
        }
    }

    task work()
    {
        auto const buffer = std::make_unique_for_overwrite<char[]>(options_.chunk);
        while (!ended_)
        {
            std::uint64_t const begin = std::exchange(next_, next_ + options_.chunk);
            co_await copy(begin, begin + options_.chunk, buffer.get());
        }
    }

    // A range of the file, up to the file's end.
    task copy(std::uint64_t begin, std::uint64_t end, char* buffer)
    {
        auto const ex = co_await boost::asio::this_coro::executor;
        std::uint64_t at = begin;
        for (bool last = false; at != end && !last; ended_ = ended_ || last)
        {
            data_range data{at, end};
            if (has_holes_)
            {
                data = co_await map_.find(ex, at);
                at = std::min(data.begin, end);
                if (at == end)
                {
                    skip_to(data.begin);
                    break;
                }
            }
            auto const size = static_cast<std::size_t>(std::min(data.end, end) - at);
            boost::system::error_code ec;
            std::size_t const n = co_await boost::asio::async_read_at(
                in_, at, boost::asio::buffer(buffer, size), in_one_piece(),
                boost::asio::redirect_error(token(), ec));
            last = ec == boost::asio::error::eof;
            if (ec && !last)
                throw boost::system::system_error(ec);
            co_await boost::asio::async_write_at(out_, at, boost::asio::buffer(buffer, n),
                                                 in_one_piece(), token());
            at += n;
        }
        finished(begin, at - begin);
    }

    // There is a hole, in which nothing has to be looked for.
    void skip_to(std::uint64_t data)
    {
        if (data > next_)
        {
            std::uint64_t const hole = std::exchange(next_, data);
            finished(hole, data - hole);
        }
    }

    void finished(std::uint64_t offset, std::uint64_t n)
    {
        if (n != 0)
            pieces_.push_back({offset, n});
        for (bool found = true; found;)
        {
            auto const next =
                std::find_if(pieces_.begin(), pieces_.end(),
                             [&](const piece& p) { return p.offset == done_; });
            found = next != pieces_.end();
            if (!found)
                break;
            done_ += next->size;
            pieces_.erase(next);
        }
        if (options_.progress)
            options_.progress(done_);
    }

    struct piece
    {
        std::uint64_t offset, size;
    };

    file in_, out_;
    fs::copy_options options_;
    data_map map_;
    bool const has_holes_;
    std::uint64_t next_, done_;
    // What is written beyond a gap.
    std::vector<piece> pieces_;
    std::exception_ptr failed_;
    bool ended_ = false;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

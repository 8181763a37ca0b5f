// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What a file_reader has in flight, and its operation.
#pragma once

#include <urio/detail/file/chunk_ring.hpp>
#include <urio/detail/file/file_order.hpp>

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <tuple>

namespace urio::inline URIO_ABI
{

/// How a file_reader reads.
struct file_reader_options
{
    /// Where it begins, in bytes.
    std::uint64_t offset = 0;
    /// How many bytes it reads: to the end of the file if there are fewer. By default, to
    /// what file.size() says when the reader is constructed, or if that is zero (as for
    /// devices, and files in /proc), to where reading finds the end.
    std::uint64_t length = std::numeric_limits<std::uint64_t>::max();
    /// Bytes in a chunk, at most 1 GiB.
    std::size_t chunk_size = 256 * 1024;
    /// How many chunks are read ahead of the one that the consumer has: the operations
    /// that are in flight at once, if it is the slower side. (One for pipes, terminals
    /// and the like, and for files that claim to have no size.)
    std::size_t depth = 4;
    /// A power of two that offset and chunk_size are multiples of. For files opened with
    /// file_base::direct: what file_status says, or 4096, which will nearly always do.
    /// The length, and the end of the file, may be anything.
    std::size_t alignment = 1;
};

namespace detail
{

template <class File>
class reader_state : public chunk_ring<File>,
                     public std::enable_shared_from_this<reader_state<File>>
{
public:
    reader_state(File& file, const file_reader_options& o)
        : reader_state(file, o, find_end(file, o), order_of_file(file))
    {
    }

    std::uint64_t offset()
    {
        std::lock_guard const lock(this->mutex_);
        return delivered_;
    }

    void on_transfer(chunk& c, error_code ec, std::size_t n)
    {
        std::lock_guard const lock(this->mutex_);
        if (this->goes_on(c, ec, n, boost::asio::error::eof, [&] { start(c); }))
            return;
        c.error = ec;
        if (ec || c.done < c.size)
            ended_early_ = true;
        this->wake(*this);
    }

    bool ready()
    {
        return this->error_ || this->head_ == this->tail_ ||
               !this->at(this->head_).in_flight;
    }

    void begin()
    {
        if (this->file_ && !this->error_)
            fill();
    }

    std::tuple<error_code, boost::asio::const_buffer> take()
    {
        if (!this->error_ && this->head_ == this->tail_)
            this->error_ = after_last_;
        if (this->error_)
            return {this->error_, {}};
        chunk& c = this->at(this->head_);
        boost::asio::const_buffer const next(
            c.memory.get() + taken_, std::min<std::size_t>(piece_, c.done - taken_));
        delivered_ += next.size();
        taken_ += next.size();
        if (taken_ != c.done)
            return {error_code(), next};
        // What was read before an error comes first.
        this->error_ = c.error;
        if (c.done == 0)
            return {this->error_, {}};
        taken_ = 0;
        ++this->head_;
        fill();
        return {error_code(), next};
    }

private:
    static constexpr std::uint64_t max_offset = 0x7fffffffffffffff;

    reader_state(File& file, const file_reader_options& o, std::uint64_t end,
                 const file_order& order)
        // One chunk is the consumer's.
        : chunk_ring<File>(file, chunks(o, end, order) + 1, bytes(o, end, order),
                           order.reads_at_offsets ? o.alignment : 1,
                           order.reads_at_offsets)
        , depth_(chunks(o, end, order))
        , piece_(o.chunk_size)
        , next_(o.offset)
        , delivered_(o.offset)
        , end_(end)
        , end_is_known_(end != max_offset)
        , most_at_once_(order.unsized ? std::max(largest_read, o.alignment)
                                      : ~std::size_t{0})
    {
    }

    static std::uint64_t find_end(File& file, const file_reader_options& o)
    {
        chunk_ring<File>::check_options(o.depth, o.chunk_size, o.alignment, o.offset,
                                        "file_reader");
        if (o.length != std::numeric_limits<std::uint64_t>::max())
            return o.length < max_offset - o.offset ? o.offset + o.length : max_offset;
        if constexpr (requires(error_code ec) {
                          { file.size(ec) } -> std::convertible_to<std::uint64_t>;
                      })
        {
            // A file that cannot tell will tell why when it is read.
            error_code ec;
            std::uint64_t const size = file.size(ec);
            if (!ec && size != 0)
                return std::max(size, o.offset);
        }
        return max_offset;
    }

    static std::size_t bytes(const file_reader_options& o, std::uint64_t end,
                             const file_order& order)
    {
        // All that the first read of it ought to get, in whole pieces.
        if (order.unsized && o.chunk_size < first_read)
            return (first_read + o.chunk_size - 1) / o.chunk_size * o.chunk_size;
        // Small files need less.
        std::uint64_t const all = end - o.offset + o.alignment - 1;
        return static_cast<std::size_t>(std::clamp<std::uint64_t>(
            all - all % o.alignment, o.alignment, o.chunk_size));
    }

    static std::size_t chunks(const file_reader_options& o, std::uint64_t end,
                              const file_order& order)
    {
        if (!order.reads_at_offsets || order.unsized)
            return 1;
        std::uint64_t const all = (end - o.offset) / o.chunk_size + 1;
        return static_cast<std::size_t>(std::min<std::uint64_t>(o.depth, all));
    }

    /// Starts reading what there is room for.
    void fill()
    {
        while (!ended_early_ && next_ < end_ && this->tail_ - this->head_ < ahead())
        {
            chunk& c = this->at(this->tail_);
            c.offset = next_;
            c.size = static_cast<std::size_t>(
                std::min<std::uint64_t>(this->chunk_size_, end_ - next_));
            if (error_code const ec = this->attempt(
                    [&]
                    {
                        this->prepare(c);
                        start(c);
                    }))
            {
                after_last_ = ec;
                ended_early_ = true;
                return;
            }
            ++this->tail_;
            next_ += c.size;
        }
    }

    /// Where the end is not known, the first chunk shows whether there is more.
    std::size_t ahead() const noexcept
    {
        return end_is_known_ || this->head_ != 0 ? depth_ : 1;
    }

    void start(chunk& c)
    {
        std::size_t const from = this->resume_at(c);
        // Up to the next block, which the chunk has room for.
        std::size_t size = c.size - from + this->alignment_ - 1;
        size = std::min(size - size % this->alignment_, most_at_once_);
        this->file_->async_read_some_at(
            c.offset + from, boost::asio::mutable_buffer(c.memory.get() + from, size),
            chunk_handler<reader_state>{this->shared_from_this(), &c});
        c.in_flight = true;
    }

    std::size_t depth_;
    std::size_t piece_;       // what is delivered at a time
    std::size_t taken_ = 0;   // what was delivered of the chunk that comes next
    std::uint64_t next_;      // the offset of the chunk to be started next
    std::uint64_t delivered_; // the offset of the chunk to be delivered next
    std::uint64_t end_;
    bool end_is_known_;
    std::size_t most_at_once_;
    error_code after_last_ = boost::asio::error::eof;
    bool ended_early_ = false; // what comes after it is of no use
};

struct next_request
{
    template <class State>
    void begin(State& state) const
    {
        state.begin();
    }

    template <class State>
    auto results(State& state, std::unique_lock<process::process_mutex>&) const
    {
        return state.take();
    }
};

} // namespace detail

} // namespace urio::inline URIO_ABI

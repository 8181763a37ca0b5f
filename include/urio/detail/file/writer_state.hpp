// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What a file_writer has in flight.
#pragma once

#include <urio/detail/file/chunk_ring.hpp>
#include <urio/detail/file/file_order.hpp>
#include <urio/error.hpp>

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace urio::inline URIO_ABI
{

/// How a file_writer writes.
struct file_writer_options
{
    /// Where it begins, in bytes. With file_base::append the end of the file, for which
    /// 0 stands, too.
    std::uint64_t offset = 0;
    /// Bytes in a chunk, at most 1 GiB.
    std::size_t chunk_size = 256 * 1024;
    /// How many chunks there are at once: one that is being filled, and the writes in
    /// flight. (Where offsets mean nothing, one write is in flight and others wait.)
    std::size_t depth = 4;
    /// A power of two that offset and chunk_size are multiples of, and that the end must
    /// be one of. For files opened with file_base::direct: what file_status says, or
    /// 4096, which will nearly always do.
    std::size_t alignment = 1;
};

/// What a file_writer waits for at the end.
enum class file_sync
{
    none, ///< that the kernel has the data
    data, ///< that the data is on the disk: fdatasync(2)
    all,  ///< that data and metadata are on the disk: fsync(2)
};

namespace detail
{

template <class File>
class writer_state : public chunk_ring<File>,
                     public std::enable_shared_from_this<writer_state<File>>
{
public:
    writer_state(File& file, const file_writer_options& o)
        : writer_state(file, o, order_of_file(file))
    {
    }

    std::uint64_t offset()
    {
        std::lock_guard const lock(this->mutex_);
        return offset_ + filled_;
    }

    std::uint64_t written()
    {
        std::lock_guard const lock(this->mutex_);
        return written_;
    }

    void commit_prepared(std::size_t n)
    {
        std::lock_guard const lock(this->mutex_);
        if (n > std::exchange(prepared_, 0))
            throw boost::system::system_error(boost::asio::error::invalid_argument,
                                              "commit");
        commit(n);
    }

    void on_transfer(chunk& c, error_code ec, std::size_t n)
    {
        std::lock_guard const lock(this->mutex_);
        error_code const standstill(EIO, boost::system::system_category());
        if (this->goes_on(c, ec, n, standstill, [&] { start(c); }))
            return;
        if (ec && !this->error_)
            this->error_ = ec;
        retire();
        this->wake(*this);
    }

    // The operations, under the lock.

    /// What the operation that begins waits for: that all is written, or that there is
    /// room.
    void begin(bool all)
    {
        prepared_ = 0;
        waits_for_all_ = all;
    }

    bool ready() const
    {
        if (waits_for_all_)
            return this->head_ == this->tail_;
        return this->error_ || this->tail_ - this->head_ < this->count_;
    }

    error_code error() const
    {
        return this->file_ ? this->error_ : boost::asio::error::operation_aborted;
    }

    /// What is free in the present chunk, if there is one.
    boost::asio::mutable_buffer room()
    {
        if (!this->file_ || this->error_ || this->tail_ - this->head_ == this->count_)
            return {};
        if (filled_ == 0)
            this->error_ = this->attempt([&] { this->prepare(this->at(this->tail_)); });
        if (this->error_)
            return {};
        return {this->at(this->tail_).memory.get() + filled_,
                this->chunk_size_ - filled_};
    }

    boost::asio::mutable_buffer prepare_room()
    {
        boost::asio::mutable_buffer const free = room();
        prepared_ = free.size();
        return free;
    }

    void commit(std::size_t n)
    {
        if (!this->file_ || this->error_)
            return;
        filled_ += n;
        if (filled_ == this->chunk_size_)
            write_out(filled_);
    }

    void write_rest()
    {
        if (!this->file_ || this->error_)
            return;
        std::size_t const rest = filled_ % this->alignment_;
        if (filled_ != rest)
            write_out(filled_ - rest);
        filled_ = 0;
        if (rest != 0)
            this->error_ = errc::misaligned;
    }

    std::uint64_t total() const { return written_; }

    /// Has the file synced; `self` gets the result.
    template <class Self>
    void sync(Self& self, file_sync how)
    {
        if (how == file_sync::all)
            this->file_->async_sync_all(std::move(self));
        else
            this->file_->async_sync_data(std::move(self));
    }

    /// The kernel reports that data was lost once only.
    void sync_failed(error_code ec)
    {
        if (!this->error_)
            this->error_ = ec;
    }

private:
    writer_state(File& file, const file_writer_options& o, const file_order& order)
        : chunk_ring<File>(file, checked(o, order).depth, o.chunk_size, o.alignment,
                           order.writes_at_offsets)
        , offset_(order.appends ? order.end : o.offset)
    {
    }

    static const file_writer_options& checked(const file_writer_options& o,
                                              const file_order& order)
    {
        chunk_ring<File>::check_options(o.depth, o.chunk_size, o.alignment, o.offset,
                                        "file_writer");
        if (order.appends && o.offset != 0 && o.offset != order.end)
            throw boost::system::system_error(boost::asio::error::invalid_argument,
                                              "file_writer: the file is open to append, "
                                              "and does not end at the offset");
        return o;
    }

    void write_out(std::size_t n)
    {
        chunk& c = this->at(this->tail_);
        c.offset = offset_;
        c.size = n;
        filled_ = 0;
        // Otherwise it waits until what is before it is written.
        if (this->at_offsets_ || this->head_ == this->tail_)
            this->error_ = this->attempt([&] { start(c); });
        if (this->error_)
            return;
        ++this->tail_;
        offset_ += n;
    }

    void start(chunk& c)
    {
        std::size_t const from = this->resume_at(c);
        this->file_->async_write_some_at(
            c.offset + from,
            boost::asio::const_buffer(c.memory.get() + from, c.size - from),
            chunk_handler<writer_state>{this->shared_from_this(), &c});
        c.in_flight = true;
    }

    /// In order, so that what has been written is one piece.
    void retire()
    {
        while (this->head_ != this->tail_ && !this->at(this->head_).in_flight)
        {
            chunk& c = this->at(this->head_);
            if (!this->at_offsets_ && c.done < c.size && this->file_ && !this->error_)
            {
                // It has been waiting for its turn.
                this->error_ = this->attempt([&] { start(c); });
                if (!this->error_)
                    return;
            }
            ++this->head_;
            if (!gap_)
                written_ += c.done;
            gap_ = gap_ || c.done < c.size;
        }
    }

    std::uint64_t offset_; // of the chunk that is being filled
    std::uint64_t written_ = 0;
    std::size_t filled_ = 0;
    std::size_t prepared_ = 0;
    bool gap_ = false;
    bool waits_for_all_ = false;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

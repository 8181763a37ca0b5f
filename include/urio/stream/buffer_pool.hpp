// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Buffers that are chosen when there is something to put into them.
#pragma once

#include <urio/detail/initiate/executor_source.hpp>
#include <urio/detail/stream/pool_service.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace urio::inline URIO_ABI
{

/// One buffer of a pool and what has been received in it. It goes back to the pool when
/// it is destroyed.
/**
 * Movable, and convertible to Asio's buffers. It may outlive the stream, the socket, the
 * pool and the context: the memory stays valid as long as the lease.
 *
 * @par Thread safety
 * Distinct objects: safe; a lease may be destroyed on any thread. Shared objects: unsafe.
 */
class lease
{
public:
    /// None.
    lease() noexcept = default;

    lease(lease&& other) noexcept
        : pool_(std::move(other.pool_))
        , data_(std::exchange(other.data_, nullptr))
        , size_(std::exchange(other.size_, 0))
        , buffer_(other.buffer_)
    {
    }

    lease& operator=(lease&& other) noexcept
    {
        if (this != &other)
        {
            reset();
            pool_ = std::move(other.pool_);
            data_ = std::exchange(other.data_, nullptr);
            size_ = std::exchange(other.size_, 0);
            buffer_ = other.buffer_;
        }
        return *this;
    }

    ~lease() { reset(); }

    std::byte* data() const noexcept { return data_; }
    /// What has been received, in bytes.
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    explicit operator bool() const noexcept { return pool_ != nullptr; }

    /// What has been received. Valid as long as the lease.
    boost::asio::mutable_buffer buffer() const noexcept { return {data_, size_}; }
    operator boost::asio::mutable_buffer() const noexcept { return buffer(); }
    operator boost::asio::const_buffer() const noexcept { return buffer(); }

    /// Gives the buffer back.
    void reset() noexcept
    {
        if (auto const pool = std::move(pool_))
            pool->give_back(buffer_);
        data_ = nullptr;
        size_ = 0;
    }

private:
    friend class detail::receive_event;

    lease(std::shared_ptr<detail::pool_state> pool, unsigned buffer,
          std::size_t n) noexcept
        : pool_(std::move(pool))
        , data_(pool_->memory(buffer))
        , size_(n)
        , buffer_(buffer)
    {
    }

    std::shared_ptr<detail::pool_state> pool_;
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
    unsigned buffer_ = 0;
};

/// Buffers of one size for the streams of one context.
/**
 * The kernel chooses from them when data has arrived (a ring of provided buffers,
 * io_uring_register_buf_ring(3), Linux 5.19); elsewhere the stream takes one then. So a
 * connection that waits holds none. A context may have any number of pools.
 *
 * The object is a handle: streams and leases keep what they need of it. Throws
 * std::invalid_argument if the options are out of range, std::bad_alloc, and what the
 * context's engine throws when it is set up.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: counters() is safe. In exclusive mode the
 * kernel chooses if the pool is made before the context first runs, or by the thread that
 * runs it.
 */
class buffer_pool
{
public:
    /// Of a context, or of an executor's.
    template <detail::executor_source Source>
    explicit buffer_pool(Source&& source, const pool_options& options = {})
        : state_(detail::make_pool(detail::executor_of(source), options))
    {
    }

    pool_statistics counters() const noexcept { return state_->counters(); }

private:
    template <class Socket>
    friend class receive_stream;

    std::shared_ptr<detail::pool_state> state_;
};

} // namespace urio::inline URIO_ABI

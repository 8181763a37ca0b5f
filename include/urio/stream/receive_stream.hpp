// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What a socket receives, buffer after buffer.
#pragma once

#include <urio/detail/stream/receive_event.hpp>
#include <urio/event/multi.hpp>
#include <urio/stream/buffer_pool.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace urio::inline URIO_ABI
{

struct receive_stream_options
{
    /// How many buffers that nobody has fetched yet a stream may hold. It receives no
    /// more then, and goes on when half of them have been fetched.
    std::size_t ahead = 4;

    /// One entry of io_uring for all that is received, not one for each buffer
    /// (Linux 6.0). The kernel has to be told to stop then, and has meanwhile put into
    /// buffers what has been in the socket: a burst for a slow reader can take all that a
    /// pool has. For peers that send no more than they are asked for.
    bool multishot = false;
};

/// What a connected stream socket receives, each time in a buffer of a pool.
/**
 * A connection that waits holds no buffer: the kernel chooses one when there is data
 * (Linux 5.19), or recv(2) is called then. Of AF_UNIX sockets multishot receives of Linux
 * 6.18 can lose the end, so there are none.
 *
 * The stream owns the socket; what is sent goes through socket(). Nothing else may
 * receive from it, nor close it: close() does. The executor is the socket's, and the pool
 * must be of its context.
 *
 * @code
 * urio::buffer_pool pool(context, {.count = 256, .size = 4096});
 * urio::receive_stream stream(std::move(socket), pool);
 * for (;;)
 * {
 *     auto [ec, data] = co_await stream.async_next(net::as_tuple(net::use_awaitable));
 *     if (ec)
 *         break; // net::error::eof at the end
 *     co_await net::async_write(stream.socket(), data.buffer(), net::use_awaitable);
 * }
 * @endcode
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe.
 */
template <class Socket>
class receive_stream
{
public:
    using executor_type = typename Socket::executor_type;
    using socket_type = Socket;

    /// Nothing is received before the first async_next(). Throws std::bad_alloc,
    /// boost::system::system_error if the socket is not open, std::invalid_argument if
    /// the pool is another context's.
    receive_stream(Socket socket, const buffer_pool& pool,
                   const receive_stream_options& options = {})
        : executor_(socket.get_executor())
        , socket_(std::make_shared<Socket>(std::move(socket)))
    {
        if (!pool.state_->is_of(detail::event_service_of(executor_).get_engine()))
            throw std::invalid_argument(
                "urio::receive_stream: the pool is another context's");
        items_.emplace(executor_,
                       event_of(*socket_, socket_, options.multishot, pool.state_),
                       multi_options{.ahead = options.ahead});
    }

    receive_stream(receive_stream&&) noexcept = default;

    receive_stream& operator=(receive_stream&& other) noexcept
    {
        if (this != &other)
        {
            close();
            executor_ = std::move(other.executor_);
            socket_ = std::move(other.socket_);
            items_ = std::move(other.items_);
        }
        return *this;
    }

    ~receive_stream() { close(); }

    executor_type get_executor() const noexcept { return executor_; }

    bool is_open() const noexcept { return socket_ != nullptr; }

    /// For everything but receiving and closing. Not after close().
    Socket& socket() noexcept { return *socket_; }

    /// What has been received next: `void(error_code, lease)`.
    /**
     * In the order of arrival; `eof` or another error comes after all data, without a
     * lease. After `no_buffer_space` (exhaustion::fail) the next call goes on. One at a
     * time: another gets `already_started`. Supports terminal, partial and total
     * cancellation, of the wait: what arrives is kept for the next call. Not after
     * close().
     */
    template <class Token>
    auto async_next(Token&& token)
    {
        return items_->async_next(std::forward<Token>(token));
    }

    /// Stops receiving: what has arrived is still to be had, and `operation_aborted`
    /// comes after it. Another async_next() goes on after that.
    void cancel() noexcept
    {
        if (items_)
            items_->cancel();
    }

    /// Ends the connection: the peer is told at once, who waits gets `operation_aborted`,
    /// what nobody has fetched is dropped. The socket is closed when the kernel is done
    /// with it.
    void close() noexcept
    {
        if (!socket_)
            return;
        items_.reset();
        boost::system::error_code ignored;
        socket_->shutdown(Socket::shutdown_both, ignored);
        socket_.reset();
    }

private:
    using stream_type = event_stream<detail::receive_event, executor_type>;

    static detail::receive_event event_of(Socket& socket, std::shared_ptr<void> keep,
                                          bool multishot,
                                          std::shared_ptr<detail::pool_state> pool)
    {
        if (!socket.is_open())
            throw boost::system::system_error(boost::asio::error::bad_descriptor,
                                              "urio::receive_stream");
        return {socket.native_handle(), std::move(keep), multishot, std::move(pool)};
    }

    executor_type executor_;
    std::shared_ptr<Socket> socket_;
    std::optional<stream_type> items_;
};

} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The connections of a listening socket, one after another.
#pragma once

#include <urio/detail/stream/accept_event.hpp>
#include <urio/detail/stream/accept_handler.hpp>
#include <urio/event/multi.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace urio::inline URIO_ABI
{

struct accept_stream_options
{
    /// How many connections that nobody has fetched yet are kept; then it accepts no
    /// more. In addition comes what has waited in the socket's own queue when it began.
    std::size_t ahead = 64;
};

/// The connections of an acceptor.
/**
 * One entry of io_uring accepts all of them (multishot, Linux 5.19); elsewhere there is
 * one for each, or accept4(2) when the socket is ready. Connections that their peers have
 * given up before they could be accepted are passed over. What nobody has fetched when
 * the stream goes is closed.
 *
 * The stream owns the acceptor. The sockets are of the executor `SocketExecutor`, which
 * may be that of another context.
 *
 * @code
 * urio::accept_stream connections(net::ip::tcp::acceptor(context, {net::ip::tcp::v4(),
 * 80})); for (;;) serve(co_await connections.async_next(net::use_awaitable));
 * @endcode
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe.
 */
template <class Acceptor, class SocketExecutor = typename Acceptor::executor_type>
class accept_stream
{
public:
    using executor_type = typename Acceptor::executor_type;
    using acceptor_type = Acceptor;
    using protocol_type = typename Acceptor::protocol_type;
    using socket_type =
        typename protocol_type::socket::template rebind_executor<SocketExecutor>::other;

    /// Nothing is accepted before the first async_next(). Throws std::bad_alloc,
    /// boost::system::system_error if the acceptor is not open.
    explicit accept_stream(Acceptor acceptor, const accept_stream_options& options = {})
        : accept_stream(SocketExecutor(acceptor.get_executor()), std::move(acceptor),
                        options)
    {
    }

    accept_stream(Acceptor acceptor, const SocketExecutor& sockets,
                  const accept_stream_options& options = {})
        : accept_stream(SocketExecutor(sockets), std::move(acceptor), options)
    {
    }
    accept_stream(accept_stream&&) noexcept = default;
    accept_stream& operator=(accept_stream&&) noexcept = default;
    ~accept_stream() = default;

    executor_type get_executor() const noexcept { return executor_; }

    bool is_open() const noexcept { return acceptor_ != nullptr; }

    /// For its options and its endpoint. Not after close().
    Acceptor& acceptor() noexcept { return *acceptor_; }

    /// The next connection: `void(error_code, socket_type)`.
    /**
     * After an error, such as `no_descriptors`, the next call goes on. One at a time:
     * another gets `already_started`. Supports terminal, partial and total cancellation,
     * of the wait: connections are kept for the next call. Not after close().
     */
    template <class Token>
    auto async_next(Token&& token)
    {
        return boost::asio::async_initiate<Token,
                                           void(boost::system::error_code, socket_type)>(
            initiation{this}, token);
    }

    /// Stops accepting: the connections that there are can still be had, and
    /// `operation_aborted` comes after them. Another async_next() goes on after that.
    void cancel() noexcept
    {
        if (items_)
            items_->cancel();
    }

    /// Stops listening: who waits gets `operation_aborted`, what nobody has fetched is
    /// closed, and so is the acceptor when the kernel is done with it.
    void close() noexcept
    {
        items_.reset();
        acceptor_.reset();
    }

private:
    accept_stream(SocketExecutor&& sockets, Acceptor&& acceptor,
                  const accept_stream_options& options)
        : executor_(acceptor.get_executor())
        , sockets_(sockets)
        , protocol_(acceptor.local_endpoint().protocol())
        , acceptor_(std::make_shared<Acceptor>(std::move(acceptor)))
    {
        items_.emplace(executor_,
                       detail::accept_event(acceptor_->native_handle(), acceptor_),
                       multi_options{.ahead = options.ahead});
    }

    struct initiation
    {
        using executor_type = typename Acceptor::executor_type;

        executor_type get_executor() const noexcept { return self->executor_; }

        template <class Handler>
        void operator()(Handler&& handler) const
        {
            self->items_->async_next(
                detail::accept_handler<std::decay_t<Handler>, socket_type>(
                    std::forward<Handler>(handler), self->sockets_, self->protocol_));
        }

        accept_stream* self;
    };

    executor_type executor_;
    SocketExecutor sockets_;
    protocol_type protocol_;
    std::shared_ptr<Acceptor> acceptor_;
    std::optional<event_stream<detail::accept_event, executor_type>> items_;
};

template <class Acceptor, class SocketExecutor>
accept_stream(Acceptor, SocketExecutor) -> accept_stream<Acceptor, SocketExecutor>;
template <class Acceptor>
accept_stream(Acceptor) -> accept_stream<Acceptor>;

} // namespace urio::inline URIO_ABI

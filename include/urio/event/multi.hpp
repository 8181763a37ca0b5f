// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events of several completions.
#pragma once

#include <urio/detail/event/multi_front.hpp>
#include <urio/detail/initiate/executor_source.hpp>
#include <urio/detail/service/event_service.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{

/// How an event of several completions is carried out.
struct multi_options
{
    /// How many completions that nobody has fetched yet are kept: when there are as many,
    /// the event is cancelled, and submitted again when half of them have been fetched.
    /// What the kernel has had in hand comes in addition.
    std::size_t ahead = 64;

    /// An event that ends with a success is submitted again: a multishot that the kernel
    /// has ended, and every event that is none.
    bool repeat = true;
};

/// The completions of one event, one after another: what async_submit_multi() returns.
/**
 * The event is submitted at the first async_next(), and again after an error, if there is
 * another call then. What has been fetched by nobody when the stream goes is given up:
 * results that are resources are freed. The destructor cancels the event, which lives on
 * until the kernel is done with it; who waits gets `operation_aborted`.
 *
 * Where there is no io_uring, or where the kernel lacks the operation, the event's
 * `perform()` is called again and again. (A kernel that has the opcode, but not its
 * multishot form, refuses it: EINVAL.) What `result()` makes of completions for which
 * there is no memory is given up under a lock.
 *
 * There is one event, for all of them: one that reads into memory of its own, and whose
 * `result()` looks at that, may be at the next round already. Such an event is for
 * multi_options::repeat being false, or for plain async_submit().
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: unsafe; completions come from any thread that
 * runs the context.
 */
template <event_type Event, class Executor>
class event_stream
{
public:
    using executor_type = Executor;
    using result_type = event_result_t<Event>;
    using signature =
        std::conditional_t<detail::pooled_event<Event>,
                           void(boost::system::error_code, result_type),
                           void(boost::system::error_code, result_type, bool)>;

    event_stream(const executor_type& ex, Event event, const multi_options& options = {})
        : executor_(ex)
    {
        detail::event_service& service = detail::event_service_of(ex);
        state_ = std::make_shared<state>(service.get_engine(), service.common_object(),
                                         std::move(event), options.ahead, options.repeat);
    }

    event_stream(event_stream&&) noexcept = default;

    event_stream& operator=(event_stream&& other) noexcept
    {
        if (this != &other)
        {
            close();
            executor_ = std::move(other.executor_);
            state_ = std::move(other.state_);
        }
        return *this;
    }

    ~event_stream() { close(); }

    const executor_type& get_executor() const noexcept { return executor_; }

    /// The next completion: `void(error_code, result_type, bool last)`.
    /**
     * `last` tells that nothing follows by itself: the error that has ended the event,
     * or, without multi_options::repeat, its last success. An error that is not the last
     * is one that the kernel goes on after (ETIME of event::timeout_multishot).
     *
     * One at a time: another gets `already_started`. Supports terminal, partial and total
     * cancellation, of the wait: the event goes on, and no completion is lost.
     */
    template <class Token>
    auto async_next(Token&& token)
    {
        return boost::asio::async_initiate<Token, signature>(initiation{this}, token);
    }

    /// Cancels the event: what has been fetched by nobody is still to be had, and
    /// `operation_aborted` comes after it.
    void cancel() noexcept
    {
        if (state_)
            state_->cancel();
    }

private:
    using state = detail::multi_state<Event>;

    struct initiation
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept { return self->executor_; }

        template <class Handler>
        void operator()(Handler&& handler) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->initiate(h.value);
        }

        event_stream* self;
    };

    template <class Handler>
    void initiate(Handler& handler)
    {
        using op = detail::async_op<detail::multi_front<Event>, Handler, Executor>;
        // The handler may be called, and the stream be gone, before this returns.
        std::shared_ptr<state> const keep = state_;
        detail::engine& e = keep->get_engine();
        bool const continuation = detail::is_continuation(handler);
        auto slot = boost::asio::get_associated_cancellation_slot(handler);

        typename op::block b(handler);
        op::construct(b, executor_, keep);
        auto const item = keep->core.next();
        // Before anybody knows that there is somebody who waits.
        if (!item && slot.is_connected())
            slot.template emplace<detail::multi_cancellation<Event>>(keep);
        if (!item && keep->core.wait(*b.op))
            b.release();
        else
        {
            if (!item && slot.is_connected())
                slot.clear();
            b.op->give(item.value_or(detail::multi_item{-EALREADY, 0, false}));
            detail::complete_at_once<op, Handler>(e, b, executor_, continuation);
        }
        keep->run();
    }

    void close() noexcept
    {
        if (!state_)
            return;
        state_->core.close();
        state_->cancel();
        state_.reset();
    }

    executor_type executor_;
    std::shared_ptr<state> state_;
};

/// A stream of the completions of an event. It is not started yet.
/**
 * @code
 * auto connections = urio::async_submit_multi(
 *     context, urio::event::accept_multishot(acceptor.native_handle()));
 * for (;;)
 *     auto [ec, descriptor, last] =
 *         co_await connections.async_next(net::as_tuple(net::use_awaitable));
 * @endcode
 */
template <detail::executor_source Source, event_type Event>
auto async_submit_multi(Source&& source, Event event, const multi_options& options = {})
{
    return event_stream<Event, detail::executor_of_t<Source>>(detail::executor_of(source),
                                                              std::move(event), options);
}

} // namespace urio::inline URIO_ABI

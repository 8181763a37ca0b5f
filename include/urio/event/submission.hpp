// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An event in flight that another can take the place of.
#pragma once

#include <urio/any_io_executor.hpp>
#include <urio/detail/event/replaceable.hpp>
#include <urio/detail/initiate/executor_source.hpp>
#include <urio/detail/service/event_service.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

namespace urio::inline URIO_ABI
{

/// One event at a time, which can be replaced while it is in flight (ringbahn's
/// Submission).
/**
 * What is waited for is the newest event: replace() cancels the one in flight, does not
 * wait for the kernel to be done with it, and submits another, whose result the handler
 * of async_submit() gets. The event that has been given up is kept until the kernel is
 * done with it, and destroyed then; or, if it has `cancel() &&` and the kernel has it, it
 * is asked at once what of it has to be kept (a `cancellation`), and nothing of it is
 * used any more but its destructor.
 *
 * The destructor cancels what is in flight; the handler is called with
 * `operation_aborted`.
 *
 * @par Thread safety
 * Distinct objects: safe. Shared objects: replace() and cancel() may be called while the
 * operation runs on another thread, and not by two threads at once.
 */
template <event_type Event, class Executor = any_io_executor>
class submission
{
public:
    using executor_type = Executor;

    explicit submission(const executor_type& ex)
        : executor_(ex)
        , service_(&detail::event_service_of(ex))
        , state_(std::make_shared<state>())
    {
    }

    template <detail::executor_source Source>
        requires(!std::is_convertible_v<Source, const executor_type&>)
    explicit submission(Source& context)
        : submission(executor_type(context.get_executor()))
    {
    }

    submission(submission&&) noexcept = default;

    submission& operator=(submission&& other) noexcept
    {
        if (this != &other)
        {
            cancel();
            executor_ = std::move(other.executor_);
            service_ = other.service_;
            state_ = std::move(other.state_);
        }
        return *this;
    }

    ~submission() { cancel(); }

    const executor_type& get_executor() const noexcept { return executor_; }

    /// Carries out an event, as urio::async_submit() does; with `already_started` at once
    /// if there is one already. Three allocations less those that are recycled.
    template <class Token>
    auto async_submit(Event event, Token&& token)
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code,
                                                       event_result_t<Event>, Event)>(
            initiation{this}, token, std::move(event));
    }

    /// Has another event take the place of the one in flight. If there is none, or if it
    /// has ended meanwhile, nothing happens, and the event is returned. Throws what
    /// async_submit() throws; nothing has changed then.
    std::optional<Event> replace(Event event)
    {
        typename op::pointer next = op::make(state_, std::move(event));
        detail::engine& e = service_->get_engine();
        detail::op_id const id = e.reserve(*next);
        detail::op_id old;
        {
            std::lock_guard l(state_->mutex);
            if (!state_->current)
                old = detail::op_id::none;
            else
            {
                old = std::exchange(state_->current_id, id);
                state_->current = next.get();
            }
        }
        if (old == detail::op_id::none)
        {
            e.unreserve(*next);
            return std::move(next->event());
        }
        e.abandon(old);
        start(std::move(next));
        return {};
    }

    /// Asks for the cancellation of what is in flight.
    void cancel() noexcept
    {
        if (state_)
            state_->cancel(service_->get_engine());
    }

private:
    using op = detail::replaceable_op<Event>;
    using state = detail::replaceable_state<Event>;
    using front = detail::event_front<Event>;

    struct initiation
    {
        using executor_type = Executor;

        const executor_type& get_executor() const noexcept { return self->executor_; }

        template <class Handler>
        void operator()(Handler&& handler, Event event) const
        {
            detail::non_const_lvalue<Handler> h(handler);
            self->initiate(h.value, std::move(event));
        }

        submission* self;
    };

    class slot_cancellation
    {
    public:
        slot_cancellation(detail::engine& e, std::weak_ptr<state> s) noexcept
            : engine_(&e)
            , state_(std::move(s))
        {
        }

        void operator()(boost::asio::cancellation_type_t type) noexcept
        {
            auto const s = state_.lock();
            if (s && detail::asks_for_cancellation(type))
                s->cancel(*engine_);
        }

    private:
        detail::engine* engine_;
        std::weak_ptr<state> state_;
    };

    template <class Handler>
    void initiate(Handler& handler, Event&& event)
    {
        using front_type = detail::async_op<front, Handler, Executor>;
        detail::engine& e = service_->get_engine();
        bool const continuation = detail::is_continuation(handler);
        auto slot = boost::asio::get_associated_cancellation_slot(handler);

        typename front_type::block b(handler);
        front_type::construct(b, executor_);
        typename op::pointer next = op::make(state_, std::move(event));
        if (slot.is_connected())
            slot.template emplace<slot_cancellation>(e, state_);
        detail::op_id const id = e.reserve(*next);
        bool busy;
        {
            std::lock_guard l(state_->mutex);
            busy = state_->current != nullptr;
            if (!busy)
            {
                state_->current = next.get();
                state_->current_id = id;
                state_->front = b.op;
            }
        }
        if (busy)
        {
            if (slot.is_connected())
                slot.clear();
            e.unreserve(*next);
            b.op->set(boost::asio::error::already_started, {}, std::move(next->event()));
            return detail::complete_at_once<front_type, Handler>(e, b, executor_,
                                                                 continuation);
        }
        b.release();
        start(std::move(next));
    }

    // The front is completed in any case.
    void start(typename op::pointer next)
    {
        detail::engine& e = service_->get_engine();
        detail::io_object* object = &service_->common_object();
        boost::system::error_code failed;
        try
        {
            std::optional<int> const result = next->begin(e, object);
            next->set_result(result.value_or(-ECANCELED));
            if (result)
                e.unreserve(*next);
            else if (e.start(*object, *next, detail::lane::unordered))
                return (void)next.release();
        }
        catch (const boost::system::system_error& error)
        {
            failed = error.code();
        }
        catch (const std::bad_alloc&)
        {
            failed = boost::asio::error::no_memory;
        }
        front* const f = next->take_front();
        if (failed)
        {
            e.unreserve(*next);
            next->set_result(-ECANCELED);
        }
        if (!f)
            return; // replaced by another thread
        next->give_results(*f, failed);
        next.reset();
        e.post_immediate(*f, false);
    }

    executor_type executor_;
    detail::event_service* service_;
    std::shared_ptr<state> state_;
};

} // namespace urio::inline URIO_ABI

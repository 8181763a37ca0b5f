// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that another may take the place of. They have two parts: the event, which the
// kernel works for, and its front, which has the user's handler, as transfers that own
// their buffer have.
#pragma once

#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/initiate/event.hpp>
#include <urio/detail/process/process_mutex.hpp>
#include <urio/event/cancellation.hpp>

#include <boost/asio/recycling_allocator.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What the user waits for. As constructed, it is an operation that was abandoned.
template <class E>
class event_front : public scheduler_operation
{
public:
    using result_type = typename event_traits<E>::result_type;

    std::tuple<boost::system::error_code, result_type, E> results(bool)
    {
        return {error_, std::move(value_), std::move(*event_)};
    }

    void set(boost::system::error_code ec, result_type&& v, E&& e) noexcept
    {
        error_ = ec;
        value_ = std::move(v);
        event_.emplace(std::move(e));
    }

protected:
    explicit event_front(func_type complete) : scheduler_operation(complete) {}
    ~event_front() = default;

private:
    boost::system::error_code error_ = boost::asio::error::operation_aborted;
    result_type value_{};
    std::optional<E> event_;
};

template <class E>
class replaceable_op;

/// Who waits, and for which event.
template <class E>
struct replaceable_state
{
    process::process_mutex mutex;
    event_front<E>* front = nullptr;
    replaceable_op<E>* current = nullptr;
    op_id current_id = op_id::none;

    /// Asks for the cancellation of what is in flight.
    void cancel(engine& e) noexcept
    {
        op_id id;
        {
            std::lock_guard l(mutex);
            id = current ? current_id : op_id::none;
        }
        if (id != op_id::none)
            e.cancel(id);
    }
};

/// The event, in memory of its own.
template <class E>
class replaceable_op final : public startable<event_op<E>>
{
    using base = startable<event_op<E>>;
    using allocator = boost::asio::recycling_allocator<replaceable_op>;

    struct deleter
    {
        void operator()(replaceable_op* op) const noexcept
        {
            op->~replaceable_op();
            allocator().deallocate(op, 1);
        }
    };

public:
    using state = replaceable_state<E>;
    using pointer = std::unique_ptr<replaceable_op, deleter>;

    static pointer make(std::shared_ptr<state> s, E&& event)
    {
        void* const memory = allocator().allocate(1);
        return pointer(::new (memory) replaceable_op(std::move(s), std::move(event)));
    }

    /// The front is to be completed. Null if another event has taken this one's place.
    event_front<E>* take_front() noexcept
    {
        std::lock_guard l(state_->mutex);
        if (state_->current != this)
            return nullptr;
        state_->current = nullptr;
        return std::exchange(state_->front, nullptr);
    }

    /// With the operation's error, if there is no other.
    void give_results(event_front<E>& f, boost::system::error_code failed = {}) noexcept
    {
        auto v = this->value();
        f.set(failed ? failed : this->error(), std::move(v), std::move(this->event_));
    }

private:
    static_assert(
        !event_traits<E>::has_cancel ||
            std::is_trivially_destructible_v<typename event_traits<E>::result_type>,
        "an event with cancel() has a result that is no resource: it would be "
        "lost with the event");

    replaceable_op(std::shared_ptr<state> s, E&& event) noexcept
        : base(&replaceable_op::complete, std::move(event))
        , state_(std::move(s))
    {
        this->become(kind_);
    }

    ~replaceable_op() = default;

    // The kernel has it, and nobody waits for it: what it leaves is all that is kept.
    static scheduler_operation* detach(io_operation& op) noexcept
    {
        if constexpr (event_traits<E>::has_cancel)
        {
            static_assert(noexcept(std::declval<E&&>().cancel()),
                          "an event's cancel() is noexcept");
            auto& self = static_cast<replaceable_op&>(op);
            std::lock_guard l(self.state_->mutex);
            // One that was only cancelled is handed back.
            if (self.state_->current != &self && !std::exchange(self.given_up_, true))
                self.left_ = std::move(self.event_).cancel();
        }
        else
            (void)op;
        return nullptr;
    }

    static constexpr op_kind make_kind() noexcept
    {
        op_kind k = base::make_kind();
        k.detach = &detach;
        return k;
    }

    static void complete(void* owner, scheduler_operation* op,
                         const boost::system::error_code&, std::size_t)
    {
        pointer self(static_cast<replaceable_op*>(op));
        event_front<E>* const f = self->take_front();
        if (!f)
        {
            // A result that is a resource is given up.
            if (!self->given_up_)
                (void)self->value();
            return;
        }
        self->give_results(*f);
        // The handler's next operation gets the memory.
        self.reset();
        f->complete(owner, {}, 0);
    }

    static const op_kind kind_;

    std::shared_ptr<state> state_;
    // What the event has left, when it has been asked.
    cancellation left_;
    bool given_up_ = false;
};

template <class E>
const op_kind replaceable_op<E>::kind_ = make_kind();

} // namespace detail
} // namespace urio::inline URIO_ABI

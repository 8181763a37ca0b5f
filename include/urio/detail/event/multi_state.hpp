// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An event of several completions while it is in flight: the operation, which is started
// again and again, and what outlives the stream until the kernel is done with it.
#pragma once

#include <urio/detail/event/multi_core.hpp>
#include <urio/detail/initiate/async_op.hpp>
#include <urio/detail/initiate/event.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <memory>
#include <new>
#include <optional>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

template <class E>
class multi_state;

/// No kernel has it: the operation is carried out by its own call.
inline constexpr std::uint8_t opcode_of_calls = unstated_opcode - 1;

/// What takes its buffers from a pool, one for each completion (a stream's own event):
/// - `int arrived(int result, std::uint32_t& flags, bool more)`: notes the buffer; what
///   the result is to be taken for;
/// - `bool uses_call()`: whether it is for perform() to do;
/// - `void drop(std::uint32_t flags)`: an item that there is no memory for;
/// - `bool go_on(scheduler_operation&, bool& fails)` and so on, as pool_state has it.
/// The first two and drop() are called with the engine's lock held.
template <class E>
concept pooled_event = requires { typename E::waiter_type; };

/// The event in the hands of an engine. The event itself is the state's. It may have a
/// `bool again(int error)`: whether another entry is to be tried.
template <class E>
class multi_op : public event_op_base
{
public:
    using traits = event_traits<E>;

    explicit multi_op(multi_state<E>& s) noexcept;

    E& event() noexcept;

protected:
    ~multi_op() = default;

    void use_pool() noexcept
    {
        this->become(pooled_);
        this->wake_events_ = 0;
    }

    /// Whether it is for the event's own call, not for an entry.
    bool use_call() noexcept
        requires pooled_event<E>
    {
        if (!event().uses_call())
            return false;
        this->become(called_);
        return true;
    }

private:
    static multi_op& cast(io_operation& op) noexcept
    {
        return static_cast<multi_op&>(op);
    }

    static void prepare(io_operation& op, io_uring_sqe& entry)
    {
        cast(op).event().prepare(entry);
        check_entry(entry);
    }
    static int perform(io_operation& op) { return cast(op).event().perform(); }
    static int waits_for(const io_operation& op) noexcept
    {
        return traits::descriptor(
            const_cast<multi_op&>(static_cast<const multi_op&>(op)).event());
    }
    static verdict completion(io_operation& op, int& result, std::uint32_t flags);
    static scheduler_operation* delivery(io_operation& op) noexcept;
    static void complete(void* owner, scheduler_operation* op,
                         const boost::system::error_code&, std::size_t);

    static constexpr op_kind make_kind(bool pooled) noexcept
    {
        op_kind k{.opcode = traits::opcode(),
                  .prepare = &prepare,
                  .completion = &completion,
                  .delivery = &delivery};
        k.cancelled_by_others = true;
        if constexpr (traits::has_perform)
        {
            k.perform = &perform;
            k.pool = pooled || (!traits::has_readiness && !traits::quick());
        }
        if constexpr (traits::has_readiness)
            k.waits_for = &waits_for;
        return k;
    }

    static constexpr op_kind make_called() noexcept
    {
        op_kind k = make_kind(false);
        k.opcode = opcode_of_calls;
        return k;
    }

    static const op_kind plain_, pooled_, called_;

    multi_state<E>& state_;
};

template <class E>
const op_kind multi_op<E>::plain_ = make_kind(false);
template <class E>
const op_kind multi_op<E>::pooled_ = make_kind(true);
template <class E>
const op_kind multi_op<E>::called_ = make_called();

template <class E>
class multi_state : public std::enable_shared_from_this<multi_state<E>>
{
public:
    using traits = event_traits<E>;

    multi_state(engine& e, io_object& common, E&& event, std::size_t ahead, bool repeats)
        : core(ahead, repeats)
        , event_(std::move(event))
        , engine_(e)
        , common_(common)
    {
    }

    ~multi_state()
    {
        // What is a resource is given up.
        while (std::optional<multi_item> const item = core.leftover())
            if (item->result >= 0)
                (void)traits::result(event_, item->result, item->flags);
    }

    E& event() noexcept { return event_; }
    engine& get_engine() const noexcept { return engine_; }

    /// Starts the operation if that is due, and gives whoever waits what there is.
    void run();

    void cancel() noexcept
    {
        cancel(core.end());
        stop_starving();
        // A buffer may have come back just before, and whoever waited for it have found
        // nothing to be done: nothing is in flight then that would tell them.
        if constexpr (pooled_event<E>)
            if (multi_waiter* const w = core.next_waiter())
                engine_.post_immediate(*w, false);
    }

    /// Whoever waits for a buffer goes on without.
    void stop_starving() noexcept
    {
        if constexpr (pooled_event<E>)
            event_.stop_waiting(starving_);
    }

    void pause() noexcept { cancel(core.pause()); }

    /// The operation has ended.
    void op_ended(void* owner, int result);

    scheduler_operation* pauser() noexcept
    {
        pauser_.self = this->shared_from_this();
        return &pauser_;
    }

    multi_core core;

private:
    /// Stops the operation for a while, where no lock is held.
    struct pause_operation : scheduler_operation
    {
        pause_operation() noexcept : scheduler_operation(&complete) {}

        static void complete(void* owner, scheduler_operation* op,
                             const boost::system::error_code&, std::size_t)
        {
            auto const keep = std::move(static_cast<pause_operation*>(op)->self);
            owner ? keep->pause() : void(keep->core.pause());
        }

        std::shared_ptr<multi_state> self;
    };

    /// Waits for a buffer of the pool.
    template <class Base>
    struct starving_operation : Base
    {
        starving_operation() noexcept : Base(&complete) {}

        static void complete(void* owner, scheduler_operation* op,
                             const boost::system::error_code&, std::size_t)
        {
            auto const keep = std::move(static_cast<starving_operation*>(op)->self);
            keep->core.feed();
            if (!owner)
                return keep->give_up();
            keep->run();
            // Somebody else may have a use for it.
            keep->event_.pass_on();
        }

        std::shared_ptr<multi_state> self;
    };
    struct nothing
    {
    };
    template <class T>
    struct starving_of
    {
        using type = nothing;
    };
    template <pooled_event T>
    struct starving_of<T>
    {
        using type = starving_operation<typename T::waiter_type>;
    };

    /// The operation has this result, and nothing follows.
    void settle(int result) noexcept;

    /// There was no buffer for it.
    void starve() noexcept
        requires pooled_event<E>;

    /// The engine has shut down.
    void give_up() noexcept
    {
        core.close();
        core.ended(-ECANCELED);
        if (multi_waiter* const w = core.stop_waiting())
            w->complete(nullptr, {}, 0);
    }

    /// False if it has ended already.
    bool start_operation() noexcept;

    // A child process would set an engine up for nothing.
    void cancel(op_id id) noexcept
    {
        if (id != op_id::none)
            engine_.cancel(id);
    }

    E event_;
    engine& engine_;
    io_object& common_;
    pause_operation pauser_;
    [[no_unique_address]] typename starving_of<E>::type starving_;
    struct operation final : startable<multi_op<E>>
    {
        using startable<multi_op<E>>::startable;
    };
    std::optional<operation> op_;
    // While the operation is in flight.
    std::shared_ptr<multi_state> self_;
};

template <class E>
multi_op<E>::multi_op(multi_state<E>& s) noexcept
    : event_op_base(plain_, &complete, traits::readiness(s.event()))
    , state_(s)
{
}

template <class E>
E& multi_op<E>::event() noexcept
{
    return state_.event();
}

template <class E>
verdict multi_op<E>::completion(io_operation& base, int& result, std::uint32_t flags)
{
    multi_op& op = cast(base);
    bool const more = (flags & completion_more) != 0;
    if constexpr (pooled_event<E>)
        result = op.event().arrived(result, flags, more);
    if constexpr (requires { op.event().again(result); })
        if (!more && result < 0 && op.event().again(result))
            return verdict::resubmit;
    if (!more && result < 0)
        return op.judge_event(result, traits::ends_when_cancelled());
    if constexpr (requires { op.event().adjust(result); })
        result = op.event().adjust(result);
    if (!op.state_.core.take(result, flags) && result >= 0)
    {
        if constexpr (pooled_event<E>)
            op.event().drop(flags);
        else
            (void)traits::result(op.event(), result, flags);
    }
    return more || op.state_.core.repeats() ? verdict::deliver : verdict::complete;
}

template <class E>
scheduler_operation* multi_op<E>::delivery(io_operation& base) noexcept
{
    multi_state<E>& state = cast(base).state_;
    if (multi_waiter* const w = state.core.next_waiter())
        return w;
    return state.core.is_to_pause() ? state.pauser() : nullptr;
}

template <class E>
void multi_op<E>::complete(void* owner, scheduler_operation* base,
                           const boost::system::error_code&, std::size_t)
{
    auto* const self = static_cast<multi_op*>(base);
    self->state_.op_ended(owner, self->result());
}

template <class E>
void multi_state<E>::op_ended(void* owner, int result)
{
    auto const keep = std::move(self_);
    if (!owner)
        return give_up();
    settle(result);
    run();
    if constexpr (pooled_event<E>)
        event_.pass_on();
}

template <class E>
void multi_state<E>::settle(int result) noexcept
{
    if constexpr (pooled_event<E>)
        if (result == -ENOBUFS)
            return starve();
    core.ended(result);
}

template <class E>
void multi_state<E>::starve() noexcept
    requires pooled_event<E>
{
    if (!core.starve())
        return;
    starving_.self = this->shared_from_this();
    bool fails = false;
    if (event_.go_on(starving_, fails) || fails)
    {
        starving_.self.reset();
        if (fails)
            core.ended(-ENOBUFS);
        core.feed();
    }
    else if (!core.is_hungry())
        stop_starving(); // who came between has not found it waiting
}

template <class E>
void multi_state<E>::run()
{
    for (;;)
    {
        if (multi_waiter* const w = core.next_waiter())
            engine_.post_immediate(*w, false);
        if (!core.is_to_start() || start_operation())
            return;
    }
}

template <class E>
bool multi_state<E>::start_operation() noexcept
{
    int result;
    try
    {
        op_.emplace(*this);
        io_object* object = &common_;
        // What can be waited for is, so that it is told of what is new.
        if (std::optional<int> const at_once = op_->begin(engine_, object, false))
        {
            result = *at_once;
            // What takes its buffers from a pool waits first.
            if constexpr (!pooled_event<E>)
                if (result >= 0 && !core.take(result, 0))
                    (void)traits::result(event_, result, 0);
        }
        else
        {
            op_id const id = engine_.reserve(*op_);
            core.set_id(id);
            op_->set_result(-ECANCELED);
            self_ = this->shared_from_this();
            try
            {
                if (engine_.start(*object, *op_, lane::unordered))
                {
                    if (core.is_ending())
                        engine_.cancel(id);
                    return true;
                }
            }
            catch (...)
            {
                engine_.unreserve(*op_);
                throw;
            }
            result = op_->result();
        }
    }
    catch (const std::bad_alloc&)
    {
        result = -ENOMEM;
    }
    catch (const boost::system::system_error& e)
    {
        result = e.code().category() == boost::system::system_category()
                     ? -e.code().value()
                     : -EOWNERDEAD; // a child that may not go on
    }
    self_.reset(); // before another thread may start it
    settle(result);
    return false;
}

/// What the user waits with.
template <class E>
class multi_front : public multi_waiter
{
public:
    using result_type = typename event_traits<E>::result_type;

    auto results(bool)
    {
        multi_item const& i = this->item();
        auto const error = event_op_base::error_of(i.result, event_traits<E>::opcode());
        auto value = i.result >= 0
                         ? event_traits<E>::result(state_->event(), i.result, i.flags)
                         : result_type();
        // A stream's errors are its last items all the same.
        if constexpr (pooled_event<E>)
            return std::tuple(error, std::move(value));
        else
            return std::tuple(error, std::move(value), i.last);
    }

protected:
    multi_front(scheduler_operation::func_type complete,
                std::shared_ptr<multi_state<E>> s) noexcept
        : multi_waiter(complete)
        , state_(std::move(s))
    {
    }

    ~multi_front() = default;

private:
    std::shared_ptr<multi_state<E>> state_;
};

/// Of a cancellation slot: whoever waits does not any more; the stream goes on.
template <class E>
class multi_cancellation
{
public:
    explicit multi_cancellation(std::weak_ptr<multi_state<E>> s) noexcept
        : state_(std::move(s))
    {
    }

    void operator()(boost::asio::cancellation_type_t type) noexcept
    {
        auto const s = state_.lock();
        if (!s || !asks_for_cancellation(type))
            return;
        if (multi_waiter* const w = s->core.stop_waiting())
        {
            s->get_engine().post_immediate(*w, false);
            s->stop_starving();
        }
    }

private:
    std::weak_ptr<multi_state<E>> state_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An event of several completions in the hands of an engine.
#pragma once

#include <urio/detail/event/multi_core.hpp>
#include <urio/detail/op/event_op.hpp>

#include <cstdint>

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

} // namespace detail
} // namespace urio::inline URIO_ABI

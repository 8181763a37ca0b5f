// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The operation that an event is.
#pragma once

#include <urio/detail/op/call.hpp>
#include <urio/detail/op/event_traits.hpp>
#include <urio/event/operations.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>

#include <cerrno>
#include <cstdint>
#include <tuple>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Neither the engine nor the event has a way to do it.
inline constexpr int result_operation_missing = -0x10003;

/// A stream of bytes has ended.
inline constexpr int result_end_of_stream = -0x10004;

/// The flags of completion entries that matter to every event (IORING_CQE_F_…).
inline constexpr unsigned completion_more = 1u << 1;
inline constexpr unsigned completion_notification = 1u << 3;

/// What events have in common, whatever they are.
class event_op_base : public io_operation
{
public:
    boost::system::error_code error() const noexcept
    {
        return error_of(result(), kind().opcode);
    }

    static boost::system::error_code error_of(int result, std::uint8_t opcode) noexcept
    {
        if (result == result_operation_missing)
            return {opcode, event::missing_operation()};
        if (result == result_end_of_stream)
            return boost::asio::error::eof;
        return io_operation::error_of(result);
    }

protected:
    event_op_base(const op_kind& k, func_type complete, short readiness) noexcept
        : io_operation(k, complete)
    {
        wake_events_ = static_cast<std::uint8_t>(readiness);
    }

    ~event_op_base() = default;

    verdict judge_event(int& result, bool ends_when_cancelled) const noexcept
    {
        // What a thread of the kernel was at when it was cancelled.
        if (result == -EINTR || result == -restart_system_call)
            result = -ECANCELED;
        if (result == -ECANCELED && ends_when_cancelled)
            return verdict::complete;
        if (result == -EAGAIN && wake_events_ != 0)
            return verdict::await_readiness;
        return judge_call(result);
    }

    /// Of the completion that the result is from.
    unsigned flags_ = 0;
};

/// Refuses entries with flags that are not an event's to set: they would change what
/// becomes of other entries, or suppress the completion.
void check_entry(io_uring_sqe& entry) noexcept;

/// The operation of one event, which has one result.
template <class E>
class event_op : public event_op_base
{
public:
    using traits = event_traits<E>;

    event_op(func_type complete, E&& e) noexcept
        : event_op_base(plain_, complete, traits::readiness(e))
        , event_(std::move(e))
    {
    }

    E& event() noexcept { return event_; }

    auto value()
    {
        using value_type = typename traits::result_type;
        return result() >= 0 ? traits::result(event_, result(), flags_) : value_type();
    }

    std::tuple<boost::system::error_code, typename traits::result_type, E>
    results(bool alive)
    {
        if constexpr (traits::partly_supported())
            if (alive && result() == -EOPNOTSUPP)
                this->set_result(event_.perform());
        auto v = value();
        return {error(), std::move(v), std::move(event_)};
    }

protected:
    ~event_op() = default;

    /// It will be for a thread of the pool.
    void use_pool() noexcept
    {
        become(pooled_);
        wake_events_ = 0;
    }

    /// It will be one of several that the kernel runs.
    void use_chain() noexcept { become(chained_); }
    void leave_chain() noexcept { become(plain_); }

    static constexpr op_kind make_kind() noexcept
    {
        op_kind k{
            .opcode = traits::opcode(), .prepare = &prepare, .completion = &completion};
        k.cancelled_by_others = true;
        k.bounded = &bounded;
        if constexpr (traits::has_perform)
        {
            k.perform = &perform;
            k.eager = traits::eager();
            k.pool = !traits::has_readiness && !traits::quick();
        }
        if constexpr (traits::has_readiness)
            k.waits_for = &waits_for;
        return k;
    }

    static constexpr op_kind make_pooled() noexcept
    {
        op_kind k = make_kind();
        k.pool = true;
        return k;
    }

    static constexpr op_kind make_chained() noexcept
    {
        op_kind k = make_kind();
        k.completion = &chained_completion;
        k.chained = true;
        return k;
    }

    E event_;

private:
    static event_op& cast(io_operation& base) noexcept
    {
        return static_cast<event_op&>(base);
    }

    static void prepare(io_operation& base, io_uring_sqe& entry)
    {
        cast(base).event_.prepare(entry);
        check_entry(entry);
    }

    static int perform(io_operation& base) { return cast(base).event_.perform(); }

    static bool bounded(const io_operation& base) noexcept
    {
        return traits::is_bounded(static_cast<const event_op&>(base).event_);
    }

    static int waits_for(const io_operation& base) noexcept
    {
        return traits::descriptor(static_cast<const event_op&>(base).event_);
    }

    /// Ends with one result: a notification's is that of the completion before it. What
    /// others brought that came before the last is given up.
    verdict note(int& result, unsigned flags, bool ends_when_cancelled) noexcept
    {
        if (flags & completion_notification)
        {
            result = first_;
            has_first_ = false;
            return verdict::keep;
        }
        if (has_first_ && first_ >= 0)
            (void)traits::result(event_, first_, flags_);
        if constexpr (requires { event_.settled(result); })
            result = event_.settled(result);
        flags_ = flags;
        has_first_ = (flags & completion_more) != 0;
        if (!has_first_)
            return judge_event(result, ends_when_cancelled);
        first_ = result;
        return verdict::keep;
    }

    static verdict completion(io_operation& base, int& result, std::uint32_t flags)
    {
        return cast(base).note(result, flags, traits::ends_when_cancelled());
    }

    // In a chain that the kernel runs all that it says is a result.
    static verdict chained_completion(io_operation& base, int& result,
                                      std::uint32_t flags)
    {
        verdict const v = cast(base).note(result, flags, true);
        return v == verdict::keep ? v : verdict::complete;
    }

    int first_ = 0;
    bool has_first_ = false;

    static const op_kind plain_, pooled_, chained_;
};

template <class E>
const op_kind event_op<E>::plain_ = make_kind();
template <class E>
const op_kind event_op<E>::pooled_ = make_pooled();
template <class E>
const op_kind event_op<E>::chained_ = make_chained();

} // namespace detail
} // namespace urio::inline URIO_ABI

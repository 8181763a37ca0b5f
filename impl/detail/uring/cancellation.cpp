// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The cancellation of operations, and the search for those whose completions are lost.

#include "uring_engine.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{

void uring_engine::cancel(op_id id) noexcept
{
    cancel(id, false);
}

void uring_engine::abandon(op_id id) noexcept
{
    cancel(id, true);
}

void uring_engine::cancel(op_id id, bool abandoned) noexcept
{
    if (!usable())
        return;
    completed done;
    lock l(mutex_);
    io_operation* op = table_.find(static_cast<std::uint64_t>(id));
    if (!op || op->state_ == op_state::idle || shut_down_)
        return;
    // Nothing but its last completion will come to it.
    if (abandoned && op->state_ == op_state::in_kernel && !op->ring_.to_try &&
        !op->ring_.poll_armed)
        detach(*op, done);
    request_cancel(*op, done);
    hand_requests_over(l, done);
}

void uring_engine::cancel(io_object& object) noexcept
{
    if (!usable())
        return;
    completed done;
    lock l(mutex_);
    if (shut_down_)
        return;
    object.for_each([&](io_operation& op) { request_cancel(op, done); });
    hand_requests_over(l, done);
}

void uring_engine::hand_requests_over(lock& l, completed& done) noexcept
{
    ring_->publish();
    visitors::visit const v(visitors_);
    bool const nobody_else_will = waiting_.load(std::memory_order_relaxed);
    l.unlock();

    scheduler_.post_deferred_completions(done);
    if (nobody_else_will)
        submit_now();
}

void uring_engine::request_cancel(io_operation& op, completed& done)
{
    if (op.cancel_requested_)
        return;
    op.cancel_requested_ = true;
    switch (op.state_)
    {
    case op_state::parked:
        // Behind one that is being cancelled as well, it ends after that one, unless it
        // is not to wait for the kernel.
        if (op.kind().detach || !op.prev_in_lane_ || !op.prev_in_lane_->cancel_requested_)
            finish(op, -ECANCELED, done);
        break;
    case op_state::in_kernel:
        // A disk that is at work cannot be stopped; but what it has done counts. What
        // waits for another side can: the answer to the cancellation tells.
        if (object_of(op).traits().bounded && op.kind().detach &&
            !ring_->completed(token::make(tag::operation, op.id_)))
            detach(op, done);
        if (queued_cancels_ != 0 || !write_cancel(op))
            queue_cancel(op);
        break;
    case op_state::backlog: // drain() looks at the request
    case op_state::idle:
    case op_state::in_pool:
        break;
    }
}

void uring_engine::queue_cancel(io_operation& op) noexcept
{
    if (op.ring_.cancel_queued)
        return;
    op.ring_.cancel_queued = true;
    ++queued_cancels_;
    set_chores(true);
}

// False if the queue is full.
bool uring_engine::drain_cancels()
{
    bool room = true;
    table_.visit_from(next_cancel_,
                      [&](io_operation& op)
                      {
                          room = !op.ring_.cancel_queued || write_cancel(op);
                          if (room && op.ring_.cancel_queued)
                              forget_queued_cancel(op);
                          return room && queued_cancels_ != 0;
                      });
    return room;
}

bool uring_engine::write_cancel(io_operation& op)
{
    return fill_entry(
        token::make(tag::cancellation, op.id_), [&](::io_uring_sqe* sqe)
        { ::io_uring_prep_cancel64(sqe, token::make(tag::operation, op.id_), 0); });
}

void uring_engine::forget_queued_cancel(io_operation& op) noexcept
{
    op.ring_.cancel_queued = false;
    --queued_cancels_;
}

// Whether the kernel may have cancelled the operation of its own accord, because the
// thread that submitted it has ended. Then it has not run. A file may have a use of its
// own for the same error (a timerfd whose clock was set), which is the user's to know.
// What has threads of the pool to go to ends there after a few attempts, and what the
// file says there is its own.
bool uring_engine::may_be_lost(const io_operation& op) const noexcept
{
    return op.ring_.probed ||
           op.thread_exits_ != thread_exits.load(std::memory_order_acquire) ||
           (needs_worker(op) && !op.kind().cancelled_by_others);
}

void uring_engine::dispatch_cancellation(const ::io_uring_cqe& cqe, completed& ready)
{
    if (cqe.res != -ENOENT && cqe.res != -EALREADY)
        return;
    io_operation* op = table_.find(token::name(cqe.user_data));
    if (!op || op->state_ != op_state::in_kernel || shut_down_)
        return;
    if (cqe.res == -EALREADY)
    {
        // A thread of the kernel is at it, for as long as it takes.
        if (op->cancel_requested_ &&
            !ring_->completed(token::make(tag::operation, op->id_)))
            detach(*op, ready);
        return;
    }

    if (waits_in_chain(*op))
        return; // it is asked for again when that begins
    // The operation's own completion decides. But one that the kernel was moving from
    // a poll to its execution at that moment is not found, and may go on waiting: ask
    // again.
    constexpr unsigned enough = 8;
    if (op->ring_.cancel_attempts < enough)
    {
        ++op->ring_.cancel_attempts;
        queue_cancel(*op);
    }
    else if (op->ring_.probed && !op->ring_.to_try)
    {
        // Neither the kernel nor the queue has it, see below.
        --completions_due_;
        if (!op->ring_.awaiting_readiness)
            leave_the_kernel(*op);
        finish(*op, op->ring_.has_result ? op->result() : result_completion_lost, ready);
    }
}

// The kernel had no memory to keep a completion (EBADR). Which one is unknown, so
// each operation is looked for by cancelling it: what the kernel still has comes back
// as cancelled without anybody having asked, and is submitted again; what it does not
// have any more was lost. Operations on regular files and disks end by themselves, and
// cannot be found while the device is at work: they are not looked for.
void uring_engine::probe_for_losses()
{
    lock l(mutex_);
    lossy_ = true;
    table_.for_each(
        [&](io_operation& op)
        {
            if (op.state_ != op_state::in_kernel || object_of(op).traits().bounded ||
                waits_in_chain(op))
                return;
            op.ring_.probed = true;
            op.ring_.cancel_attempts = 0;
            queue_cancel(op);
        });
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Waits for readiness, and what is done without waiting when it comes.
//
// The kernel ends a wait also for what nobody has asked for: errors, hang-ups, and the
// peer's end (POLLRDHUP), which then end every further wait at once. So a wait that
// has led to nothing is followed by one for edges: by an entry that reports what happens
// from then on, each time. Where not even that tells, it is tried from time to time.

#include "uring_engine.hpp"

#include <urio/detail/system/readiness.hpp>

#include <fcntl.h>
#include <sys/ioctl.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// How often an operation may find nothing to do where its descriptor was said to be
// ready, before that counts as no news.
constexpr unsigned fruitless_attempts = 4;

// How often is tried again what no event tells of, such as room in the queue of a
// datagram socket that this one is not connected to.
constexpr ::__kernel_timespec retry_timeout{0, 10'000'000};

// What readiness is waited for, but not what only wakes (see urgent_events).
bool is_asked_for(const io_operation& op, int events) noexcept
{
    return !is_wakeup_only(events) && (events & op.wake_events_) != 0;
}

// As poll(2) has it: errors and hang-ups, too.
bool is_what_ends_a_wait(const io_operation& op, int events) noexcept
{
    return !is_wakeup_only(events) &&
           (events & (op.wake_events_ | POLLERR | POLLHUP)) != 0;
}

} // namespace

void uring_engine::prepare_wait(io_operation& op, ::io_uring_sqe& sqe) noexcept
{
    op.ring_.poll_armed = op.ring_.edges && !op.retried();
    if (op.retried())
        return ::io_uring_prep_timeout(
            &sqe, const_cast<::__kernel_timespec*>(&retry_timeout), 0, 0);
    if (!op.ring_.edges)
        return ::io_uring_prep_poll_add(&sqe, op.awaited_descriptor(),
                                        static_cast<unsigned>(op.wake_events_));
    ::io_uring_prep_poll_multishot(&sqe, op.awaited_descriptor(),
                                   static_cast<unsigned>(op.wake_events_));
}

// A terminal, for example, blocks its reader and its writer unless it is in non-blocking
// mode, whatever poll(2) says, and whoever reads or writes: here, the thread in
// io_uring_enter(2).
void uring_engine::prepare_device(io_object& object, io_operation& op) noexcept
{
    bool known;
    {
        lock l(mutex_);
        op.ring_.substituted = true;
        known = object.non_blocking_;
    }
    if (known)
        return;
    int const flags = ::fcntl(object.descriptor(), F_GETFL);
    bool const blocking = flags >= 0 && !(flags & O_NONBLOCK);
    bool const changed =
        blocking && ::fcntl(object.descriptor(), F_SETFL, flags | O_NONBLOCK) == 0;
    lock l(mutex_);
    object.found_blocking_ = changed;
    object.non_blocking_ = true;
}

void uring_engine::mode_changed(io_object& object) noexcept
{
    lock l(mutex_);
    object.non_blocking_ = object.non_blocking_ && !object.traits().by_readiness;
    object.found_blocking_ = false;
}

// The final completion of a wait. False if the operation is to be judged by it. Under the
// lock.
bool uring_engine::wait_has_ended(io_operation& op, int result, completed& ready)
{
    op.ring_.awaiting_readiness = false;
    bool const edges = op.ring_.poll_armed;
    op.ring_.poll_armed = false;
    if (op.ring_.has_result)
        return finish(op, op.result(), ready), true;
    if (op.ring_.to_try)
    {
        op.state_ = op_state::in_pool; // it goes on from there
        return true;
    }
    if (result == -ETIME)
        result = 0;
    if (result >= 0)
        return became_ready(op, result, ready), true;
    // Before Linux 5.13 there are no such entries.
    if (edges && result == -EINVAL && !op.cancel_requested_ && !shut_down_)
    {
        op.set_retried(true);
        op.ring_.awaiting_readiness = true;
        return submit(op), true;
    }
    if (result == -ECANCELED && may_be_lost(op) && !op.cancel_requested_ && !shut_down_)
    {
        op.ring_.awaiting_readiness = true;
        return submit(op), true;
    }
    return false;
}

// A wait has something to report. Under the lock.
void uring_engine::became_ready(io_operation& op, int events, completed& ready)
{
    if (shut_down_)
        return op.ring_.poll_armed ? void() : finish(op, -ECANCELED, ready);
    if (op.ring_.has_result)
        return;
    // Its descriptor may have been closed since.
    if (op.cancel_requested_ && !op.ring_.poll_armed && !op.kind().wait)
        return finish(op, -ECANCELED, ready);
    if (op.ring_.poll_armed || op.ring_.substituted || op.ring_.edges)
        return try_soon(op);
    if (op.kind().wait && is_what_ends_a_wait(op, events))
        return finish(op, events, ready);
    if (!op.kind().wait && is_asked_for(op, events) && op.attempts() < fruitless_attempts)
    {
        count(counters_.resubmitted);
        return submit(op); // now for the operation itself
    }
    op.ring_.edges = true;
    try_soon(op);
}

void uring_engine::try_soon(io_operation& op) noexcept
{
    if (op.ring_.to_try)
        return;
    op.ring_.to_try = true;
    // Its descriptor stays open meanwhile.
    ++object_of(op).by_number_;
    if (!op.ring_.poll_armed)
        op.state_ = op_state::in_pool; // nothing is in the kernel that could be cancelled
    to_try_.push(&op);
    trials_.store(true, std::memory_order_relaxed);
}

int uring_engine::try_now(io_operation& op) noexcept
{
    if (op.kind().non_blocking && !op.kind().disk && !object_of(op).non_blocking_)
    {
        int on = 1;
        if (::ioctl(op.descriptor(), FIONBIO, &on) != 0)
            return -errno;
        lock l(mutex_);
        object_of(op).non_blocking_ = true;
    }
    int result;
    do
        result = op.kind().perform(op);
    while (result == -EINTR);
    return result;
}

void uring_engine::try_what_is_ready(completed& ready)
{
    for (;;)
    {
        io_operation* op;
        bool cancelled;
        {
            lock l(mutex_);
            op = to_try_.front();
            if (!op)
                break;
            to_try_.pop();
            op->count_attempt();
            if (op->kind().begin)
                op->kind().begin(*op);
            cancelled = op->cancel_requested_;
        }
        int const result = cancelled ? -ECANCELED : try_now(*op);
        lock l(mutex_);
        op->ring_.to_try = false;
        --object_of(*op).by_number_;
        if (!cancelled)
            after_trial(*op, result, ready);
        else if (!op->ring_.poll_armed)
            finish(*op, result, ready);
    }
    lock l(mutex_);
    trials_.store(!to_try_.empty(), std::memory_order_relaxed);
    ring_->publish();
}

// Under the lock.
void uring_engine::after_trial(io_operation& op, int result, completed& ready)
{
    verdict v = meaning_of(op, result);
    if (v == verdict::deliver)
        deliver(op, ready);
    v = decide(v, result, false).next;
    // Not the kernel's word for a lost request, but the file's own.
    if (result == -ECANCELED)
        v = verdict::complete;
    // A connection that was gone before it was accepted: the next one.
    if (v == verdict::resubmit)
        return try_soon(op);

    if (v == verdict::complete)
    {
        if (!op.ring_.poll_armed)
            return finish(op, result, ready);
        op.ring_.has_result = true;
        op.set_result(result);
    }
    else if (!op.ring_.poll_armed)
    {
        if (op.cancel_requested_)
            return finish(op, -ECANCELED, ready);
        op.ring_.edges = op.ring_.awaiting_readiness = true;
        count(counters_.resubmitted);
        return submit(op);
    }
    else if (!op.retried())
        return; // the next event, or the end of a cancelled wait

    // The wait is of no use any more.
    op.ring_.probed = true;
    if (!op.cancel_requested_)
        queue_cancel(op);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

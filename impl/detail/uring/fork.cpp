// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// fork(2): the parent keeps its ring, and the child gets one of its own.

#include "uring_engine.hpp"

#include <boost/system/system_error.hpp>

#include <unistd.h>
#include <utility>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

void uring_engine::notify_fork(boost::asio::execution_context::fork_event event)
{
    switch (event)
    {
    case boost::asio::execution_context::fork_prepare:
        if (!forked())
            settle_before_fork();
        break;
    case boost::asio::execution_context::fork_child:
        if (!forked())
            break;
        // Many a child is about to call exec, and its parent has other threads: no more
        // is done, and no lock is taken, before the engine is used.
        notified_ = process::fork_generation();
        watched_ = -1;
        if (ring_)
            ring_->disown();
        ring_.reset();
        break;
    case boost::asio::execution_context::fork_parent:
        if (!forked())
            resume_in_parent();
        break;
    }
}

// Both processes will go on with what is pending. So what is about to happen must
// have happened before, or it would happen twice: a short send, a write to a file. And
// the kernel must have nothing else that it could carry out between now and the fork: a
// connection that it accepted then would be open in the child, too, which knows nothing
// of it, and what it received would be lost with a parent that goes away.
void uring_engine::settle_before_fork()
{
    {
        lock l(mutex_);
        held_ = false; // if an earlier fork was given up
    }
    pool_.settle();
    bool bounded = bounded_pending(where::anywhere);
    // What the kernel has not seen yet need not be settled, unless it would happen twice;
    // a turn would make this thread the one that may run the context.
    if (options_.threads == thread_mode::exclusive && !started_ && !bounded)
        return;
    if (!may_enter())
        check_caller();
    if (bounded)
        resume_inherited();

    while (bounded)
    {
        settle_for_a_moment();
        bounded = bounded_pending(where::anywhere);
    }
    {
        lock l(mutex_);
        held_ = true;
        holder_ = this_thread();
        set_chores(true);
    }
    while (recall_all())
        settle_for_a_moment();
}

// Not a turn, which another thread may be in.
void uring_engine::settle_for_a_moment()
{
    completed done;
    (void)tidy_up();
    {
        lock l(mutex_);
        drain(done);
        ring_->publish();
    }
    if (pool_.wants_threads())
        pool_.open();
    try
    {
        ::__kernel_timespec limit{0, 10'000'000};
        int const result = enter(ring_->unsubmitted(), 1, 0, &limit);
        if (result < 0)
            handle_enter_error(-result);
        if (int const error = reap(done); error < 0)
            handle_enter_error(-error);
        if (pool_.wants_threads())
            pool_.open();
    }
    catch (...)
    {
        scheduler_.post_deferred_completions(done);
        throw;
    }
    scheduler_.post_deferred_completions(done);
}

/// Has the kernel give back what it has. It comes with a result, or as cancelled, and
/// waits in the backlog then. Returns whether some of it is still to come; asks again for
/// what was on the move in the kernel when it was looked for.
bool uring_engine::recall_all()
{
    lock l(mutex_);
    bool any = false;
    table_.for_each(
        [&](io_operation& op)
        {
            if (op.state_ != op_state::in_kernel)
                return;
            any = true;
            if (!op.ring_.recalled)
                op.ring_.cancel_attempts = 0;
            op.ring_.recalled = true;
            if (!op.ring_.cancel_queued && (queued_cancels_ != 0 || !write_cancel(op)))
                queue_cancel(op);
        });
    return any;
}

/// The parent gives the kernel what it had.
void uring_engine::resume_in_parent()
{
    {
        lock l(mutex_);
        if (!held_)
            return;
        held_ = false;
        set_chores(true);
        if (!waiting_.load(std::memory_order_relaxed))
            return; // the next turn submits it
    }
    submit_now();
}

/// In a child process, before anything else is done with the engine there: it gets a ring
/// of its own. What was pending is not given to it yet, for it is the parent's as well,
/// until the child runs it.
void uring_engine::take_over()
{
    std::lock_guard const t(taking_over_);
    if (!forked())
        return; // another thread of the child's was faster
    if (notified_ != process::fork_generation())
        throw boost::system::system_error(errc::forked_without_notification);
    if (mutex_.torn())
        throw boost::system::system_error(
            errc::forked_without_notification,
            "the context was in use by another thread when the process was forked");
    ring_.emplace(options_);
    ::close(std::exchange(wakeup_descriptor_, -1));
    open_wakeup();
    pool_.disown();

    // Other threads of the child may make objects, and names for operations, meanwhile.
    std::vector<io_object*> registered;
    lock l(mutex_);
    visitors_.forget(); // threads of the parent's

    completions_due_ = 0;
    wakeup_armed_ = watch_armed_ = wakeup_pending_ = started_ = false;
    held_ = false;
    set_chores(true);
    set_waiting(false);
    table_.for_each([](io_operation& op)
                    { op.ring_.cancel_queued = op.ring_.to_try = false; });
    queued_cancels_ = 0;
    waiting_in_threads_ = expected_in_threads_ = 0;
    while (!to_try_.empty())
        to_try_.pop();
    while (!backlog_.empty())
        backlog_.pop();
    for (io_object& object : objects_)
    {
        object.last_entry_ = ring_->position();
        object.in_pool_ = object.by_number_ = 0;
        object.found_blocking_ = false; // the parent needs it as it is
        if (object.slot_ >= 0)
            registered.push_back(&object);
    }
    l.unlock();
    restore_registrations(registered);
    l.lock();
    // All that the parent's kernel or threads have, or were to have.
    while (!inherited_.empty())
        inherited_.pop();
    table_.for_each(
        [&](io_operation& op)
        {
            if (op.state_ == op_state::idle || op.state_ == op_state::parked)
                return;
            op.state_ = op_state::backlog;
            op.ring_.recalled = false;
            if (!op.ring_.follows) // those that do come with the first
                inherited_.push(&op);
        });
    fork_generation_.store(process::fork_generation(), std::memory_order_release);
}

/// In the child's first turn.
void uring_engine::resume_inherited() noexcept
{
    lock l(mutex_);
    // Before what the child has started since.
    inherited_.push(backlog_);
    backlog_.push(inherited_);
    set_chores(true);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

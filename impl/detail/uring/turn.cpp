// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// One turn of the loop: submit, wait, and collect what has completed.

#include "uring_engine.hpp"

#include <urio/detail/system/readiness.hpp>

#include <boost/system/system_error.hpp>

#include <sched.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
bool uring_engine::turn(long timeout, op_queue<scheduler_operation>& ready)
{
    if (!started_ || forked() || !may_enter())
        check_caller();
    watch_ready_ = false;
    read_at_once_.store(false, std::memory_order_relaxed);

    for (bool more = true; more;)
    {
        bool wait = timeout != 0;
        unsigned submit;
        // What becomes a chore after this look is left to the next turn.
        bool tidy = false;
        if (chores_.load(std::memory_order_relaxed))
        {
            if (pool_.wants_threads())
            {
                pool_.open();
                wait = false; // what is refused completes at once
            }
            tidy = tidy_up();
        }
        {
            lock l(mutex_);
            more = chores_.load(std::memory_order_relaxed) && !do_chores(ready, tidy);
            wait = wait && !more && ready.empty() &&
                   !trials_.load(std::memory_order_relaxed) &&
                   !ring_->completions_available();
            set_waiting(wait);
            submit = ring_->unsubmitted();
        }

        bool const flush = ring_->needs_flush();
        if (submit != 0 || wait || flush)
        {
            ::__kernel_timespec limit{timeout / 1000000, timeout % 1000000 * 1000};
            int const result =
                enter(submit, wait ? 1 : 0, flush ? IORING_ENTER_GETEVENTS : 0,
                      wait && timeout > 0 ? &limit : nullptr);
            set_waiting(false);
            if (result < 0)
            {
                more = false;
                handle_enter_error(-result);
            }
        }
        if (ring_->completions_available() || ring_->overflowed())
        {
            if (int const error = reap(ready); error < 0)
                handle_enter_error(-error);
        }
        else
            last_batch_.store(0, std::memory_order_relaxed);
        if (trials_.load(std::memory_order_relaxed)) [[unlikely]]
            try_what_is_ready(ready);
    }
    return watch_ready_;
}

// What is not there to be done in most turns. False if some of it has to wait for
// room in the submission queue.
bool uring_engine::do_chores(completed& done, bool tidy)
{
    if (held_ && holder_ == this_thread())
        held_ = false; // the fork was given up
    drain(done);
    arm_wakeup();
    arm_watch();
    ring_->publish();
    bool const all = !backlog_waits() && queued_cancels_ == 0 && !pool_.wants_threads();
    set_chores(!all || !tidy || held_ || closing_ || leaving_ || !wakeup_armed_ ||
               (watched_ >= 0 && !watch_armed_));
    // A wait that nothing can end must not begin.
    return all && wakeup_armed_ && (watched_ < 0 || watch_armed_);
}

void uring_engine::check_caller()
{
    if (forked())
        take_over();
    if (!started_)
    {
        resume_inherited();
        if (int const error = ring_->enable(); error < 0)
            throw boost::system::system_error(-error, boost::system::system_category(),
                                              "io_uring_enable_rings");
        owner_ = this_thread();
        owner_tid_ = ::gettid();
        started_.store(true, std::memory_order_release);
    }
    else
        throw_wrong_thread(owner_tid_);
}

// Nothing is lost by an error here: entries that were not taken stay in the queue for
// the next turn, and completions stay until they are collected.
void uring_engine::handle_enter_error(int error)
{
    switch (error)
    {
    case ETIME:
    case EINTR:
    case EBADR: // see probe_for_losses()
        return;
    case EAGAIN: // no memory for requests just now
    case EBUSY:  // completions must be collected first, which comes next
        ::sched_yield();
        return;
    case EEXIST:
        throw boost::system::system_error(errc::wrong_thread);
    default:
        throw boost::system::system_error(error, boost::system::system_category(),
                                          "io_uring_enter");
    }
}

int uring_engine::reap(completed& ready) noexcept
{
    int error = 0;
    lock l(mutex_);
    for (;;)
    {
        std::uint64_t const n =
            ring_->consume([&](const ::io_uring_cqe& cqe) { dispatch(cqe, ready); });
        count(counters_.completions, n);
        last_batch_.store(n, std::memory_order_relaxed);
        if (!ring_->overflowed())
            break;
        count(counters_.overflows);
        l.unlock();
        int const result = enter(0, 0, IORING_ENTER_GETEVENTS, nullptr);
        l.lock();
        if (result < 0 && result != -EINTR)
        {
            error = result;
            break;
        }
    }
    ring_->publish();
    bool const woken = std::exchange(wakeup_pending_, false);
    l.unlock();

    if (woken)
    {
        std::uint64_t n;
        (void)!::read(wakeup_descriptor_, &n, sizeof(n));
    }
    return error;
}

void uring_engine::dispatch(const ::io_uring_cqe& cqe, completed& ready)
{
    if (!(cqe.flags & IORING_CQE_F_MORE))
        --completions_due_;

    switch (token::kind(cqe.user_data))
    {
    case tag::operation:
        dispatch_operation(cqe, ready);
        break;
    case tag::cancellation:
        dispatch_cancellation(cqe, ready);
        break;
    case tag::watch:
        watch_armed_ = false;
        set_chores(true);
        watch_ready_ = watch_ready_ || cqe.res > 0;
        break;
    case tag::wakeup_poll:
        wakeup_armed_ = false;
        set_chores(true);
        wakeup_pending_ = wakeup_pending_ || cqe.res > 0;
        break;
    case tag::cancel_all:
        // Before Linux 5.19 the kernel cannot cancel everything at once.
        if (cqe.res == -EINVAL)
            cancel_any_ = false;
        nothing_left_ = cqe.res == 0 || cqe.res == -ENOENT ? nothing_left_ + 1 : 0;
        break;
    case tag::wakeup:
        break;
    }
}

void uring_engine::complete(io_operation& op, op_list& list, int result, completed& done)
{
    if (op.ring_.cancel_queued)
        forget_queued_cancel(op);
    if (op.ring_.link != chain_link::none) [[unlikely]]
        cancel_what_follows(op);
    table_.erase(op.id_);
    count(counters_.in_flight, static_cast<std::uint64_t>(-1));
    list.erase(op);
    op.set_result(result);
    op.target_ = nullptr;
    done.push(&op);
}

// The end of an operation: out of the table and out of its lane, where the next one
// starts.
void uring_engine::finish(io_operation& op, int result, completed& done)
{
    io_object& object = object_of(op);
    op_list& list = object.operations(op.lane_);
    complete(op, list, result, done);
    if (!list.empty() || !object.operations(lane::last).empty() || object.orphaned_)
        [[unlikely]]
        start_next(object, list, done);
}

// Whoever comes next on the object.
[[gnu::noinline]] void uring_engine::start_next(io_object& object, op_list& list,
                                                completed& done)
{
    io_operation* next = list.first();
    for (; next && next->state_ == op_state::parked && next->cancel_requested_;
         next = list.first())
        complete(*next, list, -ECANCELED, done);
    if (next && next->state_ == op_state::parked && !shut_down_)
        submit(*next);
    start_last(object);
    if (object.orphaned_ && object.idle() && !object.close_pending_)
        free_object(object);
}

// Once for each completion, see start().
[[gnu::flatten]] void uring_engine::dispatch_operation(const ::io_uring_cqe& cqe,
                                                       completed& ready)
{
    io_operation* op = table_.find(token::name(cqe.user_data));
    if (!op)
    {
        // It was given up as lost, and not owed any more.
        if (!(cqe.flags & IORING_CQE_F_MORE))
            ++completions_due_;
        return;
    }
    if (cqe.flags & IORING_CQE_F_MORE)
    {
        if (op->ring_.poll_armed)
            became_ready(*op, cqe.res, ready);
        else
            take_note(*op, cqe, ready);
        return;
    }
    int result = cqe.res;
    if (!op->ring_.awaiting_readiness)
    {
        // The common rules have nothing to say of a success.
        if (result >= 0 && !op->kind().completion) [[likely]]
            return finish(*op, result, ready);
        if (op->kind().by_number || op->kind().waits_in_thread)
            leave_the_kernel(*op);
        if (result >= 0)
        {
            verdict const v = op->kind().completion(*op, result, cqe.flags);
            return v == verdict::complete ? finish(*op, result, ready)
                                          : conclude(*op, v, result, ready);
        }
    }
    if (op->ring_.recalled && result == -ECANCELED && !op->cancel_requested_ &&
        !op->kind().chained && !op->ring_.has_result && !op->ring_.to_try && !shut_down_)
        return submit(*op); // when the process has forked
    if (op->ring_.awaiting_readiness && wait_has_ended(*op, result, ready))
        return;
    verdict v = meaning_of(*op, result, cqe.flags);
    if (result == -ECANCELED && v == verdict::resubmit && !may_be_lost(*op))
        v = verdict::complete; // the file's own word for something
    conclude(*op, v, result, ready);
}

// A completion that others will follow.
[[gnu::noinline]] void
uring_engine::take_note(io_operation& op, const ::io_uring_cqe& cqe, completed& ready)
{
    int result = cqe.res;
    if (meaning_of(op, result, cqe.flags) == verdict::deliver)
        deliver(op, ready);
}

void uring_engine::conclude(io_operation& op, verdict v, int result, completed& ready)
{
    if (v == verdict::deliver)
        deliver(op, ready);
    decision const d = decide(v, result, op.cancel_requested_ || shut_down_);
    switch (d.next)
    {
    case verdict::complete:
        finish(op, d.result, ready);
        break;
    case verdict::await_readiness:
        op.ring_.awaiting_readiness = op.wake_events_ != 0;
        // A send says so whatever the descriptor's mode is.
        object_of(op).non_blocking_ =
            object_of(op).non_blocking_ ||
            (result == -EAGAIN && !op.kind().eager && !op.kind().waits_for);
        [[fallthrough]];
    case verdict::resubmit:
        count(counters_.resubmitted);
        submit(op);
        break;
    case verdict::deliver:
    case verdict::keep:
        break; // decide() makes something else of them
    }
}

// What it had in the kernel has ended.
void uring_engine::leave_the_kernel(io_operation& op) noexcept
{
    if (op.kind().by_number)
        --object_of(op).by_number_;
    if (op.kind().waits_in_thread)
        waiting_in_threads_.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

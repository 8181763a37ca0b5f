// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The end of the engine.

#include "uring_engine.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

namespace
{

// Whether entering the kernel is pointless from now on, unlike what handle_enter_error()
// and the loop below are patient with.
bool is_refusal(int error) noexcept
{
    switch (error)
    {
    case ETIME:
    case EINTR:
    case EBADR:
    case EAGAIN:
    case EBUSY:
    case ENOMEM:
        return false;
    default:
        return true;
    }
}

} // namespace

void uring_engine::cancel_all() noexcept
{
    lock l(mutex_);
    auto const cancel = [&](std::uint64_t target, unsigned flags)
    {
        fill_entry(token::make(tag::cancel_all),
                   [&](::io_uring_sqe* sqe)
                   {
                       ::io_uring_prep_cancel64(sqe, target, 0);
                       sqe->cancel_flags = flags;
                   });
    };
    if (cancel_any_)
        cancel(0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    else
    {
        cancel(token::make(tag::watch), 0);
        cancel(token::make(tag::wakeup_poll), 0);
        table_.for_each(
            [&](io_operation& op)
            {
                if (op.state_ == op_state::in_kernel)
                    cancel(token::make(tag::operation, op.id_), 0);
            });
    }
    ring_->publish();
}

void uring_engine::shut_down(completed& unfinished) noexcept
{
    {
        lock l(mutex_);
        shut_down_ = true;
    }
    if (forked())
    {
        pool_.disown();
        return take_unfinished(unfinished);
    }
    visitors_.await_end();
    pool_.stop();

    if (!may_enter())
    {
        // Nobody has run the context yet, so that the kernel has seen nothing of it;
        // or the thread that ran it has exited, and the kernel has cancelled what can
        // be cancelled.
        if (counters_.in_flight.load(std::memory_order_relaxed) != 0 && owner_alive())
        {
            std::fprintf(stderr,
                         "urio: an exclusive context with operations in flight must be "
                         "destroyed by the thread that ran it (%d), not by thread %d\n",
                         static_cast<int>(owner_tid_), static_cast<int>(::gettid()));
            std::terminate();
        }
        // What has completed may have brought a descriptor.
        if (ring_->completions_available())
            (void)reap(unfinished);
        if (started_)
            await_bounded(unfinished);
        return take_unfinished(unfinished);
    }

    // What was started is submitted first, as if the last turn had still taken place.
    submit_now();
    cancel_all();
    while (completions_due_ != 0)
    {
        // What cannot be cancelled, such as a write to a disk, is waited for. Requests
        // that were on the move while they were looked for are looked for again.
        ::__kernel_timespec limit{0, 10'000'000};
        int const result = enter(ring_->unsubmitted(), 1, 0, &limit);
        if (result < 0 && is_refusal(-result))
            return end_without_entering(unfinished, -result);
        reap(unfinished);
        if (result == -ETIME)
        {
            // Where the kernel has lost completions, nobody will bring them.
            if (lossy_ && nothing_left_ >= 3 && !bounded_pending(where::in_kernel))
                break;
            cancel_all();
        }
        else if (result < 0 && result != -EINTR)
            ::sched_yield();
    }
    take_unfinished(unfinished);
}

int uring_engine::refusal() noexcept
{
    int const result = ring_->enter(0, 0, 0, nullptr);
    return result < 0 && is_refusal(-result) ? -result : 0;
}

// io_uring_enter(2) is refused for good: the program has shut itself in (seccomp(2)), or
// has closed all descriptors. What the kernel has taken it still works on, and nothing of
// that may be destroyed: the ring's end cancels it, some time after the ring is closed.
void uring_engine::end_without_entering(completed& unfinished, int error) noexcept
{
    forget_unsubmitted();
    // A disk is done in time. For the rest there is another call, which may be refused,
    // too.
    bool const cancelled = cancel_by_registration();
    constexpr int limit = 5000;
    for (int waited = 0; waited != limit && any_in_kernel() &&
                         (cancelled || bounded_pending(where::in_kernel));
         ++waited)
    {
        collect(unfinished);
        ::poll(nullptr, 0, 1);
    }
    collect(unfinished);
    if (unsigned const n = leave_to_kernel())
    {
        left_to_kernel_ = true;
        std::fprintf(stderr,
                     "urio: a context is destroyed, io_uring_enter fails (%s), and the "
                     "kernel has not finished %u operations: their memory is never "
                     "freed\n",
                     std::strerror(error), n);
    }
    take_unfinished(unfinished);
}

void uring_engine::forget_unsubmitted() noexcept
{
    lock l(mutex_);
    ring_->for_each_unsubmitted(
        [&](const ::io_uring_sqe& sqe)
        {
            if (token::kind(sqe.user_data) == tag::operation)
                if (io_operation* const op = table_.find(token::name(sqe.user_data)))
                    op->state_ = op_state::parked;
        });
}

// IORING_REGISTER_SYNC_CANCEL (Linux 6.0) of everything.
bool uring_engine::cancel_by_registration() noexcept
{
    struct
    {
        std::uint64_t address = 0;
        std::int32_t descriptor = -1;
        std::uint32_t flags = IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL;
        ::__kernel_timespec timeout = {0, 10'000'000};
        std::uint64_t reserved[4] = {};
    } const everything;
    constexpr unsigned sync_cancel = 24;
    // Its completions show only where threads need not enter the kernel to get them.
    constexpr unsigned defer_taskrun = 1u << 13;
    return !(ring_->setup_flags() & defer_taskrun) &&
           ring_->change(sync_cancel, &everything, 1) >= 0;
}

// Completions that are there already.
void uring_engine::collect(completed& unfinished) noexcept
{
    lock l(mutex_);
    count(counters_.completions,
          ring_->consume([&](const ::io_uring_cqe& cqe) { dispatch(cqe, unfinished); }));
}

bool uring_engine::any_in_kernel() noexcept
{
    lock l(mutex_);
    bool found = false;
    table_.for_each([&](const io_operation& op)
                    { found = found || op.state_ == op_state::in_kernel; });
    return found;
}

// Returns how many there are.
unsigned uring_engine::leave_to_kernel() noexcept
{
    lock l(mutex_);
    unsigned n = 0;
    table_.for_each(
        [&](io_operation& op)
        {
            if (op.state_ != op_state::in_kernel)
                return;
            table_.erase(op.id_);
            object_of(op).operations(op.lane_).erase(op);
            ++n;
        });
    return n;
}

bool uring_engine::owner_alive() const noexcept
{
    return started_ && ::syscall(SYS_tgkill, ::getpid(), owner_tid_, 0) == 0;
}

bool uring_engine::bounded_pending(where w) noexcept
{
    lock l(mutex_);
    bool found = false;
    table_.for_each(
        [&](const io_operation& op)
        {
            // An open that waits for another process may do so for ever.
            found =
                found || (op.target_ && !op.kind().waits_in_thread &&
                          (w == where::anywhere || op.state_ == op_state::in_kernel) &&
                          (object_of(op).traits().bounded ||
                           (op.kind().bounded && op.kind().bounded(op))));
        });
    return found;
}

// A device may still be reading or writing the program's memory for a thread that has
// exited, and nobody else may ask the kernel to finish: it does so when the ring goes.
// Whether the device is done shows in the completion queue alone.
void uring_engine::await_bounded(completed& unfinished) noexcept
{
    constexpr int limit = 5000;
    for (int waited = 0; bounded_pending(where::in_kernel); ++waited)
    {
        if (waited == limit)
        {
            std::fputs("urio: an exclusive context is destroyed, the thread that ran it "
                       "has exited, and operations on files are still in flight\n",
                       stderr);
            std::terminate();
        }
        if (ring_->completions_available())
            reap(unfinished);
        else
            ::poll(nullptr, 0, 1);
    }
}

// Whatever is left is no concern of the kernel's.
void uring_engine::take_unfinished(completed& unfinished) noexcept
{
    lock l(mutex_);
    while (!backlog_.empty())
        backlog_.pop();
    while (!inherited_.empty())
        inherited_.pop();
    while (!to_try_.empty())
        to_try_.pop();
    queued_cancels_ = 0;
    if (mutex_.torn())
        return; // what a thread that is not here was changing is left alone
    table_.for_each(
        [&](io_operation& op)
        {
            if (op.state_ == op_state::idle)
                return;
            op.ring_.cancel_queued = false;
            table_.erase(op.id_);
            object_of(op).operations(op.lane_).erase(op);
            unfinished.push(&op);
        });
    counters_.in_flight.store(0, std::memory_order_relaxed);
    io_object* closing = std::exchange(closing_, nullptr);
    l.unlock();
    for (; closing; closing = closing->next_)
        ::close(closing->descriptor());
}

} // namespace detail
} // namespace urio::inline URIO_ABI

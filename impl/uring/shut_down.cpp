// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The end of the engine.

#include "uring_engine.hpp"

#include <cstdio>
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

void uring_engine::shut_down(completed& abandoned) noexcept
{
    {
        lock l(mutex_);
        shut_down_ = true;
    }
    if (forked())
    {
        pool_.disown();
        return abandon_everything(abandoned);
    }
    await_visitors();
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
            (void)reap(abandoned);
        if (started_)
            await_bounded(abandoned);
        return abandon_everything(abandoned);
    }

    // What was started is submitted first, as if the last turn had still taken place.
    submit_now();
    cancel_all();
    while (owed_ != 0)
    {
        // What cannot be cancelled, such as a write to a disk, is waited for. Requests
        // that were on the move while they were looked for are looked for again.
        ::__kernel_timespec limit{0, 10'000'000};
        int const result = enter(ring_->unsubmitted(), 1, 0, &limit);
        reap(abandoned);
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
    abandon_everything(abandoned);
}

void uring_engine::await_visitors() noexcept
{
    while (visitors_.load(std::memory_order_acquire) != 0)
        ::sched_yield();
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
            found = found || (op.object_ && op.object_->bounded_ &&
                              !op.what().waits_in_thread &&
                              (w == where::anywhere || op.state_ == op_state::in_kernel));
        });
    return found;
}

// A device may still be reading or writing the program's memory for a thread that has
// exited, and nobody else may ask the kernel to finish: it does so when the ring goes.
// Whether the device is done shows in the completion queue alone.
void uring_engine::await_bounded(completed& abandoned) noexcept
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
            reap(abandoned);
        else
            ::poll(nullptr, 0, 1);
    }
}

// Whatever is left is no concern of the kernel's.
void uring_engine::abandon_everything(completed& abandoned) noexcept
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
            op.cancel_queued_ = false;
            table_.erase(op.id_);
            op.object_->operations(op.lane_).erase(op);
            abandoned.push(&op);
        });
    counters_.in_flight.store(0, std::memory_order_relaxed);
    io_object* closing = std::exchange(closing_, nullptr);
    l.unlock();
    for (; closing; closing = closing->next_)
        ::close(closing->descriptor());
}

} // namespace detail
} // namespace urio::inline URIO_ABI

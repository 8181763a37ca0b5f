// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Who enters the kernel outside a turn of the loop, and how a turn is woken.

#include "uring_engine.hpp"

#include <algorithm>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

int uring_engine::enter(unsigned submit, unsigned wait_for, unsigned flags,
                        ::__kernel_timespec* timeout) noexcept
{
    note_thread();
    if (waiting_in_threads_.load(std::memory_order_relaxed) >
        expected_in_threads_.load(std::memory_order_relaxed)) [[unlikely]]
        make_room_for_waits();
    int const result = ring_->enter(submit, wait_for, flags, timeout);
    counters_.enters.fetch_add(1, std::memory_order_relaxed);
    if (result > 0)
        counters_.submitted.fetch_add(static_cast<std::uint64_t>(result),
                                      std::memory_order_relaxed);
    else if (result == -EBADR)
        probe_for_losses();
    return result;
}

// The kernel has few threads for what it takes to be about to finish, and they are all
// that others have, too. One more for each operation that may wait for ever, in steps; as
// many as the options allow for such operations.
void uring_engine::make_room_for_waits() noexcept
{
    constexpr unsigned step = 8;
    unsigned const most = options_.max_unbounded_workers;
    unsigned const expected = expected_in_threads_.load(std::memory_order_relaxed);
    unsigned const wanted =
        (waiting_in_threads_.load(std::memory_order_relaxed) / step + 1) * step;
    unsigned const next = most == 0 ? wanted : std::min(most, wanted);
    if (next <= expected)
        return;
    expected_in_threads_.store(next, std::memory_order_relaxed);
    ring_->expect_waits(options_, next);
}

void uring_engine::submit_now() noexcept
{
    if (pool_.wants_threads())
        pool_.open();
    if (!may_enter())
        return wake();

    completed done;
    for (bool more = true; more;)
    {
        if (chores_.load(std::memory_order_relaxed))
            prepare_the_last();
        unsigned const submit = ring_->unsubmitted();
        // In exclusive mode completions, cancelled ones included, take effect only
        // when events are asked for.
        unsigned const flags =
            options_.threads == thread_mode::exclusive ? IORING_ENTER_GETEVENTS : 0;
        if (submit && enter(submit, 0, flags, nullptr) < 0)
        {
            // The loop's next turn tries again, and knows what to make of the error.
            wake();
            break;
        }
        lock l(mutex_);
        more = backlog_waits() || queued_cancels_ != 0 || leaving_;
        if (more)
        {
            drain(done);
            ring_->publish();
        }
    }
    if (pool_.wants_threads())
        pool_.open();
    scheduler_.post_deferred_completions(done);
}

bool uring_engine::wants_flush() const noexcept
{
    return !forked() && may_enter() &&
           (ring_->unsubmitted() != 0 || chores_.load(std::memory_order_relaxed));
}

void uring_engine::flush() noexcept
{
    if (wants_flush())
        submit_now();
}

void uring_engine::flush(io_object& object) noexcept
{
    if (forked() || ring_->unsubmitted() == 0)
        return;
    bool unseen;
    {
        lock l(mutex_);
        unseen =
            !ring_->taken(object.last_entry_) || (!backlog_.empty() && !object.idle());
    }
    if (unseen)
        flush();
}

void uring_engine::wake() noexcept
{
    if (forked())
        return;
    counters_.wakeups.fetch_add(1, std::memory_order_relaxed);
    if (options_.threads == thread_mode::shared)
    {
        // A no-op completes at once, in this thread's context, and so reaches the
        // waiting thread even if the one that armed the poll on the eventfd is busy.
        lock l(mutex_);
        if (fill_entry(token::make(tag::wakeup), ::io_uring_prep_nop))
        {
            ring_->publish();
            unsigned const position = ring_->position();
            l.unlock();
            enter(ring_->unsubmitted(), 0, 0, nullptr);
            if (ring_->taken(position))
                return;
        }
    }
    std::uint64_t const one = 1;
    (void)!::write(wakeup_descriptor_, &one, sizeof(one));
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the kernel's io_uring does not have: threads of a pool carry it out.

#include "uring_engine.hpp"

#include <cerrno>
#include <new>

namespace urio::inline URIO_ABI
{
namespace detail
{

bool uring_engine::lacks(const io_operation& op) const
{
    op_kind const& kind = op.kind();
    return !has(kind.opcode) || (kind.fits_entry && !kind.fits_entry(op));
}

// The kernel's own workers are threads, too. Where it cannot start any it cancels what it
// has taken, as it does when the thread that submitted something has exited.
bool uring_engine::needs_worker(const io_operation& op) noexcept
{
    return op.kind().pool || (op.kind().disk && object_of(op).traits().bounded);
}

bool uring_engine::beyond_the_kernel(const io_operation& op) noexcept
{
    constexpr std::uint8_t enough = 4;
    return op.attempts() >= enough && needs_worker(op);
}

void uring_engine::submit_to_pool(io_operation& op)
{
    if (op.kind().begin)
        op.kind().begin(op);
    op.state_ = op_state::in_pool;
    ++object_of(op).in_pool_;
    pool_.submit(op);
    if (pool_.wants_threads())
        set_chores(true);
}

void uring_engine::run_in_pool(io_operation& op, int refusal) noexcept
{
    int result = refusal;
    if (!refusal)
    {
        lock l(mutex_);
        if (op.cancel_requested_)
            result = -ECANCELED;
    }
    if (result == 0)
        result = perform_in_pool(op);

    completed done;
    lock l(mutex_);
    --object_of(op).in_pool_;
    // It notes the position that a transfer has led to.
    (void)meaning_of(op, result);
    op.set_result(result);
    if (shut_down_)
        return; // which collects it
    finish(op, result, done);
    ring_->publish();
    bool const nobody_will_submit =
        waiting_.load(std::memory_order_relaxed) &&
        (ring_->unsubmitted() != 0 || chores_.load(std::memory_order_relaxed));
    l.unlock();
    // Nobody may come to look for what only this operation has kept open.
    close_what_is_free();
    scheduler_.post_deferred_completions(done);
    if (nobody_will_submit)
        wake();
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the kernel's io_uring does not have: threads of a pool carry it out.

#include "uring_engine.hpp"

#include <exception>

namespace urio::inline URIO_ABI
{
namespace detail
{

bool uring_engine::lacks(io_operation& op) const
{
    if (!op.what().prepare)
        return true;
    ::io_uring_sqe sqe{};
    op.what().prepare(op, sqe);
    return !ring_->operations()[sqe.opcode];
}

void uring_engine::open_pool()
{
    try
    {
        pool_.open();
    }
    catch (const std::exception&)
    {
        // So will the operation find out.
    }
}

bool uring_engine::submit_to_pool(io_operation& op)
{
    try
    {
        pool_.submit([this, &op] { run_in_pool(op); });
    }
    catch (const std::exception&)
    {
        return false;
    }
    op.state_ = op_state::in_pool;
    ++op.object_->in_pool_;
    return true;
}

void uring_engine::run_in_pool(io_operation& op) noexcept
{
    bool cancelled;
    {
        lock l(mutex_);
        cancelled = op.cancel_requested_;
    }
    int result = -ECANCELED;
    if (!cancelled)
        do
            result = op.what().perform(op);
        while (result == -EINTR);

    completed done;
    lock l(mutex_);
    --op.object_->in_pool_;
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

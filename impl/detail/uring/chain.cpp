// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Operations that the kernel runs one after another, as links in a chain: their entries
// are in the queue together or not at all, and the kernel sees all of them in one call.

#include "uring_engine.hpp"

#include <algorithm>

namespace urio::inline URIO_ABI
{
namespace detail
{

namespace
{

// In their order; `f` may end the one that it is given.
template <class Function>
void for_each_link(io_operation& first, Function f)
{
    for (io_operation* op = &first;;)
    {
        io_operation* const next = op->next_in_lane_;
        f(*op);
        if (!next || !next->ring_.follows)
            return;
        op = next;
    }
}

} // namespace

bool uring_engine::knows(std::uint8_t opcode)
{
    if (forked())
        take_over();
    return has(opcode);
}

bool uring_engine::can_chain(std::span<io_operation* const> ops) const noexcept
{
    return ops.size() <= ring_->entries() &&
           std::all_of(ops.begin(), ops.end(),
                       [&](const io_operation* op) { return has(op->kind().opcode); });
}

bool uring_engine::start_chain(io_object& object, std::span<io_operation* const> ops)
{
    if (forked())
        take_over();

    lock l(mutex_);
    if (!can_chain(ops))
        return false;
    completed unstarted;
    for (io_operation* const op : ops)
    {
        scheduler_.work_started();
        if (shut_down_)
        {
            // The scheduler destroys it.
            table_.erase(op->id_);
            unstarted.push(op);
            continue;
        }
        op->target_ = &object;
        op->lane_ = lane::unordered;
        op->ring_.follows = op != ops.front();
        object.operations(lane::unordered).push_back(*op);
        count(counters_.in_flight);
    }
    if (shut_down_)
    {
        l.unlock();
        scheduler_.post_deferred_completions(unstarted);
        return true;
    }

    submit_chain(*ops.front());
    hand_requests_over(l, unstarted);
    return true;
}

void uring_engine::submit_chain(io_operation& first)
{
    if (!held_ && backlog_.empty() && write_chain(first))
        return;
    for_each_link(first, [](io_operation& op) { op.state_ = op_state::backlog; });
    backlog_.push(&first);
    set_chores(true);
    count(counters_.backlogged);
}

// False if there is no room for all of them.
bool uring_engine::write_chain(io_operation& first)
{
    unsigned n = 0;
    for_each_link(first, [&](io_operation&) { ++n; });
    if (ring_->room() < n)
        return false;
    for_each_link(first,
                  [&](io_operation& op)
                  {
                      (void)write_entry(op);
                      if (op.ring_.link == chain_link::soft)
                          ring_->last_entry().flags |= IOSQE_IO_LINK;
                      else if (op.ring_.link == chain_link::hard)
                          ring_->last_entry().flags |= IOSQE_IO_HARDLINK;
                  });
    return true;
}

// The chain that is the first in the backlog. False if it has to stay there.
bool uring_engine::drain_chain(io_operation& first, completed& done)
{
    bool cancelled = false;
    for_each_link(first, [&](io_operation& op)
                  { cancelled = cancelled || op.cancel_requested_; });
    if (!cancelled && !write_chain(first))
        return false;
    backlog_.pop();
    if (cancelled)
        for_each_link(first, [&](io_operation& op) { finish(op, -ECANCELED, done); });
    return true;
}

// A link has ended. Whatever was asked for of the next one the kernel could not find
// before.
void uring_engine::cancel_what_follows(io_operation& op) noexcept
{
    io_operation* const next = op.next_in_lane_;
    if (!next || !next->ring_.follows || !next->cancel_requested_ ||
        next->state_ != op_state::in_kernel || shut_down_)
        return;
    next->ring_.cancel_attempts = 0;
    queue_cancel(*next);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

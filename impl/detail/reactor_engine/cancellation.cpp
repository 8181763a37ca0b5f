// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The cancellation of operations.

#include "reactor_engine.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{

void reactor_engine::cancel(op_id id) noexcept
{
    if (!usable())
        return;
    auto const name = static_cast<std::uint64_t>(id);
    reactor_object* o = nullptr;
    {
        lock t(table_mutex_);
        if (io_operation* const op = table_.find(name); op && op->target_)
            o = &cast(object_of(*op));
    }
    if (!o)
        return;
    completed done;
    blocking_pool::opening const threads(pool_);
    {
        lock l(o->mutex_);
        io_operation* op;
        {
            lock t(table_mutex_);
            op = table_.find(name);
        }
        if (!op || shut_down_)
            return;
        op->cancel_requested_ = true;
        run_cancelled(*o, op->lane_, done);
    }
    scheduler_.post_deferred_completions(done);
}

void reactor_engine::cancel(io_object& object) noexcept
{
    if (!usable())
        return;
    completed done;
    blocking_pool::opening const threads(pool_);
    {
        reactor_object& o = cast(object);
        lock l(o.mutex_);
        if (!shut_down_)
            cancel_all(o, done);
    }
    scheduler_.post_deferred_completions(done);
}

void reactor_engine::cancel_all(reactor_object& o, completed& done)
{
    o.for_each([](io_operation& op) { op.cancel_requested_ = true; });
    for (lane l : {lane::read, lane::write, lane::unordered})
        run_cancelled(o, l, done);
}

// Ends what is cancelled, in the order of the starts: behind an operation that goes on,
// but not behind one of the pool's that is cancelled itself.
void reactor_engine::run_cancelled(reactor_object& o, lane l, completed& done)
{
    op_list& list = o.operations(l);
    bool const was_first = list.first() && list.first()->cancel_requested_;
    for (io_operation* op = list.first(); op;)
    {
        io_operation* const next = op->next_in_lane_;
        bool const after_cancelled = l != lane::unordered && op->prev_in_lane_ &&
                                     op->prev_in_lane_->cancel_requested_;
        if (op->cancel_requested_ && op->state_ == op_state::in_pool)
            detach(*op, done);
        else if (op->cancel_requested_ && (!after_cancelled || op->kind().detach))
            complete(o, *op, -ECANCELED, done);
        op = next;
    }
    if (was_first && l != lane::unordered)
        run_lane(o, l, done);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

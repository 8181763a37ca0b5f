// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// fork(2): the parent keeps its ring, and the child gets one of its own.

#include "uring_engine.hpp"

#include <unistd.h>

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
        restart_in_child();
        break;
    case boost::asio::execution_context::fork_parent:
        break;
    }
}

// Both processes will go on with what is pending. So what is about to happen must
// have happened before, or it would happen twice: a short send, a write to a file.
void uring_engine::settle_before_fork()
{
    pool_.settle();
    // What the kernel has not seen yet need not be settled, unless it would happen twice;
    // a turn would make this thread the one that may run the context.
    if (options_.threads == thread_mode::exclusive && !started_ &&
        !bounded_pending(where::anywhere))
        return;
    completed ready;
    for (bool bounded = true; bounded || ring_->unsubmitted() != 0;)
    {
        bounded = bounded_pending(where::anywhere);
        try
        {
            turn(bounded ? 1000 : 0, ready);
        }
        catch (...)
        {
            scheduler_.post_deferred_completions(ready);
            throw;
        }
        scheduler_.post_deferred_completions(ready);
    }
}

// The parent keeps its ring. The child gets one of its own, and gives it all that was
// pending.
void uring_engine::restart_in_child()
{
    ring_->disown();
    ring_.emplace(options_);
    pool_.disown();
    ::close(wakeup_descriptor_);
    open_wakeup();
    fork_generation_ = fork_count.load();
    visitors_.store(0, std::memory_order_relaxed); // threads of the parent's

    completed done;
    {
        lock l(mutex_);
        owed_ = 0;
        watched_ = -1;
        wakeup_armed_ = watch_armed_ = wakeup_pending_ = started_ = false;
        set_chores(true);
        set_waiting(false);
        while (io_operation* op = cancels_.front())
        {
            cancels_.pop();
            op->cancel_queued_ = false;
        }
        for (io_object& object : objects_)
        {
            object.last_entry_ = ring_->position();
            object.in_pool_ = 0;
        }
        restore_registrations();
        // First all that the parent's kernel or threads have: an operation that ends here
        // lets the next one in its lane begin.
        op_queue<io_operation> again;
        table_.for_each(
            [&](io_operation& op)
            {
                if (op.state_ == op_state::in_kernel || op.state_ == op_state::in_pool)
                    again.push(&op);
            });
        while (io_operation* op = again.front())
        {
            again.pop();
            if (op->cancel_requested_)
                finish(*op, -ECANCELED, done);
            else
                submit(*op);
        }
        ring_->publish();
    }
    scheduler_.post_deferred_completions(done);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// fork(2): the child gets a selector of its own.

#include "reactor_engine.hpp"

#include <boost/system/system_error.hpp>

#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

void reactor_engine::notify_fork(boost::asio::execution_context::fork_event event)
{
    switch (event)
    {
    case boost::asio::execution_context::fork_prepare:
        // What is under way must have happened, or it would happen twice.
        if (!forked())
            pool_.settle();
        break;
    case boost::asio::execution_context::fork_child:
        // Many a child is about to call exec, and its parent has other threads: nothing
        // is done, and no lock is taken, before the engine is used.
        notified_ = process::fork_generation();
        break;
    case boost::asio::execution_context::fork_parent:
        break;
    }
}

/// In a child process, before anything else is done with the engine there. The child gets
/// a selector of its own: the parent's would tell it of the parent's descriptors. What
/// was pending is not tried yet, for it is the parent's as well, until the child runs it.
void reactor_engine::take_over()
{
    std::lock_guard const l(taking_over_);
    if (!forked())
        return; // another thread of the child's was faster
    if (notified_ != process::fork_generation())
        throw boost::system::system_error(errc::forked_without_notification);
    refuse_what_is_torn();
    set_up_selector();
    pool_.disown();
    watched_ = -1;
    started_ = false;
    retries_.clear();
    retrying_ = false;
    std::lock_guard const all(objects_mutex_);
    for (reactor_object& o : objects_)
    {
        lock const of_object(o.mutex_);
        o.key_ = 0;
        o.restore_mode_ = false;
        o.retry_queued_ = false;
        o.in_pool_ = 0; // if the fork was not prepared
        o.for_each([](io_operation& op) { op.state_ = op_state::parked; });
    }
    untried_ = true;
    fork_generation_.store(process::fork_generation(), std::memory_order_release);
}

// A thread that is not here was in the middle of something.
void reactor_engine::refuse_what_is_torn()
{
    const auto check = [](process::process_mutex& m)
    {
        if (m.torn())
            throw boost::system::system_error(
                errc::forked_without_notification,
                "the context was in use by another thread when the process was forked");
    };
    check(objects_mutex_);
    check(table_mutex_);
    check(retries_mutex_);
    std::lock_guard const all(objects_mutex_);
    for (reactor_object& o : objects_)
        check(o.mutex_);
}

/// In the child's first turn.
void reactor_engine::try_what_was_pending(completed& done)
{
    std::vector<reactor_object*> objects;
    {
        std::lock_guard const l(objects_mutex_);
        for (reactor_object& o : objects_)
            objects.push_back(&o);
    }
    untried_ = false;
    for (reactor_object* const o : objects)
    {
        bool closes;
        {
            lock l(o->mutex_);
            for (lane where : {lane::read, lane::write})
                run_lane(*o, where, done);
            run_unordered(*o, done);
            run_last(*o, done);
            // A thread of the pool would have seen to it.
            closes = o->close_pending_ && o->idle() && o->in_pool_ == 0;
            if (closes)
                o->close_pending_ = false;
        }
        if (closes)
        {
            ::close(o->descriptor());
            free_object(*o);
        }
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI

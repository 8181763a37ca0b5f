// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the engine knows of open descriptors: from their opening to their end.

#include "../system/system.hpp"
#include "reactor_engine.hpp"

#include <boost/system/system_error.hpp>

#include <sched.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

io_object& reactor_engine::open_object(int descriptor, const descriptor_traits& traits)
{
    std::unique_lock all(objects_mutex_);
    // What operations are still pending on is given up by the shut-down.
    if (!free_objects_ || shut_down_)
        return objects_.emplace_back(this, descriptor, traits);
    reactor_object& o = cast(*free_objects_);
    free_objects_ = o.next_;
    all.unlock();
    // The loop may be looking at it, for an event of its last descriptor.
    lock l(o.mutex_);
    static_cast<io_object&>(o) = io_object(this, descriptor, traits);
    o.restore_mode_ = false;
    return o;
}

bool reactor_engine::idle(const io_object& object) const noexcept
{
    auto& o = const_cast<reactor_object&>(cast(object));
    lock l(o.mutex_);
    return o.idle();
}

void reactor_engine::forget(reactor_object& o) noexcept
{
    if (o.key_ != 0)
        selector_->release(std::exchange(o.key_, 0));
}

void reactor_engine::restore_mode(reactor_object& o) noexcept
{
    // A child process would do so to its parent.
    if (!std::exchange(o.restore_mode_, false) || forked())
        return;
    put_into_blocking_mode(o.descriptor());
}

engine::ownership reactor_engine::retire(io_object& object) noexcept
{
    reactor_object& o = cast(object);
    completed done;
    blocking_pool::opening const threads(pool_);
    auto owner = ownership::caller_closes;
    bool const in_use = usable();
    {
        lock l(o.mutex_);
        if (in_use && !shut_down_)
        {
            cancel_all(o, done);
            forget(o);
        }
        restore_mode(o);
        if (o.in_pool_ != 0 && in_use)
        {
            o.orphaned_ = true;
            o.close_pending_ = true;
            owner = ownership::engine_closes;
        }
    }
    if (owner == ownership::caller_closes)
        free_object(o);
    scheduler_.post_deferred_completions(done);
    return owner;
}

void reactor_engine::retire(io_object& object, io_operation& last)
{
    if (forked())
        take_over();
    reactor_object& o = cast(object);
    completed done;
    blocking_pool::opening const threads(pool_);
    bool ended;
    scheduler_.work_started();
    {
        lock l(o.mutex_);
        restore_mode(o);
        if (shut_down_)
            done.push(&last); // the scheduler destroys it
        else
        {
            cancel_all(o, done);
            forget(o);
            last.lane_ = lane::last;
            last.target_ = &o;
            last.state_ = op_state::parked;
            o.operations(lane::last).push_back(last);
            o.orphaned_ = true;
            count(counters_.in_flight);
            // What is cancelled ends before.
            scheduler_.post_deferred_completions(done);
            run_last(o, done);
        }
        ended = o.idle();
    }
    if (ended)
        free_object(o);
    scheduler_.post_deferred_completions(done);
}

void reactor_engine::release(io_object& object, boost::system::error_code& ec)
{
    ec = {};
    reactor_object& o = cast(object);
    completed done;
    bool const in_use = usable();
    {
        lock l(o.mutex_);
        if (in_use && !shut_down_)
        {
            cancel_all(o, done);
            forget(o);
            for (; o.in_pool_ != 0; l.lock())
            {
                l.unlock();
                if (pool_.wants_threads())
                    pool_.open();
                ::sched_yield(); // a disk is at work
            }
        }
        restore_mode(o);
    }
    free_object(o);
    scheduler_.post_deferred_completions(done);
}

void reactor_engine::free_object(reactor_object& o) noexcept
{
    std::lock_guard l(objects_mutex_);
    o.next_ = free_objects_;
    free_objects_ = &o;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Set-up, the end of objects, the end of the engine, and fork(2).

#include "../op/system.hpp"
#include "reactor_engine.hpp"

#include <boost/system/system_error.hpp>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// How many events one wait collects at most.
constexpr std::size_t batch = 256;

} // namespace

reactor_engine::reactor_engine(scheduler& s, const uring_options& options,
                               make_selector make)
    : engine(s)
    , options_(options)
    , make_selector_(std::move(make))
    , events_(batch)
    , pool_(options.file_threads)
    , fork_generation_((count_forks(), fork_count.load()))
{
    set_up_selector();
    scheduler_.init_task();
}

reactor_engine::~reactor_engine() = default;

statistics reactor_engine::counters() const noexcept
{
    auto const load = [](const std::atomic<std::uint64_t>& c)
    { return c.load(std::memory_order_relaxed); };
    statistics s;
    s.enters = load(counters_.waits);
    s.completions = load(counters_.completions);
    s.wakeups = load(counters_.wakeups);
    s.resubmitted = load(counters_.resubmitted);
    s.immediate = load(counters_.immediate);
    s.in_flight = load(counters_.in_flight);
    s.pooled = pool_.submitted();
    return s;
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
    auto owner = ownership::caller_closes;
    {
        lock l(o.mutex_);
        if (!forked() && !shut_down_)
        {
            cancel_all(o, done);
            forget(o);
        }
        restore_mode(o);
        if (o.in_pool_ != 0 && !forked())
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
        throw boost::system::system_error(errc::forked_without_notification);
    reactor_object& o = cast(object);
    completed done;
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
            last.object_ = &o;
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
    {
        lock l(o.mutex_);
        if (!forked() && !shut_down_)
        {
            cancel_all(o, done);
            forget(o);
            for (; o.in_pool_ != 0; l.lock())
            {
                l.unlock();
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

void reactor_engine::shut_down(completed& abandoned) noexcept
{
    {
        std::lock_guard l(objects_mutex_);
        shut_down_ = true;
    }
    if (forked())
        pool_.disown();
    else
        pool_.stop();

    std::lock_guard l(objects_mutex_);
    for (reactor_object& o : objects_)
    {
        lock of_object(o.mutex_);
        o.for_each(
            [&](io_operation& op)
            {
                if (op.id_ != 0)
                    unreserve(op);
                o.operations(op.lane_).erase(op);
                abandoned.push(&op);
            });
        o.in_pool_ = 0;
        if (std::exchange(o.close_pending_, false))
            ::close(o.descriptor());
    }
    counters_.in_flight.store(0, std::memory_order_relaxed);
}

void reactor_engine::notify_fork(boost::asio::execution_context::fork_event event)
{
    switch (event)
    {
    case boost::asio::execution_context::fork_prepare:
        // What is under way must have happened, or it would happen twice.
        while (!forked() && !pool_.idle())
            ::sched_yield();
        break;
    case boost::asio::execution_context::fork_child:
        restart_in_child();
        break;
    case boost::asio::execution_context::fork_parent:
        break;
    }
}

// The child gets a selector of its own, where all is registered that something waits
// for: the parent's would tell the child of the parent's descriptors.
void reactor_engine::restart_in_child()
{
    set_up_selector();
    pool_.disown();
    fork_generation_ = fork_count.load();
    watched_ = -1;
    started_ = false;

    // This is the only thread.
    completed done;
    for (reactor_object& o : objects_)
    {
        lock of_object(o.mutex_);
        o.key_ = 0;
        o.restore_mode_ = false;
        o.in_pool_ = 0; // if the fork was not prepared
        o.for_each([](io_operation& op) { op.state_ = op_state::parked; });
        for (lane where : {lane::read, lane::write})
            run_lane(o, where, done);
        run_unordered(o, done);
        run_last(o, done);
    }
    scheduler_.post_deferred_completions(done);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

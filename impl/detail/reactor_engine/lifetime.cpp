// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Set-up, and the end of the engine.

#include "../system/system.hpp"
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
    , pool_(options.file_threads, [this](io_operation& op, int refusal)
            { run_in_pool(cast(object_of(op)), op, refusal); })
    , fork_generation_((process::watch_forks(), process::fork_generation()))
    , notified_(fork_generation_)
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

void reactor_engine::shut_down(completed& unfinished) noexcept
{
    {
        std::lock_guard l(objects_mutex_);
        shut_down_ = true;
    }
    if (forked())
        pool_.disown();
    else
        pool_.stop();
    // What threads that are not here were changing is left alone.
    if (objects_mutex_.torn())
        return;

    io_object* closing = nullptr;
    {
        std::lock_guard l(objects_mutex_);
        for (reactor_object& o : objects_)
        {
            lock of_object(o.mutex_);
            if (o.mutex_.torn())
                continue;
            o.for_each(
                [&](io_operation& op)
                {
                    if (op.id_ != 0 && !forked())
                        unreserve(op);
                    o.operations(op.lane_).erase(op);
                    unfinished.push(&op);
                });
            o.in_pool_ = 0;
            if (std::exchange(o.close_pending_, false))
                o.next_ = std::exchange(closing, &o);
        }
    }
    for (; closing; closing = closing->next_)
        ::close(closing->descriptor());
    counters_.in_flight.store(0, std::memory_order_relaxed);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

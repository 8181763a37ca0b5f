// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "loop_hook.hpp"

#include <memory>
#include <unistd.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

loop_hook::loop_hook(boost::asio::execution_context& context,
                     const uring_options& options)
    : stock_reactor(context)
    , loop(context, *this, options)
{
}

// A thread may be waiting in the reactor: its next turn shall be the engine's.
void loop_hook::take_over()
{
    stock_reactor::interrupt();
}

// The reactor's timers have a descriptor of their own only where the reactor waits
// itself, or where the engine waits less exactly than that; without one it leaves their
// expiry to the wait's timeout.
void loop_hook::adopt_reactor(engine& e)
{
    std::lock_guard<reactor_mutex> l(member(*this, reactor_mutex_{}));
    int& timer_descriptor = member(*this, reactor_timer_fd_{});
    if (timer_descriptor != -1 && e.precise())
        ::close(std::exchange(timer_descriptor, -1));
    e.watch(member(*this, reactor_epoll_fd_{}));
    // One that was set while the reactor had its own descriptor did not interrupt.
    timers_absent_ = false;
}

void loop_hook::run(long usec, op_queue<scheduler_operation>& ops)
{
    if (engine* const e = existing_engine())
        loop::run(*e, usec, ops);
    else
        stock_reactor::run(usec, ops);
}

void loop_hook::interrupt()
{
    if (engine* const e = existing_engine())
        loop::interrupt(*e);
    else
        stock_reactor::interrupt();
}

void loop_hook::shutdown()
{
    loop::shut_down();
    stock_reactor::shutdown();
}

void loop_hook::notify_fork(boost::asio::execution_context::fork_event event)
{
    engine* const e = existing_engine();
    if (event != boost::asio::execution_context::fork_child)
    {
        stock_reactor::notify_fork(event);
        if (e)
            e->notify_fork(event);
        return;
    }
    if (!restart_in_child())
        return;
    if (e)
        e->notify_fork(event);
    // The reactor makes new descriptors in the child, for it has no other way to keep it
    // from changing the parent's. A thread of the parent's may have had the lock that it
    // takes for that.
    auto& m = member(*this, reactor_descriptors_mutex_{});
    std::construct_at(&m, m.enabled());
    stock_reactor::notify_fork(event);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

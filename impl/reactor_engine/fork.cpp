// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// fork(2): the child gets a selector of its own.

#include "reactor_engine.hpp"

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

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The five private members of Asio's scheduler that the loop needs, to find a moment at
// which no thread is in the task and to exchange the task then. If a version of Asio
// renames one, this file is where the build stops.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/asio/member_access.hpp>

#include <boost/asio/detail/scheduler_task.hpp>

#include <type_traits>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

URIO_NAME_MEMBER(scheduler_mutex_, scheduler, mutex_);
URIO_NAME_MEMBER(scheduler_task_, scheduler, task_);
URIO_NAME_MEMBER(scheduler_task_operation_, scheduler, task_operation_);
URIO_NAME_MEMBER(scheduler_op_queue_, scheduler, op_queue_);
URIO_NAME_MEMBER(scheduler_shutdown_, scheduler, shutdown_);

static_assert(std::is_same_v<decltype(member_of(scheduler_task_{})),
                             boost::asio::detail::scheduler_task * scheduler::*>,
              "urio: the scheduler's task is no longer a pointer to scheduler_task");

/// Calls a function with the scheduler's task if no thread is in it just now.
/**
 * A thread that is about to run the task has taken the task's operation from the queue,
 * and puts it back when it has left: while the scheduler's lock is held and the operation
 * is in the queue, nobody uses the pointer to the task.
 */
template <class Function>
bool try_with_idle_task(scheduler& s, Function f)
{
    using mutex = std::remove_reference_t<decltype(s.*member_of(scheduler_mutex_{}))>;
    typename mutex::scoped_lock lock(s.*member_of(scheduler_mutex_{}));
    scheduler_operation& task = s.*member_of(scheduler_task_operation_{});
    // A scheduler that is shut down has emptied its queue, and runs nothing any more.
    if (!(s.*member_of(scheduler_op_queue_{})).is_enqueued(&task) &&
        !(s.*member_of(scheduler_shutdown_{})))
        return false;
    f(s.*member_of(scheduler_task_{}));
    return true;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

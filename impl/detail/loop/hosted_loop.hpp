// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The loop as a guest: on a context whose reactor was there first, the scheduler's task
// is exchanged for one that waits in urio's engine, which watches the reactor's
// descriptor. The reactor itself, its descriptors and its timers stay as they are.
#pragma once

#include "loop.hpp"

#include <boost/asio/detail/scheduler_task.hpp>

#include <atomic>

namespace urio::inline URIO_ABI
{
namespace detail
{

class hosted_loop final : public service_base<hosted_loop>,
                          public boost::asio::detail::scheduler_task,
                          public loop
{
public:
    explicit hosted_loop(boost::asio::execution_context& context);

    loop_kind kind() const noexcept override { return loop_kind::hosted; }

    // Called by the scheduler, see loop_hook.
    void run(long usec, op_queue<scheduler_operation>& ops) override;
    void interrupt() override;

    // Called by the context: later than its reactor on the way up, earlier on the way
    // down.
    void shutdown() override;
    void notify_fork(boost::asio::execution_context::fork_event event) override;

private:
    class window;

    void take_over() override;
    void exchange_task() noexcept;
    std::atomic<bool> exchanged_{false};
    void adopt_reactor(engine& e) override;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

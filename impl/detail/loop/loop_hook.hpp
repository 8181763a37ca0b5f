// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The loop in the reactor's place: a class derived from Asio's reactor that takes its
// slot among the services of an execution context, so that Asio's scheduler waits in
// urio's engine. The timers' next expiry is the wait's timeout.
#pragma once

#include "loop.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{

class loop_hook final : public stock_reactor, public loop
{
public:
    loop_hook(boost::asio::execution_context& context, const uring_options& options);

    loop_kind kind() const noexcept override { return loop_kind::native; }

    // Called by the scheduler: one thread at a time runs the task, any may interrupt
    // it.
    void run(long usec, op_queue<scheduler_operation>& ops) override;
    void interrupt() override;

    // Called by the context.
    void shutdown() override;
    void notify_fork(boost::asio::execution_context::fork_event event) override;

private:
    void take_over() override;
    void adopt_reactor(engine& e) override;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

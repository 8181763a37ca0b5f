// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The loop hook: a class derived from Asio's reactor that takes its slot among
// the services of an execution context. Asio's scheduler then waits in urio's
// engine, with the reactor's own descriptor as one more thing the engine watches
// and the timers' next expiry as the wait's timeout.
#pragma once

#include <urio/engine/engine.hpp>
#include <urio/engine/options.hpp>

#include <boost/asio/detail/epoll_reactor.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace urio::inline URIO_ABI
{
namespace detail
{

class loop_hook final : public boost::asio::detail::epoll_reactor
{
public:
    /// Finds the hook of a context, installing it if the context has no reactor yet.
    /// Returns null if it has one of Asio's own.
    static loop_hook* install(boost::asio::execution_context& context,
                              const uring_options& options = {});

    loop_hook(boost::asio::execution_context& context, const uring_options& options);
    ~loop_hook();

    /// The engine, set up at the first call. Throws what the engine's constructor
    /// throws.
    engine& get_engine();

    /// The engine if there is one already.
    engine* existing_engine() const noexcept
    {
        return engine_.load(std::memory_order_acquire);
    }

    thread_mode threads() const noexcept { return options_.threads; }

    // Called by the scheduler: one thread at a time runs the task, any may interrupt
    // it.
    void run(long usec, op_queue<scheduler_operation>& ops) override;
    void interrupt() override;

    // Called by the context.
    void shutdown() override;
    void notify_fork(boost::asio::execution_context::fork_event event) override;

private:
    void adopt_reactor(engine& e);
    bool timers_known_absent() const noexcept;
    bool begin_wait() noexcept;
    bool begin_timed_wait(long& usec);
    void log_once(const std::string& decision);

    uring_options const options_;
    std::mutex set_up_;
    std::unique_ptr<engine> owned_;
    std::atomic<engine*> engine_{nullptr};
    bool logged_ = false;
    // Whether the engine serves the reactor's descriptors and timers already. Touched
    // by the thread alone that runs the task.
    bool adopted_ = false;
    // No timer was pending when this was set; see timers_known_absent().
    bool timers_absent_ = false;

    // Who waits and who interrupts: see loop_hook.cpp.
    std::atomic<std::uintptr_t> state_{0};
};

/// The engine of a context: urio's loop is installed if that is still possible.
/// Throws boost::system::system_error: errc::reactor_already_running if it is not,
/// and what the engine's constructor throws.
engine& use_engine(boost::asio::execution_context& context);

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The loop: how the engine gets its turns from Asio's scheduler, with the descriptor of
// Asio's own reactor as one more thing the engine watches.
#pragma once

#include "make_engine.hpp"
#include "reactor_access.hpp"
#include <urio/detail/process/process_mutex.hpp>

#include <urio/backend.hpp>
#include <urio/detail/engine/engine.hpp>
#include <urio/options.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The part that is the same wherever the loop sits, see loop_hook and hosted_loop.
class loop
{
public:
    /// The loop of a context, if it has one.
    static loop* find(boost::asio::execution_context& context);

    /// The same; one is installed or hosted if it has none.
    static loop& use(boost::asio::execution_context& context);

    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;

    virtual loop_kind kind() const noexcept = 0;

    /// The engine, set up at the first call. Throws what the engine's constructor
    /// throws.
    engine& get_engine();

    /// The engine if there is one already.
    engine* existing_engine() const noexcept
    {
        return engine_.load(std::memory_order_acquire);
    }

    thread_mode threads() const noexcept { return options_.threads; }

    /// The engine and why it is this one, after get_engine().
    const made_engine& made() const noexcept { return made_; }

protected:
    loop(boost::asio::execution_context& context, stock_reactor& reactor,
         const uring_options& options);
    ~loop();

    /// Called when there is an engine: its turns shall begin. Called again if it has
    /// thrown.
    virtual void take_over() = 0;
    /// Called by the thread that has the first turn, and again in a child process.
    virtual void adopt_reactor(engine& e) = 0;

    /// One turn, with the engine and the reactor. Called by one thread at a time.
    void run(engine& e, long usec, op_queue<scheduler_operation>& ops);
    void interrupt(engine& e);
    void shut_down();
    /// False, and nothing else, if this is the process that it was before: what has been
    /// made with vfork(2) runs in the memory of its parent, and is about to call exec.
    bool restart_in_child() noexcept;

    boost::asio::execution_context& context_;
    stock_reactor& reactor_;
    // No timer was pending when this was set; see timers_known_absent().
    bool timers_absent_ = false;

private:
    bool timers_known_absent() const noexcept;
    bool begin_wait() noexcept;
    bool begin_timed_wait(long& usec);
    void log_once(backend kind, const char* reason) noexcept;

    uring_options const options_;
    process::process_mutex set_up_;
    made_engine made_;
    std::atomic<engine*> engine_{nullptr};
    std::atomic<bool> taken_over_{false};
    bool logged_ = false;
    bool shut_down_ = false;
    // Whether the engine serves the reactor's descriptors already. Touched by the thread
    // alone that has the turn.
    bool adopted_ = false;
    // There has been no turn in this process, which is a child.
    bool no_turn_since_fork_ = false;
    unsigned fork_generation_;

    // Who waits and who interrupts: see loop.cpp.
    std::atomic<std::uintptr_t> state_{0};
};

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The inside of a reactor_service: a poll, who waits for its events, and what waits for
// the poll on their behalf: the engine, or a thread.
//
// Locks, from the outermost: that of the selector, under which it tells of tokens; that
// of the demultiplexer; that of the watch; the engine's and the scheduler's. So the poll
// is never used under the demultiplexer's. User code never runs under any of them.
#pragma once

#include "../engine/visitors.hpp"
#include "event_board.hpp"
#include <urio/detail/process/process_mutex.hpp>

#include <urio/detail/engine/engine.hpp>
#include <urio/detail/op/connection.hpp>
#include <urio/reactor/poll.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The error of the exception that is being handled.
boost::system::error_code current_error() noexcept;

class reactor_demux final : public reactor::detail::token_observer
{
public:
    using error_code = boost::system::error_code;

    reactor_demux(scheduler& s, const reactor::options& o);
    ~reactor_demux();

    const reactor::registry& registry() const noexcept { return poll_->registry(); }

    /// See reactor_waits.
    template <class Op>
    bool start(Op& op, bool posts);
    void cancel(reactor::token t, std::uint64_t name) noexcept;
    void cancel_poll(std::uint64_t name) noexcept;
    std::uint64_t new_name() noexcept { return ++last_name_; }

    /// The turn of a wait that was complete has come. If its event is out of date it goes
    /// on: false if not, or if it is complete again.
    template <class Op>
    bool goes_on(Op& op) noexcept;

    void shutdown() noexcept;
    void notify_fork(boost::asio::execution_context::fork_event event);

    void began(reactor::token t) override;
    void ended(reactor::token t) noexcept override;

private:
    using completed = event_board::completed;
    using lock = std::unique_lock<process::process_mutex>;

    /// Waits for the selector's descriptor, once each time that it is started.
    class watch
    {
    public:
        watch(reactor_demux& d, int descriptor);
        ~watch();

        void start();
        void cancel() noexcept;
        void retire() noexcept;
        /// In a child process: it is another selector's descriptor that is to be watched.
        /// Ends what is pending in the context's first turn; takes no lock.
        void expire() noexcept;

    private:
        void open(int descriptor);
        void give_up() noexcept;

        class operation final : public wait_op
        {
        public:
            explicit operation(reactor_demux& d) noexcept;

        private:
            static void complete(void* owner, scheduler_operation* base,
                                 const error_code&, std::size_t);

            reactor_demux& demux_;
        };

        engine& engine_;
        int descriptor_ = -1;
        io_object* object_ = nullptr;
        bool expired_ = false;
        reactor_demux& demux_;
        process::process_mutex mutex_;
        std::optional<operation> operation_;
    };

    void open(const reactor::options& o);
    void arm(lock& l);
    void fail_all(const error_code& ec, bool still_armed) noexcept;
    void finish(completed& done, bool idle) noexcept;
    void watch_fired(void* owner, const error_code& ec);
    bool give_out(completed& done) noexcept;
    void start_thread();
    void stop_thread() noexcept;
    void run_thread() noexcept;
    bool forked() const noexcept
    {
        return fork_generation_ != process::fork_generation();
    }
    void leave_threads_behind() noexcept;
    void restart_in_child();
    void fail_before_fork(completed& done) noexcept;

    scheduler& scheduler_;
    reactor::options const options_;
    std::shared_ptr<reactor::detail::selector> selector_;
    std::optional<reactor::poll> poll_;
    // Touched by who has been told of events: the watch's completion, or the thread.
    reactor::events found_{128};

    process::process_mutex mutex_;
    std::unique_ptr<event_board> board_ = std::make_unique<event_board>();
    // Something waits for the poll, or is about to.
    bool armed_ = false;
    bool shut_down_ = false;

    std::atomic<std::uint64_t> last_name_{0};
    visitors visitors_;

    std::optional<watch> watch_;
    // Where the selector has no descriptor.
    std::thread thread_;
    std::condition_variable_any somebody_waits_;
    bool stop_ = false;
    std::optional<reactor::detail::wake_descriptor> wake_;
    std::uint32_t wake_generation_ = 0;
    bool had_thread_ = false; // before the fork

    unsigned fork_generation_;
    // What events may still point into; and those waits that were pending.
    std::vector<std::unique_ptr<event_board>> before_fork_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

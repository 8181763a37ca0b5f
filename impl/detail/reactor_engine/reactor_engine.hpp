// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The engine on a reactor: operations are tried, and those that would have to wait are
// tried again when the reactor says that their descriptor is ready. Files, which are
// always ready and make the caller wait all the same, are for threads of a pool.
//
// Each object has a lock of its own, under which its operations are tried. Locks are
// taken in this order: that of a child process that takes over, the list of objects, an
// object, then the table's, the retries', the selector's or the scheduler's.
//
// No system call that may block is made under a lock. What is tried under an object's
// lock is on descriptors in non-blocking mode, or with a flag to the same effect
// (MSG_DONTWAIT, RWF_NOWAIT); to register a descriptor, to ask for its mode and to wake
// the loop takes the kernel no longer than a lock of its own. What may wait for a disk is
// the pool's, whose threads start, and work, without a lock; close(2), which may linger,
// comes after it.
#pragma once

#include "../../reactor/selector.hpp"
#include "../engine/blocking_pool.hpp"
#include "../engine/op_table.hpp"
#include "../engine/this_thread.hpp"
#include <urio/detail/process/fork_generation.hpp>
#include <urio/detail/process/process_mutex.hpp>

#include <urio/detail/engine/engine.hpp>
#include <urio/options.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

struct reactor_object : io_object
{
    using io_object::io_object;

    process::process_mutex mutex_;
    // The registration with the selector, 0 if there is none yet.
    reactor::detail::key key_ = 0;
    // The descriptor was put into non-blocking mode here, and is to be given back as it
    // was found: a terminal, which other programs use, too.
    bool restore_mode_ = false;
    // It is among those that are tried again soon: guarded by their lock.
    bool retry_queued_ = false;
};

class reactor_engine final : public engine
{
public:
    using make_selector = std::function<std::shared_ptr<reactor::detail::selector>()>;

    /// Throws what the selector's constructor throws.
    reactor_engine(scheduler& s, const uring_options& options, make_selector make);
    ~reactor_engine() override;

    io_object& open_object(int descriptor, const descriptor_traits& traits) override;
    bool start(io_object& object, io_operation& op, lane l) override;
    bool idle(const io_object& object) const noexcept override;
    op_id reserve(io_operation& op) override;
    void unreserve(io_operation& op) noexcept override;
    void cancel(op_id id) noexcept override;
    void cancel(io_object& object) noexcept override;
    void flush() noexcept override {}
    void flush(io_object&) noexcept override {}
    void mode_changed(io_object& object) noexcept override;
    ownership retire(io_object& object) noexcept override;
    void retire(io_object& object, io_operation& last) override;
    void release(io_object& object, boost::system::error_code& ec) override;
    statistics counters() const noexcept override;
    reactor::selector_kind selector() const noexcept { return selector_->kind(); }

    bool turn(long timeout, op_queue<scheduler_operation>& ready) override;
    bool quiet() const noexcept override { return false; }
    bool precise() const noexcept override { return false; }
    void watch(int descriptor) override;
    void wake() noexcept override;
    void shut_down(op_queue<scheduler_operation>& unfinished) noexcept override;
    bool forked() const noexcept override
    {
        return process::is_forked_from(fork_generation_.load(std::memory_order_acquire));
    }
    void notify_fork(boost::asio::execution_context::fork_event event) override;

private:
    using completed = op_queue<scheduler_operation>;
    using lock = std::unique_lock<process::process_mutex>;

    static reactor_object& cast(io_object& o) noexcept
    {
        return static_cast<reactor_object&>(o);
    }
    static const reactor_object& cast(const io_object& o) noexcept
    {
        return static_cast<const reactor_object&>(o);
    }

    // operations.cpp; all under the object's lock, unless they say otherwise.
    std::optional<int> prepare(reactor_object& o, io_operation& op);
    std::optional<int> attempt(io_operation& op);
    static bool is_for_pool(const reactor_object& o, const io_operation& op) noexcept
    {
        return op.kind().pool || (o.traits().bounded && op.kind().disk);
    }
    /// Tries an operation, or has it tried: a result, or none yet.
    std::optional<int> run(reactor_object& o, io_operation& op);
    void run_lane(reactor_object& o, lane l, completed& done);
    void run_last(reactor_object& o, completed& done);
    void run_unordered(reactor_object& o, completed& done);
    void complete(reactor_object& o, io_operation& op, int result, completed& done);
    int await(reactor_object& o, const io_operation& op) noexcept;
    void retry_later(reactor_object& o);
    void forget(reactor_object& o) noexcept;
    void cancel_all(reactor_object& o, completed& done);
    void run_cancelled(reactor_object& o, lane l, completed& done);
    /// Without the lock, on a thread of the pool; or, with a refusal, where it was found
    /// that there is none.
    void run_in_pool(reactor_object& o, io_operation& op, int refusal) noexcept;

    // turn.cpp
    void check_caller();
    void retry(completed& done);
    void set_up_selector();

    // objects.cpp
    void restore_mode(reactor_object& o) noexcept;
    void free_object(reactor_object& o) noexcept;

    // fork.cpp
    void take_over() override;
    /// Whether the engine is this process's, or has become it.
    bool usable() noexcept { return !forked() || can_take_over(); }
    void refuse_what_is_torn();
    void try_what_was_pending(completed& done);

    uring_options const options_;
    make_selector const make_selector_;
    std::shared_ptr<reactor::detail::selector> selector_;
    reactor::events events_;
    blocking_pool pool_;

    // Guards the two below.
    mutable process::process_mutex objects_mutex_;
    std::deque<reactor_object> objects_;
    io_object* free_objects_ = nullptr;

    // Guards the table, and the operations' knowledge of their objects.
    process::process_mutex table_mutex_;
    op_table table_;

    // Objects whose first write operation is to be tried again soon.
    process::process_mutex retries_mutex_;
    std::vector<reactor_object*> retries_;
    std::atomic<bool> retrying_{false};
    // When: touched by the thread alone that has the turn.
    std::chrono::steady_clock::time_point next_retry_;

    std::atomic<bool> shut_down_{false};

    // The process that the engine is set up in, and the one that has been notified.
    std::atomic<unsigned> fork_generation_;
    unsigned notified_;
    process::process_mutex taking_over_;
    // What was pending at the fork waits for the child's first turn.
    std::atomic<bool> untried_{false};

    // Touched by the thread alone that has the turn.
    int watched_ = -1;

    // In exclusive mode, the thread that ran the context first.
    std::atomic<bool> started_{false};
    std::uint64_t owner_ = 0;
    ::pid_t owner_tid_ = 0;

    struct
    {
        std::atomic<std::uint64_t> waits{0}, completions{0}, wakeups{0}, resubmitted{0},
            immediate{0}, in_flight{0};
    } counters_;

    static void count(std::atomic<std::uint64_t>& c, std::uint64_t n = 1) noexcept
    {
        c.fetch_add(n, std::memory_order_relaxed);
    }
};

} // namespace detail
} // namespace urio::inline URIO_ABI

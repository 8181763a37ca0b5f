// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The engine on io_uring.
//
// One lock guards the submission queue's tail, the table of operations and the
// lists of pending operations of every object. It is held for moments and never
// across a system call; user code never runs under it. Whoever holds it may
// fill submission entries. Who enters the kernel does so without it.
#pragma once

#include "../engine/blocking_pool.hpp"
#include "../engine/lock.hpp"
#include "../engine/this_thread.hpp"
#include "../engine/visitors.hpp"
#include "buffer_groups.hpp"
#include "registered_tables.hpp"
#include "ring.hpp"
#include "thread_exits.hpp"
#include "token.hpp"
#include <urio/detail/process/fork_generation.hpp>
#include <urio/detail/process/process_mutex.hpp>

#include <urio/detail/engine/engine.hpp>

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <span>

namespace urio::inline URIO_ABI
{
namespace detail
{

class uring_engine final : public engine
{
public:
    /// Throws what ring's constructor throws, and boost::system::system_error if no
    /// eventfd(2) is to be had.
    uring_engine(scheduler& s, const uring_options& options);
    ~uring_engine() override;

    io_object& open_object(int descriptor, const descriptor_traits& traits) override;
    bool start(io_object& object, io_operation& op, lane l) override;
    bool start_chain(io_object& object, std::span<io_operation* const> ops) override;
    bool knows(std::uint8_t opcode) override;
    bool waits_by_object() const noexcept override { return false; }
    bool idle(const io_object& object) const noexcept override;
    op_id reserve(io_operation& op) override;
    void unreserve(io_operation& op) noexcept override;
    void cancel(op_id id) noexcept override;
    void abandon(op_id id) noexcept override;
    void cancel(io_object& object) noexcept override;
    bool wants_flush() const noexcept override;
    void flush() noexcept override;
    void flush(io_object& object) noexcept override;
    ownership retire(io_object& object) noexcept override;
    void retire(io_object& object, io_operation& last) override;
    void release(io_object& object, boost::system::error_code& ec) override;
    bool register_buffers(const ::iovec* buffers, int* slots,
                          std::size_t n) noexcept override;
    void unregister_buffers(const int* slots, std::size_t n) noexcept override;
    bool register_descriptor(io_object& object) noexcept override;
    int provide_buffers(void* entries, unsigned n) noexcept override;
    bool withdraw_buffers(int group) noexcept override;
    int reserve_slot() noexcept override;
    void release_slot(int slot) noexcept override { unregister_descriptor(slot); }
    void mode_changed(io_object& object) noexcept override;
    statistics counters() const noexcept override;

    bool turn(long timeout, op_queue<scheduler_operation>& ready) override;
    bool quiet() const noexcept override
    {
        return started_.load(std::memory_order_relaxed) && !forked() &&
               !chores_.load(std::memory_order_relaxed) &&
               !read_at_once_.load(std::memory_order_relaxed) &&
               !trials_.load(std::memory_order_relaxed) && ring_->unsubmitted() == 0 &&
               !ring_->completions_available() && !ring_->needs_flush();
    }
    void watch(int descriptor) override;
    void wake() noexcept override;
    void shut_down(op_queue<scheduler_operation>& unfinished) noexcept override;
    bool forked() const noexcept override
    {
        return process::is_forked_from(fork_generation_.load(std::memory_order_acquire));
    }
    void notify_fork(boost::asio::execution_context::fork_event event) override;

    const ring& get_ring() const noexcept { return *ring_; }

private:
    using completed = op_queue<scheduler_operation>;
    using lock = engine_lock;

    bool one_at_a_time(io_object& object, lane l) const noexcept;
    bool worth_trying(io_object& object, const io_operation& op, lane l) const noexcept;
    bool try_at_once(io_operation& op);
    bool worth_reading(io_object& object, const io_operation& op, lane l) const noexcept;
    bool read_at_once(io_operation& op, lock& l);

    // chain.cpp; all under the lock.
    bool can_chain(std::span<io_operation* const> ops) const noexcept;
    void submit_chain(io_operation& first);
    bool write_chain(io_operation& first);
    bool drain_chain(io_operation& first, completed& done);
    /// Whether the kernel has not come to it yet, so that it does not find it either.
    static bool waits_in_chain(const io_operation& op) noexcept
    {
        return op.ring_.follows && op.prev_in_lane_ &&
               op.prev_in_lane_->ring_.link != chain_link::none;
    }
    void cancel_what_follows(io_operation& op) noexcept;

    // submission.cpp; all under the lock, unless they say otherwise.
    void submit(io_operation& op);
    bool write_entry(io_operation& op);
    bool is_for_pool(const io_operation& op) const
    {
        return (op.kind().pool && lacks(op)) || beyond_the_kernel(op);
    }
    /// Whether the kernel knows such operations, as far as that can be told.
    bool has(std::uint8_t opcode) const noexcept
    {
        return ring_->operations()[opcode] || opcode == unstated_opcode;
    }
    /// Whether io_uring, here or anywhere, does not have the operation.
    bool lacks(const io_operation& op) const;
    /// Whether the kernel may carry it out in a thread of its own.
    static bool needs_worker(const io_operation& op) noexcept;
    static bool beyond_the_kernel(const io_operation& op) noexcept;
    /// Whoever gives the lock up sees to it that the pool has threads, by open() or by
    /// submit_now(); or else the next turn does.
    void submit_to_pool(io_operation& op);
    void start_last(io_object& object);
    /// Without the lock, on a thread of the pool; or, with a refusal, where it was found
    /// that there is none.
    void run_in_pool(io_operation& op, int refusal) noexcept;
    void prepare(io_operation& op, ::io_uring_sqe& sqe);
    static void substitute(io_operation& op) noexcept;
    /// Without the lock: what a transfer by readiness needs of its descriptor.
    void prepare_device(io_object& object, io_operation& op) noexcept;
    void drain(completed& done);
    bool drain_cancels();
    void arm_wakeup();
    void arm_watch();
    void request_cancel(io_operation& op, completed& done);
    bool write_cancel(io_operation& op);
    void queue_cancel(io_operation& op) noexcept;
    void complete(io_operation& op, op_list& list, int result, completed& done);
    void finish(io_operation& op, int result, completed& done);
    void start_next(io_object& object, op_list& list, completed& done);
    void forget_queued_cancel(io_operation& op) noexcept;
    /// False if the queue is full.
    template <class Prepare>
    bool fill_entry(std::uint64_t user_data, Prepare prepare)
    {
        ::io_uring_sqe* sqe = ring_->next_entry();
        if (!sqe)
            return false;
        sqe->user_data = user_data; // an event may want to know
        prepare(sqe);
        sqe->user_data = user_data;
        ++completions_due_;
        return true;
    }
    /// Without the lock: hand the kernel whatever has been published.
    int enter(unsigned submit, unsigned wait_for, unsigned flags,
              ::__kernel_timespec* timeout) noexcept;
    /// Without the lock: operations that wait for another process shall not keep the
    /// kernel's threads from others.
    void make_room_for_waits() noexcept;
    /// Without the lock: have the published entries taken by the kernel, from the
    /// thread that calls, if that is allowed to; otherwise make sure that the loop
    /// does.
    void submit_now() noexcept;
    bool may_enter() const noexcept
    {
        return options_.threads == thread_mode::shared ||
               (started_.load(std::memory_order_acquire) && owner_ == this_thread());
    }
    void set_waiting(bool w) noexcept { waiting_.store(w, std::memory_order_relaxed); }
    void set_chores(bool c) noexcept { chores_.store(c, std::memory_order_relaxed); }

    // turn.cpp
    void check_caller();
    bool do_chores(completed& done, bool tidy);
    void handle_enter_error(int error);
    /// Returns the error, if completions could not be had from the kernel.
    int reap(completed& ready) noexcept;
    void dispatch(const ::io_uring_cqe& cqe, completed& ready);
    void dispatch_operation(const ::io_uring_cqe& cqe, completed& ready);
    void take_note(io_operation& op, const ::io_uring_cqe& cqe, completed& ready);
    void conclude(io_operation& op, verdict v, int result, completed& ready);
    void leave_the_kernel(io_operation& op) noexcept;

    // readiness.cpp
    void prepare_wait(io_operation& op, ::io_uring_sqe& sqe) noexcept;
    bool wait_has_ended(io_operation& op, int result, completed& ready);
    void became_ready(io_operation& op, int events, completed& ready);
    void try_soon(io_operation& op) noexcept;
    /// Without the lock.
    void try_what_is_ready(completed& ready);
    int try_now(io_operation& op) noexcept;
    void after_trial(io_operation& op, int result, completed& ready);

    // cancellation.cpp
    void cancel(op_id id, bool abandoned) noexcept;
    /// Gives the lock up: what has been written goes to the kernel, if nobody else sees
    /// to that, and what has ended is completed.
    void hand_requests_over(lock& l, completed& done) noexcept;
    bool may_be_lost(const io_operation& op) const noexcept;
    void dispatch_cancellation(const ::io_uring_cqe& cqe, completed& ready);
    void probe_for_losses();

    // lifetime.cpp
    void open_wakeup();

    // objects.cpp
    bool number_free(const io_object& object) const noexcept;
    void free_object(io_object& object) noexcept;
    /// Without the lock: what takes system calls.
    bool tidy_up() noexcept;
    void close_what_is_free() noexcept;
    void prepare_the_last() noexcept;
    void close_descriptor(int descriptor) noexcept;
    void give_up(io_object& object) noexcept;
    void retire_in_child(io_object& object) noexcept;

    // shut_down.cpp
    void cancel_all() noexcept;
    void take_unfinished(completed& unfinished) noexcept;
    bool owner_alive() const noexcept;
    enum class where
    {
        anywhere,
        in_kernel,
    };
    /// Whether an operation on a regular file or a disk is pending there.
    bool bounded_pending(where w) noexcept;
    void await_bounded(completed& unfinished) noexcept;
    /// The error that the kernel does not let anybody in with, or 0.
    int refusal() noexcept;
    void end_without_entering(completed& unfinished, int error) noexcept;
    void forget_unsubmitted() noexcept;
    bool cancel_by_registration() noexcept;
    void collect(completed& unfinished) noexcept;
    bool any_in_kernel() noexcept;
    unsigned leave_to_kernel() noexcept;

    // fork.cpp
    void settle_before_fork();
    void settle_for_a_moment();
    bool recall_all();
    void resume_in_parent();
    void take_over() override;
    /// Whether the engine is this process's, or has become it.
    bool usable() noexcept { return !forked() || can_take_over(); }
    void resume_inherited() noexcept;
    bool backlog_waits() const noexcept { return !held_ && !backlog_.empty(); }

    // registration.cpp; without the lock, unless they say otherwise.
    void unregister_descriptor(int slot) noexcept;
    void leave_to_the_owner() noexcept;
    void restore_registrations(std::span<io_object* const> objects) noexcept;

    uring_options const options_;
    std::optional<ring> ring_;
    // For what the kernel has no operation for.
    blocking_pool pool_;
    registered_tables tables_;
    buffer_groups groups_;
    int wakeup_descriptor_ = -1;

    mutable process::process_mutex mutex_;
    op_table table_;
    std::deque<io_object> objects_;
    io_object* free_objects_ = nullptr;
    // Objects whose descriptors the engine closes.
    io_object* closing_ = nullptr;
    // Objects whose last operation waits until they have left the ring's table.
    io_object* leaving_ = nullptr;
    // Operations that found the submission queue full, in the order of their starts.
    op_queue<io_operation> backlog_;
    // How many operations' cancellations found it full: they are marked, and looked for
    // from this place of the table on.
    std::size_t queued_cancels_ = 0;
    std::size_t next_cancel_ = 0;
    // Operations that are ready and can be performed without waiting. Only the thread
    // that has the turn takes them out.
    op_queue<io_operation> to_try_;
    std::atomic<bool> trials_{false};
    // Completions that the kernel owes, for entries that it has or will have.
    std::size_t completions_due_ = 0;
    // Between fork_prepare and the fork the kernel is given no operations, but by the
    // thread that has forgotten to tell of the end of that.
    bool held_ = false;
    std::uint64_t holder_ = 0;
    // What was pending at the fork waits for the child's first turn.
    op_queue<io_operation> inherited_;
    bool shut_down_ = false;
    bool cancel_any_ = true;
    // The kernel still works on operations when the engine ends.
    bool left_to_kernel_ = false;
    // How often in succession the kernel has found nothing to cancel.
    int nothing_left_ = 0;
    // The kernel has told that it lost completions.
    bool lossy_ = false;
    // Operations in the kernel that may keep one of its threads for ever, and how many
    // the kernel has been told to expect.
    std::atomic<unsigned> waiting_in_threads_{0};
    std::atomic<unsigned> expected_in_threads_{0};
    // The next turn has more to do than to submit and to wait. Written under the
    // lock.
    std::atomic<bool> chores_{true};
    bool wakeup_armed_ = false;
    bool watch_armed_ = false;
    int watched_ = -1;

    // The process that the engine is set up in, and the one that has been notified.
    std::atomic<unsigned> fork_generation_;
    unsigned notified_;
    process::process_mutex taking_over_;

    // A thread waits in the kernel, or is about to: set under the lock, so that
    // whoever fills an entry knows whether anybody is going to submit it.
    std::atomic<bool> waiting_{false};

    // How many completions the last turn has collected.
    std::atomic<std::uint64_t> last_batch_{0};
    // A read has been tried without the ring since the last turn.
    std::atomic<bool> read_at_once_{false};

    // In a call after an operation of theirs may have completed: visits begin under the
    // lock.
    visitors visitors_;

    // Touched by the thread alone that has the turn.
    bool watch_ready_ = false;
    bool wakeup_pending_ = false;

    // In exclusive mode, the thread that ran the context first.
    std::atomic<bool> started_{false};
    std::uint64_t owner_ = 0;
    ::pid_t owner_tid_ = 0;

    struct
    {
        std::atomic<std::uint64_t> enters{0}, submitted{0}, completions{0}, overflows{0},
            backlogged{0}, wakeups{0}, resubmitted{0}, immediate{0}, in_flight{0};
    } counters_;

    // For counters that only one thread at a time changes: no locked instruction.
    static void count(std::atomic<std::uint64_t>& c, std::uint64_t n = 1) noexcept
    {
        c.store(c.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
};

} // namespace detail
} // namespace urio::inline URIO_ABI

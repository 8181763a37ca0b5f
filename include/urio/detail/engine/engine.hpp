// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The engine's contract: what services may ask of it, and what the loop does
// with it. One engine serves one execution context.
#pragma once

#include <urio/detail/engine/io_object.hpp>
#include <urio/statistics.hpp>

#include <boost/asio/execution_context.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>

struct iovec;

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Names one operation for as long as it is pending, and nothing ever after.
enum class op_id : std::uint64_t
{
    none = 0
};

class engine
{
public:
    explicit engine(scheduler& s) noexcept : scheduler_(s) {}

    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    virtual ~engine() = default;

    // For services. Any thread may call these.

    /// Make a descriptor known. Throws std::bad_alloc.
    virtual io_object& open_object(int descriptor, const descriptor_traits& traits) = 0;

    /// Start an operation. Its completion is posted to the scheduler, whatever happens.
    /// False if there is nothing to wait for: it has its result, and the caller is to see
    /// to its completion.
    [[nodiscard]] virtual bool start(io_object& object, io_operation& op, lane l) = 0;

    /// Start operations that the kernel is to run as a chain (op_kind::chained), each
    /// with a name and with its `ring_.link` set. False if that is not to be had: nothing
    /// has been started, and the caller is to start one after another. Throws what
    /// start() does; nothing has been started then.
    [[nodiscard]] virtual bool start_chain(io_object&, std::span<io_operation* const>)
    {
        return false;
    }

    /// Whether operations with this opcode are carried out as such. Throws what start()
    /// throws.
    virtual bool knows(std::uint8_t) { return false; }

    /// Whether an operation can be waited for only on an object that was opened for its
    /// very descriptor, and no other object for the same one.
    virtual bool waits_by_object() const noexcept { return true; }

    /// Whether nothing is pending on the object.
    virtual bool idle(const io_object& object) const noexcept = 0;

    /// Give an operation its name before it is started. Throws std::bad_alloc.
    virtual op_id reserve(io_operation& op) = 0;

    /// Take the name back from an operation that will not be started.
    virtual void unreserve(io_operation& op) noexcept = 0;

    /// Ask for the cancellation of one operation, if it is still pending.
    virtual void cancel(op_id id) noexcept = 0;

    /// The same, for one that nobody waits for any more: if the kernel has it, it is
    /// detached at once (op_kind::detach).
    virtual void abandon(op_id id) noexcept { cancel(id); }

    /// Ask for the cancellation of everything that is pending on the object.
    virtual void cancel(io_object& object) noexcept = 0;

    /// Let the kernel see what has been started so far, so that a system call that
    /// follows finds it done or under way, and may wait for it. An exclusive engine does
    /// so on the thread that runs it only.
    virtual void flush() noexcept = 0;

    /// Whether that has anything to do.
    virtual bool wants_flush() const noexcept { return false; }

    /// The same, if something that was started on this object has not been seen yet.
    virtual void flush(io_object& object) noexcept = 0;

    /// Have the kernel know buffers, so that it need not look at their pages each time.
    /// Each gets a number for the entries of operations, or -1 if it is empty. False if
    /// that is not to be had; operations do without then.
    virtual bool register_buffers(const ::iovec*, int*, std::size_t) noexcept
    {
        return false;
    }

    /// The end of that. Operations in flight go on.
    virtual void unregister_buffers(const int*, std::size_t) noexcept {}

    /// Have the kernel know the object's descriptor, until the object is given up. False
    /// if that is not to be had.
    virtual bool register_descriptor(io_object&) noexcept { return false; }

    /// A place in the kernel's table of files that is kept free for a file that is opened
    /// into it, or a negative error number.
    virtual int reserve_slot() noexcept { return -EOPNOTSUPP; }

    /// The end of that; the kernel closes what is there.
    virtual void release_slot(int) noexcept {}

    /// Have the kernel choose from a ring of buffers (io_uring_register_buf_ring(3)) that
    /// is the caller's, of so many entries: the number of its group, or -1 if that is not
    /// to be had.
    virtual int provide_buffers(void*, unsigned) noexcept { return -1; }

    /// The end of that, when no operation names the group any more. False if the kernel
    /// keeps it for as long as there is an engine: another thread may not end it.
    virtual bool withdraw_buffers(int) noexcept { return true; }

    /// The user may have put the descriptor into another mode, blocking or not.
    virtual void mode_changed(io_object&) noexcept {}

    enum class ownership
    {
        caller_closes, ///< nothing refers to the descriptor's number any more
        engine_closes, ///< something still does; the engine closes it in time
    };

    /// Give an object up: cancels what is pending on it. Its memory is the engine's.
    virtual ownership retire(io_object& object) noexcept = 0;

    /// Give an object up with an operation that is to be its last, the closing of its
    /// descriptor: cancels what is pending on it, and starts the operation when all that
    /// has ended. Throws what start() throws; nothing has changed then.
    virtual void retire(io_object& object, io_operation& last) = 0;

    /// The same, for a descriptor that the caller keeps: returns when nothing refers
    /// to its number. Fails with errc::wrong_thread where the engine cannot promise
    /// that on this thread; nothing has changed then.
    virtual void release(io_object& object, boost::system::error_code& ec) = 0;

    /// Complete an operation that was never started.
    void post_immediate(scheduler_operation& op, bool is_continuation)
    {
        scheduler_.post_immediate_completion(&op, is_continuation);
    }

    /// Something will be completed that is in no engine's hands: until then there is
    /// work.
    void expect_completion() noexcept { scheduler_.work_started(); }

    /// Complete what was expected.
    void post_expected(op_queue<scheduler_operation>& ops)
    {
        scheduler_.post_deferred_completions(ops);
    }

    virtual statistics counters() const noexcept = 0;

    boost::asio::execution_context& context() const noexcept
    {
        return scheduler_.context();
    }

    // For the loop. One thread at a time.

    /// Wait for at most `timeout` microseconds (0: not at all; negative: without
    /// limit) and move what has completed to `ready`. Returns whether the watched
    /// descriptor is ready for reading; it must be looked at before the next turn.
    virtual bool turn(long timeout, op_queue<scheduler_operation>& ready) = 0;

    /// Whether a turn that does not wait would have nothing to do.
    virtual bool quiet() const noexcept = 0;

    /// Whether turn() ends at its timeout to the microsecond.
    virtual bool precise() const noexcept { return true; }

    /// Watch this descriptor for reading from the next turn on, level-triggered. Throws
    /// boost::system::system_error.
    virtual void watch(int descriptor) = 0;

    /// End the wait of a turn that another thread is in.
    virtual void wake() noexcept = 0;

    /// Stop for good: cancel everything, wait until the kernel has let go of it, and
    /// hand the operations over to be destroyed.
    virtual void shut_down(op_queue<scheduler_operation>& unfinished) noexcept = 0;

    /// Whether this is a child process that has not used the engine yet: nothing of it
    /// may be touched. The first use takes over, if the child has called notify_fork().
    virtual bool forked() const noexcept = 0;

    virtual void notify_fork(boost::asio::execution_context::fork_event event) = 0;

protected:
    /// In a child process, before anything else is done with the engine there. Throws
    /// what a new engine's constructor throws, and errc::forked_without_notification.
    virtual void take_over() = 0;

    /// The same for those that must not fail: they do nothing then.
    bool can_take_over() noexcept
    {
        try
        {
            take_over();
            return true;
        }
        catch (const std::exception&)
        {
            return false;
        }
    }

    /// The user does not wait for this operation any more. Under the lock.
    void detach(io_operation& op, op_queue<scheduler_operation>& done) noexcept
    {
        if (op.kind().detach)
            post_for(op.kind().detach(op), done);
    }

    /// The operation has something for the user, and goes on. Under the lock.
    void deliver(io_operation& op, op_queue<scheduler_operation>& done) noexcept
    {
        if (op.kind().delivery)
            post_for(op.kind().delivery(op), done);
    }

    scheduler& scheduler_;

private:
    void post_for(scheduler_operation* front,
                  op_queue<scheduler_operation>& done) noexcept
    {
        if (!front)
            return;
        scheduler_.work_started();
        done.push(front);
    }
};

} // namespace detail
} // namespace urio::inline URIO_ABI

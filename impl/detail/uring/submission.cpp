// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From the start of an operation to its submission entry.

#include "uring_engine.hpp"

#include <boost/system/system_error.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{
op_id uring_engine::reserve(io_operation& op)
{
    lock l(mutex_);
    op.id_ = table_.insert(op);
    return static_cast<op_id>(op.id_);
}

void uring_engine::unreserve(io_operation& op) noexcept
{
    lock l(mutex_);
    table_.erase(op.id_);
    op.id_ = 0;
}

// Where one thing happens after another, a submission entry saves no system call: the
// entry costs one as well, and more than a plain send(2). So while turns bring no
// more than one completion, what is likely to succeed at once is tried at once, as
// Asio's reactor does.
bool uring_engine::one_at_a_time(io_object& object, lane where) const noexcept
{
    return last_batch_.load(std::memory_order_relaxed) <= 1 &&
           object.operations(where).empty() && ring_->unsubmitted() == 0 && !shut_down_;
}

bool uring_engine::worth_trying(io_object& object, const io_operation& op,
                                lane where) const noexcept
{
    return op.kind().eager && one_at_a_time(object, where);
}

bool uring_engine::try_at_once(io_operation& op)
{
    int result = op.kind().perform(op);
    if (result == -EAGAIN || result == -EINTR)
        return false;
    (void)meaning_of(op, result);
    if (op.id_ != 0)
        unreserve(op);
    op.set_result(result);
    counters_.immediate.fetch_add(1, std::memory_order_relaxed);
    return true;
}

// The same for a read of what may be in the page cache. More than one for each turn would
// hide that several reads are in flight, which the ring does better.
bool uring_engine::worth_reading(io_object& object, const io_operation& op,
                                 lane where) const noexcept
{
    return op.kind().perform_without_wait && object.traits().bounded &&
           !object.traits().direct &&
           object.slot_ < 0 && // who registers a descriptor wants the ring
           !read_at_once_.load(std::memory_order_relaxed) && one_at_a_time(object, where);
}

bool uring_engine::read_at_once(io_operation& op, lock& l)
{
    read_at_once_.store(true, std::memory_order_relaxed);
    if (op.kind().begin)
        op.kind().begin(op);
    l.unlock();
    int result = op.kind().perform_without_wait(op);
    l.lock();
    if (result < 0)
        return false;
    (void)meaning_of(op, result); // moves the position of a stream
    if (op.id_ != 0)
    {
        table_.erase(op.id_);
        op.id_ = 0;
    }
    op.set_result(result);
    counters_.immediate.fetch_add(1, std::memory_order_relaxed);
    return true;
}

// Once for each operation: it and what it calls are compiled as one function.
[[gnu::flatten]] bool uring_engine::start(io_object& object, io_operation& op, lane where)
{
    if (forked())
        take_over();

    op.target_ = &object;
    if (object.traits().by_readiness && op.kind().disk) [[unlikely]]
        prepare_device(object, op);
    lock l(mutex_);
    if (worth_trying(object, op, where))
    {
        l.unlock();
        if (try_at_once(op))
            return false;
        l.lock();
    }
    else if (worth_reading(object, op, where) && read_at_once(op, l))
        return false;
    if (op.id_ == 0)
        op.id_ = table_.insert(op);
    scheduler_.work_started();

    if (shut_down_)
    {
        // The scheduler destroys it.
        table_.erase(op.id_);
        l.unlock();
        scheduler_.post_deferred_completion(&op);
        return true;
    }

    op.lane_ = where;
    if (op.waits_first_ || (object.non_blocking_ && op.wake_events_ != 0))
        op.ring_.awaiting_readiness = true;
    op_list& list = object.operations(where);
    bool const first = list.empty();
    list.push_back(op);
    count(counters_.in_flight);

    bool wants_threads = false;
    if (first || where == lane::unordered)
    {
        // Most have room, and need nothing of what submit() sees to: what it would find
        // in the backlog, or a fork that is about to happen, is among the chores.
        if (op.kind().pool || chores_.load(std::memory_order_relaxed) || !write_entry(op))
        {
            submit(op);
            wants_threads = pool_.wants_threads();
        }
    }
    else
        op.state_ = op_state::parked;

    ring_->publish();
    bool const nobody_else_will = waiting_.load(std::memory_order_relaxed);
    if (!nobody_else_will && !wants_threads)
        return true; // the next turn submits it

    visitors::visit const v(visitors_);
    l.unlock();
    if (wants_threads)
        pool_.open();
    if (nobody_else_will)
        submit_now();
    return true;
}

void uring_engine::submit(io_operation& op)
{
    // One that is submitted again needs no probe any more, and can be in one queue
    // only.
    if (op.ring_.cancel_queued)
        forget_queued_cancel(op);
    op.ring_.probed = op.ring_.recalled = false;
    if (!held_)
    {
        if (is_for_pool(op))
            return submit_to_pool(op);
        if (backlog_.empty() && write_entry(op))
            return;
    }
    op.state_ = op_state::backlog;
    backlog_.push(&op);
    set_chores(true);
    count(counters_.backlogged);
}

namespace
{

// The operation's descriptor is in the ring's table. Others, such as IORING_OP_CLOSE and
// IORING_OP_STATX, are about a number.
void name_by_slot(const io_operation& op, ::io_uring_sqe& sqe)
{
    switch (sqe.opcode)
    {
    case IORING_OP_READ:
    case IORING_OP_READV:
    case IORING_OP_READ_FIXED:
    case IORING_OP_WRITE:
    case IORING_OP_WRITEV:
    case IORING_OP_WRITE_FIXED:
    case IORING_OP_POLL_ADD:
    case IORING_OP_FSYNC:
        if (sqe.fd != op.descriptor())
            break;
        sqe.fd = object_of(op).slot_;
        sqe.flags |= IOSQE_FIXED_FILE;
        break;
    default:
        break;
    }
}

} // namespace

// What the kernel does not know is done with what it knows: transfers of one buffer with
// those of several; the operations of sockets by the calls of old, when the descriptor is
// ready.
void uring_engine::substitute(io_operation& op) noexcept
{
    if (op.kind().disk)
        op.vectored_ = true;
    else
        op.ring_.substituted = op.ring_.awaiting_readiness = true;
}

void uring_engine::prepare(io_operation& op, ::io_uring_sqe& sqe)
{
    if (!has(op.kind().opcode)) [[unlikely]]
        substitute(op);
    if (op.ring_.awaiting_readiness)
        return prepare_wait(op, sqe);
    if (op.kind().header)
        sqe.addr = reinterpret_cast<std::uintptr_t>(&ring_->header_for(sqe));
    op.kind().prepare(op, sqe);
}

bool uring_engine::write_entry(io_operation& op)
{
    bool const written = fill_entry(token::make(tag::operation, op.id_),
                                    [&](::io_uring_sqe* sqe)
                                    {
                                        prepare(op, *sqe);
                                        if (object_of(op).slot_ >= 0)
                                            name_by_slot(op, *sqe);
                                    });
    if (!written)
        return false;
    if (!op.ring_.awaiting_readiness)
    {
        op.count_attempt();
        if (op.kind().by_number)
            ++object_of(op).by_number_;
        if (op.kind().waits_in_thread)
            waiting_in_threads_.fetch_add(1, std::memory_order_relaxed);
    }
    op.thread_exits_ = thread_exits.load(std::memory_order_relaxed);
    op.state_ = op_state::in_kernel;
    object_of(op).last_entry_ = ring_->position();
    return true;
}

// Before a submission: what had no room gets it now, cancellations first.
void uring_engine::drain(completed& done)
{
    if (queued_cancels_ != 0 && !drain_cancels())
        return;
    while (io_operation* op = held_ ? nullptr : backlog_.front())
    {
        if (op->kind().chained) [[unlikely]]
        {
            if (!drain_chain(*op, done))
                return;
        }
        else if (op->cancel_requested_ || op->ring_.has_result)
        {
            backlog_.pop();
            finish(*op, op->ring_.has_result ? op->result() : -ECANCELED, done);
        }
        else if (is_for_pool(*op))
        {
            backlog_.pop();
            submit_to_pool(*op);
        }
        else if (write_entry(*op))
            backlog_.pop();
        else
            return;
    }
}

void uring_engine::arm_wakeup()
{
    if (!wakeup_armed_)
        wakeup_armed_ =
            fill_entry(token::make(tag::wakeup_poll), [&](::io_uring_sqe* sqe)
                       { ::io_uring_prep_poll_add(sqe, wakeup_descriptor_, POLLIN); });
}

// One shot, armed again each time: level-triggered. A multishot poll on an epoll
// descriptor is edge-triggered and loses events when more are ready than one
// epoll_wait fetches.
void uring_engine::arm_watch()
{
    if (!watch_armed_ && watched_ >= 0)
        watch_armed_ = fill_entry(token::make(tag::watch), [&](::io_uring_sqe* sqe)
                                  { ::io_uring_prep_poll_add(sqe, watched_, POLLIN); });
}

// The last operation, when all others have ended.
void uring_engine::start_last(io_object& object)
{
    io_operation* const op = object.operations(lane::last).first();
    if (!op || object.busy() || op->state_ != op_state::parked || shut_down_)
        return;
    if (object.is_leaving_)
        return;
    if (object.slot_ < 0 && !object.found_blocking_)
        return submit(*op);
    // Through the ring's table the kernel would keep the file open.
    object.is_leaving_ = true;
    object.next_ = leaving_;
    leaving_ = &object;
    set_chores(true);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

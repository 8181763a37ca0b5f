// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Set-up, the end of objects, the end of the engine, and fork(2).

#include "uring_engine.hpp"

#include <boost/system/system_error.hpp>

#include <cstdio>
#include <exception>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

int make_eventfd()
{
    int const fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0)
        throw boost::system::system_error(errno, boost::system::system_category(),
                                          "eventfd");
    return fd;
}

} // namespace

uring_engine::uring_engine(scheduler& s, const uring_options& options)
    : engine(s)
    , options_(options)
    , pool_(options.file_threads)
    , fork_generation_((count_forks(), fork_count.load()))
{
    ring_.emplace(options);
    wakeup_descriptor_ = make_eventfd();
    scheduler_.init_task();
}

uring_engine::~uring_engine()
{
    if (ring_ && forked())
        ring_->disown();
    ::close(wakeup_descriptor_);
}

statistics uring_engine::counters() const noexcept
{
    auto const load = [](const std::atomic<std::uint64_t>& c)
    { return c.load(std::memory_order_relaxed); };
    return {load(counters_.enters),      load(counters_.submitted),
            load(counters_.completions), load(counters_.overflows),
            load(counters_.backlogged),  load(counters_.wakeups),
            load(counters_.resubmitted), load(counters_.immediate),
            load(counters_.in_flight),   pool_.submitted()};
}

void uring_engine::watch(int descriptor)
{
    lock l(mutex_);
    watched_ = descriptor;
    set_chores(true);
}

// The end of an object. The kernel holds a reference to the file for every request
// that it has taken, so the descriptor may be closed while they last; but an entry
// that it has not taken yet names the descriptor by its number, which must not become
// another file's.
bool uring_engine::number_free(const io_object& object) const noexcept
{
    return ring_->taken(object.last_entry_) && object.in_pool_ == 0;
}

engine::ownership uring_engine::retire(io_object& object) noexcept
{
    completed done;
    std::optional<visit> v;
    {
        lock l(mutex_);
        if (object.idle() || forked() || shut_down_)
        {
            int const slot = std::exchange(object.slot_, -1);
            free_object(object);
            l.unlock();
            unregister_descriptor(slot);
            return ownership::caller_closes;
        }
        v.emplace(*this);
        object.for_each([&](io_operation& op) { request_cancel(op, done); });
        ring_->publish();
    }
    scheduler_.post_deferred_completions(done);

    // Cancelling now, rather than in the next turn, makes the kernel drop its
    // references before the caller closes the descriptor: the peer sees the end of
    // the connection, and a port is free again, when close() returns, as it is with
    // Asio's own backends.
    submit_now();

    lock l(mutex_);
    bool const free = number_free(object);
    int const slot = free ? std::exchange(object.slot_, -1) : -1;
    if (object.idle() && free)
        free_object(object);
    else
    {
        object.orphaned_ = true;
        if (!free)
        {
            object.close_pending_ = true;
            object.next_ = closing_;
            closing_ = &object;
            set_chores(true);
        }
    }
    l.unlock();
    unregister_descriptor(slot);
    return free ? ownership::caller_closes : ownership::engine_closes;
}

void uring_engine::retire(io_object& object, io_operation& last)
{
    if (forked())
        throw boost::system::system_error(errc::forked_without_notification);
    completed done;
    if (is_for_pool(last))
        open_pool();
    lock l(mutex_);
    last.id_ = table_.insert(last);
    scheduler_.work_started();
    if (shut_down_)
    {
        // The scheduler destroys it.
        table_.erase(last.id_);
        l.unlock();
        scheduler_.post_deferred_completion(&last);
        return;
    }
    visit const v(*this);
    last.lane_ = lane::last;
    last.object_ = &object;
    last.state_ = op_state::parked;
    object.operations(lane::last).push_back(last);
    object.orphaned_ = true;
    count(counters_.in_flight);
    object.for_each(
        [&](io_operation& op)
        {
            if (&op != &last)
                request_cancel(op, done);
        });
    // What is cancelled ends before.
    l.unlock();
    scheduler_.post_deferred_completions(done);
    l.lock();
    // Unless it has been meanwhile: then there is nothing to start.
    start_last(object);
    ring_->publish();
    bool const nobody_else_will = waiting_.load(std::memory_order_relaxed);
    l.unlock();
    if (nobody_else_will)
        submit_now();
}

void uring_engine::release(io_object& object, boost::system::error_code& ec)
{
    ec = {};
    completed done;
    std::optional<visit> v;
    {
        lock l(mutex_);
        if (object.idle() || forked() || shut_down_)
        {
            int const slot = std::exchange(object.slot_, -1);
            free_object(object);
            l.unlock();
            return unregister_descriptor(slot);
        }
        v.emplace(*this);
        if (!may_enter())
        {
            ec = errc::wrong_thread;
            return;
        }
        object.for_each([&](io_operation& op) { request_cancel(op, done); });
        ring_->publish();
    }
    scheduler_.post_deferred_completions(done);

    for (;; ::sched_yield())
    {
        submit_now();
        lock l(mutex_);
        if (!number_free(object))
            continue; // the kernel is out of memory for requests
        int const slot = std::exchange(object.slot_, -1);
        if (object.idle())
            free_object(object);
        else
            object.orphaned_ = true;
        l.unlock();
        return unregister_descriptor(slot);
    }
}

void uring_engine::free_object(io_object& object) noexcept
{
    object.next_ = free_objects_;
    free_objects_ = &object;
}

void uring_engine::close_what_is_free() noexcept
{
    for (io_object** link = &closing_; io_object* object = *link;)
    {
        if (!number_free(*object))
        {
            link = &object->next_;
            continue;
        }
        *link = object->next_;
        object->close_pending_ = false;
        drop_slot(*object);
        ::close(object->descriptor());
        if (object->idle())
            free_object(*object);
    }
}

void uring_engine::cancel_all() noexcept
{
    lock l(mutex_);
    auto const cancel = [&](std::uint64_t target, unsigned flags)
    {
        fill_entry(token::make(tag::cancel_all),
                   [&](::io_uring_sqe* sqe)
                   {
                       ::io_uring_prep_cancel64(sqe, target, 0);
                       sqe->cancel_flags = flags;
                   });
    };
    if (cancel_any_)
        cancel(0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    else
    {
        cancel(token::make(tag::watch), 0);
        cancel(token::make(tag::wakeup_poll), 0);
        table_.for_each(
            [&](io_operation& op)
            {
                if (op.state_ == op_state::in_kernel)
                    cancel(token::make(tag::operation, op.id_), 0);
            });
    }
    ring_->publish();
}

void uring_engine::shut_down(completed& abandoned) noexcept
{
    {
        lock l(mutex_);
        shut_down_ = true;
    }
    if (forked())
    {
        pool_.disown();
        return abandon_everything(abandoned);
    }
    await_visitors();
    pool_.stop();

    if (!may_enter())
    {
        // Nobody has run the context yet, so that the kernel has seen nothing of it;
        // or the thread that ran it has exited, and the kernel has cancelled what can
        // be cancelled.
        if (counters_.in_flight.load(std::memory_order_relaxed) != 0 && owner_alive())
        {
            std::fprintf(stderr,
                         "urio: an exclusive context with operations in flight must be "
                         "destroyed by the thread that ran it (%d), not by thread %d\n",
                         static_cast<int>(owner_tid_), static_cast<int>(::gettid()));
            std::terminate();
        }
        if (started_)
            await_bounded(abandoned);
        return abandon_everything(abandoned);
    }

    // What was started is submitted first, as if the last turn had still taken place.
    submit_now();
    cancel_all();
    while (owed_ != 0)
    {
        // What cannot be cancelled, such as a write to a disk, is waited for. Requests
        // that were on the move while they were looked for are looked for again.
        ::__kernel_timespec limit{0, 10'000'000};
        int const result = enter(ring_->unsubmitted(), 1, 0, &limit);
        reap(abandoned);
        if (result == -ETIME)
        {
            // Where the kernel has lost completions, nobody will bring them.
            if (lossy_ && nothing_left_ >= 3 && !bounded_pending(where::in_kernel))
                break;
            cancel_all();
        }
        else if (result < 0 && result != -EINTR)
            ::sched_yield();
    }
    abandon_everything(abandoned);
}

void uring_engine::await_visitors() noexcept
{
    while (visitors_.load(std::memory_order_acquire) != 0)
        ::sched_yield();
}

bool uring_engine::owner_alive() const noexcept
{
    return started_ && ::syscall(SYS_tgkill, ::getpid(), owner_tid_, 0) == 0;
}

bool uring_engine::bounded_pending(where w) noexcept
{
    lock l(mutex_);
    bool found = false;
    table_.for_each(
        [&](const io_operation& op)
        {
            found = found || (op.object_ && op.object_->bounded_ &&
                              (w == where::anywhere || op.state_ == op_state::in_kernel));
        });
    return found;
}

// A device may still be reading or writing the program's memory for a thread that has
// exited, and nobody else may ask the kernel to finish: it does so when the ring goes.
// Whether the device is done shows in the completion queue alone.
void uring_engine::await_bounded(completed& abandoned) noexcept
{
    constexpr int limit = 5000;
    for (int waited = 0; bounded_pending(where::in_kernel); ++waited)
    {
        if (waited == limit)
        {
            std::fputs("urio: an exclusive context is destroyed, the thread that ran it "
                       "has exited, and operations on files are still in flight\n",
                       stderr);
            std::terminate();
        }
        if (ring_->completions_available())
            reap(abandoned);
        else
            ::poll(nullptr, 0, 1);
    }
}

// Whatever is left is no concern of the kernel's.
void uring_engine::abandon_everything(completed& abandoned) noexcept
{
    lock l(mutex_);
    while (!backlog_.empty())
        backlog_.pop();
    while (!cancels_.empty())
        cancels_.pop();
    table_.for_each(
        [&](io_operation& op)
        {
            if (op.state_ == op_state::idle)
                return;
            op.cancel_queued_ = false;
            table_.erase(op.id_);
            op.object_->operations(op.lane_).erase(op);
            abandoned.push(&op);
        });
    counters_.in_flight.store(0, std::memory_order_relaxed);
    for (; closing_; closing_ = closing_->next_)
        ::close(closing_->descriptor());
}

void uring_engine::notify_fork(boost::asio::execution_context::fork_event event)
{
    switch (event)
    {
    case boost::asio::execution_context::fork_prepare:
        if (!forked())
            settle_before_fork();
        break;
    case boost::asio::execution_context::fork_child:
        restart_in_child();
        break;
    case boost::asio::execution_context::fork_parent:
        break;
    }
}

// Both processes will go on with what is pending. So what is about to happen must
// have happened before, or it would happen twice: a short send, a write to a file.
void uring_engine::settle_before_fork()
{
    while (!pool_.idle())
        ::sched_yield();
    // What the kernel has not seen yet need not be settled, unless it would happen twice;
    // a turn would make this thread the one that may run the context.
    if (options_.threads == thread_mode::exclusive && !started_ &&
        !bounded_pending(where::anywhere))
        return;
    completed ready;
    for (bool bounded = true; bounded || ring_->unsubmitted() != 0;)
    {
        bounded = bounded_pending(where::anywhere);
        try
        {
            turn(bounded ? 1000 : 0, ready);
        }
        catch (...)
        {
            scheduler_.post_deferred_completions(ready);
            throw;
        }
        scheduler_.post_deferred_completions(ready);
    }
}

// The parent keeps its ring. The child gets one of its own, and gives it all that was
// pending.
void uring_engine::restart_in_child()
{
    ring_->disown();
    ring_.emplace(options_);
    pool_.disown();
    ::close(wakeup_descriptor_);
    wakeup_descriptor_ = -1;
    wakeup_descriptor_ = make_eventfd();
    fork_generation_ = fork_count.load();
    visitors_.store(0, std::memory_order_relaxed); // threads of the parent's

    completed done;
    {
        lock l(mutex_);
        owed_ = 0;
        watched_ = -1;
        wakeup_armed_ = watch_armed_ = wakeup_pending_ = started_ = false;
        set_chores(true);
        set_waiting(false);
        while (io_operation* op = cancels_.front())
        {
            cancels_.pop();
            op->cancel_queued_ = false;
        }
        for (io_object& object : objects_)
        {
            object.last_entry_ = ring_->position();
            object.in_pool_ = 0;
        }
        restore_registrations();
        // First all that the parent's kernel or threads have: an operation that ends here
        // lets the next one in its lane begin.
        op_queue<io_operation> again;
        table_.for_each(
            [&](io_operation& op)
            {
                if (op.state_ == op_state::in_kernel || op.state_ == op_state::in_pool)
                    again.push(&op);
            });
        while (io_operation* op = again.front())
        {
            again.pop();
            if (op->cancel_requested_)
                finish(*op, -ECANCELED, done);
            else
                submit(*op);
        }
        ring_->publish();
    }
    scheduler_.post_deferred_completions(done);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

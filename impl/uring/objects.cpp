// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the engine knows of open descriptors: from their opening to their end.

#include "uring_engine.hpp"

#include <boost/system/system_error.hpp>

#include <sched.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

io_object& uring_engine::open_object(int descriptor)
{
    lock l(mutex_);
    if (!free_objects_)
        return objects_.emplace_back(this, descriptor);
    io_object& object = *free_objects_;
    free_objects_ = object.next_;
    object = io_object(this, descriptor);
    return object;
}

bool uring_engine::idle(const io_object& object) const noexcept
{
    lock l(mutex_);
    return object.idle();
}

std::uint64_t uring_engine::position(const io_object& object) const noexcept
{
    lock l(mutex_);
    return object.position_;
}

void uring_engine::set_position(io_object& object, std::uint64_t position) noexcept
{
    lock l(mutex_);
    object.position_ = position;
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
    bool const wants_threads = pool_.wants_threads();
    l.unlock();
    if (wants_threads)
        pool_.open();
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
        {
            // The kernel is out of memory for requests; or it takes none any more.
            bool const taken = ring_->taken(object.last_entry_);
            l.unlock();
            if (int const error = taken ? 0 : refusal())
            {
                ec.assign(error, boost::system::system_category());
                return;
            }
            continue;
        }
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

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the engine knows of open descriptors: from their opening to their end.

#include "../system/system.hpp"
#include "uring_engine.hpp"

#include <urio/detail/system/unique_descriptor.hpp>

#include <boost/system/system_error.hpp>

#include <exception>
#include <sched.h>
#include <sys/socket.h>
#include <thread>

namespace urio::inline URIO_ABI
{
namespace detail
{

io_object& uring_engine::open_object(int descriptor, const descriptor_traits& traits)
{
    lock l(mutex_);
    if (!free_objects_)
        return objects_.emplace_back(this, descriptor, traits);
    io_object& object = *free_objects_;
    free_objects_ = object.next_;
    object = io_object(this, descriptor, traits);
    return object;
}

bool uring_engine::idle(const io_object& object) const noexcept
{
    lock l(mutex_);
    return object.idle();
}

// The end of an object. The kernel holds a reference to the file for every request
// that it has taken, so the descriptor may be closed while they last; but an entry
// that it has not taken yet names the descriptor by its number, which must not become
// another file's.
bool uring_engine::number_free(const io_object& object) const noexcept
{
    return ring_->taken(object.last_entry_) && object.in_pool_ == 0 &&
           object.by_number_ == 0;
}

engine::ownership uring_engine::retire(io_object& object) noexcept
{
    if (!usable())
        return retire_in_child(object), ownership::caller_closes;
    completed done;
    std::optional<visitors::visit> v;
    {
        lock l(mutex_);
        if (object.idle() || shut_down_)
        {
            if (object.slot_ < 0 && !object.found_blocking_)
                free_object(object);
            else
            {
                l.unlock();
                give_up(object);
            }
            return ownership::caller_closes;
        }
        v.emplace(visitors_);
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
    object.orphaned_ = true;
    // Whoever lets go of it last, be it here or with its last operation, frees it.
    object.close_pending_ = true;
    if (number_free(object))
    {
        l.unlock();
        give_up(object);
        return ownership::caller_closes;
    }
    object.next_ = closing_;
    closing_ = &object;
    set_chores(true);
    return ownership::engine_closes;
}

// Without the lock. Nothing refers to the descriptor's number any more: it leaves the
// ring's table, is given back as it was found, and the object is freed with its last
// operation.
void uring_engine::give_up(io_object& object) noexcept
{
    unregister_descriptor(std::exchange(object.slot_, -1));
    if (std::exchange(object.found_blocking_, false))
        put_into_blocking_mode(object.descriptor());
    lock l(mutex_);
    object.orphaned_ = true;
    object.close_pending_ = false;
    if (object.idle() || shut_down_)
        free_object(object);
}

// In a child that has not been told to go on: what is pending on the object ends when it
// is.
void uring_engine::retire_in_child(io_object& object) noexcept
{
    if (mutex_.torn())
        return; // what a thread that is not here was changing is left alone
    if (int const slot = std::exchange(object.slot_, -1); slot >= 0)
        tables_.forget_file(slot);
    lock l(mutex_);
    object.orphaned_ = true;
    object.for_each([](io_operation& op) { op.cancel_requested_ = true; });
    if (object.idle())
        free_object(object);
}

void uring_engine::retire(io_object& object, io_operation& last)
{
    if (forked())
        take_over();
    completed done;
    last.target_ = &object;
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
    visitors::visit const v(visitors_);
    last.lane_ = lane::last;
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
    if (!usable())
        return retire_in_child(object);
    completed done;
    std::optional<visitors::visit> v;
    {
        lock l(mutex_);
        if (object.idle() || shut_down_)
        {
            l.unlock();
            return give_up(object);
        }
        v.emplace(visitors_);
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
        // The kernel is out of memory for requests, or somebody is at work.
        if (!number_free(object))
        {
            bool const taken = ring_->taken(object.last_entry_);
            l.unlock();
            // It takes none any more.
            if (int const error = taken ? 0 : refusal())
            {
                ec.assign(error, boost::system::system_category());
                return;
            }
            // Its completion may be all that keeps the number.
            if (taken)
            {
                enter(0, 0, IORING_ENTER_GETEVENTS, nullptr);
                (void)reap(done);
                scheduler_.post_deferred_completions(done);
            }
            continue;
        }
        object.orphaned_ = object.close_pending_ = true;
        l.unlock();
        return give_up(object);
    }
}

void uring_engine::free_object(io_object& object) noexcept
{
    object.next_ = free_objects_;
    free_objects_ = &object;
}

// Without the lock: each of these is a system call, and may take its time. False if some
// of it must be left to another turn.
bool uring_engine::tidy_up() noexcept
{
    close_what_is_free();
    prepare_the_last();
    return tables_.retry(*ring_);
}

void uring_engine::close_what_is_free() noexcept
{
    io_object* free = nullptr;
    {
        lock l(mutex_);
        for (io_object** link = &closing_; io_object* object = *link;)
        {
            if (!number_free(*object))
            {
                link = &object->next_;
                continue;
            }
            *link = object->next_;
            object->next_ = free;
            free = object;
        }
    }
    while (io_object* const object = free)
    {
        free = object->next_;
        int const descriptor = object->descriptor();
        give_up(*object);
        close_descriptor(descriptor);
    }
}

// Their last operations close the descriptors, which leave the ring's table before, and
// are given back as they were found.
void uring_engine::prepare_the_last() noexcept
{
    lock l(mutex_);
    while (io_object* const object = leaving_)
    {
        leaving_ = object->next_;
        int const slot = std::exchange(object->slot_, -1);
        bool const found_blocking = std::exchange(object->found_blocking_, false);
        l.unlock();
        unregister_descriptor(slot);
        if (found_blocking)
            put_into_blocking_mode(object->descriptor());
        l.lock();
        object->is_leaving_ = false;
        start_last(*object);
        ring_->publish();
    }
}

// The user's call has returned, and closing a socket that lingers makes the caller wait:
// not the loop, if there is another thread to be had.
void uring_engine::close_descriptor(int descriptor) noexcept
{
    unique_descriptor owner(descriptor);
    ::linger l{};
    ::socklen_t length = sizeof(l);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_LINGER, &l, &length) != 0 ||
        l.l_onoff == 0 || l.l_linger == 0)
        return;
    try
    {
        std::thread([o = std::move(owner)]() mutable
                    { unique_descriptor const closed(std::move(o)); })
            .detach();
    }
    catch (const std::exception&)
    {
        // It was closed here: then the loop has waited.
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The waits of a reactor_service: their starts, what the poll finds for them, and their
// cancellation.

#include "reactor_demux.hpp"

#include <urio/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <type_traits>

namespace urio::inline URIO_ABI
{
namespace detail
{

boost::system::error_code current_error() noexcept
{
    try
    {
        throw;
    }
    catch (const boost::system::system_error& e)
    {
        return e.code();
    }
    catch (...)
    {
        return boost::asio::error::no_memory;
    }
}

reactor_demux::reactor_demux(scheduler& s, const reactor::options& o)
    : scheduler_(s)
    , options_(o)
    , fork_generation_(process::fork_generation())
{
    open(o);
    if (selector_->native_handle() >= 0)
        watch_.emplace(*this, selector_->native_handle());
}

reactor_demux::~reactor_demux()
{
    // It was not shut down if the context has not taken it, having one already.
    selector_->observe(nullptr);
}

void reactor_demux::open(const reactor::options& o)
{
    selector_ = reactor::detail::make_selector(o);
    poll_ = reactor::detail::access::make_poll(selector_);
    if (selector_->native_handle() < 0)
    {
        // What ends the thread's wait. The waker is the program's.
        wake_.emplace(o.waker);
        error_code ec;
        selector_->add(
            wake_->fd(),
            {reactor::token(), reactor::interest::readable, reactor::trigger::edge}, ec);
        throw_error(ec, "reactor_service");
    }
    selector_->observe(this);
}

void reactor_demux::began(reactor::token t)
{
    if (forked())
        return;
    lock const l(mutex_);
    board_->add(t);
}

// Called under the selector's lock, which shutdown() takes first: no need for a visit.
void reactor_demux::ended(reactor::token t) noexcept
{
    if (forked())
        return;
    completed done;
    lock l(mutex_);
    board_->remove(t, done);
    bool const idle = !board_->anybody_waits();
    l.unlock();
    finish(done, idle);
}

template <class Op>
bool reactor_demux::start(Op& op, bool posts)
{
    if (forked())
        throw boost::system::system_error(errc::forked_without_notification);
    std::optional<reactor::token> which;
    if constexpr (std::is_same_v<Op, reactor_wait_op>)
        which = op.event_.token();

    visitors::visit const v(visitors_);
    lock l(mutex_);
    for (;;)
    {
        if (shut_down_)
        {
            op.error_ = boost::asio::error::operation_aborted;
            return true;
        }
        if (board_->try_complete(op))
        {
            if (posts && !op.error_)
                board_->ripen(op);
            return true;
        }
        if (armed_)
            break;
        arm(l); // which may have let events in
    }
    scheduler_.work_started();
    board_->enqueue(op);
    l.unlock();
    if (!watch_)
        somebody_waits_.notify_one();
    selector_->report_again(which);
    return false;
}

template <class Op>
bool reactor_demux::goes_on(Op& op) noexcept
{
    if (op.name_ != 0)
    {
        lock const l(mutex_);
        board_->pick(op);
    }
    if (op.error_ || !op.out_of_date())
        return false;
    if (op.cancelled_)
    {
        op.error_ = boost::asio::error::operation_aborted;
        return false;
    }
    try
    {
        if (!start(op, false))
            return true;
        if (op.error_ == boost::asio::error::not_found) // any more
            op.error_ = boost::asio::error::operation_aborted;
    }
    catch (...)
    {
        op.error_ = current_error();
    }
    return false;
}

/// Sees to it that something waits for the poll. Lets go of the lock meanwhile.
void reactor_demux::arm(lock& l)
{
    armed_ = true;
    l.unlock();
    try
    {
        if (watch_)
            watch_->start();
        else
            start_thread();
    }
    catch (...)
    {
        fail_all(current_error(), false);
        throw;
    }
    l.lock();
}

/// Nothing waits for the poll: so nobody else may, in vain.
void reactor_demux::fail_all(const error_code& ec, bool still_armed) noexcept
{
    completed done;
    lock l(mutex_);
    armed_ = still_armed;
    board_->fail(ec, done);
    l.unlock();
    scheduler_.post_deferred_completions(done);
}

void reactor_demux::cancel(reactor::token t, std::uint64_t name) noexcept
{
    if (forked())
        return;
    visitors::visit const v(visitors_);
    completed done;
    lock l(mutex_);
    board_->cancel(t, name, done);
    bool const idle = !board_->anybody_waits();
    l.unlock();
    finish(done, idle);
}

void reactor_demux::cancel_poll(std::uint64_t name) noexcept
{
    if (forked())
        return;
    visitors::visit const v(visitors_);
    completed done;
    lock l(mutex_);
    board_->cancel_poll(name, done);
    bool const idle = !board_->anybody_waits();
    l.unlock();
    finish(done, idle);
}

/// Waits have ended without an event. The watch is work for the context, too: it must not
/// outlast them. (If somebody waits again meanwhile, its completion starts another.)
void reactor_demux::finish(completed& done, bool idle) noexcept
{
    if (done.empty())
        return;
    scheduler_.post_deferred_completions(done);
    if (idle && watch_)
        watch_->cancel();
}

// On a thread that runs the context.
void reactor_demux::watch_fired(void* owner, const error_code& ec)
{
    completed done;
    fail_before_fork(done);
    if (ec && ec != boost::asio::error::operation_aborted && ec != errc::completion_lost)
    {
        scheduler_.post_deferred_completions(done);
        return fail_all(ec, false);
    }
    try
    {
        poll_->wait(found_, std::chrono::nanoseconds(0));
        if (give_out(done))
            watch_->start();
    }
    catch (...)
    {
        fail_all(current_error(), false);
    }

    auto* const first = done.front();
    if (!first)
        return;
    // As in Asio's own reactor the first wait completes here, in the place of the watch,
    // so that the context counts one handler. What it counts as finished afterwards is
    // the wait; the watch is finished now.
    done.pop();
    scheduler_.post_deferred_completions(done);
    scheduler_.work_finished();
    first->complete(owner, {}, 0);
}

/// Gives out what the poll has found. Returns whether it is still to be waited for.
bool reactor_demux::give_out(completed& done) noexcept
{
    lock l(mutex_);
    if (shut_down_)
        return false;
    bool const more = board_->deliver(found_, done);
    bool const again = board_->anybody_waits();
    if (watch_)
        armed_ = again;
    l.unlock();
    if (more)
        selector_->report_again(std::nullopt);
    return again;
}

// What the public class and the operations call.

bool reactor_waits::start(reactor_demux& d, reactor_wait_op& op, bool posts)
{
    return d.start(op, posts);
}

bool reactor_waits::start(reactor_demux& d, reactor_poll_op& op, bool posts)
{
    return d.start(op, posts);
}

std::uint64_t reactor_waits::new_name(reactor_demux& d) noexcept
{
    return d.new_name();
}

void reactor_waits::cancel(reactor_demux& d, reactor::token t,
                           std::uint64_t name) noexcept
{
    d.cancel(t, name);
}

void reactor_waits::cancel_poll(reactor_demux& d, std::uint64_t name) noexcept
{
    d.cancel_poll(name);
}

void reactor_wait_op::run(void* owner, scheduler_operation* base,
                          const boost::system::error_code& ec, std::size_t n)
{
    auto& op = *static_cast<reactor_wait_op*>(base);
    if (!owner || !op.demux_->goes_on(op))
        op.complete_(owner, base, ec, n);
}

void reactor_poll_op::run(void* owner, scheduler_operation* base,
                          const boost::system::error_code& ec, std::size_t n)
{
    auto& op = *static_cast<reactor_poll_op*>(base);
    if (!owner || !op.demux_->goes_on(op))
        op.complete_(owner, base, ec, n);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

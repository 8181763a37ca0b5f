// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The end of a reactor_service, and its forks.

#include "reactor_demux.hpp"

#include <boost/asio/error.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

void reactor_demux::shutdown() noexcept
{
    if (forked())
        leave_threads_behind();
    // Sources that outlive the service do not tell it anything any more.
    selector_->observe(nullptr);
    completed abandoned;
    {
        lock const l(mutex_);
        shut_down_ = true;
        // What a thread that is not here was changing is left alone.
        if (!mutex_.torn())
        {
            fail_before_fork(abandoned);
            board_->fail(boost::asio::error::operation_aborted, abandoned);
            board_->take_ripe(); // the scheduler destroys them
        }
    }
    visitors_.await_end();
    stop_thread();
    if (watch_)
        watch_->retire();
    scheduler_.abandon_operations(abandoned);
}

void reactor_demux::notify_fork(boost::asio::execution_context::fork_event event)
{
    bool const is_child = event == boost::asio::execution_context::fork_child;
    // What has been made with vfork(2) is no child in this sense.
    if (forked() != is_child)
        return;
    switch (event)
    {
    case boost::asio::execution_context::fork_prepare:
        had_thread_ = thread_.joinable();
        stop_thread();
        break;
    case boost::asio::execution_context::fork_parent:
        if (std::exchange(had_thread_, false))
            start_thread();
        break;
    case boost::asio::execution_context::fork_child:
        restart_in_child();
        break;
    }
}

/// What belongs to threads of the parent's begins anew, without an end: it would wait for
/// them.
void reactor_demux::leave_threads_behind() noexcept
{
    visitors_.forget();
    std::construct_at(&thread_);
    std::construct_at(&somebody_waits_);
}

// The selector's descriptor is shared with the parent: what one of them registered would
// be registered for both, and what one took of events the other would miss.
void reactor_demux::restart_in_child()
{
    if (mutex_.torn())
        return; // the service stays what it is in a child that does not notify
    leave_threads_behind();
    selector_->observe(nullptr);
    before_fork_.push_back(std::move(board_));
    board_ = std::make_unique<event_board>();
    board_->set_ripe(before_fork_.back()->take_ripe());
    open(options_);
    fork_generation_ = process::fork_generation();
    if (watch_)
        return watch_->expire();
    armed_ = false;
    completed done;
    fail_before_fork(done);
    scheduler_.post_deferred_completions(done);
}

/// The waits that were pending end in the child's first turn.
void reactor_demux::fail_before_fork(completed& done) noexcept
{
    for (auto const& board : before_fork_)
        board->fail(boost::asio::error::operation_aborted, done);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

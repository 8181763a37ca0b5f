// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "reactor_demux.hpp"

#include <urio/error.hpp>
#include <urio/op/readiness.hpp>
#include <urio/seam/loop.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <chrono>
#include <exception>
#include <fcntl.h>
#include <new>
#include <sched.h>
#include <signal.h>
#include <type_traits>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

/// The error of the exception that is being handled.
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

void throw_errno(const char* what)
{
    throw boost::system::system_error(errno, boost::system::system_category(), what);
}

} // namespace

// The watch.

reactor_demux::watch::operation::operation(int descriptor, reactor_demux& d) noexcept
    : wait_op(&operation::complete, nullptr, descriptor, readable_events)
    , demux_(d)
{
}

void reactor_demux::watch::operation::complete(void* owner, scheduler_operation* base,
                                               const error_code&, std::size_t)
{
    // Without an owner the context is being shut down. The operation is the watch's.
    auto& self = *static_cast<operation*>(base);
    if (owner)
        self.demux_.watch_fired(owner, self.error());
}

reactor_demux::watch::watch(reactor_demux& d, int descriptor)
    : engine_(use_engine(d.scheduler_.context()))
    , descriptor_(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0))
    , demux_(d)
{
    if (descriptor_ < 0)
        throw_errno("fcntl");
    try
    {
        object_ = &engine_.open_object(descriptor_);
    }
    catch (...)
    {
        ::close(descriptor_);
        throw;
    }
}

reactor_demux::watch::~watch()
{
    retire();
}

void reactor_demux::watch::start()
{
    std::lock_guard const l(mutex_);
    if (!object_)
        return;
    operation_.emplace(descriptor_, demux_); // the one before has completed
    if (!engine_.start(*object_, *operation_, lane::unordered))
        engine_.post_immediate(*operation_, false);
}

void reactor_demux::watch::cancel() noexcept
{
    std::lock_guard const l(mutex_);
    if (object_)
        engine_.cancel(*object_);
}

void reactor_demux::watch::retire() noexcept
{
    std::lock_guard const l(mutex_);
    if (object_ && engine_.retire(*object_) == engine::ownership::caller_closes)
        ::close(descriptor_);
    object_ = nullptr;
}

void reactor_demux::watch::replace(int descriptor)
{
    if (::dup3(descriptor, descriptor_, O_CLOEXEC) < 0)
        throw_errno("dup3");
}

// The demultiplexer.

class reactor_demux::visit
{
public:
    explicit visit(reactor_demux& d) noexcept : demux_(d)
    {
        demux_.visitors_.fetch_add(1, std::memory_order_relaxed);
    }
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;
    ~visit() { demux_.visitors_.fetch_sub(1, std::memory_order_release); }

private:
    reactor_demux& demux_;
};

reactor_demux::reactor_demux(scheduler& s, const reactor::options& o)
    : scheduler_(s)
    , options_(o)
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
    lock const l(mutex_);
    board_->add(t);
}

// Called under the selector's lock, which shutdown() takes first: no need for a visit.
void reactor_demux::ended(reactor::token t) noexcept
{
    completed done;
    lock l(mutex_);
    board_->remove(t, done);
    bool const idle = !board_->anybody_waits();
    l.unlock();
    finish(done, idle);
}

template <class Op>
bool reactor_demux::start(Op& op)
{
    std::optional<reactor::token> which;
    if constexpr (std::is_same_v<Op, reactor_wait_op>)
        which = op.event_.token();

    visit const v(*this);
    lock l(mutex_);
    for (;;)
    {
        if (shut_down_)
        {
            op.error_ = boost::asio::error::operation_aborted;
            return true;
        }
        if (board_->try_complete(op))
            return true;
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
bool reactor_demux::go_on(Op& op) noexcept
{
    try
    {
        if (!start(op))
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
    visit const v(*this);
    completed done;
    lock l(mutex_);
    board_->cancel(t, name, done);
    bool const idle = !board_->anybody_waits();
    l.unlock();
    finish(done, idle);
}

void reactor_demux::cancel_poll(std::uint64_t name) noexcept
{
    visit const v(*this);
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
    if (ec && ec != boost::asio::error::operation_aborted && ec != errc::completion_lost)
        return fail_all(ec, false);
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

// The thread, where the selector has no descriptor.

void reactor_demux::start_thread()
{
    // Armed anew, if it has been used.
    error_code ec;
    auto const k = selector_->change(
        wake_->fd(),
        {reactor::token(), reactor::interest::readable, reactor::trigger::edge}, ec);
    throw_error(ec, "reactor_service");
    wake_generation_ = static_cast<std::uint32_t>(k >> 32);

    // Signals are for the program's own threads.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try
    {
        thread_ = std::thread([this] { run_thread(); });
    }
    catch (...)
    {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void reactor_demux::stop_thread() noexcept
{
    if (!thread_.joinable())
        return;
    {
        lock const l(mutex_);
        stop_ = true;
    }
    somebody_waits_.notify_one();
    error_code ignored;
    wake_->signal(ignored);
    thread_.join();
    wake_->drain();
    stop_ = false;
}

void reactor_demux::run_thread() noexcept
{
    for (;;)
    {
        {
            lock l(mutex_);
            somebody_waits_.wait(l, [&] { return stop_ || board_->anybody_waits(); });
            if (stop_)
                return;
        }
        error_code ec;
        try
        {
            poll_->wait(found_, std::nullopt, ec);
        }
        catch (...)
        {
            ec = current_error();
        }
        if (ec && ec != boost::system::errc::interrupted)
            fail_all(ec, true);
        using entry = event_board::entry;
        std::erase_if(reactor::detail::access::entries(found_),
                      [&](const entry& e) { return e.expected == wake_generation_; });
        completed done;
        give_out(done);
        scheduler_.post_deferred_completions(done);
    }
}

// The end.

void reactor_demux::shutdown() noexcept
{
    // Sources that outlive the service do not tell it anything any more.
    selector_->observe(nullptr);
    completed abandoned;
    {
        lock const l(mutex_);
        shut_down_ = true;
        board_->fail(boost::asio::error::operation_aborted, abandoned);
    }
    while (visitors_.load(std::memory_order_acquire) != 0)
        ::sched_yield();
    stop_thread();
    if (watch_)
        watch_->retire();
    scheduler_.abandon_operations(abandoned);
}

void reactor_demux::notify_fork(boost::asio::execution_context::fork_event event)
{
    switch (event)
    {
    case boost::asio::execution_context::fork_prepare:
        had_thread_ = thread_.joinable();
        stop_thread();
        break;
    case boost::asio::execution_context::fork_parent:
        if (had_thread_)
            start_thread();
        break;
    case boost::asio::execution_context::fork_child:
        restart_in_child();
        break;
    }
}

// The selector's descriptor is shared with the parent: what one of them registered would
// be registered for both, and what one took of events the other would miss.
void reactor_demux::restart_in_child()
{
    selector_->observe(nullptr);
    visitors_.store(0, std::memory_order_relaxed); // threads of the parent's
    completed done;
    board_->fail(boost::asio::error::operation_aborted, done);
    scheduler_.post_deferred_completions(done);
    before_fork_.push_back(std::move(board_));
    board_ = std::make_unique<event_board>();
    open(options_);
    if (!watch_)
        armed_ = false;
    else
    {
        watch_->replace(selector_->native_handle());
        watch_->cancel(); // it may be that of the parent's selector
    }
}

// What the public class and the operations call.

bool reactor_waits::start(reactor_demux& d, reactor_wait_op& op)
{
    return d.start(op);
}

bool reactor_waits::start(reactor_demux& d, reactor_poll_op& op)
{
    return d.start(op);
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
    if (owner && op.generation_ &&
        op.generation_->load(std::memory_order_acquire) != op.expected_ &&
        op.demux_->go_on(op))
        return;
    op.complete_(owner, base, ec, n);
}

void reactor_poll_op::run(void* owner, scheduler_operation* base,
                          const boost::system::error_code& ec, std::size_t n)
{
    auto& op = *static_cast<reactor_poll_op*>(base);
    if (owner && !op.error_ && op.out_->empty() && op.demux_->go_on(op))
        return;
    op.complete_(owner, base, ec, n);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

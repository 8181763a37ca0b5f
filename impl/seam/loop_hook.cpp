// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/seam/loop_hook.hpp>

#include "../uring/uring_engine.hpp"

#include <urio/error.hpp>
#include <urio/seam/reactor_access.hpp>

#include <boost/system/system_error.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <unistd.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// The states of a hook. Any other value is the mark of a thread, see below.
constexpr std::uintptr_t idle = 0;
constexpr std::uintptr_t waiting = 1;
constexpr std::uintptr_t interrupted = 2;

// An address that no other thread has.
std::uintptr_t mark_of_this_thread() noexcept
{
    thread_local char mark;
    return reinterpret_cast<std::uintptr_t>(&mark);
}

template <class Tag>
auto& member(stock_reactor& reactor, Tag tag) noexcept
{
    return reactor.*member_of(tag);
}

using reactor_mutex = std::remove_reference_t<decltype(std::declval<stock_reactor&>().*
                                                       member_of(reactor_mutex_{}))>;

} // namespace

loop_hook* loop_hook::install(boost::asio::execution_context& context,
                              const uring_options& options)
{
    if (!boost::asio::has_service<stock_reactor>(context))
    {
        try
        {
            boost::asio::make_service<loop_hook>(context, options);
        }
        catch (const boost::asio::service_already_exists&)
        {
            // Another thread was faster.
        }
    }
    // Asked for by its base: asking for the hook itself would create a mistyped
    // reactor.
    return dynamic_cast<loop_hook*>(&boost::asio::use_service<stock_reactor>(context));
}

loop_hook::loop_hook(boost::asio::execution_context& context,
                     const uring_options& options)
    : epoll_reactor(context)
    , options_(options)
{
}

loop_hook::~loop_hook() = default;

engine& loop_hook::get_engine()
{
    if (engine* e = existing_engine())
        return *e;

    std::lock_guard l(set_up_);
    if (!owned_)
    {
        try
        {
            owned_ = std::make_unique<uring_engine>(
                boost::asio::use_service<scheduler>(this->context()), options_);
            log_once("io_uring");
        }
        catch (const std::exception& e)
        {
            log_once(std::string("none: ") + e.what());
            throw;
        }
        engine_.store(owned_.get(), std::memory_order_release);
        // A thread may be waiting in the reactor: its next turn shall be the
        // engine's.
        epoll_reactor::interrupt();
    }
    return *owned_;
}

void loop_hook::log_once(const std::string& decision)
{
    const char* const wanted = std::getenv("URIO_LOG");
    if (wanted && std::strcmp(wanted, "1") == 0 && !std::exchange(logged_, true))
        std::fprintf(stderr, "urio: backend: %s\n", decision.c_str());
}

engine& use_engine(boost::asio::execution_context& context)
{
    if (loop_hook* hook = loop_hook::install(context))
        return hook->get_engine();
    throw boost::system::system_error(errc::reactor_already_running);
}

// The reactor's timers have a descriptor of their own only where the reactor waits
// itself; without one it leaves their expiry to the wait's timeout.
void loop_hook::adopt_reactor(engine& e)
{
    std::lock_guard<reactor_mutex> l(member(*this, reactor_mutex_{}));
    int& timer_descriptor = member(*this, reactor_timer_fd_{});
    if (timer_descriptor != -1)
        ::close(std::exchange(timer_descriptor, -1));
    e.watch(member(*this, reactor_epoll_fd_{}));
    adopted_ = true;
    // One that was set while the reactor had its own descriptor did not interrupt.
    timers_absent_ = false;
}

void loop_hook::run(long usec, op_queue<scheduler_operation>& ops)
{
    engine* const e = existing_engine();
    if (!e)
        return epoll_reactor::run(usec, ops);
    if (!adopted_)
        adopt_reactor(*e);

    bool const timed = !timers_known_absent();
    if (usec == 0 && !timed && e->quiet())
        return;

    bool const wait = usec != 0 && (timed ? begin_timed_wait(usec) : begin_wait());
    bool reactor_ready;
    {
        struct end_of_wait
        {
            loop_hook& hook;
            ~end_of_wait()
            {
                std::uintptr_t const seen = hook.state_.exchange(idle);
                if (seen != waiting && seen != idle)
                    hook.timers_absent_ = false;
            }
        } guard{*this};
        reactor_ready = e->turn(wait ? usec : 0, ops);
    }

    if (reactor_ready)
        epoll_reactor::run(0, ops); // this looks at the timers, too
    else if (timed)
    {
        std::lock_guard<reactor_mutex> l(member(*this, reactor_mutex_{}));
        member(*this, reactor_timer_queues_{}).get_ready_timers(ops);
    }
}

// A reactor without timers tells us about the first that is set, by interrupt().
// Until then there is no need to look, under its lock.
bool loop_hook::timers_known_absent() const noexcept
{
    return timers_absent_ && state_.load(std::memory_order_relaxed) == idle;
}

// Announces a wait. False if somebody has interrupted it before it began.
bool loop_hook::begin_wait() noexcept
{
    std::uintptr_t expected = idle;
    return state_.compare_exchange_strong(expected, waiting);
}

// Limits the wait to the next expiry, and announces it. The reactor's lock makes the
// two one step for a thread that sets an earlier timer. False if there is no time to
// wait.
bool loop_hook::begin_timed_wait(long& usec)
{
    // The reactor never waits longer, so that changes to the system's clock are
    // noticed.
    constexpr long longest = 5 * 60 * 1000 * 1000L;

    std::lock_guard<reactor_mutex> l(member(*this, reactor_mutex_{}));
    auto& timers = member(*this, reactor_timer_queues_{});
    timers_absent_ = timers.all_empty();
    if (!timers_absent_)
    {
        usec = timers.wait_duration_usec(usec < 0 || usec > longest ? longest : usec);
        if (usec == 0)
            return false;
    }
    // A timer that this thread has set, from a handler, since the last turn: its
    // expiry has just been looked at.
    std::uintptr_t mine = mark_of_this_thread();
    state_.compare_exchange_strong(mine, idle);
    return begin_wait();
}

void loop_hook::interrupt()
{
    engine* const e = existing_engine();
    if (!e)
        return epoll_reactor::interrupt();

    std::uintptr_t const mine = mark_of_this_thread();
    std::uintptr_t seen = state_.load();
    std::uintptr_t next;
    do
        next = seen == idle || seen == mine ? mine : interrupted;
    while (!state_.compare_exchange_weak(seen, next));

    if (seen == waiting)
        e->wake();
}

void loop_hook::shutdown()
{
    op_queue<scheduler_operation> abandoned;
    if (engine* e = existing_engine())
        e->shut_down(abandoned);
    epoll_reactor::shutdown();
    boost::asio::use_service<scheduler>(this->context()).abandon_operations(abandoned);
}

void loop_hook::notify_fork(boost::asio::execution_context::fork_event event)
{
    engine* const e = existing_engine();
    if (event != boost::asio::execution_context::fork_child)
    {
        epoll_reactor::notify_fork(event);
        if (e)
            e->notify_fork(event);
        return;
    }
    // The reactor makes new descriptors in the child, and interrupts whoever waits in
    // the engine: the engine must be usable first.
    state_.store(idle);
    if (e)
        e->notify_fork(event);
    epoll_reactor::notify_fork(event);
    adopted_ = false;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

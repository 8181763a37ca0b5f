// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "loop.hpp"

#include "hosted_loop.hpp"
#include "loop_hook.hpp"
#include "scheduler_access.hpp"

#include <urio/detail/loop/loop.hpp>
#include <urio/error.hpp>

#include <boost/system/system_error.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sched.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// The states of a loop. Any other value is the mark of a thread, see below.
constexpr std::uintptr_t idle = 0;
constexpr std::uintptr_t waiting = 1;
constexpr std::uintptr_t interrupted = 2;

// An address that no other thread has.
std::uintptr_t mark_of_this_thread() noexcept
{
    thread_local char mark;
    return reinterpret_cast<std::uintptr_t>(&mark);
}

} // namespace

loop* loop::find(boost::asio::execution_context& context)
{
    if (boost::asio::has_service<hosted_loop>(context))
        return &boost::asio::use_service<hosted_loop>(context);
    if (boost::asio::has_service<stock_reactor>(context))
        // Asked for by its base: asking for the hook itself would create a mistyped
        // reactor.
        return dynamic_cast<loop_hook*>(
            &boost::asio::use_service<stock_reactor>(context));
    return nullptr;
}

loop& loop::use(boost::asio::execution_context& context)
{
    boost::system::error_code ec;
    install_loop(context, {}, ec);
    if (loop* const there = find(context))
        return *there;
    return boost::asio::use_service<hosted_loop>(context);
}

void install_loop(boost::asio::execution_context& context, const uring_options& options,
                  boost::system::error_code& ec)
{
    ec = {};
    if (!boost::asio::has_service<stock_reactor>(context))
    {
        try
        {
            boost::asio::make_service<loop_hook>(context, options);
            return;
        }
        catch (const boost::asio::service_already_exists&)
        {
            // Another thread was faster.
        }
    }
    if (loop::find(context))
        ec = errc::already_installed;
    else
        ec = errc::reactor_already_running;
}

engine& use_engine(boost::asio::execution_context& context)
{
    return loop::use(context).get_engine();
}

loop::loop(boost::asio::execution_context& context, stock_reactor& reactor,
           const uring_options& options)
    : context_(context)
    , reactor_(reactor)
    , options_(options)
    , fork_generation_((process::watch_forks(), process::fork_generation()))
{
}

loop::~loop() = default;

engine& loop::get_engine()
{
    if (taken_over_.load(std::memory_order_acquire))
        return *existing_engine();

    std::lock_guard l(set_up_);
    if (!made_.engine)
    {
        try
        {
            made_ = make_engine(boost::asio::use_service<scheduler>(context_), options_);
        }
        catch (const std::exception& e)
        {
            log_once(backend::none, e.what());
            throw;
        }
        log_once(made_.kind, made_.reason.c_str());
        engine_.store(made_.engine.get(), std::memory_order_release);
    }
    // Again, if that has failed for want of memory.
    if (!taken_over_.load(std::memory_order_relaxed))
    {
        take_over();
        taken_over_.store(true, std::memory_order_release);
    }
    return *made_.engine;
}

void loop::log_once(backend kind, const char* reason) noexcept
{
    const char* const wanted = std::getenv("URIO_LOG");
    if (wanted && std::strcmp(wanted, "1") == 0 && !std::exchange(logged_, true))
        std::fprintf(stderr, "urio: backend: %s: %s\n", to_string(kind), reason);
}

void loop::run(engine& e, long usec, op_queue<scheduler_operation>& ops)
{
    if (!adopted_)
    {
        adopt_reactor(e);
        adopted_ = true;
        no_turn_since_fork_ = false;
    }

    // Without a descriptor of their own the timers' expiry is the wait's timeout.
    bool const timed =
        member(reactor_, reactor_timer_fd_{}) == -1 && !timers_known_absent();
    if (usec == 0 && !timed && e.quiet())
        return;

    bool const wait = usec != 0 && (timed ? begin_timed_wait(usec) : begin_wait());
    bool reactor_ready;
    {
        struct end_of_wait
        {
            loop& self;
            ~end_of_wait()
            {
                std::uintptr_t const seen = self.state_.exchange(idle);
                if (seen != waiting && seen != idle)
                    self.timers_absent_ = false;
            }
        } guard{*this};
        reactor_ready = e.turn(wait ? usec : 0, ops);
    }

    if (reactor_ready)
    {
        // This looks at the timers, too; a hosted reactor tells in no other way that one
        // has been set.
        reactor_.stock_reactor::run(0, ops);
        if (kind() == loop_kind::hosted)
            timers_absent_ = false;
    }
    else if (timed)
    {
        std::lock_guard<reactor_mutex> l(member(reactor_, reactor_mutex_{}));
        member(reactor_, reactor_timer_queues_{}).get_ready_timers(ops);
    }
}

// A reactor without timers tells us about the first that is set, by interrupt().
// Until then there is no need to look, under its lock.
bool loop::timers_known_absent() const noexcept
{
    return timers_absent_ && state_.load(std::memory_order_relaxed) == idle;
}

// Announces a wait. False if somebody has interrupted it before it began.
bool loop::begin_wait() noexcept
{
    std::uintptr_t expected = idle;
    return state_.compare_exchange_strong(expected, waiting);
}

// Limits the wait to the next expiry, and announces it. The reactor's lock makes the
// two one step for a thread that sets an earlier timer. False if there is no time to
// wait.
bool loop::begin_timed_wait(long& usec)
{
    // The reactor never waits longer, so that changes to the system's clock are
    // noticed.
    constexpr long longest = 5 * 60 * 1000 * 1000L;

    std::lock_guard<reactor_mutex> l(member(reactor_, reactor_mutex_{}));
    auto& timers = member(reactor_, reactor_timer_queues_{});
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

void loop::interrupt(engine& e)
{
    std::uintptr_t const mine = mark_of_this_thread();
    std::uintptr_t seen = state_.load();
    std::uintptr_t next;
    do
        next = seen == idle || seen == mine ? mine : interrupted;
    while (!state_.compare_exchange_weak(seen, next));

    if (seen == waiting)
        e.wake();
}

void loop::shut_down()
{
    engine* const e = existing_engine();
    if (!e || std::exchange(shut_down_, true))
        return;
    auto& s = boost::asio::use_service<scheduler>(context_);
    // In a child process there is nobody to wait for.
    if (!e->forked() && !no_turn_since_fork_)
    {
        // A context without a loop of its own has a thread of the scheduler's, which may
        // be in a turn.
        s.stop();
        while (!try_with_idle_task(s, [](auto&) {}))
        {
            interrupt(*e);
            ::sched_yield();
        }
    }
    op_queue<scheduler_operation> unfinished;
    e->shut_down(unfinished);
    s.abandon_operations(unfinished);
}

bool loop::restart_in_child() noexcept
{
    unsigned const now = process::fork_generation();
    if (std::exchange(fork_generation_, now) == now)
        return false;
    state_.store(idle);
    adopted_ = false;
    no_turn_since_fork_ = true;
    return true;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

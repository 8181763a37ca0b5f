// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// One turn of the loop: wait, and try what has become ready.

#include "reactor_engine.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// Tokens that are not the address of an object.
constexpr reactor::token waker_token{0};
constexpr reactor::token watch_token{1};

// How often what no event tells of is tried again.
constexpr std::chrono::milliseconds retry_interval{10};

} // namespace

void reactor_engine::set_up_selector()
{
    selector_ = make_selector_();
    boost::system::error_code ec;
    selector_->open_waker(waker_token, ec);
    if (ec)
        throw boost::system::system_error(ec, "waker");
}

bool reactor_engine::turn(long timeout, op_queue<scheduler_operation>& ready)
{
    if (!started_ || forked() || options_.threads == thread_mode::exclusive)
        check_caller();

    if (pool_.wants_threads())
    {
        pool_.open();
        timeout = 0; // what is refused completes at once
    }
    blocking_pool::opening const threads(pool_);
    if (untried_.load(std::memory_order_relaxed))
    {
        try_what_was_pending(ready);
        if (pool_.wants_threads())
            pool_.open();
        if (!ready.empty())
            timeout = 0;
    }
    using clock = std::chrono::steady_clock;
    bool const retrying = retrying_.load();
    if (retrying && timeout != 0)
    {
        auto const left = std::chrono::ceil<std::chrono::microseconds>(
            std::max(next_retry_ - clock::now(), clock::duration::zero()));
        if (timeout < 0 || timeout > left.count())
            timeout = static_cast<long>(left.count());
    }
    boost::system::error_code ec;
    selector_->wait(events_,
                    timeout < 0 ? reactor::timeout(std::nullopt)
                                : reactor::timeout(std::chrono::microseconds(timeout)),
                    ec);
    count(counters_.waits);
    if (ec && ec != boost::system::errc::interrupted)
        throw boost::system::system_error(ec, "wait");

    bool watch_ready = false;
    for (reactor::event const& e : events_)
    {
        if (e.token() == waker_token)
            continue;
        if (e.token() == watch_token)
        {
            watch_ready = true;
            continue;
        }
        auto& o = *reinterpret_cast<reactor_object*>(e.token().value);
        lock l(o.mutex_);
        if (shut_down_)
            continue;
        bool const ended = e.is_error() || e.is_read_closed() || e.is_write_closed();
        if (e.is_readable() || ended)
            run_lane(o, lane::read, ready);
        if (e.is_writable() || ended)
            run_lane(o, lane::write, ready);
        run_unordered(o, ready);
    }
    if (retrying && clock::now() >= next_retry_)
    {
        retry(ready);
        next_retry_ = clock::now() + retry_interval;
    }
    return watch_ready;
}

void reactor_engine::retry(completed& done)
{
    std::vector<reactor_object*> objects;
    {
        std::lock_guard l(retries_mutex_);
        objects.swap(retries_);
        for (reactor_object* const o : objects)
            o->retry_queued_ = false;
    }
    for (reactor_object* const o : objects)
    {
        lock l(o->mutex_);
        if (!shut_down_)
            run_lane(*o, lane::write, done);
    }
    std::lock_guard l(retries_mutex_);
    retrying_ = !retries_.empty();
}

void reactor_engine::check_caller()
{
    if (forked())
        take_over();
    if (!started_)
    {
        owner_ = this_thread();
        owner_tid_ = ::gettid();
        started_.store(true, std::memory_order_release);
    }
    else if (owner_ != this_thread())
        throw_wrong_thread(owner_tid_);
}

void reactor_engine::watch(int descriptor)
{
    if (forked())
        take_over();
    boost::system::error_code ec;
    if (watched_ >= 0)
        selector_->remove(watched_, ec);
    watched_ = -1;
    selector_->add(descriptor,
                   {watch_token, reactor::interest::readable, reactor::trigger::level},
                   ec);
    if (ec)
        throw boost::system::system_error(ec, "watch");
    watched_ = descriptor;
}

void reactor_engine::wake() noexcept
{
    if (forked())
        return;
    count(counters_.wakeups);
    boost::system::error_code ignored;
    selector_->wake(ignored);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

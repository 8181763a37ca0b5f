// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// From the start of an operation to its completion.

#include "reactor_engine.hpp"

#include <urio/detail/system/readiness.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

reactor::interest interest_of(short events) noexcept
{
    using reactor::interest;
    std::optional<interest> wanted;
    auto const add = [&](interest i) { wanted = wanted ? wanted->add(i) : i; };
    if (events & POLLIN)
        add(interest::readable);
    if (events & POLLOUT)
        add(interest::writable);
    if (events & POLLPRI || !wanted)
        add(interest::priority);
    return *wanted;
}

} // namespace

void reactor_engine::mode_changed(io_object& object) noexcept
{
    lock l(cast(object).mutex_);
    object.non_blocking_ = false;
    cast(object).restore_mode_ = false;
}

op_id reactor_engine::reserve(io_operation& op)
{
    lock l(table_mutex_);
    op.id_ = table_.insert(op);
    return static_cast<op_id>(op.id_);
}

void reactor_engine::unreserve(io_operation& op) noexcept
{
    lock l(table_mutex_);
    table_.erase(op.id_);
    op.id_ = 0;
    op.target_ = nullptr;
}

bool reactor_engine::start(io_object& object, io_operation& op, lane where)
{
    if (forked())
        take_over();

    reactor_object& o = cast(object);
    blocking_pool::opening const threads(pool_);
    lock l(o.mutex_);
    if (shut_down_)
    {
        if (op.id_ != 0)
            unreserve(op);
        scheduler_.work_started();
        l.unlock();
        // The scheduler destroys it.
        scheduler_.post_deferred_completion(&op);
        return true;
    }

    op.lane_ = where;
    if (op.id_ == 0)
        op.target_ = &o;
    else
    {
        lock t(table_mutex_);
        op.target_ = &o;
    }
    op_list& list = o.operations(where);
    bool const first = list.empty() || where == lane::unordered;
    list.push_back(op);
    std::optional<int> result;
    if (first)
    {
        result = prepare(o, op);
        if (!result)
            result = run(o, op);
    }
    else
        op.state_ = op_state::parked;
    if (result)
    {
        list.erase(op);
        if (op.id_ != 0)
            unreserve(op);
        op.target_ = nullptr;
        op.set_result(*result);
        count(counters_.immediate);
        return false;
    }
    scheduler_.work_started();
    count(counters_.in_flight);
    return true;
}

/// What an operation needs before it is tried. A result if that fails.
std::optional<int> reactor_engine::prepare(reactor_object& o, io_operation& op)
{
    if (!op.kind().perform)
        return -EOPNOTSUPP; // it is io_uring's alone
    if (op.kind().non_blocking && !o.traits().bounded && !o.non_blocking_)
    {
        int const flags = ::fcntl(o.descriptor(), F_GETFL);
        if (flags < 0)
            return -errno;
        if (!(flags & O_NONBLOCK))
        {
            if (::fcntl(o.descriptor(), F_SETFL, flags | O_NONBLOCK) != 0)
                return -errno;
            o.restore_mode_ = op.kind().disk;
        }
        o.non_blocking_ = true;
    }
    return std::nullopt;
}

std::optional<int> reactor_engine::attempt(io_operation& op)
{
    for (;;)
    {
        op.count_attempt();
        int result = op.kind().perform(op);
        // The file's own word for something, such as a timerfd's whose clock was set.
        if (result == -ECANCELED)
            return result;
        verdict const v = meaning_of(op, result);
        if (v == verdict::deliver)
        {
            completed delivered;
            deliver(op, delivered);
            scheduler_.post_deferred_completions(delivered);
        }
        decision const d = decide(v, result, op.cancel_requested_);
        if (d.next == verdict::complete)
            return d.result;
        if (d.next == verdict::await_readiness)
            return std::nullopt;
    }
}

std::optional<int> reactor_engine::run(reactor_object& o, io_operation& op)
{
    if (op.kind().begin)
        op.kind().begin(op);
    if (is_for_pool(o, op))
    {
        // What is in memory is no reason to wake a thread.
        if (auto const at_once = op.kind().perform_without_wait)
            if (int result = at_once(op); result != -EAGAIN)
            {
                (void)meaning_of(op, result);
                return result;
            }
        op.state_ = op_state::in_pool;
        ++o.in_pool_;
        pool_.submit(op);
        return std::nullopt;
    }
    if (std::optional<int> const result = attempt(op))
        return result;
    op.state_ = op_state::parked;
    if (int const error = await(o, op))
        return -error;
    return std::nullopt;
}

/// Has the selector report when it is worth trying again.
int reactor_engine::await(reactor_object& o, const io_operation& op) noexcept
{
    using reactor::interest;
    boost::system::error_code ec;
    if (op.retried() || o.key_ == 0)
    {
        try
        {
            if (op.retried())
                return retry_later(o), 0;
            auto const t = reactor::token(reinterpret_cast<std::uintptr_t>(&o));
            interest const all = interest::readable | interest::writable;
            reactor::detail::registration what{t, all | interest::priority,
                                               reactor::trigger::edge};
            o.key_ = selector_->add(o.descriptor(), what, ec);
            if (ec == boost::system::errc::operation_not_supported)
            {
                what.interests = all;
                o.key_ = selector_->add(o.descriptor(), what, ec);
            }
        }
        catch (const std::bad_alloc&)
        {
            return ENOMEM;
        }
        return ec.value();
    }
    count(counters_.resubmitted);
    if (selector_->wants_failures())
        selector_->failed(o.key_, interest_of(op.wake_events_),
                          boost::asio::error::would_block);
    return 0;
}

void reactor_engine::retry_later(reactor_object& o)
{
    {
        std::lock_guard l(retries_mutex_);
        if (o.retry_queued_)
            return;
        retries_.push_back(&o);
        o.retry_queued_ = true;
        if (retrying_.exchange(true))
            return;
    }
    wake(); // whose wait may have no limit
}

// Operations of an ordered lane, one after another, until one has to wait.
void reactor_engine::run_lane(reactor_object& o, lane l, completed& done)
{
    op_list& list = o.operations(l);
    while (io_operation* const op = list.first())
    {
        if (op->state_ == op_state::in_pool)
            return;
        std::optional<int> result;
        if (op->cancel_requested_)
            result = -ECANCELED;
        else if (untried_.load(std::memory_order_relaxed))
            return;
        else if (!(result = prepare(o, *op)))
            result = run(o, *op);
        if (!result)
            return;
        complete(o, *op, *result, done);
    }
}

// The last operation, when all others have ended.
void reactor_engine::run_last(reactor_object& o, completed& done)
{
    io_operation* const op = o.operations(lane::last).first();
    if (!op || o.busy() || op->state_ == op_state::in_pool)
        return;
    if (std::optional<int> const result = run(o, *op))
        complete(o, *op, *result, done);
}

void reactor_engine::run_unordered(reactor_object& o, completed& done)
{
    for (io_operation* op = o.operations(lane::unordered).first(); op;)
    {
        io_operation* const next = op->next_in_lane_;
        if (op->state_ != op_state::in_pool)
        {
            std::optional<int> const result =
                op->cancel_requested_ ? std::optional<int>(-ECANCELED) : run(o, *op);
            if (result)
                complete(o, *op, *result, done);
        }
        op = next;
    }
}

void reactor_engine::complete(reactor_object& o, io_operation& op, int result,
                              completed& done)
{
    o.operations(op.lane_).erase(op);
    if (op.id_ != 0)
        unreserve(op);
    op.target_ = nullptr;
    op.set_result(result);
    count(counters_.in_flight, static_cast<std::uint64_t>(-1));
    count(counters_.completions);
    done.push(&op);
}

void reactor_engine::run_in_pool(reactor_object& o, io_operation& op,
                                 int refusal) noexcept
{
    completed done;
    int result = refusal;
    bool last, closes;
    if (!refusal)
    {
        lock l(o.mutex_);
        if (op.cancel_requested_)
            result = -ECANCELED;
    }
    if (result == 0)
        result = perform_in_pool(op);
    {
        lock l(o.mutex_);
        --o.in_pool_;
        op.state_ = op_state::parked;
        // It notes the position that a transfer has led to.
        (void)meaning_of(op, result);
        op.set_result(result);
        if (shut_down_)
            return; // which collects it
        lane const where = op.lane_;
        complete(o, op, result, done);
        // Before the next one in its lane begins, which another thread may complete.
        scheduler_.post_deferred_completions(done);
        if (where == lane::read || where == lane::write)
            run_lane(o, where, done);
        run_last(o, done);
        scheduler_.post_deferred_completions(done);
        last = o.orphaned_ && o.idle() && o.in_pool_ == 0;
        closes = last && std::exchange(o.close_pending_, false);
    }
    if (last)
    {
        if (closes)
            ::close(o.descriptor());
        free_object(o);
    }
}

} // namespace detail
} // namespace urio::inline URIO_ABI

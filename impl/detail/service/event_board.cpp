// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "event_board.hpp"

#include <boost/asio/error.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

using reactor::detail::access;

void waiter_list::push_back(reactor_waiter& w) noexcept
{
    w.prev_waiter_ = last_;
    w.next_waiter_ = nullptr;
    (last_ ? last_->next_waiter_ : first_) = &w;
    last_ = &w;
}

void waiter_list::erase(reactor_waiter& w) noexcept
{
    (w.prev_waiter_ ? w.prev_waiter_->next_waiter_ : first_) = w.next_waiter_;
    (w.next_waiter_ ? w.next_waiter_->prev_waiter_ : last_) = w.prev_waiter_;
}

reactor_waiter* waiter_list::find(std::uint64_t name) const noexcept
{
    reactor_waiter* w = first_;
    while (w && w->name_ != name)
        w = w->next_waiter_;
    return w;
}

event_board::line* event_board::find(reactor::token t) noexcept
{
    auto const found = lines_.find(t);
    return found == lines_.end() ? nullptr : &found->second;
}

void event_board::add(reactor::token t)
{
    auto const [at, is_new] = lines_.try_emplace(t);
    line& l = at->second;
    try
    {
        // So that to keep an event needs no memory.
        l.kept.reserve(l.registrations + 1);
    }
    catch (...)
    {
        if (is_new)
            lines_.erase(at);
        throw;
    }
    l.id = t;
    ++l.registrations;
}

void event_board::remove(reactor::token t, completed& done) noexcept
{
    line* const l = find(t);
    if (!l)
        return;
    if (--l->registrations != 0)
        return;
    complete_all(l->waiters, boost::asio::error::operation_aborted, done);
    unlink(*l);
    lines_.erase(t);
}

bool event_board::try_complete(reactor_wait_op& op) noexcept
{
    line* const l = find(op.event_.token());
    op.error_ = error_code();
    op.generation_ = nullptr;
    if (!l)
    {
        op.error_ = boost::asio::error::not_found;
        return true;
    }
    purge(*l);
    for (entry& e : l->kept)
    {
        std::uint16_t const bits = access::bits(e.value);
        if (!e.level && !(bits & op.wanted_))
            continue;
        op.event_ = e.value;
        op.generation_ = e.generation;
        op.expected_ = e.expected;
        e.value = reactor::event(l->id, static_cast<std::uint16_t>(bits & ~op.wanted_),
                                 e.value.native_flags());
        if (e.level || access::bits(e.value) == 0)
        {
            l->kept.erase(l->kept.begin() + (&e - l->kept.data()));
            if (l->kept.empty())
                unlink(*l);
        }
        return true;
    }
    return false;
}

bool event_board::try_complete(reactor_poll_op& op) noexcept
{
    op.out_->clear();
    op.error_ = error_code();
    if (op.out_->capacity() == 0)
    {
        op.error_ = boost::asio::error::invalid_argument;
        return true;
    }
    fill(op);
    return !op.out_->empty();
}

void event_board::enqueue(reactor_wait_op& op) noexcept
{
    find(op.event_.token())->waiters.push_back(op);
    ++waiting_;
}

void event_board::enqueue(reactor_poll_op& op) noexcept
{
    polls_.push_back(op);
    ++waiting_;
}

void event_board::complete(waiter_list& from, reactor_waiter& w, const error_code& ec,
                           completed& done) noexcept
{
    from.erase(w);
    --waiting_;
    w.error_ = ec;
    if (!ec)
        ripen(w);
    done.push(&w);
}

void event_board::ripen(reactor_waiter& w) noexcept
{
    if (w.name_ == 0)
        return;
    w.ripe_ = true;
    ripe_.push_back(w);
}

void event_board::pick(reactor_waiter& w) noexcept
{
    if (std::exchange(w.ripe_, false))
        ripe_.erase(w);
}

void event_board::complete_all(waiter_list& from, const error_code& ec,
                               completed& done) noexcept
{
    while (reactor_waiter* const w = from.first())
        complete(from, *w, ec, done);
}

void event_board::cancel(reactor::token t, std::uint64_t name, completed& done) noexcept
{
    line* const l = find(t);
    if (!l || !cancel(l->waiters, name, done))
        cancel_ripe(name);
}

void event_board::cancel_poll(std::uint64_t name, completed& done) noexcept
{
    if (!cancel(polls_, name, done))
        cancel_ripe(name);
}

bool event_board::cancel(waiter_list& from, std::uint64_t name, completed& done) noexcept
{
    reactor_waiter* const w = from.find(name);
    if (w)
        complete(from, *w, boost::asio::error::operation_aborted, done);
    return w != nullptr;
}

void event_board::cancel_ripe(std::uint64_t name) noexcept
{
    if (reactor_waiter* const w = ripe_.find(name))
        w->cancelled_ = true;
}

void event_board::fail(const error_code& ec, completed& done) noexcept
{
    complete_all(polls_, ec, done);
    for (auto& [id, l] : lines_)
        complete_all(l.waiters, ec, done);
}

bool event_board::deliver(reactor::events& found, completed& done) noexcept
{
    access::keep(source_, found);
    bool level = false;
    for (entry& e : access::entries(found))
    {
        line* const l = e.alive() ? find(e.value.token()) : nullptr;
        if (!l || !give_to_waiters(*l, e, done))
            continue;
        // A level-triggered source will say it again, to whoever waits then.
        if (e.level && polls_.empty())
            continue;
        level = level || e.level;
        keep(*l, e);
    }
    while (first_kept_)
    {
        auto* const op = static_cast<reactor_poll_op*>(polls_.first());
        if (!op)
            return false;
        fill(*op);
        if (!op->out_->empty())
            complete(polls_, *op, error_code(), done);
    }
    return level && !polls_.empty();
}

/// Gives an event to those who want it. Returns whether it says something that nobody of
/// them wanted, and leaves that.
bool event_board::give_to_waiters(line& l, entry& e, completed& done) noexcept
{
    std::uint16_t const bits = access::bits(e.value);
    std::uint16_t left = bits;
    for (reactor_waiter* w = l.waiters.first(); w;)
    {
        auto& op = static_cast<reactor_wait_op&>(*w);
        w = w->next_waiter_;
        if (!e.level && !(bits & op.wanted_))
            continue;
        op.event_ = e.value;
        op.generation_ = e.generation;
        op.expected_ = e.expected;
        left = static_cast<std::uint16_t>(e.level ? 0 : left & ~op.wanted_);
        complete(l.waiters, op, error_code(), done);
    }
    e.value = reactor::event(l.id, left, e.value.native_flags());
    return left != 0;
}

void event_board::keep(line& l, const entry& e) noexcept
{
    purge(l);
    for (entry& other : l.kept)
        if (other.generation == e.generation)
        {
            other.value =
                reactor::event(l.id,
                               static_cast<std::uint16_t>(access::bits(other.value) |
                                                          access::bits(e.value)),
                               other.value.native_flags() | e.value.native_flags());
            return;
        }
    l.kept.push_back(e); // for which there is room, see add()
    if (!l.keeps)
        link(l);
}

/// Forgets what is out of date. The line stays where it is, even if it is empty then.
void event_board::purge(line& l) noexcept
{
    std::erase_if(l.kept, [](const entry& e) { return !e.alive(); });
}

/// Puts as much of what is kept into the events as there is room for.
void event_board::fill(reactor_poll_op& op) noexcept
{
    auto& out = access::entries(*op.out_);
    access::keep(*op.out_, source_);
    while (first_kept_ && out.size() != op.out_->capacity())
    {
        line& l = *first_kept_;
        purge(l);
        while (!l.kept.empty() && out.size() != op.out_->capacity())
        {
            out.push_back(l.kept.front());
            l.kept.erase(l.kept.begin());
        }
        if (l.kept.empty())
            unlink(l);
    }
}

void event_board::link(line& l) noexcept
{
    l.keeps = true;
    l.prev_kept = last_kept_;
    l.next_kept = nullptr;
    (last_kept_ ? last_kept_->next_kept : first_kept_) = &l;
    last_kept_ = &l;
}

void event_board::unlink(line& l) noexcept
{
    if (!l.keeps)
        return;
    l.keeps = false;
    (l.prev_kept ? l.prev_kept->next_kept : first_kept_) = l.next_kept;
    (l.next_kept ? l.next_kept->prev_kept : last_kept_) = l.prev_kept;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

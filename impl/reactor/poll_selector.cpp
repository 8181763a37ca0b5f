// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "poll_selector.hpp"

#include "descriptor_flags.hpp"

#include <algorithm>
#include <cerrno>

namespace urio::reactor::detail
{
namespace
{

#if defined(POLLRDHUP)
constexpr short peer_closed = POLLRDHUP;
#else
constexpr short peer_closed = 0;
#endif

constexpr short ends = POLLHUP | POLLERR;

constexpr short minus(short a, short b) noexcept
{
    return static_cast<short>(a & ~b);
}

short to_poll(interest i) noexcept
{
    short bits = 0;
    if (i.is_readable())
        bits |= POLLIN | peer_closed;
    if (i.is_writable())
        bits |= POLLOUT;
    if (i.is_priority())
        bits |= POLLPRI;
    return bits;
}

std::uint16_t from_poll(short bits) noexcept
{
    std::uint16_t e = 0;
    if (bits & (POLLIN | POLLPRI))
        e |= event::readable;
    if (bits & POLLOUT)
        e |= event::writable;
    if (bits & POLLERR)
        e |= event::error;
    if (bits & (POLLHUP | peer_closed))
        e |= event::read_closed;
    // As with epoll.
    if (bits & POLLHUP || (bits & POLLOUT && bits & POLLERR) || bits == POLLERR)
        e |= event::write_closed;
    if (bits & POLLPRI)
        e |= event::priority;
    return e;
}

/// How long a wait may overlook that an error has been taken from a socket by other means
/// than urio's, and that data have arrived behind an error that nobody takes.
constexpr int overlook_ms = 20;

} // namespace

poll_selector::poll_selector(waker_kind kind) : selector(kind), interrupter_(kind) {}

bool poll_selector::knows(interest i) const noexcept
{
    return !i.is_aio() && !i.is_lio();
}

int poll_selector::identify(int fd, identity& file) noexcept
{
    struct stat status;
    if (::fstat(fd, &status) < 0)
        return errno;
    file = {status.st_dev, status.st_ino, S_ISSOCK(status.st_mode)};
    return refused(status);
}

/// Whether the descriptor still is what was registered: 0 or the error.
int poll_selector::check(const slot& s) noexcept
{
    identity file;
    if (int const e = identify(s.fd, file))
        return e == EPERM ? ENOENT : e;
    return file == watches_[s.index].file ? 0 : ENOENT;
}

void poll_selector::arm(const slot& s) noexcept
{
    watch& w = watches_[s.index];
    w.asked = w.armed = to_poll(s.what.interests);
    w.ended = 0;
    w.spent = false;
    interrupt();
}

/// Lets a wait that is under way begin another pass.
void poll_selector::interrupt() noexcept
{
    error_code ignored;
    if (waiting_)
        interrupter_.signal(ignored);
}

int poll_selector::add_to_system(slot& s)
{
    identity file;
    if (int const e = identify(s.fd, file))
        return e;
    slot* const there = table_->find(s.fd);
    if (there && watches_[there->index].file == file)
        return EEXIST;
    if (watches_.size() <= s.index)
        watches_.resize(s.index + 1);
    watches_[s.index].file = file;
    arm(s);
    return 0;
}

int poll_selector::change_in_system(slot& s, const registration&)
{
    int const e = check(s);
    if (!e)
        arm(s);
    return e;
}

int poll_selector::remove_from_system(slot& s)
{
    // The wait holds a reference of the file: without this, closing would not close.
    interrupt();
    return check(s);
}

void poll_selector::failed(key k, interest directions, const error_code& ec) noexcept
{
    std::lock_guard const l(mutex_);
    slot* const s = table_->find(k);
    if (!s || s->what.when != trigger::edge)
        return;
    watch& w = watches_[s->index];
    short const before = w.armed;
    if (ec == error_of(EAGAIN) || ec == error_of(EWOULDBLOCK))
        w.armed |= static_cast<short>(to_poll(directions) & w.asked);
    // Any failure may have taken an error from the socket, which ends its being ended.
    if (w.armed != before || w.ended)
        interrupt();
}

void poll_selector::list(const slot& s, short wanted)
{
    set_.push_back({s.fd, wanted, 0});
    keys_.push_back(s.key());
}

/// Looks at the sources whose end or error has been reported. poll(2) would not wait with
/// them in the set, so they are only asked before. Returns whether one of them may have
/// news without its being noticed: a datagram socket goes on after an error.
bool poll_selector::look_at_ended(events& out)
{
    set_.clear();
    keys_.clear();
    for (slot const& s : table_->slots())
        if (s.generation.load(std::memory_order_relaxed) != 0)
            if (watch const& w = watches_[s.index]; w.ended && !w.spent)
                list(s, w.asked);
    if (set_.empty())
        return false;
    ::poll(set_.data(), static_cast<nfds_t>(set_.size()), 0);
    bool overlooks = false;
    for (std::size_t i = 0; i != set_.size(); ++i)
    {
        slot* const s = table_->find(keys_[i]);
        watch& w = watches_[s->index];
        short const now = static_cast<short>(set_[i].revents & ends);
        short const news =
            static_cast<short>((set_[i].revents & w.armed) | minus(now, w.ended));
        if (set_[i].revents & POLLNVAL)
        {
            table_->erase(*s);
            continue;
        }
        if (news && full(out))
            continue; // at the next wait
        w.ended = now;
        w.armed = minus(w.armed, news);
        if (news)
            hand_out(out, *s, from_poll(set_[i].revents),
                     static_cast<std::uint16_t>(set_[i].revents));
        overlooks = overlooks || (now == POLLERR && w.file.socket && w.armed);
    }
    return overlooks;
}

/// Everything that may be waited for, beginning with the interrupter.
void poll_selector::list_all()
{
    set_.assign(1, {interrupter_.fd(), POLLIN, 0});
    keys_.assign(1, 0);
    auto const& slots = table_->slots();
    auto const list_if_waited_for = [this](slot const& s)
    {
        if (s.generation.load(std::memory_order_relaxed) != 0)
            if (watch const& w = watches_[s.index]; !w.spent && !w.ended)
                list(s, w.armed);
    };
    // By iterators, for every pass goes over all of them, and an index is a division.
    auto const first = slots.begin() + first_; // slots are never fewer
    std::for_each(first, slots.end(), list_if_waited_for);
    std::for_each(slots.begin(), first, list_if_waited_for);
}

/// Hands out what a pass has found.
void poll_selector::collect(events& out)
{
    complete();
    for (std::size_t i = 1; i != set_.size() && !full(out); ++i)
    {
        short const found = set_[i].revents;
        slot* const s = found ? table_->find(keys_[i]) : nullptr;
        if (!s)
            continue;
        if (found & POLLNVAL || check(*s))
        {
            // Closed without having been deregistered; with epoll, too, that is the end.
            table_->erase(*s);
            continue;
        }
        watch& w = watches_[s->index];
        if (keys_[i] == waker_key_)
            waker_->drain();
        else if (trigger_of(*s) == trigger::oneshot)
            w.spent = true;
        else if (s->what.when == trigger::edge)
        {
            w.armed = minus(w.armed, found);
            w.ended = static_cast<short>(found & ends);
        }
        hand_out(out, *s, from_poll(found), static_cast<std::uint16_t>(found));
        first_ = s->index + 1;
    }
}

/// Asks anew for those that have news, and were not asked for all: an event says all that
/// a source is ready for, as with epoll, and not only what it was not ready for before.
void poll_selector::complete()
{
    again_.clear();
    places_.clear();
    for (std::size_t i = 1; i != set_.size(); ++i)
        if (slot* const s = set_[i].revents ? table_->find(keys_[i]) : nullptr)
            if (watch const& w = watches_[s->index]; set_[i].events != w.asked)
            {
                again_.push_back({s->fd, w.asked, 0});
                places_.push_back(i);
            }
    if (again_.empty() ||
        ::poll(again_.data(), static_cast<nfds_t>(again_.size()), 0) < 0)
        return;
    for (std::size_t i = 0; i != again_.size(); ++i)
        set_[places_[i]].revents |= again_[i].revents;
}

void poll_selector::wait_in_system(events& out, const deadline& until, error_code& ec)
{
    std::unique_lock l(mutex_);
    do
    {
        bool const overlooks = look_at_ended(out);
        list_all();
        int ms = out.empty() ? until.milliseconds() : 0;
        if (overlooks && (ms < 0 || ms > overlook_ms))
            ms = overlook_ms;
        waiting_ = true;
        l.unlock();
        int const n = ::poll(set_.data(), static_cast<nfds_t>(set_.size()), ms);
        int const e = errno;
        l.lock();
        waiting_ = false;
        if (n < 0 && e != EAGAIN) // which poll(2) calls temporary
        {
            if (out.empty())
                ec = error_of(e);
            return;
        }
        if (n <= 0)
            continue;
        if (set_.front().revents)
            interrupter_.drain();
        collect(out);
    } while (out.empty() && !until.expired());
}

std::shared_ptr<selector> make_poll_selector(waker_kind kind)
{
    return std::make_shared<poll_selector>(kind);
}

} // namespace urio::reactor::detail

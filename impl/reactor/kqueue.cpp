// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The selector on kqueue(2). It relies on what the manual pages of FreeBSD, macOS, NetBSD
// and OpenBSD have in common:
// - a pair of descriptor and filter is registered once, and ENOENT is the error of
// changing
//   or deleting one that is not;
// - a filter is run when it is added, so that what is ready then is reported;
// - closing a descriptor removes its filters;
// - without room for events, the error of a change is that of the call.

#include "platform.hpp"

#if defined(URIO_REACTOR_HAS_KQUEUE)

#include "descriptor_flags.hpp"
#include "selector.hpp"

#include <urio/reactor/poll.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <type_traits>
#include <vector>

#include <sys/types.h>

#include <sys/event.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace urio::reactor::detail
{
namespace
{

static_assert(sizeof(std::uintptr_t) >= sizeof(key), "a kevent has to hold a key");

using native_event = struct ::kevent;
using filter = decltype(native_event::filter);
using user_data = decltype(native_event::udata);

/// udata is a pointer, or on older NetBSD a number.
key to_key(user_data d) noexcept
{
    return (key)(std::uintptr_t)d;
}

struct filter_set
{
    bool read = false;
    bool write = false;
};

class kqueue_selector final : public selector
{
public:
    explicit kqueue_selector(waker_kind kind) : selector(kind), queue_(::kqueue())
    {
        throw_if(last_error(queue_ < 0), "kqueue");
        if (::fcntl(queue_, F_SETFD, FD_CLOEXEC) < 0)
        {
            error_code const ec = last_error(true);
            ::close(queue_);
            throw_if(ec, "kqueue");
        }
    }

    ~kqueue_selector() override { ::close(queue_); }

    selector_kind kind() const noexcept override { return selector_kind::kqueue; }
    int native_handle() const noexcept override { return queue_; }

#if defined(URIO_REACTOR_HAS_KQUEUE_USER)
    void open_waker(token t, error_code& ec) override;
    void wake(error_code& ec) const noexcept override;
    void close_waker() noexcept override;
#endif

private:
    bool knows(interest i) const noexcept override;
    int add_to_system(slot& s) override;
    int change_in_system(slot& s, const registration& before) override;
    int remove_from_system(slot& s) override;
    void wait_in_system(events& out, const deadline& until, error_code& ec) override;

    int change_one(std::uintptr_t ident, filter f, unsigned flags, unsigned fflags,
                   key k) const noexcept;
    int add_filters(const slot& s) noexcept;
    int delete_filters(const slot& s) noexcept;
    bool is_there(const slot& s) noexcept;
    void take(events& out, const native_event& e);

    int queue_;
    std::vector<filter_set> there_;   // by the index of the slot
    std::vector<native_event> ready_; // of the one thread that waits
#if defined(URIO_REACTOR_HAS_KQUEUE_USER)
    bool has_user_event() const noexcept { return waker_kind_ != waker_kind::pipe; }

    key user_key_ = 0;
#endif
};

/// One change, in a call of its own: so its error is not mistaken for another one's.
int kqueue_selector::change_one(std::uintptr_t ident, filter f, unsigned flags,
                                unsigned fflags, key k) const noexcept
{
    native_event e{};
    e.ident = ident;
    e.filter = f;
    e.flags = static_cast<decltype(e.flags)>(flags);
    e.fflags = static_cast<decltype(e.fflags)>(fflags);
    e.udata = (user_data)(std::uintptr_t)k;
    timespec const at_once{};
    // With EINTR, the manual page says, the changes have been applied.
    if (::kevent(queue_, &e, 1, nullptr, 0, &at_once) < 0 && errno != EINTR)
        return errno;
    return 0;
}

bool kqueue_selector::knows(interest i) const noexcept
{
    bool known = !i.is_priority();
#if !defined(__APPLE__) && !defined(__FreeBSD__) && !defined(__DragonFly__)
    known = known && !i.is_aio();
#endif
#if !defined(__FreeBSD__)
    known = known && !i.is_lio();
#endif
    return known;
}

int kqueue_selector::add_filters(const slot& s) noexcept
{
    unsigned flags = EV_ADD;
    if (s.what.when == trigger::edge)
        flags |= EV_CLEAR;
    else if (trigger_of(s) == trigger::oneshot)
        flags |= EV_ONESHOT;
    auto const fd = static_cast<std::uintptr_t>(s.fd);
    filter_set& there = there_[s.index];
    // EPIPE is what some versions of macOS say of a pipe without its other end, and add
    // the filter all the same.
    if (s.what.interests.is_writable())
    {
        int const e = change_one(fd, EVFILT_WRITE, flags, 0, s.key());
        if (e && e != EPIPE)
            return e;
        there.write = true;
    }
    if (s.what.interests.is_readable())
    {
        int const e = change_one(fd, EVFILT_READ, flags, 0, s.key());
        if (e && e != EPIPE)
        {
            delete_filters(s);
            return e;
        }
        there.read = true;
    }
    return 0;
}

int kqueue_selector::delete_filters(const slot& s) noexcept
{
    auto const fd = static_cast<std::uintptr_t>(s.fd);
    filter_set& there = there_[s.index];
    int e = 0;
    if (there.read)
        e = change_one(fd, EVFILT_READ, EV_DELETE, 0, 0);
    if (there.write)
        if (int const other = change_one(fd, EVFILT_WRITE, EV_DELETE, 0, 0))
            e = other;
    there = {};
    return e;
}

/// Whether what is registered for the slot still is: closing would have removed it.
bool kqueue_selector::is_there(const slot& s) noexcept
{
    filter_set const there = there_[s.index];
    if (!there.read && !there.write)
        return true; // a one-shot that has been reported
    return change_one(static_cast<std::uintptr_t>(s.fd),
                      there.read ? EVFILT_READ : EVFILT_WRITE, EV_ENABLE, 0,
                      s.key()) == 0;
}

int kqueue_selector::add_to_system(slot& s)
{
    struct stat status;
    if (::fstat(s.fd, &status) < 0)
        return errno;
    if (int const e = refused(status))
        return e;
    if (slot* const old = table_->find(s.fd); old && is_there(*old))
        return EEXIST;
    if (there_.size() <= s.index)
        there_.resize(s.index + 1);
    there_[s.index] = {};
    return add_filters(s);
}

int kqueue_selector::change_in_system(slot& s, const registration&)
{
    // Deleted and added, because only the latter is said to look for what is ready.
    if (int const e = delete_filters(s))
        return e;
    return add_filters(s);
}

int kqueue_selector::remove_from_system(slot& s)
{
    return delete_filters(s);
}

void kqueue_selector::wait_in_system(events& out, const deadline& until, error_code& ec)
{
    using namespace std::chrono;
    std::size_t const most = std::numeric_limits<int>::max() / sizeof(native_event);
    ready_.resize(std::min(out.capacity(), most));
    do
    {
        // In parts of a day: what the systems take at most, the pages do not say.
        auto const left = std::min<nanoseconds>(until.remaining(), hours(24));
        timespec limit;
        limit.tv_sec =
            static_cast<decltype(limit.tv_sec)>(duration_cast<seconds>(left).count());
        limit.tv_nsec = static_cast<decltype(limit.tv_nsec)>((left % seconds(1)).count());
        auto const n =
            ::kevent(queue_, nullptr, 0, ready_.data(), static_cast<int>(ready_.size()),
                     until.forever() ? nullptr : &limit);
        if (n < 0)
        {
            ec = error_of(errno);
            return;
        }
        std::lock_guard const l(mutex_);
        for (int i = 0; i < n; ++i)
            take(out, ready_[static_cast<std::size_t>(i)]);
    } while (out.empty() && !until.expired());
}

void kqueue_selector::take(events& out, const native_event& e)
{
    std::uint16_t bits = 0;
    bool const ended = e.flags & EV_EOF;
    if (e.filter == EVFILT_READ)
        // At the end, too: what has arrived before it is still to be read.
        bits = event::readable | (ended ? event::read_closed : 0);
    else if (e.filter == EVFILT_WRITE)
        bits = event::writable | (ended ? event::write_closed : 0);
#if defined(URIO_REACTOR_HAS_KQUEUE_USER)
    else if (e.filter == EVFILT_USER)
        bits = event::readable;
#endif
#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__DragonFly__)
    else if (e.filter == EVFILT_AIO)
        bits = event::aio;
#endif
#if defined(__FreeBSD__)
    else if (e.filter == EVFILT_LIO)
        bits = event::lio;
#endif
    if (e.flags & EV_ERROR || (ended && e.fflags != 0))
        bits |= event::error;
    if (bits & (event::aio | event::lio))
    {
        // Registered by aio_read(2) and the like, with the token as the sigev_value.
        hand_out(out,
                 event(token(static_cast<std::size_t>(to_key(e.udata))), bits, e.flags));
        return;
    }
    slot* const s = table_->find(to_key(e.udata));
    if (!s)
        return;
    if (trigger_of(*s) == trigger::oneshot)
    {
        // The filter is gone. If there is the other one it goes, too, and if that has an
        // event in this batch it comes too late.
        filter_set& there = there_[s->index];
        if (!there.read && !there.write)
            return;
        (e.filter == EVFILT_READ ? there.read : there.write) = false;
        delete_filters(*s);
    }
    hand_out(out, *s, bits, e.flags);
    if (waker_key_ != 0 && s->key() == waker_key_)
        waker_->drain();
}

#if defined(URIO_REACTOR_HAS_KQUEUE_USER)

void kqueue_selector::open_waker(token t, error_code& ec)
{
    if (!has_user_event())
    {
        selector::open_waker(t, ec);
        return;
    }
    std::lock_guard const l(mutex_);
    ec = error_of(user_key_ != 0 ? EEXIST : 0);
    if (ec)
        return;
    slot& s = table_->allocate(-1, {t, interest::readable, trigger::edge});
    if (int const e = change_one(0, EVFILT_USER, EV_ADD | EV_CLEAR, 0, s.key()))
    {
        table_->erase(s);
        ec = error_of(e);
        return;
    }
    user_key_ = s.key();
}

void kqueue_selector::wake(error_code& ec) const noexcept
{
    if (!has_user_event())
    {
        selector::wake(ec);
        return;
    }
    ec = last_error(false);
    if (int const e = change_one(0, EVFILT_USER, 0, NOTE_TRIGGER, user_key_))
        ec = error_of(e);
}

void kqueue_selector::close_waker() noexcept
{
    if (!has_user_event())
    {
        selector::close_waker();
        return;
    }
    std::lock_guard const l(mutex_);
    change_one(0, EVFILT_USER, EV_DELETE, 0, 0);
    if (slot* const s = table_->find(user_key_))
        table_->erase(*s);
    user_key_ = 0;
}

#endif

} // namespace

std::shared_ptr<selector> make_kqueue_selector(waker_kind kind)
{
    return std::make_shared<kqueue_selector>(kind);
}

} // namespace urio::reactor::detail

#endif

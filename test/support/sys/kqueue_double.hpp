// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What <sys/event.h>, the test double of kqueue(2), declares. Included by one test.
//
// A queue is three epoll instances: one for each filter on descriptors, since those have
// separate states, and one that watches the two and the user event, whose descriptor is
// that of the queue.
#pragma once

#include <sys/event.h>

#include <cerrno>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace kqueue_double
{

struct note
{
    unsigned flags;
    void* udata;
};

struct queue
{
    int outer = ::epoll_create1(EPOLL_CLOEXEC);
    int read = ::epoll_create1(EPOLL_CLOEXEC);
    int write = ::epoll_create1(EPOLL_CLOEXEC);
    int user = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::mutex mutex;
    std::map<std::pair<int, short>, note> notes;

    queue()
    {
        for (int const fd : {read, write, user})
        {
            epoll_event e{};
            e.events = EPOLLIN;
            ::epoll_ctl(outer, EPOLL_CTL_ADD, fd, &e);
        }
    }

    ~queue()
    {
        for (int const fd : {read, write, user})
            ::close(fd);
    }

    int change_user(const struct kevent& c)
    {
        auto const key = std::pair(0, EVFILT_USER);
        if (!(c.flags & EV_ADD) && !notes.contains(key))
            return ENOENT;
        std::uint64_t count = 1;
        if (c.flags & EV_DELETE)
        {
            notes.erase(key);
            count = 0;
            return ::read(user, &count, sizeof count) < 0 && errno != EAGAIN ? errno : 0;
        }
        notes[key] = {c.flags, c.udata};
        if (c.fflags & NOTE_TRIGGER && ::write(user, &count, sizeof count) < 0)
            return errno;
        return 0;
    }

    /// Returns 0 or the error.
    int change(const struct kevent& c)
    {
        if (c.filter == EVFILT_USER)
            return change_user(c);
        int const fd = static_cast<int>(c.ident);
        int const inner = c.filter == EVFILT_READ ? read : write;
        auto const key = std::pair(fd, c.filter);
        if (c.flags & EV_DELETE)
        {
            notes.erase(key);
            return ::epoll_ctl(inner, EPOLL_CTL_DEL, fd, nullptr) < 0 ? errno : 0;
        }
        epoll_event e{};
        e.data.fd = fd;
        auto const how = c.flags & EV_ADD ? c.flags : notes[key].flags;
        e.events = c.filter == EVFILT_READ ? EPOLLIN | EPOLLRDHUP : EPOLLOUT;
        if (how & EV_CLEAR)
            e.events |= EPOLLET;
        int result = ::epoll_ctl(inner, EPOLL_CTL_MOD, fd, &e);
        if (result < 0 && errno == ENOENT && c.flags & EV_ADD)
            result = ::epoll_ctl(inner, EPOLL_CTL_ADD, fd, &e);
        if (result < 0)
            return errno;
        notes[key] = {how, c.udata};
        return 0;
    }

    void take(struct kevent*& to, struct kevent* end, short filter)
    {
        while (to != end)
        {
            epoll_event e;
            int const inner = filter == EVFILT_READ ? read : write;
            if (::epoll_wait(inner, &e, 1, 0) != 1)
                return;
            int const fd = e.data.fd;
            auto const key = std::pair(fd, filter);
            note const n = notes[key];
            bool const ended = filter == EVFILT_READ ? e.events & (EPOLLRDHUP | EPOLLHUP)
                                                     : e.events & (EPOLLHUP | EPOLLERR);
            *to = {};
            to->ident = static_cast<std::uintptr_t>(fd);
            to->filter = filter;
            to->flags = static_cast<unsigned short>(ended ? n.flags | EV_EOF : n.flags);
            to->udata = n.udata;
            ++to;
            if (n.flags & EV_ONESHOT)
            {
                notes.erase(key);
                ::epoll_ctl(inner, EPOLL_CTL_DEL, fd, nullptr);
            }
            else if (!(n.flags & EV_CLEAR))
                return; // the next one of the same level would be this one, perhaps
        }
    }

    int collect(struct kevent* events, int room)
    {
        struct kevent* to = events;
        struct kevent* const end = events + room;
        std::uint64_t count;
        if (to != end && ::read(user, &count, sizeof count) > 0)
        {
            *to = {};
            to->filter = EVFILT_USER;
            to->udata = notes[{0, EVFILT_USER}].udata;
            ++to;
        }
        take(to, end, EVFILT_READ);
        take(to, end, EVFILT_WRITE);
        return static_cast<int>(to - events);
    }
};

/// The queues by descriptor. One that was closed goes when its number is used again.
inline std::mutex all_mutex;
inline std::map<int, std::shared_ptr<queue>> all;

inline std::shared_ptr<queue> find(int fd)
{
    std::lock_guard const l(all_mutex);
    auto const it = all.find(fd);
    return it == all.end() ? nullptr : it->second;
}

} // namespace kqueue_double

inline int kqueue()
{
    auto q = std::make_shared<kqueue_double::queue>();
    std::lock_guard const l(kqueue_double::all_mutex);
    kqueue_double::all[q->outer] = q;
    return q->outer;
}

inline int kevent(int fd, const struct kevent* changes, int n_changes,
                  struct kevent* events, int n_events, const timespec* limit)
{
    auto const q = kqueue_double::find(fd);
    if (!q)
    {
        errno = EBADF;
        return -1;
    }
    for (int i = 0; i != n_changes; ++i)
    {
        std::lock_guard const l(q->mutex);
        if (int const e = q->change(changes[i]))
        {
            errno = e; // urio leaves no room for errors
            return -1;
        }
    }
    if (n_events == 0)
        return 0;
    int const ms = !limit ? -1
                          : static_cast<int>(limit->tv_sec * 1000 +
                                             (limit->tv_nsec + 999999) / 1000000);
    epoll_event e;
    if (::epoll_wait(q->outer, &e, 1, ms) < 0)
        return -1;
    std::lock_guard const l(q->mutex);
    return q->collect(events, n_events);
}

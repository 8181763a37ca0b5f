// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A test double of kqueue(2), for Linux. It carries out, on top of epoll(7), what the
// manual page says of the calls that urio makes, and no more: filters are added, deleted,
// enabled, reported with EV_CLEAR and EV_ONESHOT; closing a descriptor removes them; a
// user event is triggered. It does not show how a BSD behaves beyond its manual page.
#pragma once

#include <cstdint>
#include <ctime>

struct kevent
{
    std::uintptr_t ident;
    short filter;
    unsigned short flags;
    unsigned fflags;
    std::intptr_t data;
    void* udata;
};

inline constexpr short EVFILT_READ = -1;
inline constexpr short EVFILT_WRITE = -2;
inline constexpr short EVFILT_USER = -11;
inline constexpr unsigned EV_ADD = 0x1;
inline constexpr unsigned EV_DELETE = 0x2;
inline constexpr unsigned EV_ENABLE = 0x4;
inline constexpr unsigned EV_ONESHOT = 0x10;
inline constexpr unsigned EV_CLEAR = 0x20;
inline constexpr unsigned EV_ERROR = 0x4000;
inline constexpr unsigned EV_EOF = 0x8000;
inline constexpr unsigned NOTE_TRIGGER = 0x01000000;

int kqueue();
int kevent(int queue, const struct kevent* changes, int n_changes, struct kevent* events,
           int n_events, const timespec* limit);

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which of the system's interfaces the reactor can be built on.
#pragma once

#if defined(__linux__)
#define URIO_REACTOR_HAS_EPOLL 1
#define URIO_REACTOR_HAS_EVENTFD 1
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) ||               \
    defined(__OpenBSD__) || defined(__DragonFly__)
#define URIO_REACTOR_HAS_KQUEUE 1
#endif

// NetBSD and OpenBSD have had EVFILT_USER for less long than kqueue.
#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__DragonFly__)
#define URIO_REACTOR_HAS_KQUEUE_USER 1
#endif

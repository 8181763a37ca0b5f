// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which of the system's interfaces a reactor waits in.
#pragma once

#include <urio/reactor/config.hpp>

namespace urio::reactor
{

/// What a `poll` waits in.
enum class selector_kind
{
    automatic, ///< epoll on Linux, kqueue on the BSDs and macOS, else poll(2)
    epoll,     ///< epoll(7)
    poll,      ///< poll(2)
    kqueue,    ///< kqueue(2)
};

/// What a `waker` wakes with.
enum class waker_kind
{
    automatic,   ///< eventfd on Linux, the user event on kqueue that has it, else a pipe
    eventfd,     ///< eventfd(2)
    pipe,        ///< pipe(2)
    kqueue_user, ///< EVFILT_USER of kqueue(2)
};

/// How to set up a `poll`.
struct options
{
    selector_kind selector = selector_kind::automatic;
    waker_kind waker = waker_kind::automatic;
};

/// Whether this system has it. Any thread.
bool supported(selector_kind kind) noexcept;

/// Whether this system has it with that selector. Any thread.
bool supported(selector_kind selector, waker_kind waker) noexcept;

/// "automatic", "epoll", "poll", "kqueue".
const char* to_string(selector_kind kind) noexcept;

} // namespace urio::reactor

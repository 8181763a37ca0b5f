// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The reactor: where a thread waits for events.
#pragma once

#include <urio/reactor/events.hpp>
#include <urio/reactor/registry.hpp>
#include <urio/reactor/timeout.hpp>

namespace urio::reactor
{

/// Waits for events of the sources that are registered with it.
/**
 * Move-only. One thread at a time waits; the registry and its clones are for any thread,
 * and a `waker` ends a wait. Descriptors are close-on-exec.
 *
 * After its destruction, sources that were registered work as before and get no events.
 * They can be registered with another poll.
 */
class poll
{
public:
    /// Throws, or yields, `operation_not_supported` if the system does not have what the
    /// options say, and the errors of epoll_create1(2), eventfd(2), pipe(2), kqueue(2).
    explicit poll(const options& o = {});

    /// If there is an error the object can only be destroyed or assigned to.
    poll(const options& o, error_code& ec);

    poll(poll&&) noexcept = default;
    poll& operator=(poll&&) noexcept = default;

    /// Where sources are registered. Lives as long as the poll; see try_clone().
    const reactor::registry& registry() const noexcept { return registry_; }

    /// Waits until there are events, or the time has passed.
    /**
     * The events replace what was there. At most `out.capacity()` are collected; the
     * others are for the next wait. If the time has passed there are none, and that is no
     * error. Without any source and any limit it waits for the waker, or for ever.
     *
     * Yields `interrupted` if a signal handler ran (EINTR): that is not retried, so that
     * a program can act on signals. `invalid_argument` if the capacity is zero.
     * See epoll_wait(2), poll(2), kevent(2).
     */
    void wait(events& out, timeout limit, error_code& ec);

    /// The same; throws boost::system::system_error.
    void wait(events& out, timeout limit = std::nullopt);

private:
    friend detail::access;

    explicit poll(std::shared_ptr<detail::selector> s) noexcept : registry_(std::move(s))
    {
    }

    reactor::registry registry_;
};

} // namespace urio::reactor

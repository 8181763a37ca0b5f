// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Ends a wait from any thread.
#pragma once

#include <urio/reactor/registry.hpp>

namespace urio::reactor
{

/// Makes a poll's wait return with a readable event of the waker's token.
/**
 * Move-only; there is at most one for each poll at a time. A program that wants to be
 * woken for several reasons keeps the reasons itself.
 *
 * Uses eventfd(2), a pipe, or the user event of kqueue(2), as the options of the poll
 * say. It may outlive the poll; wake() then does nothing.
 */
class waker
{
public:
    /// Throws, or yields, `file_exists` (EEXIST) if the poll has a waker, and what
    /// eventfd(2), pipe(2) and epoll_ctl(2) report.
    waker(const registry& r, token t);

    /// If there is an error the object can only be destroyed or assigned to.
    waker(const registry& r, token t, error_code& ec);

    waker(waker&& other) noexcept = default;
    waker& operator=(waker&& other) noexcept;

    /// No event comes of the waker any more, not of a wake() before either. The poll can
    /// then have another.
    ~waker();

    /// Wakes. Any thread, at any time; with eventfd and pipe also in a signal handler.
    /**
     * Before the wait it makes the wait return at once: a wake is never lost. Several
     * before one wait, or during it, may be one event.
     */
    void wake(error_code& ec) const noexcept;

    /// The same; throws boost::system::system_error.
    void wake() const;

private:
    void close() noexcept;

    std::shared_ptr<detail::selector> selector_;
};

} // namespace urio::reactor

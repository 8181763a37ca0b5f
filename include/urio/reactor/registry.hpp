// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Where sources are registered with a reactor.
#pragma once

#include <urio/reactor/options.hpp>
#include <urio/reactor/source.hpp>

#include <boost/system/errc.hpp>

#include <memory>
#include <optional>

namespace urio::reactor
{

class poll;
class waker;

namespace detail
{
class association;

/// What a selector knows of a registration.
struct registration
{
    token id;
    interest interests;
    trigger when;
};

} // namespace detail

/// Registers sources with a `poll`.
/**
 * Every function may be called from any thread at any time, also while another thread
 * waits: the change takes effect at once. (One *source* is for one thread at a time.)
 *
 * The same errors come from every selector:
 *
 * | error | when |
 * |---|---|
 * | `file_exists` (EEXIST) | the source is registered already, here or with another poll
 * | | `no_such_file_or_directory` (ENOENT) | reregister, deregister: it is not registered
 * | | `bad_file_descriptor` (EBADF) | its descriptor is closed | |
 * `operation_not_permitted` (EPERM) | it is a regular file or directory | |
 * `operation_not_supported` | the selector has no such event |
 *
 * An error leaves earlier registrations as they were. Errors of a source of one's own
 * are passed through. See epoll_ctl(2), poll(2), kqueue(2).
 */
class registry
{
public:
    registry(registry&&) noexcept = default;
    registry& operator=(registry&&) noexcept = default;

    /// Asks for events of a source, which are reported with the token.
    /**
     * A source that is ready already is reported at once. Also throws or yields
     * `not_enough_memory`, `no_space_on_device` (epoll_ctl(2)).
     */
    template <source S>
    void register_source(S& s, token t, interest i, trigger when, error_code& ec) const
    {
        s.register_with(*this, t, i, when, ec);
    }

    template <source S>
    void register_source(S& s, token t, interest i, error_code& ec) const
    {
        s.register_with(*this, t, i, trigger::edge, ec);
    }

    template <source S>
    void register_source(S& s, token t, interest i, trigger when = trigger::edge) const
    {
        error_code ec;
        s.register_with(*this, t, i, when, ec);
        detail::throw_if(ec, "register_source");
    }

    /// Replaces the token, the interests and the trigger of a registered source.
    /**
     * After the return there is no event with what was replaced; if the source is ready
     * there is one with what is new.
     */
    template <source S>
    void reregister(S& s, token t, interest i, trigger when, error_code& ec) const
    {
        s.reregister_with(*this, t, i, when, ec);
    }

    template <source S>
    void reregister(S& s, token t, interest i, error_code& ec) const
    {
        s.reregister_with(*this, t, i, trigger::edge, ec);
    }

    template <source S>
    void reregister(S& s, token t, interest i, trigger when = trigger::edge) const
    {
        error_code ec;
        s.reregister_with(*this, t, i, when, ec);
        detail::throw_if(ec, "reregister");
    }

    /// Ends a registration: after the return there is no event of it, not even one that
    /// a wait has collected already. I/O on the source works as before.
    template <source S>
    void deregister(S& s, error_code& ec) const
    {
        s.deregister_from(*this, ec);
    }

    template <source S>
    void deregister(S& s) const
    {
        error_code ec;
        s.deregister_from(*this, ec);
        detail::throw_if(ec, "deregister");
    }

    /// Adds to the interests of a registered source that has a descriptor.
    /**
     * As reregister() with what is registered and the addition.
     */
    template <source S>
        requires requires(const S& s) { s.native_handle(); }
    void add_interest(S& s, interest i, error_code& ec) const
    {
        if (auto const now = find(s.native_handle(), ec))
            s.reregister_with(*this, now->id, now->interests | i, now->when, ec);
    }

    template <source S>
        requires requires(const S& s) { s.native_handle(); }
    void add_interest(S& s, interest i) const
    {
        error_code ec;
        add_interest(s, i, ec);
        detail::throw_if(ec, "add_interest");
    }

    /// Removes from the interests of a registered source that has a descriptor.
    /**
     * Fails with `invalid_argument`, and changes nothing, if no interest would be left:
     * deregister() is for that.
     */
    template <source S>
        requires requires(const S& s) { s.native_handle(); }
    void remove_interest(S& s, interest i, error_code& ec) const
    {
        auto const now = find(s.native_handle(), ec);
        if (!now)
            return;
        if (auto const rest = now->interests.remove(i))
            s.reregister_with(*this, now->id, *rest, now->when, ec);
        else
            ec = make_error_code(boost::system::errc::invalid_argument);
    }

    template <source S>
        requires requires(const S& s) { s.native_handle(); }
    void remove_interest(S& s, interest i) const
    {
        error_code ec;
        remove_interest(s, i, ec);
        detail::throw_if(ec, "remove_interest");
    }

    /// Another handle of the same poll: what is registered through one is known to all.
    /// Cannot fail. Keeps the selector, but not the ability to wait, beyond the `poll`.
    registry try_clone() const noexcept { return registry(selector_); }

    /// What the poll waits in.
    selector_kind selector() const noexcept;

    /// The descriptor of epoll or of kqueue; -1 with poll(2). It can itself be registered
    /// with another poll, and with kqueue be given to aio_read(2).
    int native_handle() const noexcept;

private:
    friend poll;
    friend waker;
    friend detail::association;
    friend detail::access;
    friend class source_fd;

    explicit registry(std::shared_ptr<detail::selector> s) noexcept
        : selector_(std::move(s))
    {
    }

    std::optional<detail::registration> find(int fd, error_code& ec) const;

    std::shared_ptr<detail::selector> selector_;
};

} // namespace urio::reactor

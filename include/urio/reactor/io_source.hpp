// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An object with a descriptor, as a source that takes care of its registration.
#pragma once

#include <urio/reactor/registry.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

namespace urio::reactor
{
namespace detail
{

/// Whether a source is registered, and with which poll.
class association
{
public:
    association() = default;
    association(association&& other) noexcept;
    association& operator=(association&& other) noexcept;

    void add(int fd, const registry& r, token t, interest i, trigger when,
             error_code& ec);
    void change(int fd, const registry& r, token t, interest i, trigger when,
                error_code& ec);
    void remove(int fd, const registry& r, error_code& ec);

    /// Ends the registration, if there is one.
    void release() noexcept;

    /// To be told of the error of an operation of the given directions.
    void failed(interest directions, const error_code& ec) const noexcept;

private:
    std::weak_ptr<selector> selector_;
    std::uint64_t key_ = 0;
    bool tells_ = false; // whether the selector wants to know of failed operations
};

} // namespace detail

/// Makes a source of an object that has a non-blocking descriptor.
/**
 * All operations that may block go through do_io(), from which the reactor learns that
 * one would have blocked and that the next event is to be reported: poll(2) needs that,
 * and it costs nothing elsewhere. Registering with a second poll is refused, and leaves
 * the first registration as it was. The destructor deregisters before the descriptor is
 * closed.
 *
 * Registration is for one thread at a time. do_io() may be called by several, as far as
 * the object allows it, but not together with registration.
 */
template <class T>
    requires requires(const T& t) {
        { t.native_handle() } -> std::convertible_to<int>;
    }
class io_source
{
public:
    explicit io_source(T io) : io_(std::move(io)) {}

    io_source(io_source&&) = default;

    io_source& operator=(io_source&& other)
    {
        if (this != &other)
        {
            registered_.release();
            io_ = std::move(other.io_);
            registered_ = std::move(other.registered_);
        }
        return *this;
    }

    ~io_source() { registered_.release(); }

    /// Calls `f(object, ec)`, which is to try one operation and set the error_code.
    /**
     * Returns what it returns. The directions are those that the operation waits for:
     * after a read that would have blocked the reactor need not report again that the
     * object is writable.
     */
    template <class F>
    decltype(auto) do_io(interest directions, F f, error_code& ec)
    {
        struct report
        {
            ~report()
            {
                if (ec)
                    self.registered_.failed(directions, ec);
            }
            io_source& self;
            interest directions;
            error_code& ec;
        };
        ec.clear();
        report const at_end{*this, directions, ec};
        return f(io_, ec);
    }

    /// The same for an operation that may wait for anything.
    template <class F>
    decltype(auto) do_io(F f, error_code& ec)
    {
        return do_io(interest::readable | interest::writable | interest::priority,
                     std::move(f), ec);
    }

    /// The object, deregistered.
    T into_inner() &&
    {
        registered_.release();
        return std::move(io_);
    }

    /// The object, for what cannot block.
    T& operator*() noexcept { return io_; }
    const T& operator*() const noexcept { return io_; }
    T* operator->() noexcept { return &io_; }
    const T* operator->() const noexcept { return &io_; }

    int native_handle() const noexcept { return io_.native_handle(); }

    void register_with(const registry& r, token t, interest i, trigger when,
                       error_code& ec)
    {
        registered_.add(native_handle(), r, t, i, when, ec);
    }

    void reregister_with(const registry& r, token t, interest i, trigger when,
                         error_code& ec)
    {
        registered_.change(native_handle(), r, t, i, when, ec);
    }

    void deregister_from(const registry& r, error_code& ec)
    {
        registered_.remove(native_handle(), r, ec);
    }

private:
    T io_;
    detail::association registered_;
};

} // namespace urio::reactor

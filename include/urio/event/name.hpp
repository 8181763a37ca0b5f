// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Names of events in flight, by which others can change or cancel them.
#pragma once

#include <urio/detail/op/event_traits.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

std::uint64_t user_data_of(const io_uring_sqe& entry) noexcept;

} // namespace detail

namespace event
{

/// The name that the kernel knows an event by (io_uring's user_data) as long as it is in
/// flight; 0 before.
/**
 * It must last as long as events refer to it. No name is used twice.
 * @par Thread safety
 * Safe.
 */
class name
{
public:
    name() noexcept = default;
    name(const name&) = delete;
    name& operator=(const name&) = delete;

    std::uint64_t value() const noexcept
    {
        return value_.load(std::memory_order_acquire);
    }

    void set(std::uint64_t v) noexcept { value_.store(v, std::memory_order_release); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// An event with a name: what is named is known when the kernel is given the event, at
/// the end of the turn in which it was submitted or before.
/**
 * @code
 * urio::event::name n;
 * urio::async_submit(context, urio::event::named(n, urio::event::timeout(10s)), handler);
 * // …
 * urio::async_submit(context, urio::event::timeout_remove(n), other_handler);
 * @endcode
 */
template <event_type E>
class named : public E
{
public:
    static constexpr bool ends_when_cancelled = true;

    named(name& n, E e) noexcept : E(std::move(e)), name_(&n) {}

    void prepare(io_uring_sqe& entry) noexcept
    {
        name_->set(detail::user_data_of(entry));
        E::prepare(entry);
    }

private:
    name* name_;
};

} // namespace event
} // namespace urio::inline URIO_ABI

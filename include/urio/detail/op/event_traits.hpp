// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an event may have, and what is made of it if it has not.
#pragma once

#include <urio/detail/op/operation.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{

/// One operation of io_uring, said as a value: what can be given to async_submit().
/**
 * An event owns, or refers to, whatever the kernel will look at, and has a function that
 * fills a submission entry (io_uring_enter(2), liburing's io_uring_prep_*). It is moved
 * into the operation, stays at one address from `prepare()` to the last completion, and
 * is handed back with the result.
 *
 * Needed:
 * - a move constructor that does not throw;
 * - `void prepare(io_uring_sqe&) noexcept`: fills an entry that is all zero, but for its
 *   `user_data`, which is urio's, as are the flags that link, drain or suppress
 *   completions: an entry with one of these ends with EINVAL. It runs under a lock, on
 *   any thread, and must not use the context. Once for each submission: an operation is
 *   submitted again if the thread that had submitted it ended before it ran.
 *
 * Possible:
 * - `static constexpr std::uint8_t opcode`: IORING_OP_… of the entry. Whether the kernel
 *   has it is known before, then; without it the kernel says so (EINVAL).
 * - `R result(int res, unsigned flags) noexcept`: what becomes of the completion entry's
 *   `res`, if that is no error, and its `flags`. Runs once for each success, where the
 *   handler does or, if there is nobody to be told, where the event is given up: a
 *   result that is a resource has an owner as its type (unique_descriptor). Without it
 *   the result is `res`, an int. After an error it is `R()`.
 * - `int perform() noexcept`: the same thing as a system call, for backends other than
 *   io_uring and for kernels that lack the opcode: what `res` would be, a negative error
 *   number included.
 * - `int descriptor() const noexcept` and `short readiness() const noexcept`: `perform()`
 *   does not wait, and after -EAGAIN it is tried again when the descriptor is ready in
 *   this respect (POLLIN, POLLPRI, POLLOUT). Where they are missing `perform()` may
 *   wait, and runs on a thread of the context's pool; `bool may_wait() const noexcept`
 *   says so for a single event, which is about a file, for instance. -EAGAIN from
 *   io_uring means the same; without them it is an error as others are.
 * - `static constexpr bool is_eager = true`: `perform()` is likely to succeed without any
 *   wait, and is tried before io_uring is asked when nothing else is going on.
 * - `static constexpr bool is_quick = true`: `perform()` takes no wait at all, and no
 *   thread of the pool.
 * - `static constexpr bool may_wait_for_ever = true`: `perform()` waits for more than a
 *   disk, so that a process that forks does not wait for it.
 * - `static constexpr bool is_partly_supported = true`: what io_uring answers with
 *   EOPNOTSUPP `perform()` may be able to do.
 * - `static constexpr bool ends_when_cancelled = true`: other operations of io_uring
 *   cancel it (a timeout that is removed), so that -ECANCELED is a result even if the
 *   thread that had submitted it has ended.
 * - `bool is_short(int res) const noexcept`: a success that did less than what was asked
 *   for, which ends a chain as an error does.
 * - `int adjust(int res) const noexcept`: what takes the place of a completion's `res`
 *   that others will follow. Runs under a lock, as `prepare()` does.
 * - `cancellation cancel() && noexcept`: the event is given up, see
 *   submission::replace(). Runs under a lock, as `prepare()` does.
 */
template <class E>
concept event_type =
    std::is_object_v<E> && std::is_nothrow_move_constructible_v<E> &&
    std::is_nothrow_destructible_v<E> && requires(E& e, io_uring_sqe& entry) {
        { e.prepare(entry) } noexcept;
    };

namespace detail
{

template <class E>
struct event_traits
{
    static constexpr bool has_opcode = requires {
        { E::opcode } -> std::convertible_to<std::uint8_t>;
    };
    static constexpr bool has_perform = requires(E& e) {
        { e.perform() } noexcept -> std::convertible_to<int>;
    };
    static constexpr bool has_readiness = requires(const E& e) {
        { e.readiness() } noexcept -> std::convertible_to<short>;
        { e.descriptor() } noexcept -> std::convertible_to<int>;
    };
    static constexpr bool has_result = requires(E& e) { e.result(0, 0u); };
    static constexpr bool has_cancel = requires(E&& e) { std::move(e).cancel(); };
    static constexpr bool has_short = requires(const E& e) {
        { e.is_short(0) } noexcept -> std::convertible_to<bool>;
    };

    static_assert(
        has_opcode || !requires { E::opcode; },
        "an event's opcode is an IORING_OP_… number");
    static_assert(
        has_perform || !requires(E& e) { e.perform(); },
        "an event's perform() is noexcept and returns an int");
    static_assert(!has_readiness || has_perform,
                  "an event that names a descriptor to wait for has a perform() to try");

    static constexpr std::uint8_t opcode() noexcept
    {
        if constexpr (has_opcode)
            return E::opcode;
        else
            return unstated_opcode;
    }

    static constexpr bool eager() noexcept
    {
        if constexpr (requires { E::is_eager; })
            return E::is_eager && has_perform;
        else
            return false;
    }

    static constexpr bool quick() noexcept
    {
        if constexpr (requires { E::is_quick; })
            return E::is_quick && has_perform;
        else
            return false;
    }

    static constexpr bool partly_supported() noexcept
    {
        if constexpr (requires { E::is_partly_supported; })
            return E::is_partly_supported && has_perform;
        else
            return false;
    }

    static constexpr bool ends_when_cancelled() noexcept
    {
        if constexpr (requires { E::ends_when_cancelled; })
            return E::ends_when_cancelled;
        else
            return false;
    }

    static bool may_wait(const E& e) noexcept
    {
        if constexpr (requires { e.may_wait(); })
            return e.may_wait();
        else
            return !has_readiness && !quick();
    }

    /// Ends by itself: a call on a file or a path, which a process that forks waits for.
    static bool is_bounded(const E& e) noexcept
    {
        if constexpr (requires { E::may_wait_for_ever; })
            return has_perform && !E::may_wait_for_ever && may_wait(e);
        else
            return has_perform && may_wait(e);
    }

    static short readiness(const E& e) noexcept
    {
        if constexpr (has_readiness)
            return e.readiness();
        else
            return 0;
    }

    static int descriptor(const E& e) noexcept
    {
        if constexpr (has_readiness)
            return e.descriptor();
        else
            return -1;
    }

    static auto result(E& e, int res, unsigned flags) noexcept
    {
        if constexpr (has_result)
        {
            static_assert(noexcept(e.result(res, flags)),
                          "an event's result() is noexcept");
            return e.result(res, flags);
        }
        else
            return res;
    }

    using result_type = decltype(result(std::declval<E&>(), 0, 0u));
    static_assert(!std::is_void_v<result_type> &&
                      std::is_nothrow_move_constructible_v<result_type> &&
                      std::is_default_constructible_v<result_type>,
                  "an event's result can be moved, and there is one for errors");

    /// Whether a chain goes on after it.
    static bool succeeded(const E& e, int res) noexcept
    {
        if constexpr (has_short)
            return res >= 0 && !e.is_short(res);
        else
            return res >= 0;
    }
};

} // namespace detail

/// What async_submit() gives the handler besides the event.
template <event_type E>
using event_result_t = typename detail::event_traits<E>::result_type;

} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that wait for a time. Asio's timers are cheaper, and what programs usually want:
// these are for chains, and for waits for a number of completions.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/event/name.hpp>

#include <chrono>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace event
{

/// As struct __kernel_timespec.
struct timespec
{
    std::int64_t seconds;
    long long nanoseconds;
};

constexpr timespec to_timespec(std::chrono::nanoseconds d) noexcept
{
    auto const s = std::chrono::floor<std::chrono::seconds>(d);
    return {s.count(), (d - s).count()};
}

/// Waits for a time, and ends with the error ETIME then, as the kernel calls it; or, if
/// `count` is not 0, with success when as many other operations of the context's ring
/// have completed. IORING_OP_TIMEOUT, Linux 5.4; without it `count` is
/// `operation_not_supported`.
class timeout
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::timeout;
    static constexpr bool ends_when_cancelled = true;

    explicit timeout(std::chrono::nanoseconds d, unsigned c = 0) noexcept
        : time(to_timespec(d))
        , count(c)
    {
    }
    explicit timeout(std::chrono::steady_clock::time_point t, unsigned c = 0) noexcept
        : time(to_timespec(t.time_since_epoch()))
        , count(c)
        , absolute(true)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    int descriptor() const noexcept { return timer_.value.get(); }
    short readiness() const noexcept;

    timespec time;
    unsigned count;
    bool absolute = false;

protected:
    void prepare_with(io_uring_sqe& entry, const timespec& t) noexcept;
    int set_timer() const noexcept;

private:
    // Without io_uring: a timerfd_create(2).
    detail::transient<detail::unique_descriptor> timer_;
};

/// The same for a time that stands somewhere for ever, and is not copied.
class static_timeout : public timeout
{
public:
    explicit static_timeout(const timespec& t, unsigned c = 0) noexcept;

    void prepare(io_uring_sqe& entry) noexcept { prepare_with(entry, *time_); }

private:
    const timespec* time_;
};

/// The same again and again, for async_submit_multi(): each time is a success, but for
/// the last, which is the error ETIME. Linux 6.4.
class timeout_multishot : public timeout
{
public:
    /// `times` 0 means for ever.
    explicit timeout_multishot(std::chrono::nanoseconds every,
                               unsigned times = 0) noexcept
        : timeout(every, times)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    int adjust(int res) const noexcept;
};

/// Ends a named timeout, which is cancelled; ENOENT if there is none.
/// IORING_OP_TIMEOUT_REMOVE, Linux 5.5.
class timeout_remove
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::timeout_remove;

    explicit timeout_remove(const name& n) noexcept : which(&n) {}

    void prepare(io_uring_sqe& entry) noexcept;

    const name* which;
};

/// Gives a named timeout another time from now. Linux 5.11.
class timeout_update
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::timeout_remove;

    timeout_update(const name& n, std::chrono::nanoseconds d) noexcept
        : which(&n)
        , time(to_timespec(d))
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;

    const name* which;
    timespec time;
};

} // namespace event
} // namespace urio::inline URIO_ABI

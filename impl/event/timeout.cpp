// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/timeout.hpp>

#include "entry.hpp"

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{
static_assert(sizeof(timespec) == sizeof(::__kernel_timespec));

void timeout::prepare_with(io_uring_sqe& entry, const timespec& t) noexcept
{
    fill(entry, opcode, -1, &t, 1, count);
    entry.timeout_flags = absolute ? IORING_TIMEOUT_ABS : 0;
}

void timeout::prepare(io_uring_sqe& entry) noexcept
{
    prepare_with(entry, time);
}

int timeout::set_timer() const noexcept
{
    ::itimerspec when{};
    when.it_value.tv_sec = static_cast<::time_t>(time.seconds);
    when.it_value.tv_nsec = static_cast<long>(time.nanoseconds);
    return detail::or_error(::timerfd_settime(
        descriptor(), absolute ? TFD_TIMER_ABSTIME : 0, &when, nullptr));
}

int timeout::perform() noexcept
{
    if (count != 0)
        return -EOPNOTSUPP; // nobody counts
    if (descriptor() < 0)
    {
        if (time.seconds <= 0 && time.nanoseconds <= 0)
            return -ETIME; // the timer would be off
        timer_.value = detail::unique_descriptor(
            ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
        if (descriptor() < 0)
            return -errno;
        if (int const error = set_timer())
            return error;
    }
    std::uint64_t n;
    return ::read(descriptor(), &n, sizeof(n)) == sizeof(n) ? -ETIME : -errno;
}

short timeout::readiness() const noexcept
{
    return POLLIN;
}

static_timeout::static_timeout(const timespec& t, unsigned c) noexcept
    : timeout(std::chrono::nanoseconds(0), c)
    , time_(&t)
{
    time = t; // for what is not io_uring
}

void timeout_multishot::prepare(io_uring_sqe& entry) noexcept
{
    timeout::prepare(entry);
    entry.timeout_flags |= 1u << 6; // IORING_TIMEOUT_MULTISHOT
}

int timeout_multishot::perform() noexcept
{
    unsigned const times = std::exchange(count, 0);
    int const result = timeout::perform();
    count = times;
    if (result != -ETIME)
        return result;
    (void)set_timer(); // the next one
    if (times == 1)
        return -ETIME;
    count = times ? times - 1 : 0;
    return 0;
}

int timeout_multishot::adjust(int res) const noexcept
{
    return res == -ETIME ? 0 : res;
}

void timeout_remove::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1);
    entry.addr = which->value();
}

void timeout_update::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1, nullptr, 0, address(&time));
    entry.addr = which->value();
    entry.timeout_flags = IORING_TIMEOUT_UPDATE;
}

} // namespace event
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/poll.hpp>

#include "entry.hpp"

#include <cstring>
#include <poll.h>
#include <sys/epoll.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace event
{
namespace
{

std::uint32_t to_poll32(unsigned events) noexcept
{
#if __BYTE_ORDER == __BIG_ENDIAN
    return events << 16 | events >> 16;
#else
    return events;
#endif
}

} // namespace

void poll_add::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target);
    entry.poll32_events = to_poll32(events);
}

int poll_add::perform() noexcept
{
    ::pollfd p{target.descriptor(), static_cast<short>(events), 0};
    int const n = ::poll(&p, 1, 0);
    return n < 0 ? -errno : n == 0 ? -EAGAIN : p.revents & POLLNVAL ? -EBADF : p.revents;
}

// Hanging up is told of in any case.
short poll_add::readiness() const noexcept
{
    auto const known = static_cast<short>(events & (POLLIN | POLLPRI | POLLOUT));
    return known ? known : POLLIN;
}

void poll_multishot::prepare(io_uring_sqe& entry) noexcept
{
    poll_add::prepare(entry);
    entry.len = IORING_POLL_ADD_MULTI;
}

int poll_multishot::perform() noexcept
{
    if (std::exchange(told_.value, false))
        return -EAGAIN;
    int const result = poll_add::perform();
    told_.value = result > 0;
    return result;
}

void poll_remove::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1);
    entry.addr = which->value();
}

void poll_update::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1, nullptr, IORING_POLL_UPDATE_EVENTS);
    entry.addr = which->value();
    entry.poll32_events = to_poll32(events);
}

void epoll_ctl::prepare(io_uring_sqe& entry) noexcept
{
    ::epoll_event e{};
    e.events = events;
    e.data.u64 = data;
    static_assert(sizeof(e) <= sizeof(event_));
    std::memcpy(event_, &e, sizeof(e));
    fill(entry, opcode, epoll, event_, static_cast<std::uint32_t>(operation),
         static_cast<std::uint64_t>(descriptor));
}

int epoll_ctl::perform() noexcept
{
    ::epoll_event e{};
    e.events = events;
    e.data.u64 = data;
    return detail::or_error(::epoll_ctl(epoll, operation, descriptor, &e));
}

epoll_wait::epoll_wait(int e, std::size_t most) : epoll(e), events_(most) {}
epoll_wait::epoll_wait(epoll_wait&&) noexcept = default;
epoll_wait& epoll_wait::operator=(epoll_wait&&) noexcept = default;
epoll_wait::~epoll_wait() = default;

void epoll_wait::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, epoll, events_.data(),
         static_cast<std::uint32_t>(events_.size()));
}

int epoll_wait::perform() noexcept
{
    int const n =
        ::epoll_wait(epoll, events_.data(), static_cast<int>(events_.size()), 0);
    return n < 0 ? -errno : n == 0 ? -EAGAIN : n;
}

short epoll_wait::readiness() const noexcept
{
    return POLLIN;
}

epoll_wait::ready epoll_wait::operator[](std::size_t i) const noexcept
{
    return {events_[i].events, events_[i].data.u64};
}

} // namespace event
} // namespace urio::inline URIO_ABI

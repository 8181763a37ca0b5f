// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that wait for readiness.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/event/name.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

struct epoll_event;

namespace urio::inline URIO_ABI
{
namespace event
{

/// poll(2) of one descriptor: the bits (POLLIN, …) that it has become ready in.
/// IORING_OP_POLL_ADD, Linux 5.1.
class poll_add
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::poll_add;

    poll_add(const handle& h, unsigned e) noexcept : target(h), events(e) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    int descriptor() const noexcept { return target.descriptor(); }
    short readiness() const noexcept;

    handle target;
    unsigned events;
};

/// The same again and again, for async_submit_multi(): told of what is new (as with
/// EPOLLET; with the poll(2) backend of what there is whenever it is asked for).
/// Linux 5.13.
class poll_multishot : public poll_add
{
public:
    using poll_add::poll_add;

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

private:
    // What it has been told of last is not new.
    detail::transient<bool> told_;
};

/// Ends a named poll_add, which is cancelled; ENOENT if there is none.
/// IORING_OP_POLL_REMOVE, Linux 5.1.
class poll_remove
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::poll_remove;

    explicit poll_remove(const name& n) noexcept : which(&n) {}

    void prepare(io_uring_sqe& entry) noexcept;

    const name* which;
};

/// Has a named poll_add wait for other events. Linux 5.13.
class poll_update
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::poll_remove;

    poll_update(const name& n, unsigned e) noexcept : which(&n), events(e) {}

    void prepare(io_uring_sqe& entry) noexcept;

    const name* which;
    unsigned events;
};

/// epoll_ctl(2); `operation` is EPOLL_CTL_…, `events` are EPOLLIN …. IORING_OP_EPOLL_CTL,
/// Linux 5.6.
class epoll_ctl
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::epoll_ctl;
    static constexpr bool is_quick = true;

    epoll_ctl(int e, int op, int d, std::uint32_t ev = 0, std::uint64_t dt = 0) noexcept
        : epoll(e)
        , operation(op)
        , descriptor(d)
        , events(ev)
        , data(dt)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    int epoll, operation, descriptor;
    std::uint32_t events;
    std::uint64_t data;

private:
    // A struct epoll_event, which is packed on some machines.
    alignas(8) std::byte event_[16];
};

/// epoll_wait(2): how many of `events` have been filled. The constructor throws
/// std::bad_alloc. IORING_OP_EPOLL_WAIT, Linux 6.15.
class epoll_wait
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::epoll_wait;

    /// What has become ready.
    struct ready
    {
        std::uint32_t events;
        std::uint64_t data;
    };

    explicit epoll_wait(int epoll, std::size_t most = 64);
    epoll_wait(epoll_wait&&) noexcept;
    epoll_wait& operator=(epoll_wait&&) noexcept;
    ~epoll_wait();

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    int descriptor() const noexcept { return epoll; }
    short readiness() const noexcept;
    /// The i-th of those that were found.
    ready operator[](std::size_t i) const noexcept;

    int epoll;

private:
    std::vector<::epoll_event> events_;
};

} // namespace event
} // namespace urio::inline URIO_ABI

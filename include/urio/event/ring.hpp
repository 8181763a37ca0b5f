// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that are about io_uring itself.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/event/name.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace event
{

/// Nothing at all. IORING_OP_NOP, Linux 5.1.
class nop
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::nop;
    static constexpr bool is_quick = true;

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept { return 0; }
};

/// Cancels other operations of the context's ring: 0, and ENOENT if there is none; with
/// `all` how many. What is cancelled so ends with `operation_aborted`. For a single
/// operation of one's own a cancellation slot does the same, on every backend.
/// IORING_OP_ASYNC_CANCEL, Linux 5.5.
class async_cancel
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::async_cancel;

    /// The named one.
    explicit async_cancel(const name& n) noexcept : which_(&n) {}

    /// One that is about this descriptor or slot, or all of them. Linux 5.19.
    static async_cancel on(const handle& h, bool all = true) noexcept;

    /// One with this opcode, or all of them, urio's own included: with POLL_ADD the count
    /// is larger than that of the user's. (The loop's are started again.) Linux 6.6.
    static async_cancel with_opcode(std::uint8_t op, bool all = true) noexcept;

    void prepare(io_uring_sqe& entry) noexcept;

private:
    async_cancel() noexcept = default;

    const name* which_ = nullptr;
    handle target_{-1};
    std::uint32_t flags_ = 0;
    std::uint32_t opcode_ = 0;
};

/// A completion in another ring, which is not one of urio's: its descriptor, and the
/// `res` and `user_data` that it finds. IORING_OP_MSG_RING, Linux 5.18.
class msg_ring
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::msg_ring;

    msg_ring(int r, std::uint32_t res, std::uint64_t data) noexcept
        : ring(r)
        , result_there(res)
        , user_data(data)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;

    int ring;
    std::uint32_t result_there;
    std::uint64_t user_data;
};

/// The file of a slot, for a slot of another ring's table. Linux 6.0.
class msg_ring_fd
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::msg_ring;

    msg_ring_fd(int r, const file_slot& s, unsigned to, std::uint64_t data) noexcept
        : ring(r)
        , slot(s)
        , slot_there(to)
        , user_data(data)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;

    int ring;
    handle slot;
    unsigned slot_there;
    std::uint64_t user_data;
};

/// A command of the file's own (sockets, NVMe, ublk, FUSE …). IORING_OP_URING_CMD, Linux
/// 5.19.
class uring_cmd
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::uring_cmd;

    uring_cmd(const handle& h, std::uint32_t c) noexcept : target(h), command(c) {}

    void prepare(io_uring_sqe& entry) noexcept;

    handle target;
    std::uint32_t command;
    /// What is after the command: the fields from `addr3` on.
    std::array<std::byte, 16> data{};
};

/// Gives the kernel buffers for operations with buffer selection (IOSQE_BUFFER_SELECT):
/// `count` of `size` bytes each, numbered from `first`, in the group. The memory is the
/// kernel's until the buffers have been chosen or removed, or the context has gone: the
/// user keeps it until then. IORING_OP_PROVIDE_BUFFERS, Linux 5.7.
class provide_buffers
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::provide_buffers;

    provide_buffers(void* m, std::uint32_t s, std::uint16_t n, std::uint16_t g,
                    std::uint16_t f = 0) noexcept
        : memory(m)
        , size(s)
        , count(n)
        , group(g)
        , first(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;

    void* memory;
    std::uint32_t size;
    std::uint16_t count, group, first;
};

/// Takes buffers back: how many. IORING_OP_REMOVE_BUFFERS, Linux 5.7.
class remove_buffers
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::remove_buffers;

    remove_buffers(std::uint16_t n, std::uint16_t g) noexcept : count(n), group(g) {}

    void prepare(io_uring_sqe& entry) noexcept;

    std::uint16_t count, group;
};

/// What a read into a buffer of the kernel's choice has brought.
struct selected
{
    std::size_t size = 0;
    std::uint16_t buffer = 0; ///< its number in the group
    bool has_buffer = false;  ///< there is none at the end
};

/// Reads of what can be waited for, again and again, into buffers of a group, for
/// async_submit_multi(): selected. IORING_OP_READ_MULTISHOT, Linux 6.7.
class read_multishot
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::read_multishot;

    read_multishot(const handle& h, std::uint16_t g) noexcept : target(h), group(g) {}

    void prepare(io_uring_sqe& entry) noexcept;
    selected result(int res, unsigned flags) const noexcept;

    handle target;
    std::uint16_t group;
};

} // namespace event
} // namespace urio::inline URIO_ABI

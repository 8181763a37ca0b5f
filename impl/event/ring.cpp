// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/ring.hpp>

#include "entry.hpp"

#include <cstring>

namespace urio::inline URIO_ABI
{
namespace event
{
void nop::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, -1);
}

async_cancel async_cancel::on(const handle& h, bool all) noexcept
{
    async_cancel c;
    c.target_ = h;
    c.flags_ = IORING_ASYNC_CANCEL_FD | (all ? IORING_ASYNC_CANCEL_ALL : 0) |
               (h.is_slot() ? 1u << 3 : 0); // IORING_ASYNC_CANCEL_FD_FIXED
    return c;
}

async_cancel async_cancel::with_opcode(std::uint8_t op, bool all) noexcept
{
    async_cancel c;
    c.opcode_ = op;
    c.flags_ = 1u << 5 | (all ? IORING_ASYNC_CANCEL_ALL : 0); // IORING_ASYNC_CANCEL_OP
    return c;
}

void async_cancel::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target_.number(), nullptr, opcode_);
    if (which_)
        entry.addr = which_->value();
    entry.cancel_flags = flags_;
}

void msg_ring::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, ring, nullptr, result_there, user_data);
}

void msg_ring_fd::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, ring, nullptr, 0, user_data);
    entry.addr = 1; // IORING_MSG_SEND_FD
    entry.addr3 = static_cast<std::uint64_t>(slot.number());
    entry.file_index = slot_there + 1;
}

void uring_cmd::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target);
    std::memcpy(&entry.off, &command, sizeof(command));
    std::memcpy(&entry.addr3, data.data(), data.size());
}

void provide_buffers::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, count, memory, size, first);
    entry.buf_group = group;
}

void remove_buffers::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, count);
    entry.buf_group = group;
}

void read_multishot::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, target, nullptr, 0, ~std::uint64_t{0});
    entry.flags |= IOSQE_BUFFER_SELECT;
    entry.buf_group = group;
}

selected read_multishot::result(int res, unsigned flags) const noexcept
{
    return {static_cast<std::size_t>(res),
            static_cast<std::uint16_t>(flags >> IORING_CQE_BUFFER_SHIFT),
            (flags & IORING_CQE_F_BUFFER) != 0};
}

} // namespace event
} // namespace urio::inline URIO_ABI

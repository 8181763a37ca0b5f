// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations of files are put to io_uring.

#include <urio/detail/op/owned_transfer.hpp>

#include "../system/liburing.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// A regular file can always be "waited for" in vain: where the kernel says "try
// again" it shall block in a worker thread instead.
void force_worker(io_uring_sqe& sqe, const io_operation& op) noexcept
{
    if (op.attempts() != 0 && op.wake_events_ == 0)
        sqe.flags |= IOSQE_ASYNC;
}

} // namespace

file_transfer_op::file_transfer_op(const op_kind& k, func_type complete,
                                   file_position position,
                                   std::uint8_t wake_events) noexcept
    : buffers_op(k, complete)
    , offset_(position.offset)
{
    stream_ = position.stream;
    direct_ = position.direct;
    wake_events_ = wake_events;
}

void file_transfer_op::begin(io_operation& base)
{
    auto& op = static_cast<file_transfer_op&>(base);
    if (op.stream_)
        op.offset_ = op.target_->traits().owns_position ? op.target_->position()
                                                        : ~std::uint64_t{0};
}

verdict file_transfer_op::completion(io_operation& base, int& result, std::uint32_t)
{
    auto& op = static_cast<file_transfer_op&>(base);
    // The buffer's registration has ended, and nothing has been transferred.
    if (result == -EFAULT && std::exchange(op.buffer_slot_, -1) >= 0)
        return verdict::resubmit;
    verdict const v = judge(result);
    if (v == verdict::complete && result > 0 && op.stream_)
        op.target_->advance(op.offset_, static_cast<unsigned>(result));
    return v;
}

constinit const op_kind file_read_op_base::kind_ = make_kind();
constinit const op_kind file_write_op_base::kind_ = make_kind();

template <>
constinit const op_kind owned_memory_op<file_read_op_base>::kind_ = make_kind();
template <>
constinit const op_kind owned_memory_op<file_write_op_base>::kind_ = make_kind();

void file_read_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<file_read_op_base&>(base);
    int const fd = op.descriptor();
    transfer const m = op.buffers_at(op.first_);
    if (!m.single() || (op.vectored_ && op.buffer_slot_ < 0))
        ::io_uring_prep_readv(&sqe, fd, m.vector, m.count, op.offset());
    else if (op.buffer_slot_ >= 0)
        ::io_uring_prep_read_fixed(&sqe, fd, m.data(), m.length(), op.offset(),
                                   op.buffer_slot_);
    else
        ::io_uring_prep_read(&sqe, fd, m.data(), m.length(), op.offset());
    force_worker(sqe, op);
}

void file_write_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<file_write_op_base&>(base);
    int const fd = op.descriptor();
    transfer const m = op.buffers_at(op.first_);
    if (!m.single() || (op.vectored_ && op.buffer_slot_ < 0))
        ::io_uring_prep_writev(&sqe, fd, m.vector, m.count, op.offset());
    else if (op.buffer_slot_ >= 0)
        ::io_uring_prep_write_fixed(&sqe, fd, m.data(), m.length(), op.offset(),
                                    op.buffer_slot_);
    else
        ::io_uring_prep_write(&sqe, fd, m.data(), m.length(), op.offset());
    force_worker(sqe, op);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations of files are put to io_uring.

#include <urio/engine/io_object.hpp>
#include <urio/op/file_transfer.hpp>
#include <urio/op/readiness.hpp>

#include "../uring/liburing.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// A regular file can always be "waited for" in vain: where the kernel says "try
// again" it shall block in a worker thread instead.
void insist(io_uring_sqe& sqe, const io_operation& op) noexcept
{
    if (op.attempts_ != 0 && op.ready_events_ == 0)
        sqe.flags |= IOSQE_ASYNC;
}

} // namespace

void file_transfer_op::begin(io_operation& base)
{
    auto& op = static_cast<file_transfer_op&>(base);
    if (!op.position_.stream)
        op.at_ = op.position_.offset;
    else if (!op.object_->owns_position_)
        op.at_ = ~std::uint64_t{0};
    else
        op.at_ = op.position_.offset = op.object_->position_;
}

verdict file_transfer_op::judge_result(io_operation& base, int result)
{
    auto& op = static_cast<file_transfer_op&>(base);
    // The buffer's registration has ended, and nothing has been transferred.
    if (result == -EFAULT && std::exchange(op.buffer_slot_, -1) >= 0)
        return verdict::resubmit;
    verdict const v = judge(result);
    // A seek that came meanwhile stands.
    if (v == verdict::complete && result > 0 && op.position_.stream &&
        op.object_->position_ == op.position_.offset)
        op.object_->position_ += static_cast<unsigned>(result);
    return v;
}

scheduler_operation* file_transfer_op::abandon(io_operation& base) noexcept
{
    return std::exchange(static_cast<file_transfer_op&>(base).front_, nullptr);
}

const io_operation::kind file_read_op_base::kind_{.prepare = &prepare,
                                                  .judge = &judge_result,
                                                  .perform = &perform,
                                                  .progress = nullptr,
                                                  .begin = &begin,
                                                  .non_blocking = true,
                                                  .disk = true,
                                                  .perform_without_wait =
                                                      &perform_cached};

const io_operation::kind file_read_op_base::owned_kind_{.prepare = &prepare,
                                                        .judge = &judge_result,
                                                        .perform = &perform,
                                                        .progress = nullptr,
                                                        .begin = &begin,
                                                        .abandon = &abandon,
                                                        .non_blocking = true,
                                                        .disk = true,
                                                        .perform_without_wait =
                                                            &perform_cached};

file_read_op_base::file_read_op_base(func_type complete, int descriptor,
                                     const transfer& memory, file_position position,
                                     bool waits, ownership o) noexcept
    : file_transfer_op(o == ownership::owned ? owned_kind_ : kind_, complete, descriptor,
                       memory, position)
{
    ready_events_ = wake_events_ = waits ? readable_events : 0;
}

void file_read_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<file_read_op_base&>(base);
    transfer const m = op.vectored_ ? op.vector() : op.memory_;
    if (m.vector)
        ::io_uring_prep_readv(&sqe, op.descriptor_, m.vector, m.count, op.offset());
    else if (op.buffer_slot_ >= 0)
        ::io_uring_prep_read_fixed(&sqe, op.descriptor_, m.data, m.length(), op.offset(),
                                   op.buffer_slot_);
    else
        ::io_uring_prep_read(&sqe, op.descriptor_, m.data, m.length(), op.offset());
    insist(sqe, op);
}

const io_operation::kind file_write_op_base::kind_{.prepare = &prepare,
                                                   .judge = &judge_result,
                                                   .perform = &perform,
                                                   .progress = nullptr,
                                                   .begin = &begin,
                                                   .non_blocking = true,
                                                   .disk = true};

const io_operation::kind file_write_op_base::owned_kind_{.prepare = &prepare,
                                                         .judge = &judge_result,
                                                         .perform = &perform,
                                                         .progress = nullptr,
                                                         .begin = &begin,
                                                         .abandon = &abandon,
                                                         .non_blocking = true,
                                                         .disk = true};

file_write_op_base::file_write_op_base(func_type complete, int descriptor,
                                       const transfer& memory, file_position position,
                                       bool waits, ownership o) noexcept
    : file_transfer_op(o == ownership::owned ? owned_kind_ : kind_, complete, descriptor,
                       memory, position)
{
    ready_events_ = wake_events_ = waits ? writable_events : 0;
}

void file_write_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<file_write_op_base&>(base);
    transfer const m = op.vectored_ ? op.vector() : op.memory_;
    if (m.vector)
        ::io_uring_prep_writev(&sqe, op.descriptor_, m.vector, m.count, op.offset());
    else if (op.buffer_slot_ >= 0)
        ::io_uring_prep_write_fixed(&sqe, op.descriptor_, m.data, m.length(), op.offset(),
                                    op.buffer_slot_);
    else
        ::io_uring_prep_write(&sqe, op.descriptor_, m.data, m.length(), op.offset());
    insist(sqe, op);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

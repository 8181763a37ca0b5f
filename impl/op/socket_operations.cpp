// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations of sockets are put to io_uring.

#include <urio/op/connection.hpp>
#include <urio/op/message.hpp>
#include <urio/op/readiness.hpp>

#include "../uring/liburing.hpp"

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// Asio's own backends transfer what they can without waiting, and never wait for the
// rest.
constexpr int flags_for_ring(int flags) noexcept
{
    return flags & ~(MSG_WAITALL | MSG_DONTWAIT);
}

} // namespace

const io_operation::kind receive_op_base::kind_{
    .prepare = &prepare, .judge = nullptr, .perform = &perform, .progress = nullptr};

receive_op_base::receive_op_base(func_type complete, int descriptor, const message& m,
                                 int flags) noexcept
    : message_op(kind_, complete, descriptor, m, flags)
{
    ready_events_ = wake_events_ = readable_events;
    if (out_of_band())
    {
        // recv(2) does not wait for urgent data.
        ready_events_ = wake_events_ = urgent_events;
        awaiting_readiness_ = true;
    }
}

void receive_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<receive_op_base&>(base);
    int const flags = flags_for_ring(op.flags_);
    if (op.message_.header)
        ::io_uring_prep_recvmsg(&sqe, op.descriptor_, op.message_.header,
                                static_cast<unsigned>(flags));
    else
        ::io_uring_prep_recv(&sqe, op.descriptor_, op.message_.memory.data,
                             op.message_.memory.length(), flags);
}

const io_operation::kind send_op_base::kind_{.prepare = &prepare,
                                             .judge = nullptr,
                                             .perform = &perform,
                                             .progress = nullptr,
                                             .eager = true};

send_op_base::send_op_base(func_type complete, int descriptor, const message& m,
                           int flags) noexcept
    : message_op(kind_, complete, descriptor, m, flags)
{
    ready_events_ = wake_events_ = writable_events;
}

void send_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<send_op_base&>(base);
    // The kernel must not try again by itself: it forgets what it has copied of a
    // datagram before it found the other's queue full, and sends an empty one
    // (Linux 6.18, Unix domain sockets).
    int const flags = flags_for_ring(op.flags_) | MSG_NOSIGNAL | MSG_DONTWAIT;
    if (op.message_.header)
        ::io_uring_prep_sendmsg(&sqe, op.descriptor_, op.message_.header,
                                static_cast<unsigned>(flags));
    else
        ::io_uring_prep_send(&sqe, op.descriptor_, op.message_.memory.data,
                             op.message_.memory.length(), flags);
}

const io_operation::kind accept_op_base::kind_{.prepare = &prepare,
                                               .judge = &judge_result,
                                               .perform = &perform,
                                               .progress = nullptr,
                                               .non_blocking = true};

accept_op_base::accept_op_base(func_type complete, int descriptor,
                               bool report_aborted) noexcept
    : io_operation(kind_, complete, descriptor)
    , report_aborted_(report_aborted)
{
    ready_events_ = wake_events_ = readable_events;
}

void accept_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<accept_op_base&>(base);
    op.length_ = op.capacity_;
    ::io_uring_prep_accept(&sqe, op.descriptor_, op.address_,
                           op.address_ ? &op.length_ : nullptr, 0);
}

verdict accept_op_base::judge_result(io_operation& base, int result)
{
    return judge_accept(result, static_cast<accept_op_base&>(base).report_aborted_);
}

const io_operation::kind connect_op_base::kind_{.prepare = &prepare,
                                                .judge = &judge_result,
                                                .perform = &perform,
                                                .progress = nullptr,
                                                .non_blocking = true};

connect_op_base::connect_op_base(func_type complete, int descriptor) noexcept
    : io_operation(kind_, complete, descriptor)
{
    ready_events_ = wake_events_ = writable_events;
}

void connect_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<connect_op_base&>(base);
    ::io_uring_prep_connect(&sqe, op.descriptor_, op.address_, op.length_);
}

verdict connect_op_base::judge_result(io_operation& base, int result)
{
    return judge_connect(result, static_cast<connect_op_base&>(base).attempts_ > 1);
}

const io_operation::kind wait_op::kind_{.prepare = &prepare,
                                        .judge = nullptr,
                                        .perform = &perform,
                                        .progress = nullptr,
                                        .wait = true};

wait_op::wait_op(func_type complete, void*, int descriptor, short events) noexcept
    : io_operation(kind_, complete, descriptor)
{
    wake_events_ = events;
    awaiting_readiness_ = true;
}

void wait_op::prepare(io_operation& base, io_uring_sqe& sqe)
{
    ::io_uring_prep_poll_add(&sqe, base.descriptor_,
                             static_cast<unsigned>(base.wake_events_));
}

} // namespace detail
} // namespace urio::inline URIO_ABI

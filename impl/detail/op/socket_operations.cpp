// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the operations of sockets are put to io_uring.

#include <urio/detail/op/connection.hpp>
#include <urio/detail/op/message.hpp>
#include <urio/detail/system/readiness.hpp>

#include "../system/liburing.hpp"

#include <cstdint>

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

receive_base::receive_base(const op_kind& k, func_type complete, int flags) noexcept
    : message_op(k, complete, flags)
{
    wake_events_ = readable_events;
    if (out_of_band())
    {
        // recv(2) does not wait for urgent data.
        wake_events_ = urgent_events;
        waits_first_ = true;
    }
}

const op_kind receive_op_base::kind_{
    .opcode = IORING_OP_RECV, .prepare = &prepare, .perform = &perform};

receive_op_base::receive_op_base(func_type complete, int flags) noexcept
    : receive_base(kind_, complete, flags)
{
}

void receive_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<receive_op_base&>(base);
    int const fd = op.descriptor();
    transfer const m = op.buffers_at(op.first_);
    if (m.single())
        ::io_uring_prep_recv(&sqe, fd, m.data(), m.length(), flags_for_ring(op.flags_));
    else if (op.flags_ == 0)
        ::io_uring_prep_readv(&sqe, fd, m.vector, m.count, 0);
    else
    {
        // The kernel writes to the header when it is done.
        ::msghdr* const header = buffer_block<::msghdr>::header_of(m.vector);
        *header = message_of(m);
        ::io_uring_prep_recvmsg(&sqe, fd, header,
                                static_cast<unsigned>(flags_for_ring(op.flags_)));
    }
}

const op_kind receive_message_op_base::kind_{
    .opcode = IORING_OP_RECVMSG, .prepare = &prepare, .perform = &perform};

receive_message_op_base::receive_message_op_base(func_type complete, int flags) noexcept
    : receive_base(kind_, complete, flags)
{
}

void receive_message_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<receive_message_op_base&>(base);
    ::io_uring_prep_recvmsg(&sqe, op.descriptor(), &op.header_,
                            static_cast<unsigned>(flags_for_ring(op.flags_)));
}

const op_kind send_op_base::kind_{.opcode = IORING_OP_SEND,
                                  .prepare = &prepare,
                                  .perform = &perform,
                                  .eager = true,
                                  .header = true};

send_op_base::send_op_base(const op_kind& k, func_type complete, int flags) noexcept
    : message_op(k, complete, flags)
{
    wake_events_ = writable_events;
}

void send_op_base::prepare_to(io_uring_sqe& sqe, const void* address,
                              std::size_t length) noexcept
{
    // The kernel must not try again by itself: it forgets what it has copied of a
    // datagram before it found the other's queue full, and sends an empty one
    // (Linux 6.18, Unix domain sockets).
    int const flags = flags_for_ring(flags_) | MSG_NOSIGNAL | MSG_DONTWAIT;
    transfer const m = buffers_at(first_);
    if (m.single() && !address)
        return ::io_uring_prep_send(&sqe, descriptor(), m.data(), m.length(), flags);
    auto* const header =
        reinterpret_cast<::msghdr*>(static_cast<std::uintptr_t>(sqe.addr));
    *header = message_of(m);
    header->msg_name = const_cast<void*>(address);
    header->msg_namelen = static_cast<::socklen_t>(length);
    ::io_uring_prep_sendmsg(&sqe, descriptor(), header, static_cast<unsigned>(flags));
}

void send_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    static_cast<send_op_base&>(base).prepare_to(sqe, nullptr, 0);
}

const op_kind accept_op_base::kind_{.opcode = IORING_OP_ACCEPT,
                                    .prepare = &prepare,
                                    .completion = &completion,
                                    .perform = &perform,
                                    .non_blocking = true};

accept_op_base::accept_op_base(func_type complete, bool report_aborted) noexcept
    : io_operation(kind_, complete)
    , report_aborted_(report_aborted)
{
    wake_events_ = readable_events;
}

void accept_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<accept_op_base&>(base);
    op.length_ = op.capacity_;
    ::io_uring_prep_accept(&sqe, op.descriptor(), op.address_,
                           op.address_ ? &op.length_ : nullptr, 0);
}

verdict accept_op_base::completion(io_operation& base, int& result, std::uint32_t)
{
    return judge_accept(result, static_cast<accept_op_base&>(base).report_aborted_);
}

const op_kind connect_op_base::kind_{.opcode = IORING_OP_CONNECT,
                                     .prepare = &prepare,
                                     .completion = &completion,
                                     .perform = &perform,
                                     .non_blocking = true};

connect_op_base::connect_op_base(func_type complete) noexcept
    : io_operation(kind_, complete)
{
    wake_events_ = writable_events;
}

void connect_op_base::prepare(io_operation& base, io_uring_sqe& sqe)
{
    auto& op = static_cast<connect_op_base&>(base);
    ::io_uring_prep_connect(&sqe, op.descriptor(), op.address_, op.length_);
}

verdict connect_op_base::completion(io_operation& base, int& result, std::uint32_t)
{
    return judge_connect(result, static_cast<connect_op_base&>(base).attempts() > 1);
}

const op_kind wait_op::kind_{
    .opcode = IORING_OP_POLL_ADD, .prepare = &prepare, .perform = &perform, .wait = true};

wait_op::wait_op(func_type complete, short events) noexcept
    : io_operation(kind_, complete)
{
    wake_events_ = static_cast<std::uint8_t>(events);
    waits_first_ = true;
}

void wait_op::prepare(io_operation& base, io_uring_sqe& sqe)
{
    ::io_uring_prep_poll_add(&sqe, base.descriptor(),
                             static_cast<unsigned>(base.wake_events_));
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Sending and receiving on sockets: what is common to all forms of it.
#pragma once

#include <urio/op/buffers.hpp>
#include <urio/op/operation.hpp>

#include <cstddef>
#include <sys/socket.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// How a message is laid out: one plain buffer, or a header with a list of buffers.
struct message
{
    transfer memory;
    ::msghdr* header = nullptr;
};

/// Whether a message needs an address or yields flags, and therefore a header,
/// always.
enum class header_use : bool
{
    if_vectored,
    always,
};

/// The bytes that have to trail an operation for lay_out().
template <class Buffer, class Buffers>
std::size_t message_bytes(const buffer_view<Buffer, Buffers>& view,
                          header_use use) noexcept
{
    std::size_t const n = view.vector_size();
    if (n == 0 && use == header_use::if_vectored)
        return 0;
    return sizeof(::msghdr) + (n ? n : 1) * sizeof(::iovec);
}

/// Describe a message, with its header and buffer list in trailing memory.
template <class Buffer, class Buffers>
message lay_out(const buffer_view<Buffer, Buffers>& view, void* trailing, header_use use)
{
    static_assert(sizeof(::msghdr) % alignof(::iovec) == 0);
    if (message_bytes(view, use) == 0)
        return {view.fill(nullptr)};

    auto* header = ::new (trailing)::msghdr{};
    auto* vector = reinterpret_cast<::iovec*>(header + 1);
    message m{view.fill(vector), header};
    if (!m.memory.vector)
    {
        *vector = {m.memory.data, m.memory.length()};
        m.memory.vector = vector;
        m.memory.count = 1;
    }
    header->msg_iov = m.memory.vector;
    header->msg_iovlen = m.memory.count;
    return m;
}

/// The part of every send and receive operation that does not depend on types.
class message_op : public io_operation
{
protected:
    message_op(const kind& k, func_type complete, int descriptor, const message& m,
               int flags) noexcept
        : io_operation(k, complete, descriptor)
        , message_(m)
        , flags_(flags)
    {
    }

    ~message_op() = default;

    std::size_t bytes() const noexcept
    {
        return result_ > 0 ? static_cast<std::size_t>(result_) : 0;
    }

    message message_;
    int flags_;
};

class receive_op_base : public message_op
{
public:
    bool out_of_band() const noexcept { return (flags_ & MSG_OOB) != 0; }

protected:
    receive_op_base(func_type complete, int descriptor, const message& m,
                    int flags) noexcept;
    ~receive_op_base() = default;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static const kind kind_;
};

class send_op_base : public message_op
{
protected:
    send_op_base(func_type complete, int descriptor, const message& m,
                 int flags) noexcept;
    ~send_op_base() = default;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static const kind kind_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

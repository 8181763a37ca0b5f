// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Sending and receiving on sockets: what is common to all forms of it.
#pragma once

#include <urio/detail/op/buffers.hpp>
#include <urio/detail/op/operation.hpp>

#include <cstddef>
#include <sys/socket.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// A message of these buffers.
inline ::msghdr message_of(const transfer& m) noexcept
{
    ::msghdr header{};
    header.msg_iov = m.vector;
    header.msg_iovlen = m.count;
    return header;
}

/// The part of every send and receive operation that does not depend on types.
class message_op : public buffers_op
{
protected:
    message_op(const op_kind& k, func_type complete, int flags) noexcept
        : buffers_op(k, complete)
        , flags_(flags)
    {
    }

    ~message_op() = default;

    std::size_t bytes() const noexcept
    {
        return result() > 0 ? static_cast<std::size_t>(result()) : 0;
    }

    int flags_;
};

/// Receiving, whatever is to be told of the message.
class receive_base : public message_op
{
public:
    bool out_of_band() const noexcept { return (flags_ & MSG_OOB) != 0; }

protected:
    receive_base(const op_kind& k, func_type complete, int flags) noexcept;
    ~receive_base() = default;

    /// Whether urgent data that is asked for is there: 1, or a result.
    int look_for_urgent_data() const noexcept;
};

/// recv(2), readv(2), or recvmsg(2) where there are flags for several buffers.
class receive_op_base : public receive_base
{
protected:
    /// The kernel writes to it until the end.
    using block_header = ::msghdr;

    receive_op_base(func_type complete, int flags) noexcept;
    ~receive_op_base() = default;

    static bool needs_header(int flags) noexcept { return flags != 0; }

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static const op_kind kind_;

protected:
    ::iovec first_;
};

/// recvmsg(2).
class receive_message_op_base : public receive_base
{
protected:
    struct block_header
    {
    };

    receive_message_op_base(func_type complete, int flags) noexcept;
    ~receive_message_op_base() = default;

    /// When the buffers are there: where the sender's address is wanted, if it is.
    void describe(void* address = nullptr, std::size_t capacity = 0) noexcept
    {
        header_ = message_of(buffers_at(first_));
        header_.msg_name = address;
        header_.msg_namelen = static_cast<::socklen_t>(capacity);
    }

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static const op_kind kind_;

protected:
    ::msghdr header_;
    ::iovec first_;
};

/// send(2), or sendmsg(2) with several buffers or an address.
class send_op_base : public message_op
{
protected:
    struct block_header
    {
    };

    send_op_base(func_type complete, int flags) noexcept
        : send_op_base(kind_, complete, flags)
    {
    }
    send_op_base(const op_kind& k, func_type complete, int flags) noexcept;
    ~send_op_base() = default;

    void prepare_to(io_uring_sqe& sqe, const void* address, std::size_t length) noexcept;
    int perform_to(const void* address, std::size_t length) noexcept;

private:
    static void prepare(io_operation& base, io_uring_sqe& sqe);
    static int perform(io_operation& base);
    static const op_kind kind_;

protected:
    ::iovec first_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

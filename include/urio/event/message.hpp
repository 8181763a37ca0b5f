// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that send and receive.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/event/socket.hpp>
#include <urio/event/transfer.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

struct msghdr;

namespace urio::inline URIO_ABI
{
namespace detail
{

inline constexpr int no_signal = 0x4000; // MSG_NOSIGNAL

/// With MSG_WAITALL alone the kernel takes a part for a failure.
constexpr bool is_short_message(int res, std::size_t n, int flags) noexcept
{
    constexpr int all = 0x100; // MSG_WAITALL
    return (flags & all) && static_cast<std::size_t>(res) < n;
}

void prepare_message(io_uring_sqe& entry, std::uint8_t opcode, const event::handle& h,
                     const void* memory, std::size_t n, int flags) noexcept;
int recv_now(int descriptor, void* memory, std::size_t n, int flags) noexcept;
int send_now(int descriptor, const void* memory, std::size_t n, int flags) noexcept;

} // namespace detail

namespace event
{

/// recv(2): `std::size_t`, 0 at the end. `flags` are MSG_…; MSG_WAITALL has an effect
/// with io_uring's operation alone, without which a part ends it. `Buffer` as for read.
/// IORING_OP_RECV, Linux 5.6.
template <class Buffer>
class recv
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::recv;

    recv(const handle& h, Buffer b, int f = 0) noexcept
        : target(h)
        , buffer(std::move(b))
        , flags(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept
    {
        auto const b = detail::memory_to_fill(buffer);
        detail::prepare_message(entry, opcode, target, b.data(), b.size(), flags);
    }

    int perform() noexcept
    {
        auto const b = detail::memory_to_fill(buffer);
        return detail::recv_now(descriptor(), b.data(), b.size(), flags);
    }

    std::size_t result(int res, unsigned) const noexcept
    {
        return static_cast<std::size_t>(res);
    }
    bool is_short(int res) const noexcept
    {
        return detail::is_short_message(res, detail::memory_of(buffer).size(), flags);
    }
    int descriptor() const noexcept { return target.descriptor(); }
    short readiness() const noexcept { return detail::readable; }

    handle target;
    Buffer buffer;
    int flags;
};

template <class B>
recv(const handle&, B, int = 0) -> recv<detail::kept_buffer<B>>;

/// send(2): `std::size_t`. MSG_NOSIGNAL is added. IORING_OP_SEND, Linux 5.6.
template <class Buffer>
class send
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::send;

    send(const handle& h, Buffer b, int f = 0) noexcept
        : target(h)
        , buffer(std::move(b))
        , flags(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept { prepare_as(opcode, entry); }

    int perform() noexcept
    {
        auto const b = detail::memory_of(buffer);
        return detail::send_now(descriptor(), b.data(), b.size(), flags);
    }

    std::size_t result(int res, unsigned) const noexcept
    {
        return static_cast<std::size_t>(res);
    }
    bool is_short(int res) const noexcept
    {
        return detail::is_short_message(res, detail::memory_of(buffer).size(), flags);
    }
    int descriptor() const noexcept { return target.descriptor(); }
    short readiness() const noexcept { return detail::writable; }

    handle target;
    Buffer buffer;
    int flags;

protected:
    void prepare_as(std::uint8_t op, io_uring_sqe& entry) noexcept
    {
        auto const b = detail::memory_of(buffer);
        detail::prepare_message(entry, op, target, b.data(), b.size(),
                                flags | detail::no_signal);
    }
};

template <class B>
send(const handle&, B, int = 0) -> send<detail::kept_buffer<B>>;

/// The same without copying: completes when the kernel does not need the buffer any more.
/// It pays for large buffers on real devices, and costs on loopback. IORING_OP_SEND_ZC,
/// Linux 6.0; without it, send.
template <class Buffer>
class send_zc : public send<Buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::send_zc;

    using send<Buffer>::send;

    void prepare(io_uring_sqe& entry) noexcept { this->prepare_as(opcode, entry); }
};

template <class B>
send_zc(const handle&, B, int = 0) -> send_zc<detail::kept_buffer<B>>;

/// What recvmsg and sendmsg have in common: a buffer and an address.
class message_base
{
public:
    int descriptor() const noexcept { return target.descriptor(); }
    std::size_t result(int res, unsigned) const noexcept
    {
        return static_cast<std::size_t>(res);
    }

    handle target;
    int flags;
    /// The receiver's; that of the sender when it has been received.
    address_storage address;
    /// Control messages (cmsg(3)) to be sent, or room for those that come. (Descriptors
    /// that come with a message are the user's to close, as those of a message that
    /// nobody is told of: receive them where somebody waits.)
    std::vector<std::byte> control;
    /// How many bytes of it have been received.
    std::size_t received_control = 0;
    /// Of a message that has been received (MSG_TRUNC, MSG_CTRUNC …).
    int received_flags = 0;

protected:
    message_base(const handle& h, int f, const address_storage& a);
    message_base(message_base&&) noexcept;
    message_base& operator=(message_base&&) noexcept;
    ~message_base();

    void prepare_receive(io_uring_sqe& entry, void* memory, std::size_t n) noexcept;
    void prepare_send(std::uint8_t opcode, io_uring_sqe& entry, const void* memory,
                      std::size_t n) noexcept;
    int receive_now(void* memory, std::size_t n) noexcept;
    int send_now(const void* memory, std::size_t n) noexcept;
    void note_received() noexcept;

private:
    struct header;

    ::msghdr& fill_header(void* memory, std::size_t n, bool receives) noexcept;

    std::unique_ptr<header> header_;
};

/// recvmsg(2): `std::size_t`; the sender's address is in `address`. The constructor
/// throws std::bad_alloc. IORING_OP_RECVMSG, Linux 5.3.
template <class Buffer>
class recvmsg : public message_base
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::recvmsg;

    recvmsg(const handle& h, Buffer b, int f = 0)
        : message_base(h, f, {})
        , buffer(std::move(b))
    {
    }

    void prepare(io_uring_sqe& entry) noexcept
    {
        auto const b = detail::memory_to_fill(buffer);
        prepare_receive(entry, b.data(), b.size());
    }

    int perform() noexcept
    {
        auto const b = detail::memory_to_fill(buffer);
        return receive_now(b.data(), b.size());
    }

    std::size_t result(int res, unsigned) noexcept
    {
        note_received();
        return static_cast<std::size_t>(res);
    }
    bool is_short(int res) const noexcept
    {
        return detail::is_short_message(res, detail::memory_of(buffer).size(), flags);
    }
    short readiness() const noexcept { return detail::readable; }

    Buffer buffer;
};

template <class B>
recvmsg(const handle&, B, int = 0) -> recvmsg<detail::kept_buffer<B>>;

/// sendmsg(2): `std::size_t`. MSG_NOSIGNAL is added. The constructor throws
/// std::bad_alloc. IORING_OP_SENDMSG, Linux 5.3.
template <class Buffer>
class sendmsg : public message_base
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::sendmsg;

    sendmsg(const handle& h, Buffer b, const address_storage& to = {}, int f = 0)
        : message_base(h, f, to)
        , buffer(std::move(b))
    {
    }

    void prepare(io_uring_sqe& entry) noexcept { prepare_as(opcode, entry); }

    int perform() noexcept
    {
        auto const b = detail::memory_of(buffer);
        return send_now(b.data(), b.size());
    }

    bool is_short(int res) const noexcept
    {
        return detail::is_short_message(res, detail::memory_of(buffer).size(), flags);
    }
    short readiness() const noexcept { return detail::writable; }

    Buffer buffer;

protected:
    void prepare_as(std::uint8_t op, io_uring_sqe& entry) noexcept
    {
        auto const b = detail::memory_of(buffer);
        prepare_send(op, entry, b.data(), b.size());
    }
};

template <class B>
sendmsg(const handle&, B, const address_storage& = {}, int = 0)
    -> sendmsg<detail::kept_buffer<B>>;

/// The same without copying, as send_zc. IORING_OP_SENDMSG_ZC, Linux 6.1.
template <class Buffer>
class sendmsg_zc : public sendmsg<Buffer>
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::sendmsg_zc;

    using sendmsg<Buffer>::sendmsg;

    void prepare(io_uring_sqe& entry) noexcept { this->prepare_as(opcode, entry); }
};

template <class B>
sendmsg_zc(const handle&, B, const address_storage& = {}, int = 0)
    -> sendmsg_zc<detail::kept_buffer<B>>;

} // namespace event
} // namespace urio::inline URIO_ABI

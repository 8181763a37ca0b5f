// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/message.hpp>

#include "entry.hpp"

#include <algorithm>
#include <limits>
#include <sys/socket.h>
#include <sys/uio.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
static_assert(no_signal == MSG_NOSIGNAL);

void prepare_message(io_uring_sqe& entry, std::uint8_t opcode, const event::handle& h,
                     const void* memory, std::size_t n, int flags) noexcept
{
    constexpr std::size_t most = std::numeric_limits<int>::max();
    event::fill(entry, opcode, h, memory, static_cast<std::uint32_t>(std::min(n, most)));
    entry.msg_flags = static_cast<std::uint32_t>(flags);
}

int recv_now(int descriptor, void* memory, std::size_t n, int flags) noexcept
{
    return or_error(::recv(descriptor, memory, n, flags | MSG_DONTWAIT));
}

int send_now(int descriptor, const void* memory, std::size_t n, int flags) noexcept
{
    return or_error(::send(descriptor, memory, n, flags | MSG_DONTWAIT | MSG_NOSIGNAL));
}

} // namespace detail

namespace event
{
struct message_base::header
{
    ::msghdr message{};
    ::iovec buffer{};
    ::sockaddr_storage from{};
};

message_base::message_base(const handle& h, int f, const address_storage& a)
    : target(h)
    , flags(f)
    , address(a)
    , header_(std::make_unique<header>())
{
}

message_base::message_base(message_base&&) noexcept = default;
message_base& message_base::operator=(message_base&&) noexcept = default;
message_base::~message_base() = default;

::msghdr& message_base::fill_header(void* memory, std::size_t n, bool receives) noexcept
{
    header& h = *header_;
    h.buffer = {memory, n};
    h.message.msg_iov = &h.buffer;
    h.message.msg_iovlen = 1;
    h.message.msg_control = control.empty() ? nullptr : control.data();
    h.message.msg_controllen = control.size();
    if (receives)
    {
        h.message.msg_name = &h.from;
        h.message.msg_namelen = sizeof(h.from);
    }
    else
    {
        bool const any = address.size() != 0;
        h.message.msg_name = any ? const_cast<::sockaddr*>(address.data()) : nullptr;
        h.message.msg_namelen = address.size();
    }
    return h.message;
}

void message_base::prepare_receive(io_uring_sqe& entry, void* memory,
                                   std::size_t n) noexcept
{
    fill(entry, detail::opcodes::recvmsg, target, &fill_header(memory, n, true), 1);
    entry.msg_flags = static_cast<std::uint32_t>(flags | MSG_CMSG_CLOEXEC);
}

void message_base::prepare_send(std::uint8_t opcode, io_uring_sqe& entry,
                                const void* memory, std::size_t n) noexcept
{
    fill(entry, opcode, target, &fill_header(const_cast<void*>(memory), n, false), 1);
    entry.msg_flags = static_cast<std::uint32_t>(flags | MSG_NOSIGNAL);
}

int message_base::receive_now(void* memory, std::size_t n) noexcept
{
    return detail::or_error(::recvmsg(descriptor(), &fill_header(memory, n, true),
                                      flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC));
}

int message_base::send_now(const void* memory, std::size_t n) noexcept
{
    return detail::or_error(::sendmsg(descriptor(),
                                      &fill_header(const_cast<void*>(memory), n, false),
                                      flags | MSG_DONTWAIT | MSG_NOSIGNAL));
}

void message_base::note_received() noexcept
{
    ::msghdr const& m = header_->message;
    received_flags = m.msg_flags;
    received_control = std::min<std::size_t>(control.size(), m.msg_controllen);
    address.assign(&header_->from,
                   std::min<std::size_t>(m.msg_namelen, sizeof(header_->from)));
}

} // namespace event
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that make sockets, connect them and set them up.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/event/transfer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

struct sockaddr;

namespace urio::inline URIO_ABI
{
namespace event
{

/// An address of any family, with a place of its own.
class address_storage
{
public:
    address_storage() noexcept = default;

    /// That of an endpoint of Asio's: ip::tcp::endpoint, local::stream_protocol::endpoint
    /// …
    template <class Endpoint>
        requires requires(const Endpoint& e) { e.data(), e.size(), e.protocol(); }
    address_storage(const Endpoint& e) noexcept
    {
        assign(e.data(), e.size());
    }

    /// The system's form of it; no more than capacity() bytes.
    void assign(const void* address, std::size_t size) noexcept;

    /// As an endpoint, which is of this family.
    template <class Endpoint>
    Endpoint as() const
    {
        Endpoint e;
        std::memcpy(e.data(), bytes_.data(), size_ < e.capacity() ? size_ : e.capacity());
        e.resize(size_ < e.capacity() ? size_ : e.capacity());
        return e;
    }

    /// 0 if there is none.
    std::uint32_t size() const noexcept { return size_; }
    static constexpr std::size_t capacity() noexcept { return 128; }

    const ::sockaddr* data() const noexcept;

private:
    alignas(8) std::array<std::byte, 128> bytes_{};
    std::uint32_t size_ = 0;
};

/// socket(2): unique_descriptor, or none if it is a slot that it is made in. SOCK_CLOEXEC
/// is added. IORING_OP_SOCKET, Linux 5.19.
class socket
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::socket;
    static constexpr bool is_quick = true;

    socket(int d, int t, int p = 0) noexcept : domain(d), type(t), protocol(p) {}
    socket(int d, int t, int p, const file_slot& s) noexcept
        : domain(d)
        , type(t)
        , protocol(p)
        , into(s)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    unique_descriptor result(int res, unsigned) const noexcept;

    int domain, type, protocol;
    handle into{-1};
};

/// bind(2). IORING_OP_BIND, Linux 6.11.
class bind
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::bind;
    static constexpr bool is_quick = true;

    bind(const handle& h, const address_storage& a) noexcept : target(h), address(a) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    address_storage address;
};

/// listen(2). IORING_OP_LISTEN, Linux 6.11.
class listen
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::listen;
    static constexpr bool is_quick = true;

    explicit listen(const handle& h, int b = 4096) noexcept : target(h), backlog(b) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    int backlog;
};

/// accept4(2): unique_descriptor. `flags` are SOCK_…; SOCK_CLOEXEC is added.
/// IORING_OP_ACCEPT, Linux 5.5.
class accept
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::accept;

    explicit accept(const handle& h, int f = 0) noexcept : target(h), flags(f) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    unique_descriptor result(int res, unsigned) const noexcept
    {
        return unique_descriptor(res);
    }
    int descriptor() const noexcept { return target.descriptor(); }
    short readiness() const noexcept { return detail::readable; }

    handle target;
    int flags;
};

/// The same again and again, for async_submit_multi(). Linux 5.19.
class accept_multishot : public accept
{
public:
    using accept::accept;

    void prepare(io_uring_sqe& entry) noexcept;
};

/// connect(2). IORING_OP_CONNECT, Linux 5.5.
class connect
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::connect;

    connect(const handle& h, const address_storage& a) noexcept : target(h), address(a) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    int descriptor() const noexcept { return target.descriptor(); }
    short readiness() const noexcept { return detail::writable; }

    handle target;
    address_storage address;

private:
    detail::transient<bool> began_;
};

/// shutdown(2); `how` is SHUT_…. IORING_OP_SHUTDOWN, Linux 5.11.
class shutdown
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::shutdown;
    static constexpr bool is_quick = true;

    shutdown(const handle& h, int hw) noexcept : target(h), how(hw) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    int how;
};

/// setsockopt(2), of the bytes in `value`. IORING_OP_URING_CMD, Linux 6.7; before, and
/// for what io_uring refuses (EOPNOTSUPP), the system call; not so within a chain.
class setsockopt
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::uring_cmd;
    static constexpr bool is_quick = true;
    static constexpr bool is_partly_supported = true;

    setsockopt(const handle& h, int l, int o, std::string v) noexcept
        : target(h)
        , level(l)
        , option(o)
        , value(std::move(v))
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    int level, option;
    std::string value;
};

/// getsockopt(2): the length of what is at the beginning of `value` then. As setsockopt;
/// io_uring has it for the level SOL_SOCKET alone.
class getsockopt
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::uring_cmd;
    static constexpr bool is_quick = true;
    static constexpr bool is_partly_supported = true;

    /// Throws std::bad_alloc.
    getsockopt(const handle& h, int l, int o, std::size_t size)
        : target(h)
        , level(l)
        , option(o)
        , value(size, '\0')
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    int level, option;
    std::string value;
};

} // namespace event
} // namespace urio::inline URIO_ABI

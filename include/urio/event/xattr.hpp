// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that are about extended attributes: xattr(7).
#pragma once

#include <urio/detail/op/opcodes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{
namespace event
{

/// setxattr(2); `flags` are XATTR_…. IORING_OP_SETXATTR, Linux 5.19.
class setxattr
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::setxattr;

    setxattr(std::string p, std::string a, std::string v, int f = 0) noexcept
        : path(std::move(p))
        , attribute(std::move(a))
        , value(std::move(v))
        , flags(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    std::string path, attribute, value;
    int flags;
};

/// fsetxattr(2). IORING_OP_FSETXATTR, Linux 5.19.
class fsetxattr
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::fsetxattr;

    fsetxattr(int d, std::string a, std::string v, int f = 0) noexcept
        : descriptor(d)
        , attribute(std::move(a))
        , value(std::move(v))
        , flags(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    int descriptor;
    std::string attribute, value;
    int flags;
};

/// getxattr(2): the length of the value, which is at the beginning of `buffer`; ERANGE if
/// that is too short, and with an empty one only the length. IORING_OP_GETXATTR, Linux
/// 5.19.
class getxattr
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::getxattr;

    /// Throws std::bad_alloc.
    getxattr(std::string p, std::string a, std::size_t size)
        : path(std::move(p))
        , attribute(std::move(a))
        , buffer(size, '\0')
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    std::string path, attribute, buffer;
};

/// fgetxattr(2): as getxattr. IORING_OP_FGETXATTR, Linux 5.19.
class fgetxattr
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::fgetxattr;

    /// Throws std::bad_alloc.
    fgetxattr(int d, std::string a, std::size_t size)
        : descriptor(d)
        , attribute(std::move(a))
        , buffer(size, '\0')
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    int descriptor;
    std::string attribute, buffer;
};

} // namespace event
} // namespace urio::inline URIO_ABI

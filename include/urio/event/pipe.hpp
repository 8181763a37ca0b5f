// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that make pipes, and move bytes through them without copying.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/event/transfer.hpp>

#include <cstddef>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace event
{

/// splice(2): `std::size_t`. One of the two is a pipe. IORING_OP_SPLICE, Linux 5.7.
/// Without it, a thread waits in splice(2), which nothing but the other end can make end.
class splice
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::splice;
    static constexpr bool may_wait_for_ever = true;

    /// `flags` are SPLICE_F_…. The offset of a pipe is `current_position`.
    splice(const handle& i, const handle& o, std::uint32_t n, unsigned f = 0,
           std::uint64_t from = current_position,
           std::uint64_t to = current_position) noexcept
        : in(i)
        , out(o)
        , size(n)
        , flags(f)
        , offset_in(from)
        , offset_out(to)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    std::size_t result(int res, unsigned) const noexcept
    {
        return static_cast<std::size_t>(res);
    }
    bool is_short(int res) const noexcept
    {
        return static_cast<std::uint32_t>(res) != size;
    }

    handle in, out;
    std::uint32_t size;
    unsigned flags;
    std::uint64_t offset_in, offset_out;
};

/// tee(2): `std::size_t`. Both are pipes. IORING_OP_TEE, Linux 5.8.
class tee
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::tee;
    static constexpr bool may_wait_for_ever = true;

    tee(const handle& i, const handle& o, std::uint32_t n, unsigned f = 0) noexcept
        : in(i)
        , out(o)
        , size(n)
        , flags(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    std::size_t result(int res, unsigned) const noexcept
    {
        return static_cast<std::size_t>(res);
    }
    bool is_short(int res) const noexcept
    {
        return static_cast<std::uint32_t>(res) != size;
    }

    handle in, out;
    std::uint32_t size;
    unsigned flags;
};

/// What pipe yields.
struct pipe_ends
{
    unique_descriptor read, write;
};

/// pipe2(2): pipe_ends. `flags` are O_…; O_CLOEXEC is added. IORING_OP_PIPE, Linux 6.16.
class pipe
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::pipe;
    static constexpr bool is_quick = true;

    explicit pipe(int f = 0) noexcept : flags(f) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    pipe_ends result(int res, unsigned) noexcept;

    int flags;

private:
    int ends_[2] = {-1, -1};
};

} // namespace event
} // namespace urio::inline URIO_ABI

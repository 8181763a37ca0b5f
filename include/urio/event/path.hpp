// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that are about paths.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/file/file_status.hpp>
#include <urio/fs/location.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

struct statx;

namespace urio::inline URIO_ABI
{
namespace event
{

/// statx(2): file_status. `flags` are AT_…, `mask` is STATX_…, 0 for what file_status
/// has. The constructors throw std::bad_alloc. IORING_OP_STATX, Linux 5.6.
class statx
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::statx;

    explicit statx(fs::location w, int f = 0, unsigned m = 0);
    /// That of an open file: `descriptor` is kept open by the user.
    explicit statx(int descriptor, unsigned m = 0);
    statx(statx&&) noexcept;
    statx& operator=(statx&&) noexcept;
    ~statx();

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    file_status result(int res, unsigned) const noexcept;

    fs::location where;
    int descriptor = -1; ///< instead of `where`, unless it is -1
    int flags;
    unsigned mask;

private:
    int base() const noexcept;

    std::unique_ptr<struct ::statx> status_;
};

/// renameat2(2); `flags` are RENAME_…. IORING_OP_RENAMEAT, Linux 5.11.
class renameat
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::renameat;

    renameat(fs::location f, fs::location t, unsigned fl = 0) noexcept
        : from(std::move(f))
        , to(std::move(t))
        , flags(fl)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    fs::location from, to;
    unsigned flags;
};

/// unlinkat(2); `flags` is 0 or AT_REMOVEDIR. IORING_OP_UNLINKAT, Linux 5.11.
class unlinkat
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::unlinkat;

    explicit unlinkat(fs::location w, int f = 0) noexcept : where(std::move(w)), flags(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    fs::location where;
    int flags;
};

/// mkdirat(2). IORING_OP_MKDIRAT, Linux 5.15.
class mkdirat
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::mkdirat;

    explicit mkdirat(fs::location w, unsigned m = 0777) noexcept
        : where(std::move(w))
        , mode(m)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    fs::location where;
    unsigned mode;
};

/// symlinkat(2): `where` becomes a link to `target`. IORING_OP_SYMLINKAT, Linux 5.15.
class symlinkat
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::symlinkat;

    symlinkat(std::string t, fs::location w) noexcept
        : target(std::move(t))
        , where(std::move(w))
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    std::string target;
    fs::location where;
};

/// linkat(2); `flags` are 0 or AT_SYMLINK_FOLLOW. IORING_OP_LINKAT, Linux 5.15.
class linkat
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::linkat;

    linkat(fs::location f, fs::location t, int fl = 0) noexcept
        : from(std::move(f))
        , to(std::move(t))
        , flags(fl)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    fs::location from, to;
    int flags;
};

} // namespace event
} // namespace urio::inline URIO_ABI

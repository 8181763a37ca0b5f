// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that open and close files, in the process or in a slot of the ring's table.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>
#include <urio/fs/location.hpp>

#include <cstdint>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace event
{

/// openat(2): the descriptor, as a unique_descriptor, or none if it is a slot that is
/// opened into. `flags` are O_…; O_CLOEXEC is added. IORING_OP_OPENAT, Linux 5.6; into a
/// slot 5.15. A path with a null character in it fails with ENOENT, as no file has such a
/// name.
class openat
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::openat;
    static constexpr bool may_wait_for_ever = true; // for the other end of a pipe

    explicit openat(fs::location w, int f = 0, unsigned m = 0666) noexcept
        : where(std::move(w))
        , flags(f)
        , mode(m)
    {
    }

    openat(fs::location w, int f, unsigned m, const file_slot& s) noexcept
        : where(std::move(w))
        , flags(f)
        , mode(m)
        , into(s)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    unique_descriptor result(int res, unsigned) const noexcept;

    fs::location where;
    int flags;
    unsigned mode;
    handle into{-1};
};

/// openat2(2): as openat, with `resolve` (RESOLVE_…). IORING_OP_OPENAT2, Linux 5.6.
class openat2
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::openat2;
    static constexpr bool may_wait_for_ever = true; // for the other end of a pipe

    /// As struct open_how.
    struct how
    {
        std::uint64_t flags = 0;
        std::uint64_t mode = 0;
        std::uint64_t resolve = 0;
    };

    openat2(fs::location w, const how& h) noexcept : where(std::move(w)), options(h) {}

    openat2(fs::location w, const how& h, const file_slot& s) noexcept
        : where(std::move(w))
        , options(h)
        , into(s)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    unique_descriptor result(int res, unsigned) const noexcept;

    fs::location where;
    how options;
    handle into{-1};
};

/// close(2) of a descriptor, or of what is in a slot. IORING_OP_CLOSE, Linux 5.6; slots
/// 5.15. A descriptor that one of urio's objects owns is closed by that.
class close
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::close;

    explicit close(const handle& h) noexcept : target(h) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
};

/// A descriptor of the process for the file that is in a slot: unique_descriptor.
/// IORING_OP_FIXED_FD_INSTALL, Linux 6.8.
class fixed_fd_install
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::fixed_fd_install;
    static constexpr bool is_quick = true;

    explicit fixed_fd_install(const file_slot& s) noexcept : slot(s) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;
    unique_descriptor result(int res, unsigned) const noexcept
    {
        return unique_descriptor(res);
    }

    handle slot;
};

/// Puts a file of the process, which the descriptor need not outlive, into a slot; -1
/// empties it. IORING_OP_FILES_UPDATE, Linux 5.6.
class files_update
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::files_update;
    static constexpr bool is_quick = true;

    files_update(const file_slot& s, int d) noexcept : slot(s), descriptor_(d) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle slot;

private:
    int descriptor_;
};

} // namespace event
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that are about files and memory, not their contents.
#pragma once

#include <urio/detail/op/opcodes.hpp>
#include <urio/event/handle.hpp>

#include <cstddef>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace event
{

/// fsync(2), or fdatasync(2) with `data_only`. IORING_OP_FSYNC, Linux 5.1.
class fsync
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::fsync;

    explicit fsync(const handle& h, bool data = false) noexcept
        : target(h)
        , data_only(data)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    bool data_only;
};

/// sync_file_range(2); `flags` are SYNC_FILE_RANGE_…; `length` 0 means to the end.
/// IORING_OP_SYNC_FILE_RANGE, Linux 5.2.
class sync_file_range
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::sync_file_range;

    sync_file_range(const handle& h, std::uint64_t o, std::uint32_t n,
                    unsigned f) noexcept
        : target(h)
        , offset(o)
        , length(n)
        , flags(f)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    std::uint64_t offset;
    std::uint32_t length;
    unsigned flags;
};

/// fallocate(2); `mode` is 0 or FALLOC_FL_…. IORING_OP_FALLOCATE, Linux 5.6.
class fallocate
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::fallocate;

    fallocate(const handle& h, int m, std::uint64_t o, std::uint64_t n) noexcept
        : target(h)
        , mode(m)
        , offset(o)
        , length(n)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    int mode;
    std::uint64_t offset;
    std::uint64_t length;
};

/// posix_fadvise(2); `advice` is POSIX_FADV_…. IORING_OP_FADVISE, Linux 5.6.
class fadvise
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::fadvise;

    fadvise(const handle& h, std::uint64_t o, std::uint32_t n, int a) noexcept
        : target(h)
        , offset(o)
        , length(n)
        , advice(a)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    std::uint64_t offset;
    std::uint32_t length;
    int advice;
};

/// ftruncate(2). IORING_OP_FTRUNCATE, Linux 6.9.
class ftruncate
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::ftruncate;

    ftruncate(const handle& h, std::uint64_t n) noexcept : target(h), size(n) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    handle target;
    std::uint64_t size;
};

/// madvise(2) of memory that the user keeps mapped; `advice` is MADV_….
/// IORING_OP_MADVISE, Linux 5.6.
class madvise
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::madvise;

    madvise(void* m, std::uint32_t n, int a) noexcept : memory(m), size(n), advice(a) {}

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    void* memory;
    std::uint32_t size;
    int advice;
};

} // namespace event
} // namespace urio::inline URIO_ABI

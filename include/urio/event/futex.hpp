// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Events that wait for and wake those who wait for a word of memory: futex(2).
#pragma once

#include <urio/detail/op/opcodes.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{
namespace event
{

/// A word that several wait for. It must last as long as they do.
using futex_word = std::atomic<std::uint32_t>;

/// Which futexes: those of this process alone are faster.
enum class futex_scope : bool
{
    process,
    shared, ///< with other processes, by shared memory
};

inline constexpr std::uint64_t any_futex_bits = 0xffffffff;

/// Waits until the word is woken: `resource_unavailable_try_again` if it is not
/// `expected` at the beginning. IORING_OP_FUTEX_WAIT, Linux 6.7; there is nothing else,
/// since a thread that waits could not be cancelled.
class futex_wait
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::futex_wait;

    futex_wait(const futex_word& w, std::uint32_t e, futex_scope s = futex_scope::process,
               std::uint64_t b = any_futex_bits) noexcept
        : word(&w)
        , expected(e)
        , scope(s)
        , bits(b)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;

    const futex_word* word;
    std::uint32_t expected;
    futex_scope scope;
    std::uint64_t bits;
};

/// Wakes at most `count` of those who wait: how many there were. IORING_OP_FUTEX_WAKE,
/// Linux 6.7; without it futex(2).
class futex_wake
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::futex_wake;
    static constexpr bool is_quick = true;

    explicit futex_wake(const futex_word& w, std::uint32_t n = 1,
                        futex_scope s = futex_scope::process,
                        std::uint64_t b = any_futex_bits) noexcept
        : word(&w)
        , count(n)
        , scope(s)
        , bits(b)
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;
    int perform() noexcept;

    const futex_word* word;
    std::uint32_t count;
    futex_scope scope;
    std::uint64_t bits;
};

/// Waits for one of several words: the number of the one that was woken. At most 128. The
/// constructor throws std::bad_alloc. IORING_OP_FUTEX_WAITV, Linux 6.7.
class futex_waitv
{
public:
    static constexpr std::uint8_t opcode = detail::opcodes::futex_waitv;

    struct one
    {
        const futex_word* word;
        std::uint32_t expected;
        futex_scope scope = futex_scope::process;
    };

    explicit futex_waitv(const std::vector<one>& words);

    void prepare(io_uring_sqe& entry) noexcept;

private:
    // struct futex_waitv, which older headers do not have.
    struct native
    {
        std::uint64_t value;
        std::uint64_t address;
        std::uint32_t flags;
        std::uint32_t reserved;
    };

    std::vector<native> words_;
};

} // namespace event
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/event/futex.hpp>

#include "entry.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace event
{
namespace
{

// FUTEX2_SIZE_U32 and FUTEX2_PRIVATE, which older headers do not have.
constexpr std::uint32_t of_32_bits = 2, of_this_process = 128;

std::uint32_t flags_of(futex_scope s) noexcept
{
    return of_32_bits | (s == futex_scope::process ? of_this_process : 0);
}

void fill_futex(io_uring_sqe& entry, std::uint8_t opcode, const futex_word* word,
                std::uint64_t value, futex_scope scope, std::uint64_t bits) noexcept
{
    fill(entry, opcode, static_cast<int>(flags_of(scope)), word, 0, value);
    entry.addr3 = bits;
}

} // namespace

void futex_wait::prepare(io_uring_sqe& entry) noexcept
{
    fill_futex(entry, opcode, word, expected, scope, bits);
}

void futex_wake::prepare(io_uring_sqe& entry) noexcept
{
    fill_futex(entry, opcode, word, count, scope, bits);
}

int futex_wake::perform() noexcept
{
    int const operation =
        FUTEX_WAKE_BITSET | (scope == futex_scope::process ? FUTEX_PRIVATE_FLAG : 0);
    return detail::or_error(::syscall(SYS_futex, word, operation, count, nullptr, nullptr,
                                      static_cast<std::uint32_t>(bits)));
}

futex_waitv::futex_waitv(const std::vector<one>& words)
{
    words_.reserve(words.size());
    for (one const& w : words)
        words_.push_back({w.expected, address(w.word), flags_of(w.scope), 0});
}

void futex_waitv::prepare(io_uring_sqe& entry) noexcept
{
    fill(entry, opcode, 0, words_.data(), static_cast<std::uint32_t>(words_.size()));
}

} // namespace event
} // namespace urio::inline URIO_ABI

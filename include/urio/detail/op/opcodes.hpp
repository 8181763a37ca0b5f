// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// io_uring's numbers of operations (IORING_OP_…, <linux/io_uring.h>), for headers that do
// without the kernel's. impl/detail/op/opcodes.cpp compares them with those.
#pragma once

#include <urio/config.hpp>

#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail::opcodes
{

inline constexpr std::uint8_t fsync = 3;
inline constexpr std::uint8_t sendmsg = 9;
inline constexpr std::uint8_t fallocate = 17;
inline constexpr std::uint8_t close = 19;
inline constexpr std::uint8_t statx = 21;
inline constexpr std::uint8_t read = 22;
inline constexpr std::uint8_t write = 23;
inline constexpr std::uint8_t fadvise = 24;
inline constexpr std::uint8_t openat2 = 28;
inline constexpr std::uint8_t renameat = 35;
inline constexpr std::uint8_t unlinkat = 36;
inline constexpr std::uint8_t mkdirat = 37;
inline constexpr std::uint8_t symlinkat = 38;
inline constexpr std::uint8_t linkat = 39;
inline constexpr std::uint8_t ftruncate = 55; // Linux 6.9

} // namespace detail::opcodes
} // namespace urio::inline URIO_ABI

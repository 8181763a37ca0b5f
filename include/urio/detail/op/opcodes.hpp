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

inline constexpr std::uint8_t nop = 0;
inline constexpr std::uint8_t readv = 1;
inline constexpr std::uint8_t writev = 2;
inline constexpr std::uint8_t fsync = 3;
inline constexpr std::uint8_t read_fixed = 4;
inline constexpr std::uint8_t write_fixed = 5;
inline constexpr std::uint8_t poll_add = 6;
inline constexpr std::uint8_t poll_remove = 7;
inline constexpr std::uint8_t sync_file_range = 8;
inline constexpr std::uint8_t sendmsg = 9;
inline constexpr std::uint8_t recvmsg = 10;
inline constexpr std::uint8_t timeout = 11;
inline constexpr std::uint8_t timeout_remove = 12;
inline constexpr std::uint8_t accept = 13;
inline constexpr std::uint8_t async_cancel = 14;
inline constexpr std::uint8_t link_timeout = 15;
inline constexpr std::uint8_t connect = 16;
inline constexpr std::uint8_t fallocate = 17;
inline constexpr std::uint8_t openat = 18;
inline constexpr std::uint8_t close = 19;
inline constexpr std::uint8_t files_update = 20;
inline constexpr std::uint8_t statx = 21;
inline constexpr std::uint8_t read = 22;
inline constexpr std::uint8_t write = 23;
inline constexpr std::uint8_t fadvise = 24;
inline constexpr std::uint8_t madvise = 25;
inline constexpr std::uint8_t send = 26;
inline constexpr std::uint8_t recv = 27;
inline constexpr std::uint8_t openat2 = 28;
inline constexpr std::uint8_t epoll_ctl = 29;
inline constexpr std::uint8_t splice = 30;
inline constexpr std::uint8_t provide_buffers = 31;
inline constexpr std::uint8_t remove_buffers = 32;
inline constexpr std::uint8_t tee = 33;
inline constexpr std::uint8_t shutdown = 34;
inline constexpr std::uint8_t renameat = 35;
inline constexpr std::uint8_t unlinkat = 36;
inline constexpr std::uint8_t mkdirat = 37;
inline constexpr std::uint8_t symlinkat = 38;
inline constexpr std::uint8_t linkat = 39;
inline constexpr std::uint8_t msg_ring = 40;
inline constexpr std::uint8_t fsetxattr = 41;
inline constexpr std::uint8_t setxattr = 42;
inline constexpr std::uint8_t fgetxattr = 43;
inline constexpr std::uint8_t getxattr = 44;
inline constexpr std::uint8_t socket = 45;
inline constexpr std::uint8_t uring_cmd = 46;
inline constexpr std::uint8_t send_zc = 47;
inline constexpr std::uint8_t sendmsg_zc = 48;
inline constexpr std::uint8_t read_multishot = 49;
inline constexpr std::uint8_t waitid = 50;
inline constexpr std::uint8_t futex_wait = 51;
inline constexpr std::uint8_t futex_wake = 52;
inline constexpr std::uint8_t futex_waitv = 53;
inline constexpr std::uint8_t fixed_fd_install = 54;
inline constexpr std::uint8_t ftruncate = 55;
inline constexpr std::uint8_t bind = 56;
inline constexpr std::uint8_t listen = 57;
inline constexpr std::uint8_t recv_zc = 58;
inline constexpr std::uint8_t epoll_wait = 59;
inline constexpr std::uint8_t readv_fixed = 60;
inline constexpr std::uint8_t writev_fixed = 61;
inline constexpr std::uint8_t pipe = 62;

} // namespace detail::opcodes
} // namespace urio::inline URIO_ABI

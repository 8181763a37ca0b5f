// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The system calls of the ring behind one table, so that tests can make the
// N-th of them fail.
#pragma once

#include "../system/liburing.hpp"

#include <atomic>
#include <cstddef>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Each returns what liburing's function of that name does: a negative errno on
/// failure.
struct uring_syscalls
{
    int (*queue_init_params)(unsigned entries, ::io_uring* ring, ::io_uring_params* p);
    int (*enter2)(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
                  void* arg, std::size_t size);
    /// io_uring_opcode_supported(3)
    int (*opcode_supported)(const ::io_uring_probe* p, int op);
    /// io_uring_register(2)
    int (*change)(unsigned fd, unsigned opcode, const void* arg, unsigned n);
};

/// The table in use. Tests exchange it, and restore it.
inline std::atomic<const uring_syscalls*>& syscalls() noexcept
{
    // The type of the argument pointer differs between versions of liburing.
    static constexpr uring_syscalls real{
        &::io_uring_queue_init_params,
        [](unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
           void* arg, std::size_t size)
        {
            return ::io_uring_enter2(fd, to_submit, min_complete, flags,
                                     static_cast<sigset_t*>(arg), size);
        },
        [](const ::io_uring_probe* p, int op)
        { return ::io_uring_opcode_supported(p, op); },
        [](unsigned fd, unsigned opcode, const void* arg, unsigned n)
        { return ::io_uring_register(fd, opcode, arg, n); }};
    static std::atomic<const uring_syscalls*> current{&real};
    return current;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Makes the ring's system calls fail as the kernel's documentation says they may.
#pragma once

#include "detail/uring/syscalls.hpp"

#include <atomic>
#include <cerrno>
#include <functional>

namespace test
{

/// While it lives, calls go through the two functions; each may call the real one. One at
/// a time.
class faults
{
public:
    using enter_function =
        std::function<int(unsigned, unsigned, unsigned, unsigned, void*, std::size_t)>;
    using setup_function = std::function<int(unsigned, ::io_uring*, ::io_uring_params*)>;

    explicit faults(enter_function enter, setup_function setup = {})
        : real_(urio::detail::syscalls().load())
        , enter_(std::move(enter))
        , setup_(std::move(setup))
    {
        current() = this;
        static constexpr urio::detail::uring_syscalls table{
            [](unsigned entries, ::io_uring* ring, ::io_uring_params* p)
            {
                faults& f = *current();
                return f.setup_ ? f.setup_(entries, ring, p) : f.setup(entries, ring, p);
            },
            [](unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
               std::size_t size)
            {
                faults& f = *current();
                return f.enter_ ? f.enter_(fd, submit, complete, flags, arg, size)
                                : f.enter(fd, submit, complete, flags, arg, size);
            },
            [](const ::io_uring_probe* p, int op)
            {
                faults& f = *current();
                return op == f.missing_ ? 0 : f.real_->opcode_supported(p, op);
            },
            [](unsigned fd, unsigned opcode, const void* arg, unsigned n)
            {
                faults& f = *current();
                return f.change_ ? f.change_(opcode)
                                 : f.real_->change(fd, opcode, arg, n);
            }};
        urio::detail::syscalls() = &table;
    }

    /// Rings that are set up while it lives do not know this operation.
    explicit faults(int missing_operation) : faults(enter_function())
    {
        missing_ = missing_operation;
    }

    struct registration
    {
    };

    /// Instead of io_uring_register(2) this is called. Not for what liburing itself
    /// registers.
    faults(std::function<int(unsigned opcode)> change, registration)
        : faults(enter_function())
    {
        change_ = std::move(change);
    }

    faults(const faults&) = delete;
    faults& operator=(const faults&) = delete;
    ~faults() { urio::detail::syscalls() = real_; }

    // The real calls.

    int setup(unsigned entries, ::io_uring* ring, ::io_uring_params* p) const
    {
        return real_->queue_init_params(entries, ring, p);
    }

    int enter(unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
              std::size_t size) const
    {
        return real_->enter2(fd, submit, complete, flags, arg, size);
    }

private:
    static faults*& current()
    {
        static faults* f = nullptr;
        return f;
    }

    const urio::detail::uring_syscalls* real_;
    enter_function enter_;
    setup_function setup_;
    std::function<int(unsigned)> change_;
    int missing_ = -1;
};

} // namespace test

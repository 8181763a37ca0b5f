// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The rings of buffers that the kernel chooses from, by the numbers of their groups.
#pragma once

#include "ring.hpp"
#include <urio/detail/process/process_mutex.hpp>

#include <mutex>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Thread-safe; has a lock of its own, under which the system calls are made.
class buffer_groups
{
public:
    /// The smaller numbers are the users' own (event::provide_buffers).
    static constexpr int first = 0x8000;

    /// A group's number, or -1.
    int add(ring& r, void* entries, unsigned n) noexcept;
    /// False if this thread may not: then the group stays.
    bool remove(ring& r, int group) noexcept;
    /// In a child process: there are none.
    void restart() noexcept;

private:
    process::process_mutex mutex_;
    std::vector<bool> used_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

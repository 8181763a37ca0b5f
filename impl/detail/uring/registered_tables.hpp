// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The ring's tables of buffers and files that the kernel has looked at once and for all
// (io_uring_register(2)): which of their slots are in use, and for what.
#pragma once

#include "ring.hpp"
#include <urio/detail/process/process_mutex.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <sys/uio.h>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Thread-safe; has a lock of its own, under which the system calls are made. Each table
/// is set up, empty, when it is first used. Whoever cannot get a slot does without.
class registered_tables
{
public:
    /// Put buffers into the table; each gets its slot's number, or -1 if it is empty.
    /// False if the kernel does not take them all: then it has none.
    bool add_buffers(ring& r, const ::iovec* buffers, int* slots, std::size_t n) noexcept;

    /// Take them out. Operations that the kernel has taken go on. False if this thread
    /// may not: then retry() does.
    bool remove_buffers(ring& r, const int* slots, std::size_t n) noexcept;

    /// Put a descriptor into the table: its slot, or -1.
    int add_file(ring& r, int descriptor) noexcept;

    /// A slot that operations of the ring put a file into, or -1.
    int reserve_file(ring& r) noexcept;

    /// The kernel closes its reference when the operations that it has taken are done.
    /// False if this thread may not: then retry() does.
    bool remove_file(ring& r, int slot) noexcept;

    /// In a child process that has no ring yet: removals without the kernel.
    void forget_buffers(const int* slots, std::size_t n) noexcept;
    void forget_file(int slot) noexcept;

    /// Remove what another thread could not. False if some of it is left.
    bool retry(ring& r) noexcept
    {
        return leaving_.load(std::memory_order_relaxed) == 0 || empty_leaving(r);
    }

    /// Fill the tables of a new ring, after fork(2). What the kernel does not take stays
    /// as it is in the case of buffers: operations that name them find out.
    void restore_buffers(ring& r) noexcept;
    /// Slots are there again, and empty.
    void restore_files(ring& r) noexcept;
    /// The same for one file; false if it has lost its slot.
    bool restore_file(ring& r, int slot, int descriptor) noexcept;
    /// Before the others: the new ring has no tables.
    void restart() noexcept;

private:
    enum class state : std::uint8_t
    {
        unused,
        used,
        leaving, ///< to be emptied by retry()
    };

    enum class table_state : std::uint8_t
    {
        none,
        present,
        refused, ///< the kernel has no such tables, or no memory for one
    };

    struct table
    {
        std::vector<state> slots;
        // None before it is free.
        std::size_t first_free = 0;
        table_state where = table_state::none;

        /// The number of a free slot, now in use, or -1.
        int take() noexcept;
    };

    bool set_up_buffers(ring& r) noexcept;
    bool set_up_files(ring& r) noexcept;
    bool update_buffers(ring& r, int first, const ::iovec* buffers,
                        std::size_t n) noexcept;
    bool update_file(ring& r, int slot, int descriptor) noexcept;
    bool empty_buffers(ring& r, const int* slots, std::size_t n) noexcept;
    bool empty_leaving(ring& r) noexcept;
    void give_back(table& t, std::size_t slot) noexcept;
    void leave(table& t, std::size_t slot) noexcept;

    process::process_mutex mutex_;
    table buffers_;
    table files_;
    // What the slots of buffers_ hold.
    std::vector<::iovec> memory_;
    // How many slots of both are leaving.
    std::atomic<std::size_t> leaving_{0};
};

} // namespace detail
} // namespace urio::inline URIO_ABI

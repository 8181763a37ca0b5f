// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// One io_uring: its two queues and io_uring_enter(2), without any idea of what
// the entries mean.
//
// liburing's own submission functions are not used, because they assume one
// thread: here the queue is filled under the engine's lock, its tail is
// published with release order, and any thread may enter the kernel without the
// lock.
#pragma once

#include "../system/liburing.hpp"

#include <urio/options.hpp>

#include <bitset>
#include <memory>
#include <sys/socket.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Throws std::invalid_argument for options out of range.
void check(const uring_options& options);

class ring
{
public:
    /// Throws std::invalid_argument for options out of range, and
    /// boost::system::system_error if io_uring is not to be had (see errc), if there is
    /// no ring of the size that the options ask for, or if the system lacks the memory or
    /// descriptors.
    explicit ring(const uring_options& options);
    ~ring();

    /// In a child process after fork(2): let go of the ring without touching what the
    /// parent goes on using.
    void disown() noexcept;

    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;

    int descriptor() const noexcept { return ring_.ring_fd; }
    unsigned setup_flags() const noexcept { return ring_.flags; }
    unsigned features() const noexcept { return ring_.features; }
    unsigned entries() const noexcept { return ring_.sq.ring_entries; }
    /// Whether RLIMIT_MEMLOCK has left no room for as many entries as is usual.
    bool is_shortened() const noexcept { return shortened_; }

    /// The operations that the kernel knows, by IORING_OP_* number.
    const std::bitset<256>& operations() const noexcept { return operations_; }

    // The submission queue: under the engine's lock.

    unsigned room() const noexcept
    {
        return ring_.sq.ring_entries - (ring_.sq.sqe_tail - head());
    }

    /// A submission entry, all zero; null if the queue is full.
    ::io_uring_sqe* next_entry() noexcept
    {
        if (room() == 0)
            return nullptr;
        ::io_uring_sqe* sqe = &ring_.sq.sqes[ring_.sq.sqe_tail++ & ring_.sq.ring_mask];
        *sqe = ::io_uring_sqe{};
        return sqe;
    }

    /// The one that was filled last.
    ::io_uring_sqe& last_entry() noexcept
    {
        return ring_.sq.sqes[(ring_.sq.sqe_tail - 1) & ring_.sq.ring_mask];
    }

    /// A message header for an entry: what the kernel copies when it takes the entry
    /// (IORING_FEAT_SUBMIT_STABLE) need not last longer than that.
    ::msghdr& header_for(const ::io_uring_sqe& entry) noexcept
    {
        return headers_[&entry - ring_.sq.sqes];
    }

    /// Let the kernel see what has been filled in.
    void publish() noexcept
    {
        ::io_uring_smp_store_release(ring_.sq.ktail, ring_.sq.sqe_tail);
    }

    /// Where the next entry will go: positions only grow, modulo 2^32.
    unsigned position() const noexcept { return ring_.sq.sqe_tail; }

    // The rest needs no lock.

    /// How many published entries the kernel has not taken yet.
    unsigned unsubmitted() const noexcept
    {
        return ::io_uring_smp_load_acquire(ring_.sq.ktail) - head();
    }

    /// Calls f for each entry that the kernel has not taken. Under the engine's lock.
    template <class Function>
    void for_each_unsubmitted(Function f) const
    {
        for (unsigned p = head(); p != ring_.sq.sqe_tail; ++p)
            f(static_cast<const ::io_uring_sqe&>(ring_.sq.sqes[p & ring_.sq.ring_mask]));
    }

    /// Whether the kernel has taken all entries before this position. Positions wrap;
    /// at most a queue's length of them is not taken.
    bool taken(unsigned position) const noexcept
    {
        return position - head() - 1 >= ring_.sq.ring_entries;
    }

    /// io_uring_enter(2). `timeout` may be null. Returns the number of entries taken
    /// or a negative errno.
    int enter(unsigned submit, unsigned wait_for, unsigned flags,
              ::__kernel_timespec* timeout) noexcept;

    /// Let the kernel have more threads for operations on files, of which some may wait
    /// for another process.
    void expect_waits(const uring_options& options, unsigned n) noexcept
    {
        limit_workers(options, n);
    }

    /// Make a ring that was set up disabled usable by this thread, and by it alone.
    int enable() noexcept;

    /// io_uring_register(2). Returns what that does, or a negative errno: -EEXIST if the
    /// ring is another thread's alone.
    int change(unsigned opcode, const void* argument, unsigned n) noexcept;

    // The completion queue: one thread at a time.

    bool completions_available() const noexcept
    {
        // Another thread may collect them at the same time, before a fork, say.
        return IO_URING_READ_ONCE(*ring_.cq.khead) !=
               ::io_uring_smp_load_acquire(ring_.cq.ktail);
    }

    /// The kernel holds completions back: io_uring_enter(2) must be called to get
    /// them.
    bool needs_flush() const noexcept
    {
        return (IO_URING_READ_ONCE(*ring_.sq.kflags) &
                (IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN)) != 0;
    }

    bool overflowed() const noexcept
    {
        return (IO_URING_READ_ONCE(*ring_.sq.kflags) & IORING_SQ_CQ_OVERFLOW) != 0;
    }

    /// Whether the completion of this name waits to be consumed. Not while it is.
    bool completed(std::uint64_t user_data) const noexcept
    {
        unsigned const tail = ::io_uring_smp_load_acquire(ring_.cq.ktail);
        for (unsigned head = *ring_.cq.khead; head != tail; ++head)
        {
            ::io_uring_cqe const& cqe = ring_.cq.cqes[head & ring_.cq.ring_mask];
            if (cqe.user_data == user_data && !(cqe.flags & IORING_CQE_F_MORE))
                return true;
        }
        return false;
    }

    template <class Function>
    unsigned consume(Function f)
    {
        unsigned head = *ring_.cq.khead;
        unsigned const tail = ::io_uring_smp_load_acquire(ring_.cq.ktail);
        unsigned const n = tail - head;
        for (; head != tail; ++head)
            f(ring_.cq.cqes[head & ring_.cq.ring_mask]);
        ::io_uring_smp_store_release(ring_.cq.khead, head);
        return n;
    }

private:
    /// Returns an errno.
    int set_up(const uring_options& options, unsigned entries);
    unsigned head() const noexcept { return ::io_uring_smp_load_acquire(ring_.sq.khead); }

    /// Returns an errno.
    int ask_for_operations();
    void limit_workers(const uring_options& options, unsigned more = 0) noexcept;

    ::io_uring ring_{};
    std::bitset<256> operations_;
    std::unique_ptr<::msghdr[]> headers_; // one for each entry
    unsigned wait_flags_ = 0;
    bool disowned_ = false;
    bool shortened_ = false;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The base of all I/O operations: one of Asio's scheduler operations, plus what
// an engine must know to carry it out.
#pragma once

#include <urio/error.hpp>
#include <urio/op/verdict.hpp>
#include <urio/seam/asio_detail.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{
namespace detail
{

class io_object;

/// In which order the operations of one object run.
enum class lane : std::uint8_t
{
    read,      ///< one after another: receive, accept; stream file reads and writes
    write,     ///< one after another: send, connect
    unordered, ///< side by side: positional file operations, waits
    last,      ///< after all others have ended: the closing of the descriptor
};

inline constexpr int lanes = 4;

/// Where an operation is. Changed by the engine alone, under its lock.
enum class op_state : std::uint8_t
{
    idle,      ///< not started
    parked,    ///< behind another operation in its lane
    backlog,   ///< waiting for room in the submission queue
    in_kernel, ///< a submission entry refers to it; a completion will come
    in_pool,   ///< a thread carries it out, or will
};

/// Results that are not system errors travel as numbers below every -errno.
inline constexpr int result_already_open = -0x10000;
inline constexpr int result_completion_lost = -0x10001;
/// No thread was to be had.
inline constexpr int result_not_begun = -0x10002;

/// An I/O operation, from its start to its final completion.
/**
 * Whatever the kernel may look at while the operation is in flight (addresses,
 * message headers, buffer lists) is part of it or trails it in the same block of
 * memory. It is destroyed only after its final completion.
 */
class io_operation : public scheduler_operation
{
public:
    /// What distinguishes one kind of operation from another: one instance a kind.
    struct kind
    {
        /// Fill a submission entry that is all zero. Runs under the engine's lock. Null
        /// if io_uring has no such operation.
        void (*prepare)(io_operation&, io_uring_sqe&);
        /// Decide what a result means, under the engine's lock. Null for the common
        /// rules.
        verdict (*judge)(io_operation&, int result);
        /// Carry the operation out without io_uring: a result, or a negative error. Does
        /// not block, but for a `disk` operation.
        int (*perform)(io_operation&);
        /// Take note of a completion that is not the final one. Null if there is
        /// none.
        void (*progress)(io_operation&, int result, std::uint32_t flags);
        /// Fix what depends on the operations before it, under the engine's lock and
        /// before perform(), which may run without. Null if there is nothing.
        void (*begin)(io_operation&) = nullptr;
        /// Have the user's part of the operation completed without the rest, which goes
        /// on until the kernel is done with it: what is to be posted, or null if that
        /// has happened before. Runs under the engine's lock. Null for operations that
        /// work on what is the user's own.
        scheduler_operation* (*abandon)(io_operation&) noexcept = nullptr;
        /// perform() is likely to succeed at once, without any wait.
        bool eager = false;
        /// perform() needs the descriptor in non-blocking mode.
        bool non_blocking = false;
        /// perform() may wait for a disk, if the object is bounded.
        bool disk = false;
        /// The same, if that takes no wait, and -EAGAIN else. Null if it cannot be known.
        int (*perform_without_wait)(io_operation&) = nullptr;
        /// perform() may wait for a disk, whatever the object is: where the kernel does
        /// not know the operation, it is for a thread of the pool. May throw
        /// std::bad_alloc there, which completes the operation with that error.
        bool pool = false;
    };

    const kind& what() const noexcept { return *kind_; }

    /// The number of bytes, a descriptor, a mask, or a negative error.
    int result() const noexcept { return result_; }

    boost::system::error_code error() const noexcept
    {
        if (result_ >= 0)
            return {};
        if (result_ == result_already_open)
            return boost::asio::error::already_open;
        if (result_ == result_completion_lost)
            return errc::completion_lost;
        if (result_ == result_not_begun)
            return errc::no_threads;
        return {-result_, boost::asio::error::get_system_category()};
    }

    // The rest is for engines.

    io_object* object_ = nullptr;
    io_operation* next_in_lane_ = nullptr;
    io_operation* prev_in_lane_ = nullptr;
    std::uint64_t id_ = 0;
    int descriptor_;
    int result_ = 0;
    /// Which readiness to wait for after -EAGAIN (poll(2)'s bits); 0 if there is
    /// none.
    short ready_events_ = 0;
    /// Which readiness it needs, or is all that it asks for.
    short wake_events_ = 0;
    lane lane_ = lane::unordered;
    op_state state_ = op_state::idle;
    bool cancel_requested_ = false;
    bool cancel_queued_ = false;
    /// Looked for, because the kernel has lost completions.
    bool probed_ = false;
    std::uint8_t cancel_attempts_ = 0;
    /// The submission entry asks for readiness, not for the operation itself.
    bool awaiting_readiness_ = false;
    /// The kernel lacks the operation: perform() does it when the descriptor is ready.
    bool substituted_ = false;
    /// No readiness tells when it is worth trying again: ask from time to time.
    bool retried_ = false;
    /// The kernel lacks the form for a single buffer.
    bool vectored_ = false;
    /// How often it has been given to the kernel, up to 255.
    std::uint8_t attempts_ = 0;

protected:
    io_operation(const kind& k, func_type complete, int descriptor) noexcept
        : scheduler_operation(complete)
        , descriptor_(descriptor)
        , kind_(&k)
    {
    }

    ~io_operation() = default;

private:
    const kind* kind_;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

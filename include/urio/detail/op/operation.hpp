// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The base of all I/O operations: one of Asio's scheduler operations, plus what
// an engine must know to carry it out.
#pragma once

#include <urio/detail/asio/asio_detail.hpp>
#include <urio/detail/op/target.hpp>
#include <urio/detail/op/verdict.hpp>
#include <urio/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>

struct io_uring_sqe;

namespace urio::inline URIO_ABI
{
namespace detail
{

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

class io_operation;

/// The opcode of what io_uring has no operation for.
inline constexpr std::uint8_t no_opcode = 0xff;
/// The opcode of what does not state it: the kernel is to say whether it knows it.
inline constexpr std::uint8_t unstated_opcode = 0xfe;

/// What distinguishes one kind of operation from another: one constant a kind.
struct op_kind
{
    /// Of the submission entry (IORING_OP_…): whether this kernel knows it is looked up.
    /// Of several forms that prepare() may choose from, that which kernels have had last.
    std::uint8_t opcode = no_opcode;
    /// Fill a submission entry that is all zero (but see `header`), once for each
    /// submission. Runs under the engine's lock. Null if there is no opcode.
    void (*prepare)(io_operation&, io_uring_sqe&) = nullptr;
    /// Say what a completion means, under the engine's lock. It is told of each that has
    /// something to say, with the flags of its entry (0 without io_uring), also when the
    /// operation was cancelled or the context ends: what a completion brings is the
    /// operation's to give up. The result of the operation is the last one's, as this
    /// leaves it. What is tried at once (`eager`, `perform_without_wait`) or is for a
    /// pool ends with its first result: that is noted, and the verdict makes no
    /// difference. Null for the rules of judge().
    verdict (*completion)(io_operation&, int& result, std::uint32_t flags) = nullptr;
    /// Carry the operation out without io_uring: a result, or a negative error. Does
    /// not block, but for a `disk` operation. Null if only io_uring can.
    int (*perform)(io_operation&) = nullptr;
    /// Fix what depends on the operations before it, under the engine's lock and
    /// before perform(), which may run without. Null if there is nothing.
    void (*begin)(io_operation&) = nullptr;
    /// After verdict::deliver: what is to be posted, or null if nobody waits for it. Runs
    /// under the engine's lock.
    scheduler_operation* (*delivery)(io_operation&) noexcept = nullptr;
    /// Have the user's part of the operation completed without the rest, which goes
    /// on until the kernel is done with it: what is to be posted, or null if that
    /// has happened before. Runs under the engine's lock. Null for operations that
    /// work on what is the user's own.
    scheduler_operation* (*detach)(io_operation&) noexcept = nullptr;
    /// Whether this very operation can be said in a submission entry. Null if all can.
    bool (*fits_entry)(const io_operation&) noexcept = nullptr;
    /// perform(), if that takes no wait, and -EAGAIN else. Null if it cannot be known.
    int (*perform_without_wait)(io_operation&) = nullptr;
    /// The descriptor that is to be ready, if it is another than the target's.
    int (*waits_for)(const io_operation&) noexcept = nullptr;
    /// perform() is likely to succeed at once, without any wait.
    bool eager = false;
    /// perform() needs the descriptor in non-blocking mode.
    bool non_blocking = false;
    /// perform() may wait for a disk, if the object is bounded.
    bool disk = false;
    /// perform() may wait for a disk, whatever the object is: where the kernel does
    /// not know the operation, it is for a thread of the pool. May throw
    /// std::bad_alloc there, which completes the operation with that error.
    bool pool = false;
    /// It is nothing but a wait for readiness.
    bool wait = false;
    /// The kernel looks the descriptor up by its number as long as the operation lasts,
    /// not only when it takes the entry.
    bool by_number = false;
    /// It may wait for ever for another process, in a thread that the kernel takes for
    /// one that is about to finish: the opening of a named pipe.
    bool waits_in_thread = false;
    /// prepare() finds the address of a message header (msghdr) in the entry's `addr`
    /// that it may fill: it lasts until the kernel has taken the entry.
    bool header = false;
    /// One of several that were started together, and that the kernel runs one after
    /// another: it is not submitted again.
    bool chained = false;
    /// Other operations of io_uring may cancel it: to be cancelled by nobody here is no
    /// sign that the kernel had no thread for it.
    bool cancelled_by_others = false;
    /// Whether it ends by itself within bounded time, though its target may not. Null for
    /// what the target says.
    bool (*bounded)(const io_operation&) noexcept = nullptr;
};

/// How the kernel goes on after an operation of a chain.
enum class chain_link : std::uint8_t
{
    none, ///< it is the last, or no part of one
    soft, ///< with the next one, if this one succeeds (IOSQE_IO_LINK)
    hard, ///< with the next one (IOSQE_IO_HARDLINK)
};

/// What the ring's engine notes of an operation: changed under its lock alone.
struct ring_notes
{
    bool cancel_queued : 1 = false;
    /// Looked for, because the kernel has lost completions.
    bool probed : 1 = false;
    /// The submission entry asks for readiness, not for the operation itself.
    bool awaiting_readiness : 1 = false;
    /// The kernel lacks the operation: perform() does it when the descriptor is ready.
    bool substituted : 1 = false;
    /// The kernel is to give it back, because the process is about to fork.
    bool recalled : 1 = false;
    /// Being ready has led to nothing: only what is new counts, each time it comes.
    bool edges : 1 = false;
    /// The kernel has an entry that tells of readiness again and again.
    bool poll_armed : 1 = false;
    /// It is about to be performed.
    bool to_try : 1 = false;
    /// It has its result, and waits for the end of that entry.
    bool has_result : 1 = false;
    /// Part of a chain, and not the first.
    bool follows : 1 = false;
    chain_link link : 2 = chain_link::none;
    /// How often its cancellation has been given to the kernel, up to 15.
    std::uint8_t cancel_attempts : 4 = 0;
};

/// An I/O operation, from its start to its final completion.
/**
 * Whatever the kernel may look at while the operation is in flight (addresses, buffer
 * lists) is part of it or its own. It is destroyed only after its final completion.
 *
 * It comes from the memory that the user's handler provides, which may have been measured
 * for Asio's operations: so it is no larger than the base of those. What it is made of is
 * ordered by size, and its class leaves a few bytes at the end for what is derived.
 */
class io_operation : public scheduler_operation
{
public:
    const op_kind& kind() const noexcept { return *kind_; }

    /// The number of bytes, a descriptor, a mask, or a negative error.
    int result() const noexcept { return static_cast<int>(task_result_); }

    /// What the scheduler keeps for its operations, and does not look at.
    void set_result(int result) noexcept { task_result_ = static_cast<unsigned>(result); }

    boost::system::error_code error() const noexcept { return error_of(result()); }

    static boost::system::error_code error_of(int r) noexcept
    {
        if (r >= 0)
            return {};
        if (r == result_already_open)
            return boost::asio::error::already_open;
        if (r == result_completion_lost)
            return errc::completion_lost;
        if (r == result_not_begun)
            return errc::no_threads;
        return {-r, boost::asio::error::get_system_category()};
    }

    /// The descriptor of its target, once it has been started.
    int descriptor() const noexcept { return target_->descriptor(); }

    /// The descriptor whose readiness it is tried again for.
    int awaited_descriptor() const noexcept
    {
        return kind_->waits_for ? kind_->waits_for(*this) : descriptor();
    }

    // The rest is for engines.

    /// Which readiness it needs after -EAGAIN, or is all that it asks for (poll(2)'s
    /// bits); 0 if there is none.
    std::uint8_t wake_events_ = 0;
    // What shares a byte is changed under the engine's lock alone, once it is started.
    lane lane_ : 2 = lane::unordered;
    op_state state_ : 3 = op_state::idle;
    bool cancel_requested_ : 1 = false;
    /// It begins with a wait for readiness.
    bool waits_first_ : 1 = false;
    /// The kernel lacks the form for a single buffer.
    bool vectored_ : 1 = false;
    ring_notes ring_;
    op_target* target_ = nullptr;
    io_operation* next_in_lane_ = nullptr;
    io_operation* prev_in_lane_ = nullptr;
    std::uint64_t id_ = 0;

private:
    const op_kind* kind_;

public:
    /// How many threads had ended when it was given to the ring.
    std::uint16_t thread_exits_ = 0;

private:
    // The attempts, in the upper four bits, and whether it is asked for from time to
    // time. Changed by whoever has it in hand.
    std::uint8_t attempts_ = 0;
    // Five bytes are left at the end, which those with buffers fill: with one less, they
    // do not fit where Asio's own do (test/handler_places.cpp).

public:
    /// How often it has been given to the kernel, up to 15.
    unsigned attempts() const noexcept { return attempts_ >> 4; }

    void count_attempt() noexcept
    {
        if (attempts_ < 0xf0)
            attempts_ += 0x10;
    }

    /// No readiness tells when it is worth trying again: ask from time to time.
    bool retried() const noexcept { return attempts_ & 1; }

    void set_retried(bool retried) noexcept
    {
        attempts_ = static_cast<std::uint8_t>((attempts_ & 0xf0) | retried);
    }

protected:
    io_operation(const op_kind& k, func_type complete) noexcept
        : scheduler_operation(complete)
        , kind_(&k)
    {
    }

    ~io_operation() = default;

    /// It is of another kind than it was made as: before it is started.
    void become(const op_kind& k) noexcept { kind_ = &k; }
};

/// What a completion means to an operation.
inline verdict meaning_of(io_operation& op, int& result, std::uint32_t flags = 0)
{
    return op.kind().completion ? op.kind().completion(op, result, flags) : judge(result);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

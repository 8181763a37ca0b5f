// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What an engine knows of one open descriptor: the operations that are pending
// on it, in order. It outlives the socket or file until the last has completed.
#pragma once

#include <urio/detail/op/operation.hpp>

#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail
{

class engine;

/// A list of operations, linked through themselves.
class op_list
{
public:
    bool empty() const noexcept { return first_ == nullptr; }
    io_operation* first() const noexcept { return first_; }

    void push_back(io_operation& op) noexcept
    {
        op.prev_in_lane_ = last_;
        op.next_in_lane_ = nullptr;
        (last_ ? last_->next_in_lane_ : first_) = &op;
        last_ = &op;
    }

    void erase(io_operation& op) noexcept
    {
        (op.prev_in_lane_ ? op.prev_in_lane_->next_in_lane_ : first_) = op.next_in_lane_;
        (op.next_in_lane_ ? op.next_in_lane_->prev_in_lane_ : last_) = op.prev_in_lane_;
        op.prev_in_lane_ = op.next_in_lane_ = nullptr;
    }

private:
    io_operation* first_ = nullptr;
    io_operation* last_ = nullptr;
};

/// The pending operations of one descriptor. Guarded by its engine's lock.
/**
 * Operations of an ordered lane run one after another, so that results come in the
 * order of the starts, as they do with Asio's own backends: only the first is with
 * the kernel.
 */
class io_object : public op_target
{
public:
    io_object(engine* e, int descriptor, const descriptor_traits& traits) noexcept
        : op_target(descriptor, traits)
        , non_blocking_(traits.non_blocking)
        , engine_(e)
    {
    }

    op_list& operations(lane l) noexcept { return lanes_[static_cast<int>(l)]; }
    const op_list& operations(lane l) const noexcept
    {
        return lanes_[static_cast<int>(l)];
    }

    bool idle() const noexcept { return !busy() && operations(lane::last).empty(); }

    /// Whether operations are pending that the last one has to wait for.
    bool busy() const noexcept
    {
        return !(operations(lane::read).empty() && operations(lane::write).empty() &&
                 operations(lane::unordered).empty());
    }

    template <class Function>
    void for_each(Function f)
    {
        for (op_list& list : lanes_)
            for (io_operation* op = list.first(); op;)
            {
                io_operation* next = op->next_in_lane_;
                f(*op);
                op = next;
            }
    }

    // The descriptor has turned out to be in non-blocking mode (O_NONBLOCK): the
    // kernel does not wait on it, so that operations begin with a wait for readiness.
    bool non_blocking_;
    // It was put into non-blocking mode here, and is to be given back as it was found.
    bool found_blocking_ = false;
    // It is being prepared for its last operation.
    bool is_leaving_ = false;

    // The socket or file is gone; the engine frees this object with the last
    // operation.
    bool orphaned_ = false;
    // The engine shall close the descriptor as soon as nothing refers to its number.
    bool close_pending_ = false;
    // Operations that threads of the pool have or will have.
    unsigned in_pool_ = 0;
    // Operations that are about the descriptor's number, after their entry was taken.
    unsigned by_number_ = 0;
    // The submission queue's position up to which entries may name the descriptor.
    unsigned last_entry_ = 0;
    // Its place in the ring's table of files, or -1.
    int slot_ = -1;
    io_object* next_ = nullptr;

    engine* engine_;

private:
    op_list lanes_[lanes];
};

/// The object that an operation was started on.
inline io_object& object_of(const io_operation& op) noexcept
{
    return static_cast<io_object&>(*op.target_);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

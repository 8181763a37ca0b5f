// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Registered buffers and descriptors, as far as the engine is concerned.

#include "uring_engine.hpp"

#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

bool uring_engine::register_buffers(const ::iovec* buffers, int* slots,
                                    std::size_t n) noexcept
{
    return usable() && tables_.add_buffers(*ring_, buffers, slots, n);
}

// Nothing waits for the operations that name the buffers: the kernel holds references for
// those that it has taken, and refuses the others, which then do without (see
// file_transfer_op::completion).
void uring_engine::unregister_buffers(const int* slots, std::size_t n) noexcept
{
    if (forked())
        tables_.forget_buffers(slots, n);
    else if (!tables_.remove_buffers(*ring_, slots, n))
        leave_to_the_owner();
}

bool uring_engine::register_descriptor(io_object& object) noexcept
{
    bool const in_use = usable();
    {
        lock l(mutex_);
        if (object.slot_ >= 0)
            return true;
        if (!in_use || shut_down_)
            return false;
    }
    int const slot = tables_.add_file(*ring_, object.descriptor());
    lock l(mutex_);
    object.slot_ = slot;
    return slot >= 0;
}

int uring_engine::reserve_slot() noexcept
{
    if (!usable())
        return -EBADF;
    int const slot = tables_.reserve_file(*ring_);
    return slot < 0 ? -ENFILE : slot;
}

// The kernel keeps the file open as long as the slot does. No entry that the kernel has
// not taken may name the slot any more.
void uring_engine::unregister_descriptor(int slot) noexcept
{
    if (slot < 0)
        return;
    if (forked())
        tables_.forget_file(slot);
    else if (!tables_.remove_file(*ring_, slot))
        leave_to_the_owner();
}

// What receives into these buffers must be an operation that the kernel has.
int uring_engine::provide_buffers(void* entries, unsigned n) noexcept
{
    return usable() && has(IORING_OP_RECV) ? groups_.add(*ring_, entries, n) : -1;
}

bool uring_engine::withdraw_buffers(int group) noexcept
{
    return groups_.remove(*ring_, group);
}

// The kernel does not let this thread change an exclusive ring.
void uring_engine::leave_to_the_owner() noexcept
{
    bool waits;
    {
        lock l(mutex_);
        set_chores(true);
        waits = waiting_.load(std::memory_order_relaxed);
    }
    if (waits)
        wake();
}

// In a child process, before any operation is submitted.
void uring_engine::restore_registrations(std::span<io_object* const> objects) noexcept
{
    tables_.restart();
    groups_.restart();
    tables_.restore_buffers(*ring_);
    tables_.restore_files(*ring_);
    for (io_object* const object : objects)
        if (!tables_.restore_file(*ring_, object->slot_, object->descriptor()))
            object->slot_ = -1;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

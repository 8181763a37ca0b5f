// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "registered_tables.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <sys/resource.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
namespace
{

// The kernel's limit (IORING_MAX_REG_BUFFERS). A slot costs a few bytes.
constexpr unsigned buffer_slots = 1u << 14;

// At most: a table of files counts against RLIMIT_NOFILE.
constexpr ::rlim_t file_slots = 4096;

constexpr ::iovec no_buffer{nullptr, 0};

int register_sparse(ring& r, unsigned opcode, unsigned n) noexcept
{
    ::io_uring_rsrc_register what{};
    what.nr = n;
    what.flags = IORING_RSRC_REGISTER_SPARSE;
    return r.change(opcode, &what, sizeof(what));
}

// The number of slots that have been changed, or a negative errno.
int update_slots(ring& r, unsigned opcode, unsigned first, const void* data,
                 unsigned n) noexcept
{
    ::io_uring_rsrc_update2 what{};
    what.offset = first;
    what.data = reinterpret_cast<std::uint64_t>(data);
    what.nr = n;
    return r.change(opcode, &what, sizeof(what));
}

// Calls f(index, length) for each run of successive slots; stops when it returns false.
template <class Function>
bool for_each_run(const int* slots, std::size_t n, Function f)
{
    for (std::size_t i = 0; i != n;)
    {
        std::size_t length = 1;
        while (i + length != n && slots[i] >= 0 &&
               slots[i + length] == slots[i] + static_cast<int>(length))
            ++length;
        if (slots[i] >= 0 && !f(i, length))
            return false;
        i += length;
    }
    return true;
}

} // namespace

int registered_tables::table::take() noexcept
{
    auto const found = std::find(slots.begin() + static_cast<std::ptrdiff_t>(first_free),
                                 slots.end(), state::unused);
    first_free = static_cast<std::size_t>(found - slots.begin());
    if (found == slots.end())
        return -1;
    *found = state::used;
    return static_cast<int>(first_free++);
}

void registered_tables::give_back(table& t, std::size_t slot) noexcept
{
    if (t.slots[slot] == state::leaving)
        leaving_.fetch_sub(1, std::memory_order_relaxed);
    t.slots[slot] = state::unused;
    t.first_free = std::min(t.first_free, slot);
}

void registered_tables::leave(table& t, std::size_t slot) noexcept
{
    t.slots[slot] = state::leaving;
    leaving_.fetch_add(1, std::memory_order_relaxed);
}

bool registered_tables::set_up_buffers(ring& r) noexcept
{
    if (buffers_.where != table_state::none)
        return buffers_.where == table_state::present;
    try
    {
        buffers_.slots.resize(buffer_slots);
        memory_.resize(buffer_slots);
    }
    catch (const std::bad_alloc&)
    {
        return false;
    }
    int const result = register_sparse(r, IORING_REGISTER_BUFFERS2, buffer_slots);
    // Another thread may do better.
    if (result != -EEXIST)
        buffers_.where = result < 0 ? table_state::refused : table_state::present;
    return result >= 0;
}

bool registered_tables::set_up_files(ring& r) noexcept
{
    if (files_.where != table_state::none)
        return files_.where == table_state::present;
    ::rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    auto const n = static_cast<unsigned>(std::min(limit.rlim_cur, file_slots));
    try
    {
        files_.slots.resize(std::max<std::size_t>(n, files_.slots.size()));
    }
    catch (const std::bad_alloc&)
    {
        return false;
    }
    int const result = register_sparse(r, IORING_REGISTER_FILES2,
                                       static_cast<unsigned>(files_.slots.size()));
    if (result != -EEXIST)
        files_.where = result < 0 ? table_state::refused : table_state::present;
    return result >= 0;
}

bool registered_tables::update_buffers(ring& r, int first, const ::iovec* buffers,
                                       std::size_t n) noexcept
{
    return update_slots(r, IORING_REGISTER_BUFFERS_UPDATE, static_cast<unsigned>(first),
                        buffers, static_cast<unsigned>(n)) == static_cast<int>(n);
}

bool registered_tables::update_file(ring& r, int slot, int descriptor) noexcept
{
    return update_slots(r, IORING_REGISTER_FILES_UPDATE2, static_cast<unsigned>(slot),
                        &descriptor, 1) == 1;
}

bool registered_tables::add_buffers(ring& r, const ::iovec* buffers, int* slots,
                                    std::size_t n) noexcept
{
    std::lock_guard l(mutex_);
    std::fill_n(slots, n, -1);
    if (!set_up_buffers(r))
        return false;

    bool all = true;
    for (std::size_t i = 0; all && i != n; ++i)
        if (buffers[i].iov_len != 0)
        {
            slots[i] = buffers_.take();
            all = slots[i] >= 0;
            if (all)
                memory_[static_cast<std::size_t>(slots[i])] = buffers[i];
        }
    all =
        all && for_each_run(slots, n, [&](std::size_t i, std::size_t length)
                            { return update_buffers(r, slots[i], buffers + i, length); });
    if (!all)
    {
        (void)empty_buffers(r, slots, n);
        std::fill_n(slots, n, -1);
    }
    return all;
}

bool registered_tables::empty_buffers(ring& r, const int* slots, std::size_t n) noexcept
{
    bool all = true;
    for (std::size_t i = 0; i != n; ++i)
    {
        if (slots[i] < 0)
            continue;
        auto const slot = static_cast<std::size_t>(slots[i]);
        memory_[slot] = no_buffer;
        // What the ring does not have need not leave it.
        if (buffers_.where != table_state::present ||
            update_buffers(r, slots[i], &no_buffer, 1))
            give_back(buffers_, slot);
        else
        {
            leave(buffers_, slot);
            all = false;
        }
    }
    return all;
}

bool registered_tables::remove_buffers(ring& r, const int* slots, std::size_t n) noexcept
{
    std::lock_guard l(mutex_);
    return empty_buffers(r, slots, n);
}

void registered_tables::forget_buffers(const int* slots, std::size_t n) noexcept
{
    std::lock_guard l(mutex_);
    for (std::size_t i = 0; i != n; ++i)
        if (slots[i] >= 0)
        {
            memory_[static_cast<std::size_t>(slots[i])] = no_buffer;
            give_back(buffers_, static_cast<std::size_t>(slots[i]));
        }
}

int registered_tables::add_file(ring& r, int descriptor) noexcept
{
    std::lock_guard l(mutex_);
    if (!set_up_files(r))
        return -1;
    int const slot = files_.take();
    if (slot < 0 || update_file(r, slot, descriptor))
        return slot;
    give_back(files_, static_cast<std::size_t>(slot));
    return -1;
}

int registered_tables::reserve_file(ring& r) noexcept
{
    std::lock_guard l(mutex_);
    return set_up_files(r) ? files_.take() : -1;
}

bool registered_tables::remove_file(ring& r, int slot) noexcept
{
    std::lock_guard l(mutex_);
    auto const n = static_cast<std::size_t>(slot);
    if (files_.where != table_state::present || update_file(r, slot, -1))
    {
        give_back(files_, n);
        return true;
    }
    leave(files_, n);
    return false;
}

void registered_tables::forget_file(int slot) noexcept
{
    std::lock_guard l(mutex_);
    give_back(files_, static_cast<std::size_t>(slot));
}

bool registered_tables::empty_leaving(ring& r) noexcept
{
    std::lock_guard l(mutex_);
    for (std::size_t i = 0; i != buffers_.slots.size(); ++i)
        if (buffers_.slots[i] == state::leaving)
        {
            if (!update_buffers(r, static_cast<int>(i), &no_buffer, 1))
                return false;
            give_back(buffers_, i);
        }
    for (std::size_t i = 0; i != files_.slots.size(); ++i)
        if (files_.slots[i] == state::leaving)
        {
            if (!update_file(r, static_cast<int>(i), -1))
                return false;
            give_back(files_, i);
        }
    return true;
}

void registered_tables::restart() noexcept
{
    std::lock_guard l(mutex_);
    for (table* t : {&buffers_, &files_})
    {
        t->where = table_state::none;
        for (std::size_t i = 0; i != t->slots.size(); ++i)
            if (t->slots[i] == state::leaving)
                give_back(*t, i);
    }
}

void registered_tables::restore_buffers(ring& r) noexcept
{
    std::lock_guard l(mutex_);
    bool const any = std::find(buffers_.slots.begin(), buffers_.slots.end(),
                               state::used) != buffers_.slots.end();
    if (!any || !set_up_buffers(r))
        return;
    for (std::size_t i = 0; i != memory_.size(); ++i)
        if (memory_[i].iov_len != 0)
            (void)update_buffers(r, static_cast<int>(i), &memory_[i], 1);
}

void registered_tables::restore_files(ring& r) noexcept
{
    std::lock_guard l(mutex_);
    if (std::find(files_.slots.begin(), files_.slots.end(), state::used) !=
        files_.slots.end())
        (void)set_up_files(r);
}

bool registered_tables::restore_file(ring& r, int slot, int descriptor) noexcept
{
    std::lock_guard l(mutex_);
    if (set_up_files(r) && update_file(r, slot, descriptor))
        return true;
    give_back(files_, static_cast<std::size_t>(slot));
    return false;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

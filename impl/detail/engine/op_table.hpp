// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The operations in flight, found by their names.
#pragma once

#include <urio/detail/engine/engine.hpp>

#include <cstdint>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The name of an operation: a place in the table, and the place's generation. A place is
/// used again with the next generation, so that a name means one operation only, in the
/// past and in the future.
struct op_name
{
    static constexpr unsigned index_bits = 24;
    static constexpr unsigned generation_bits = 36;
    static constexpr unsigned bits = index_bits + generation_bits;
    static constexpr std::uint64_t index_mask = (std::uint64_t{1} << index_bits) - 1;
    static constexpr std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
};

/// Guarded by the engine's lock. Grows to the greatest number of operations that were
/// ever in flight together, and never allocates below it.
class op_table
{
public:
    /// Returns the operation's name. Throws std::bad_alloc.
    std::uint64_t insert(io_operation& op)
    {
        if (free_ == none)
            grow();
        slot& s = slots_[free_];
        free_ = s.next_free;
        s.op = &op;
        ++size_;
        return s.name ^= unused;
    }

    /// The operation of this name, or null if it has gone.
    io_operation* find(std::uint64_t name) const noexcept
    {
        std::uint64_t const index = name & op_name::index_mask;
        return index < slots_.size() && slots_[index].name == name ? slots_[index].op
                                                                   : nullptr;
    }

    void erase(std::uint64_t name) noexcept
    {
        std::uint64_t const index = name & op_name::index_mask;
        slot& s = slots_[index];
        s.name = ((name + (op_name::index_mask + 1)) & (unused - 1)) | unused;
        s.next_free = free_;
        free_ = index;
        --size_;
    }

    std::size_t size() const noexcept { return size_; }

    template <class Function>
    void for_each(Function f)
    {
        for (std::size_t i = 0; i != slots_.size(); ++i)
            if (!(slots_[i].name & unused))
                f(*slots_[i].op);
    }

    /// Visits the operations once each, from a place on, which moves along, until the
    /// function returns false.
    template <class Function>
    void visit_from(std::size_t& place, Function f)
    {
        for (std::size_t n = slots_.size(); n != 0; --n)
        {
            if (place >= slots_.size())
                place = 0;
            slot const& s = slots_[place];
            if (!(s.name & unused) && !f(*s.op))
                return;
            ++place;
        }
    }

private:
    static constexpr std::uint64_t none = ~std::uint64_t{0};
    /// Beyond a name: it is that of the next operation here.
    static constexpr std::uint64_t unused = std::uint64_t{1} << op_name::bits;

    // 16 bytes, and the whole name, so that one comparison tells.
    struct slot
    {
        std::uint64_t name;
        union
        {
            io_operation* op;
            std::uint64_t next_free; // if the place is unused
        };
    };

    [[gnu::noinline]] void grow()
    {
        if (slots_.size() > op_name::index_mask)
            throw std::bad_alloc();
        slot s;
        s.next_free = none;
        if (slots_.empty())
        {
            // Nobody gets the first place: no name is 0, whatever the generation.
            s.name = unused;
            slots_.push_back(s);
        }
        s.name = (op_name::index_mask + 1) | slots_.size() | unused;
        slots_.push_back(s);
        free_ = slots_.size() - 1;
    }

    std::vector<slot> slots_;
    std::uint64_t free_ = none;
    std::size_t size_ = 0;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The operations in flight, found by the number that the kernel gives back.
#pragma once

#include <urio/engine/engine.hpp>

#include <cstdint>
#include <vector>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What a completion entry's user_data says: a tag, and for operations a place in the
/// table with the place's generation. A place is used again with the next generation,
/// so that a number names one operation only, in the past and in the future.
enum class tag : std::uint64_t
{
    operation = 1,
    cancellation, ///< the rest names the operation to be cancelled
    wakeup,
    wakeup_poll,
    watch,
    cancel_all,
};

struct token
{
    static constexpr unsigned index_bits = 24;
    static constexpr unsigned generation_bits = 36;
    static constexpr std::uint64_t index_mask = (std::uint64_t{1} << index_bits) - 1;
    static constexpr std::uint64_t generation_mask =
        (std::uint64_t{1} << generation_bits) - 1;

    static constexpr std::uint64_t make(tag t, std::uint64_t name = 0) noexcept
    {
        return static_cast<std::uint64_t>(t) << (index_bits + generation_bits) | name;
    }

    static constexpr tag kind(std::uint64_t user_data) noexcept
    {
        return static_cast<tag>(user_data >> (index_bits + generation_bits));
    }

    static constexpr std::uint64_t name(std::uint64_t user_data) noexcept
    {
        return user_data & (generation_mask << index_bits | index_mask);
    }
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
        {
            if (slots_.size() > token::index_mask)
                throw std::bad_alloc();
            slots_.push_back({nullptr, 1, none});
            free_ = static_cast<std::uint32_t>(slots_.size() - 1);
        }
        std::uint32_t const index = free_;
        slot& s = slots_[index];
        free_ = s.next_free;
        s.op = &op;
        ++size_;
        return s.generation << token::index_bits | index;
    }

    /// The operation of this name, or null if it has gone.
    io_operation* find(std::uint64_t name) const noexcept
    {
        std::uint64_t const index = name & token::index_mask;
        if (index >= slots_.size())
            return nullptr;
        slot const& s = slots_[index];
        return s.generation == name >> token::index_bits ? s.op : nullptr;
    }

    void erase(std::uint64_t name) noexcept
    {
        slot& s = slots_[name & token::index_mask];
        s.op = nullptr;
        s.generation = (s.generation + 1) & token::generation_mask;
        s.next_free = free_;
        free_ = static_cast<std::uint32_t>(name & token::index_mask);
        --size_;
    }

    std::size_t size() const noexcept { return size_; }

    template <class Function>
    void for_each(Function f)
    {
        for (std::size_t i = 0; i != slots_.size(); ++i)
            if (slots_[i].op)
                f(*slots_[i].op);
    }

private:
    static constexpr std::uint32_t none = 0xffffffff;

    struct slot
    {
        io_operation* op;
        std::uint64_t generation;
        std::uint32_t next_free;
    };

    std::vector<slot> slots_;
    std::uint32_t free_ = none;
    std::size_t size_ = 0;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

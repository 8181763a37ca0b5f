// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The registrations of a selector: what is found by descriptor when a program changes
// one, and by key when the system reports an event.
#pragma once

#include <urio/reactor/registry.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <vector>

namespace urio::reactor::detail
{

/// Names one registration, and never another one later: the place in the table in the
/// lower half, the generation of what is there in the upper half. Zero names none.
using key = std::uint64_t;

/// Learns which tokens have registrations. Called under the lock of the selector.
class token_observer
{
public:
    /// There is to be one more registration with the token. May throw std::bad_alloc.
    virtual void began(token t) = 0;
    /// There is one less, whatever has ended it, also one that never came about.
    virtual void ended(token t) noexcept = 0;

protected:
    ~token_observer() = default;
};

/// Not thread-safe, but for the generations, which `events` read.
class registrations
{
public:
    struct slot
    {
        std::atomic<std::uint32_t> generation{0}; // 0: free
        std::uint32_t index = 0;
        int fd = -1;
        registration what{token(), interest::readable, trigger::edge};

        detail::key key() const noexcept
        {
            return detail::key{generation.load(std::memory_order_relaxed)} << 32 | index;
        }
    };

    /// A slot for a descriptor, not found by it before bind().
    slot& allocate(int fd, const registration& what);

    void observe(token_observer* o) noexcept { observer_ = o; }

    /// Lets the slot be found by its descriptor, in the place of one that may have been.
    void bind(slot& s) noexcept;

    /// Gives the slot a new generation: keys from before name nothing any more. Until
    /// renewed() tells how that ended, both tokens have the registration.
    void renew(slot& s, const registration& what);
    void renewed(token gone) noexcept;

    void erase(slot& s) noexcept;

    slot* find(int fd) noexcept;
    slot* find(key k) noexcept;

    /// The slots, the free ones included.
    std::deque<slot>& slots() noexcept { return slots_; }

private:
    std::uint32_t next_generation() noexcept;

    std::deque<slot> slots_; // whose addresses are stable
    std::vector<std::uint32_t> free_;
    std::vector<std::uint32_t> by_fd_; // the index and one, or 0
    std::uint32_t generation_ = 0;
    token_observer* observer_ = nullptr;
};

} // namespace urio::reactor::detail

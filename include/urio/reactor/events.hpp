// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What one wait has collected.
#pragma once

#include <urio/reactor/event.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <vector>

namespace urio::reactor
{

/// The events of one call of poll::wait(), at most as many as it has capacity for.
/**
 * Iteration leaves out the events of sources that have been deregistered, or registered
 * anew, since the wait: a handler that deregisters a source is not called for it again,
 * not within the same batch either. (What is registered anew and ready is reported by
 * the next wait.) So size() may shrink.
 *
 * One thread at a time; other threads may register and deregister meanwhile. May outlive
 * the `poll`.
 */
class events
{
    struct entry
    {
        event value;
        const std::atomic<std::uint32_t>* generation; // null: always alive
        std::uint32_t expected;
        bool level; // what is still so is reported again

        bool alive() const noexcept
        {
            return !generation || generation->load(std::memory_order_acquire) == expected;
        }
    };

public:
    /// Goes over the events that are not out of date.
    class iterator
    {
    public:
        using iterator_category = std::forward_iterator_tag;
        using iterator_concept = std::forward_iterator_tag;
        using value_type = event;
        using difference_type = std::ptrdiff_t;
        using pointer = const event*;
        using reference = const event&;

        iterator() = default;

        reference operator*() const noexcept { return at_->value; }
        pointer operator->() const noexcept { return &at_->value; }

        iterator& operator++() noexcept
        {
            ++at_;
            skip();
            return *this;
        }

        iterator operator++(int) noexcept
        {
            iterator const old = *this;
            ++*this;
            return old;
        }

        friend bool operator==(const iterator& a, const iterator& b) noexcept
        {
            return a.at_ == b.at_;
        }

    private:
        friend events;

        iterator(const entry* at, const entry* end) noexcept : at_(at), end_(end)
        {
            skip();
        }

        void skip() noexcept
        {
            while (at_ != end_ && !at_->alive())
                ++at_;
        }

        const entry* at_ = nullptr;
        const entry* end_ = nullptr;
    };

    using const_iterator = iterator;
    using value_type = event;

    /// Room for so many events. A wait without any fails with `invalid_argument`.
    explicit events(std::size_t capacity);

    events(events&&) = default;
    events& operator=(events&&) = default;

    iterator begin() const noexcept { return {entries_.data(), end_of_entries()}; }
    iterator end() const noexcept { return {end_of_entries(), end_of_entries()}; }

    /// How many events one wait collects at most.
    std::size_t capacity() const noexcept { return capacity_; }
    /// How many there are to iterate over. Linear.
    std::size_t size() const noexcept
    {
        return static_cast<std::size_t>(std::distance(begin(), end()));
    }
    bool empty() const noexcept { return begin() == end(); }
    void clear() noexcept { entries_.clear(); }

private:
    friend detail::selector;
    friend detail::access;

    const entry* end_of_entries() const noexcept
    {
        return entries_.data() + entries_.size();
    }

    std::vector<entry> entries_;
    std::size_t capacity_;
    std::shared_ptr<const void> keeps_; // what the entries point into
};

} // namespace urio::reactor

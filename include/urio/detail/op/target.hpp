// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What operations work on: an open descriptor, what it is good for, and how far it has
// been read and written as a stream.
#pragma once

#include <urio/config.hpp>

#include <atomic>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// What is known of a descriptor when it is made known to an engine, and does not change.
struct descriptor_traits
{
    /// Operations end by themselves within bounded time: a regular file, a block device.
    bool bounded = false;
    /// A terminal, another character device, or what is no file at all (timerfd,
    /// eventfd): ready does not mean that a transfer of any size will not wait, and only
    /// its own driver knows O_NONBLOCK. It is transferred to and from without waiting,
    /// when it is ready.
    bool by_readiness = false;
    /// A file that is open with O_DIRECT.
    bool direct = false;
    /// Its position as a stream is kept here. Otherwise it is the kernel's own:
    /// descriptors that are shared, not seekable or opened to append.
    bool owns_position = false;
    /// It was found in non-blocking mode (O_NONBLOCK). May be found out later.
    bool non_blocking = false;
};

/// What an operation knows of the object that it was started on.
class op_target
{
public:
    op_target(int descriptor, const descriptor_traits& traits) noexcept
        : descriptor_(descriptor)
        , traits_(traits)
    {
    }

    op_target& operator=(const op_target& other) noexcept
    {
        descriptor_ = other.descriptor_;
        traits_ = other.traits_;
        move_to(other.position());
        return *this;
    }

    int descriptor() const noexcept { return descriptor_; }
    const descriptor_traits& traits() const noexcept { return traits_; }

    /// Where the next operation of a stream begins, if that is kept here.
    std::uint64_t position() const noexcept
    {
        return position_.load(std::memory_order_relaxed);
    }

    void move_to(std::uint64_t position) noexcept
    {
        position_.store(position, std::memory_order_relaxed);
    }

    /// A transfer that began there has moved so many bytes. A seek that came meanwhile
    /// stands.
    void advance(std::uint64_t from, unsigned bytes) noexcept
    {
        position_.compare_exchange_strong(from, from + bytes, std::memory_order_relaxed);
    }

private:
    int descriptor_;
    descriptor_traits traits_;
    std::atomic<std::uint64_t> position_{0};
};

} // namespace detail
} // namespace urio::inline URIO_ABI

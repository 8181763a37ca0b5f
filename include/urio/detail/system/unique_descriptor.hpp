// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A descriptor with an owner.
#pragma once

#include <urio/config.hpp>

#include <unistd.h>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// A descriptor that is closed with its owner.
class unique_descriptor
{
public:
    unique_descriptor() noexcept = default;
    explicit unique_descriptor(int d) noexcept : descriptor_(d) {}
    unique_descriptor(unique_descriptor&& other) noexcept : descriptor_(other.release())
    {
    }
    unique_descriptor& operator=(unique_descriptor&& other) noexcept
    {
        unique_descriptor old(std::exchange(descriptor_, other.release()));
        return *this;
    }
    ~unique_descriptor()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }

    int get() const noexcept { return descriptor_; }
    int release() noexcept { return std::exchange(descriptor_, -1); }

private:
    int descriptor_ = -1;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

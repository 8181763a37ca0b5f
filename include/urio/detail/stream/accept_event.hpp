// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The event that a stream of connections is made of.
#pragma once

#include <urio/event/socket.hpp>

#include <memory>
#include <utility>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// Accepts by one entry as long as the kernel has that.
class accept_event : public event::accept
{
public:
    /// The descriptor is `keep`'s, which may be an object of any kind.
    accept_event(int descriptor, std::shared_ptr<void> keep) noexcept
        : event::accept(descriptor)
        , keep_(std::move(keep))
    {
    }

    void prepare(io_uring_sqe& entry) noexcept;

    /// See multi_op.
    bool again(int error) noexcept;

private:
    std::shared_ptr<void> keep_;
    bool multishot_ = true;
};

} // namespace detail
} // namespace urio::inline URIO_ABI

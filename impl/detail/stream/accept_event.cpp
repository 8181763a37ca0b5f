// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <urio/detail/stream/accept_event.hpp>

#include <urio/detail/op/verdict.hpp>

#include "../system/liburing.hpp"

#include <cerrno>

namespace urio::inline URIO_ABI
{
namespace detail
{

void accept_event::prepare(io_uring_sqe& entry) noexcept
{
    event::accept::prepare(entry);
    if (multishot_)
        entry.ioprio |= IORING_ACCEPT_MULTISHOT;
}

bool accept_event::again(int error) noexcept
{
    // Linux before 5.19, or a socket that does not listen.
    if (error == -EINVAL)
        return std::exchange(multishot_, false);
    return judge_accept(error, false) == verdict::resubmit;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What becomes of an operation when the kernel has answered. Pure decisions,
// without a ring, so that they can be tested without one.
#pragma once

#include <urio/config.hpp>

#include <cerrno>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail
{

enum class verdict : std::uint8_t
{
    complete,        ///< the result is final
    resubmit,        ///< nothing happened: give it to the kernel again
    await_readiness, ///< wait until the descriptor is ready, then resubmit
    deliver,         ///< something for the user, and it goes on: see op_kind::delivery
    keep, ///< noted by the operation; if it was the last one, that is its result
};

/// The rules that hold for every operation.
/**
 * - `-ECANCELED`: the thread that submitted the request has exited before the request
 * ran (seen on Linux 6.18 for armed polls and for io-wq alike); it is submitted
 * again.
 * - `-EINTR`: an io-wq worker was interrupted; it runs again, as Asio's own calls do.
 * - `-EAGAIN`: the descriptor is in non-blocking mode, and the kernel does not wait
 * for such a one.
 */
constexpr verdict judge(int result) noexcept
{
    switch (result)
    {
    case -ECANCELED:
    case -EINTR:
        return verdict::resubmit;
    case -EAGAIN:
        return verdict::await_readiness;
    default:
        return verdict::complete;
    }
}

/// accept(2) may report that a connection was gone before it could be accepted.
/// Unless the user wants to know (enable_connection_aborted), the next one is waited
/// for.
constexpr verdict judge_accept(int result, bool report_aborted) noexcept
{
    if ((result == -ECONNABORTED || result == -EPROTO) && !report_aborted)
        return verdict::resubmit;
    return judge(result);
}

/// connect(2) goes on in the background once it is started: what a second attempt, or
/// one on a non-blocking socket, finds is not an error.
constexpr verdict judge_connect(int result, bool attempted_before) noexcept
{
    if (result == -EINPROGRESS || (result == -EALREADY && attempted_before))
        return verdict::await_readiness;
    return result == -EAGAIN ? verdict::complete : judge(result);
}

/// What is to be done, once it is known whether the user has asked for cancellation.
struct decision
{
    verdict next;
    int result;
};

/// Cancellation is a request, and the operation's own result decides: what would have
/// gone on (whatever the kernel calls it) ends as cancelled, and what succeeded or
/// failed in earnest stays as it is.
constexpr decision decide(verdict v, int result, bool cancel_requested) noexcept
{
    if (v == verdict::keep)
        return {verdict::complete, result};
    if (v != verdict::complete && cancel_requested)
        return {verdict::complete, -ECANCELED};
    return {v == verdict::deliver ? verdict::resubmit : v, result};
}

} // namespace detail
} // namespace urio::inline URIO_ABI

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// urio's own error codes: why io_uring cannot be used, and how it must not be.
#pragma once

#include <urio/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/is_error_code_enum.hpp>

#include <type_traits>

namespace urio::inline URIO_ABI
{

/// Errors that are urio's own. All others are the system's or Asio's.
enum class errc
{
    /// The sysctl kernel.io_uring_disabled forbids io_uring to this process.
    disabled_by_sysctl = 1,
    /// io_uring_setup(2) is refused with EPERM or EACCES, though the sysctl allows
    /// it.
    blocked_by_policy,
    /// The kernel has no io_uring, or one that lacks what urio needs (Linux 5.11).
    kernel_too_old,
    /// install() came too late: the execution context has a reactor of its own.
    reactor_already_running,
    /// install() with options came too late: the execution context has urio's loop.
    already_installed,
    /// A socket or descriptor with operations pending cannot change between urio and
    /// Asio.
    operations_pending,
    /// An exclusive context was run by a second thread.
    wrong_thread,
    /// The process was forked, and the child did not call notify_fork().
    forked_without_notification,
    /// The kernel dropped the completion of this operation; whether it took place is
    /// unknown (see EBADR in io_uring_enter(2)).
    completion_lost,
    /// A transfer to or from a file that is open with file_base::direct: the address of a
    /// buffer, its size or the offset does not meet the alignment that the file system
    /// asks for, see file_status. Equal to the condition `invalid_argument`.
    misaligned,
    /// The operation needs a thread of its own, and the system has none to give
    /// (RLIMIT_NPROC, the cgroup's pids.max, memory). Nothing has happened. Equal to the
    /// condition `resource_unavailable_try_again`.
    no_threads,
    /// RLIMIT_MEMLOCK leaves no room for a ring: it counts for all processes of a user,
    /// on Linux before 5.12 and since 6.14. Equal to the condition `not_enough_memory`.
    memory_limit,
};

/// The category of urio::errc, named "urio".
const boost::system::error_category& error_category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

} // namespace urio::inline URIO_ABI

template <>
struct boost::system::is_error_code_enum<urio::errc> : std::true_type
{
};

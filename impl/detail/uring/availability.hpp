// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Why io_uring cannot be used, in words that name the cause.
#pragma once

#include <urio/config.hpp>

#include <boost/system/error_code.hpp>

#include <bitset>
#include <string>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// The features (IORING_FEAT_*) that urio cannot do without and that are not in the
/// mask, as text; empty if there is none.
std::string missing_features(unsigned features);

/// The same for operations (IORING_OP_*). What else urio uses has a substitute.
std::string missing_operations(const std::bitset<256>& known);

/// Whether an errno from io_uring_setup(2) tells of RLIMIT_MEMLOCK: the kernel says no
/// more than ENOMEM, also to a process that the limit does not hold for.
bool is_memory_limit(int error) noexcept;

/// The limit in words.
std::string describe_memory_limit();

/// Whether an error means that no context of this process will have io_uring.
bool is_lasting(const boost::system::error_code& error) noexcept;

/// Throws what an errno from io_uring_setup(2) means: errc::disabled_by_sysctl,
/// errc::blocked_by_policy or errc::kernel_too_old where io_uring is not to be had;
/// errc::memory_limit or the system's own error (ENOMEM, EMFILE, …) where it is, but not
/// now.
[[noreturn]] void throw_unavailable(int error);

/// Throws errc::kernel_too_old with the names of what is missing.
[[noreturn]] void throw_too_old(const std::string& missing);

} // namespace detail
} // namespace urio::inline URIO_ABI

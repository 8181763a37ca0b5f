// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The operations of io_uring: which there are, since when, and what is done without them.
#pragma once

#include <urio/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <span>

namespace urio::inline URIO_ABI
{
namespace event
{

/// What is done where the kernel does not have an operation.
enum class fallback : std::uint8_t
{
    none,      ///< it fails with `operation_not_supported`
    at_once,   ///< a call that takes no wait
    readiness, ///< a call without waiting, tried again when the descriptor is ready
    thread,    ///< a call on a thread of the context's pool
    mixed,     ///< `thread` for files and disks, `readiness` for what can be waited for
    engine,    ///< the engine has another way
};

/// One of io_uring's operations.
struct operation_info
{
    /// IORING_OP_…
    std::uint8_t opcode;
    /// The name of that, without IORING_OP_.
    const char* name;
    /// What has it here: classes of urio::event, or another part of urio.
    const char* here;
    /// The first Linux that has it.
    const char* since;
    fallback without;
};

/// All that the newest liburing knows of (2.15), by opcode. Any thread.
std::span<const operation_info> operations() noexcept;

/// The category of errors that name an operation which neither this kernel nor a fallback
/// has: the value is the opcode. All are equal to the condition
/// `operation_not_supported`; the message names the operation and the kernel that has it.
const boost::system::error_category& missing_operation() noexcept;

} // namespace event
} // namespace urio::inline URIO_ABI

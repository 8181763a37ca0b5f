// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which thread this is, for engines that belong to one.
#pragma once

#include <urio/error.hpp>

#include <boost/system/system_error.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{

/// A number for each thread. The system's names for threads are used again.
inline std::uint64_t this_thread() noexcept
{
    static std::atomic<std::uint64_t> last{0};
    thread_local std::uint64_t const mine = ++last;
    return mine;
}

[[noreturn]] inline void throw_wrong_thread(::pid_t first)
{
    throw boost::system::system_error(
        errc::wrong_thread, "it was run first by thread " + std::to_string(first) +
                                ", now by thread " + std::to_string(::gettid()));
}

} // namespace detail
} // namespace urio::inline URIO_ABI

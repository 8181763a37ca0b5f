// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A number for each thread. The system's names for threads are used again.
#pragma once

#include <urio/config.hpp>

#include <atomic>
#include <cstdint>

namespace urio::inline URIO_ABI
{
namespace detail
{

inline std::uint64_t this_thread() noexcept
{
    static std::atomic<std::uint64_t> last{0};
    thread_local std::uint64_t const mine = ++last;
    return mine;
}

} // namespace detail
} // namespace urio::inline URIO_ABI

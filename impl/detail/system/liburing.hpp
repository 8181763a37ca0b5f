// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The one place that includes liburing, and the constants of the kernel's ABI
// that are newer than liburing 2.3. Those are used only when the running kernel
// has announced the feature.
#pragma once

#include <liburing.h>

#include <urio/config.hpp>

namespace urio::inline URIO_ABI
{
namespace detail
{

// Linux 6.15: waiting for completions need not count as waiting for I/O.
inline constexpr unsigned feature_no_iowait = 1u << 17;
inline constexpr unsigned enter_no_iowait = 1u << 7;

} // namespace detail
} // namespace urio::inline URIO_ABI

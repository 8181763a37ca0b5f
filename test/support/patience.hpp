// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How long a test waits for what is going to happen.
#pragma once

#include <chrono>

namespace test
{

/// The limit of every wait for something that does happen: what takes longer hangs. It is
/// an emulator's, which is ten times slower, under a sanitizer, beside a build.
inline constexpr std::chrono::seconds patience{400};

} // namespace test

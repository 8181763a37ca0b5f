// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Counts what a program takes from the heap: malloc(3) and its like are the program's
// own, in front of glibc's, for all libraries that it is made of. That includes operator
// new, which in libstdc++ calls malloc or aligned_alloc.
#pragma once

#include <cstdint>

namespace bench
{

// Calls that have asked for memory so far.
std::uint64_t allocations() noexcept;

// Bytes that are taken and not given back, as malloc_usable_size(3) has them.
std::int64_t live_bytes() noexcept;

} // namespace bench

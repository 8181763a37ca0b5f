// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How many timers there are besides the one that is set: the same in all programs, so
// that their figures can be compared.
#pragma once

#include "program.hpp"

namespace bench
{

inline void among_timers(benchmark::internal::Benchmark* b)
{
    b->Arg(1)->Arg(1000)->Arg(100'000)->MeasureProcessCPUTime()->UseRealTime();
}

} // namespace bench

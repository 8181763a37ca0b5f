// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How programs on liburing alone set a ring up: with the flags that urio uses.
#pragma once

#include "../file/work.hpp"

#include <liburing.h>

#include <cstring>
#include <string>

namespace bench
{

// The mode is shared; others are exclusive. There is room for four times as many
// completions. Ends the program where there is no io_uring.
inline void set_up_ring(io_uring& ring, const std::string& mode, unsigned entries)
{
    io_uring_params params{};
    params.flags =
        IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG;
    params.flags |= mode == "shared"
                        ? IORING_SETUP_COOP_TASKRUN
                        : IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    params.cq_entries = 4 * entries;
    int const error = io_uring_queue_init_params(entries, &ring, &params);
    if (error < 0)
        cannot_run(std::string("io_uring_setup: ") + std::strerror(-error));
}

} // namespace bench

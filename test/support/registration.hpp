// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whether there can be registrations here: asked of the kernel, and of the limits of this
// process, without urio.
#pragma once

#include "test.hpp"

#include <liburing.h>

namespace test
{

/// Whether the tests run on io_uring, and what `allowed` finds on a ring.
template <class Allowed>
bool ring_allows(Allowed allowed)
{
    ::io_uring ring;
    if (!on_uring() || ::io_uring_queue_init(4, &ring, 0) != 0)
        return false;
    bool const result = allowed(ring);
    ::io_uring_queue_exit(&ring);
    return result;
}

/// (The first answer holds: a ring beside the context's might find no memory.)
inline bool expect_registered_buffers()
{
    static bool const allowed = ring_allows(
        [](::io_uring& ring)
        {
            alignas(4096) static char page[4096];
            ::iovec const memory{page, sizeof(page)};
            ::__u64 const none = 0;
            if (::io_uring_register_buffers_sparse(&ring, 1) != 0)
                return false;
            return ::io_uring_register_buffers_update_tag(&ring, 0, &memory, &none, 1) ==
                   1;
        });
    return allowed;
}

inline bool expect_registered_files()
{
    static bool const allowed = ring_allows(
        [](::io_uring& ring) { return ::io_uring_register_files_sparse(&ring, 1) == 0; });
    return allowed;
}

} // namespace test

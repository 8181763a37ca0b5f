// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A ring as a program on liburing alone sets it up, with the flags that urio uses.
#pragma once

#include "../common/ring_setup.hpp"
#include "work.hpp"

#include <liburing.h>

#include <cerrno>

namespace bench
{

// The modes are shared; exclusive; and fixed, which is exclusive with registered buffers
// and descriptors.
class raw_ring
{
public:
    explicit raw_ring(const work& w) { set_up_ring(ring_, w.mode, 1024); }

    ~raw_ring() { io_uring_queue_exit(&ring_); }

    raw_ring(const raw_ring&) = delete;

    io_uring* get() { return &ring_; }

    // The caller prepares it and sets its data.
    io_uring_sqe* entry()
    {
        io_uring_sqe* const sqe = io_uring_get_sqe(&ring_);
        if (!sqe)
            fail("io_uring_get_sqe", EBUSY);
        ++in_flight_;
        return sqe;
    }

    // Calls f(data, result) for each completion until nothing is in flight.
    template <class F>
    void run(F f)
    {
        while (in_flight_ != 0)
        {
            int const n = io_uring_submit_and_wait(&ring_, 1);
            if (n < 0 && n != -EINTR)
                fail("io_uring_submit_and_wait", -n);
            io_uring_cqe* cqe;
            unsigned head, seen = 0;
            io_uring_for_each_cqe(&ring_, head, cqe)
            {
                ++seen;
                --in_flight_;
                f(io_uring_cqe_get_data(cqe), cqe->res);
            }
            io_uring_cq_advance(&ring_, seen);
        }
    }

private:
    io_uring ring_;
    std::uint64_t in_flight_ = 0;
};

} // namespace bench

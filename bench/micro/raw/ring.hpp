// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A ring as a program on liburing alone sets it up: of the size, and with the flags, that
// urio uses. An operation in it is an object with a function that is called at its end.
#pragma once

#include "../../common/ring_setup.hpp"
#include "../../file/work.hpp"
#include "program.hpp"

#include <liburing.h>

#include <cerrno>

namespace bench
{

// What completes: called with the result.
struct operation
{
    void (*done)(operation* self, int result);
};

class ring
{
public:
    ring() { set_up_ring(ring_, mode(), 256); }

    ring(const ring&) = delete;

    ~ring() { io_uring_queue_exit(&ring_); }

    // The caller prepares it with f(entry).
    template <class F>
    void start(operation& op, F prepare)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(&ring_);
        if (!sqe)
        {
            io_uring_submit(&ring_);
            sqe = io_uring_get_sqe(&ring_);
        }
        prepare(sqe);
        io_uring_sqe_set_data(sqe, &op);
        ++in_flight_;
    }

    // Until nothing is in flight.
    void run()
    {
        while (in_flight_ != 0)
        {
            int const n = io_uring_submit_and_wait(&ring_, 1);
            if (n < 0 && n != -EINTR)
                bench::fail("io_uring_submit_and_wait", -n);
            io_uring_cqe* cqe;
            unsigned head, seen = 0;
            io_uring_for_each_cqe(&ring_, head, cqe)
            {
                ++seen;
                --in_flight_;
                auto* const op = static_cast<operation*>(io_uring_cqe_get_data(cqe));
                op->done(op, cqe->res);
            }
            io_uring_cq_advance(&ring_, seen);
        }
    }

private:
    io_uring ring_;
    unsigned in_flight_ = 0;
};

} // namespace bench

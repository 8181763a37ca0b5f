// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A ring as a program on liburing alone sets it up: of the size, and with the flags, that
// urio uses. An operation in it is an object with a function that is called at its end.
#pragma once

#include "program.hpp"

#include "../../file/work.hpp"

#include <liburing.h>

#include <cerrno>
#include <cstring>

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
    ring()
    {
        io_uring_params params{};
        params.flags =
            IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG;
        params.flags |= mode() == "shared"
                            ? IORING_SETUP_COOP_TASKRUN
                            : IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
        params.cq_entries = 1024;
        int const error = io_uring_queue_init_params(256, &ring_, &params);
        if (error < 0)
            cannot_run(std::string("io_uring_setup: ") + std::strerror(-error));
    }

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

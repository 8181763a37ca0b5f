// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A ring as a server on liburing alone sets it up, with the flags and sizes that urio
// uses, and its loop: one submit-and-wait per turn.
#pragma once

#include "../common/ring_setup.hpp"
#include "server.hpp"

#include <liburing.h>

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace bench
{

// The modes are shared and exclusive.
class server_ring
{
public:
    explicit server_ring(const server_options& o)
    {
        set_up_ring(ring_, o.mode, 256);
        io_uring_prep_poll_add(entry(&input_), 0, POLLIN);
    }

    ~server_ring() { io_uring_queue_exit(&ring_); }

    server_ring(const server_ring&) = delete;

    io_uring* get() { return &ring_; }

    // The caller prepares it, and leaves its data as it is: that which the completion
    // comes with. Nobody hears of a completion without any.
    io_uring_sqe* entry(void* data)
    {
        io_uring_sqe* sqe;
        while (!(sqe = io_uring_get_sqe(&ring_)))
        {
            // Makes room for the completions that may come of it.
            io_uring_cq_advance(&ring_, std::exchange(seen_, 0));
            if (int const n = io_uring_submit(&ring_); n < 0 && n != -EINTR)
                fail("io_uring_submit", -n);
        }
        io_uring_sqe_set_data(sqe, data);
        return sqe;
    }

    void close(int descriptor)
    {
        io_uring_sqe* const sqe = entry(nullptr);
        io_uring_prep_close(sqe, descriptor);
        sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
    }

    // Calls f(data, result, flags) for each completion. Returns false if the server is to
    // end, and nothing is in flight any more.
    template <class F>
    bool turn(F f)
    {
        if (int const n = io_uring_submit_and_wait(&ring_, 1); n < 0 && n != -EINTR)
            fail("io_uring_submit_and_wait", -n);
        bool goes_on = true;
        io_uring_cqe* cqe;
        unsigned head;
        io_uring_for_each_cqe(&ring_, head, cqe)
        {
            ++seen_;
            void* const data = io_uring_cqe_get_data(cqe);
            if (data == &input_)
                goes_on = false;
            else if (data)
                f(data, cqe->res, cqe->flags);
        }
        io_uring_cq_advance(&ring_, std::exchange(seen_, 0));
        if (!goes_on)
            cancel();
        return goes_on;
    }

private:
    // Linux 6.0; before, what is in flight may use its memory until the process is gone.
    void cancel()
    {
        io_uring_sync_cancel_reg all{};
        all.flags = IORING_ASYNC_CANCEL_ANY;
        all.timeout = {-1, -1};
        io_uring_register_sync_cancel(&ring_, &all);
    }

    io_uring ring_;
    unsigned seen_ = 0; // completions of this turn whose entries are still in use
    char input_ = 0;    // where the standard input's completion points to
};

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The same appends directly on liburing: a write, and an fsync when it is complete; in
// the mode `linked` both in one submission.

#include "append.hpp"
#include "raw_ring.hpp"

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bool const linked = w.mode == "linked";
    bench::raw_ring ring(w);
    auto chains = bench::make_append_chains(w);

    auto const sync = [&](bench::append_chain& c)
    {
        io_uring_sqe* const sqe = ring.entry();
        io_uring_prep_fsync(sqe, c.descriptor(), IORING_FSYNC_DATASYNC);
        io_uring_sqe_set_data(sqe, &c);
    };
    auto const start = [&](bench::append_chain& c)
    {
        if (!c.next())
            return;
        io_uring_sqe* const sqe = ring.entry();
        io_uring_prep_write(sqe, c.descriptor(), c.data(),
                            static_cast<unsigned>(c.size()), c.offset());
        io_uring_sqe_set_data(sqe, &c);
        if (!linked)
            return;
        sqe->flags |= IOSQE_IO_LINK;
        sync(c);
    };

    bench::measurement m(w);
    for (bench::append_chain& c : chains)
        start(c);
    ring.run(
        [&](void* data, int result)
        {
            auto& c = *static_cast<bench::append_chain*>(data);
            c.is_written = !c.is_written;
            if (c.is_written)
            {
                c.written(result);
                if (!linked)
                    sync(c);
                return;
            }
            c.done(result);
            start(c);
        });
    m.stop();
    bench::finish_appends(w, m, chains);
}

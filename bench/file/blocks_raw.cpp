// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The transfers of blocks_asio.cpp written directly on liburing.

#include "blocks.hpp"
#include "raw_ring.hpp"

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bool const fixed = w.mode == "fixed";
    bench::raw_ring ring(w);
    int fd = bench::open_blocks(w);
    auto chains = bench::make_chains(w, fd);
    if (fixed)
    {
        std::vector<::iovec> buffers;
        for (bench::block_chain& c : chains)
            buffers.push_back({c.data(), c.size()});
        int const error = io_uring_register_buffers(
            ring.get(), buffers.data(), static_cast<unsigned>(buffers.size()));
        if (error < 0)
            bench::fail("io_uring_register_buffers", -error);
        if (int const e = io_uring_register_files(ring.get(), &fd, 1); e < 0)
            bench::fail("io_uring_register_files", -e);
    }

    auto const start = [&](bench::block_chain& c)
    {
        if (!c.next())
            return;
        io_uring_sqe* const sqe = ring.entry();
        auto const size = static_cast<unsigned>(c.size());
        auto const index = static_cast<int>(c.index());
        if (fixed && w.write)
            io_uring_prep_write_fixed(sqe, 0, c.data(), size, c.offset(), index);
        else if (fixed)
            io_uring_prep_read_fixed(sqe, 0, c.data(), size, c.offset(), index);
        else if (w.write)
            io_uring_prep_write(sqe, fd, c.data(), size, c.offset());
        else
            io_uring_prep_read(sqe, fd, c.data(), size, c.offset());
        if (fixed)
            sqe->flags |= IOSQE_FIXED_FILE;
        io_uring_sqe_set_data(sqe, &c);
    };

    bench::measurement m(w);
    for (bench::block_chain& c : chains)
        start(c);
    ring.run(
        [&](void* data, int result)
        {
            auto& c = *static_cast<bench::block_chain*>(data);
            c.done(result);
            start(c);
        });
    if (w.sync && ::fdatasync(fd) != 0)
        bench::fail("fdatasync", errno);
    m.stop();
    bench::finish_blocks(w, m, chains, fd);
}

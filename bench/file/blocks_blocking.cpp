// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The transfers of blocks_asio.cpp as blocking calls: one after another, or in a pool of
// as many threads as operations are to be in flight.

#include "blocking.hpp"
#include "blocks.hpp"

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    int const fd = bench::open_blocks(w);
    auto chains = bench::make_chains(w, fd);
    auto const transfer = [&](bench::block_chain& c)
    {
        if (!c.next())
            return false;
        auto const offset = static_cast<off_t>(c.offset());
        ssize_t const n = w.write ? ::pwrite(fd, c.data(), c.size(), offset)
                                  : ::pread(fd, c.data(), c.size(), offset);
        c.done(n < 0 ? -errno : n);
        return true;
    };
    bench::blocking run(w);

    bench::measurement m(w);
    run(chains, transfer);
    if (w.sync && ::fdatasync(fd) != 0)
        bench::fail("fdatasync", errno);
    m.stop();
    bench::finish_blocks(w, m, chains, fd);
}

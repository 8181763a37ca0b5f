// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "cached_blocks.hpp"
#include "raw.hpp"

namespace bench
{

findings raw_cached_read(const request& r)
{
    raw_ring ring(raw_work(r));
    cached_file const blocks;
    int const fd = blocks.descriptor();
    work const w = cached_work(r);
    auto chains = make_chains<cached_chain>(w, fd);
    auto const start = [&](cached_chain& c)
    {
        if (!c.next())
            return;
        ::io_uring_sqe* const sqe = ring.entry();
        ::io_uring_prep_read(sqe, fd, c.data(), static_cast<unsigned>(c.size()),
                             c.offset());
        ::io_uring_sqe_set_data(sqe, &c);
    };
    for (cached_chain& c : chains)
        start(c);
    ring.run(
        [&](void* data, int result)
        {
            auto& c = *static_cast<cached_chain*>(data);
            c.done(result);
            start(c);
        });
    finish_cached(r, chains);
    return {};
}

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "loops.hpp"

#include "cached_blocks.hpp"
#include "context.hpp"

namespace bench
{

#if defined(BENCH_STOCK_ASIO) && !defined(BOOST_ASIO_HAS_IO_URING)

findings cached_read(const request&)
{
    cannot_run("Asio has files on io_uring only");
}

#else

namespace
{

void read(net::random_access_file& file, cached_chain& chain)
{
    if (!chain.next())
        return;
    file.async_read_some_at(chain.offset(), net::buffer(chain.data(), chain.size()),
                            [&file, &chain](error_code ec, std::size_t n)
                            {
                                require(ec);
                                chain.done(static_cast<long long>(n));
                                read(file, chain);
                            });
}

} // namespace

findings cached_read(const request& r)
{
    context c(r);
    cached_file const blocks;
    work const w = cached_work(r);
    auto chains = make_chains<cached_chain>(w, blocks.descriptor());
    net::random_access_file file(c, ::dup(blocks.descriptor()));
    for (cached_chain& chain : chains)
        read(file, chain);
    c.run();
    finish_cached(r, chains);
    return {};
}

#endif

} // namespace bench

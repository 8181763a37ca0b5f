// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Appends to files with fdatasync, one coroutine for each, on urio and on Asio's own
// io_uring files.

#include "append.hpp"
#include "net.hpp"

namespace
{

net::awaitable<void> append(net::random_access_file file, bench::append_chain& c)
{
    while (c.next())
    {
        std::size_t const n = co_await file.async_write_some_at(
            c.offset(), net::buffer(c.data(), c.size()), net::use_awaitable);
        c.written(static_cast<long long>(n));
#if defined(BENCH_STOCK_ASIO)
        file.sync_data();
#else
        co_await file.async_sync_data(net::use_awaitable);
#endif
        c.done(0);
    }
    file.release();
}

} // namespace

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bench::context context(w);
    auto chains = bench::make_append_chains(w);
    std::vector<net::random_access_file> files;
    for (bench::append_chain& c : chains)
        files.emplace_back(context.get(), c.descriptor());

    bench::measurement m(w);
    for (std::size_t i = 0; i != chains.size(); ++i)
        net::co_spawn(context.get(), append(std::move(files[i]), chains[i]),
                      bench::rethrow);
    context.get().run();
    m.stop();
    bench::finish_appends(w, m, chains);
}

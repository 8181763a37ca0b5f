// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Opens, reads and closes small files in coroutines, as many at a time as the depth says,
// on urio and on Asio's own io_uring files.

#include "net.hpp"
#include "tree.hpp"

namespace
{

// Opening and closing block: there is a system call for each, and two more in which urio
// and Asio advise the kernel of random access.
net::awaitable<void> read_files(bench::tree_chain& chain)
{
    net::random_access_file file(co_await net::this_coro::executor);
    while (chain.next())
    {
        file.open(chain.name(), net::random_access_file::read_only);
        std::size_t const n = co_await file.async_read_some_at(
            0, net::buffer(chain.data(), chain.size()), net::use_awaitable);
        file.close();
        chain.done(static_cast<long long>(n));
    }
}

} // namespace

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bench::context context(w);
    net::random_access_file first(context.get());
    context.check();
    auto chains = bench::make_tree_chains(w);

    bench::measurement m(w);
    for (bench::tree_chain& c : chains)
        net::co_spawn(context.get(), read_files(c),
                      [](std::exception_ptr e)
                      {
                          if (e)
                              std::rethrow_exception(e);
                      });
    context.get().run();
    m.stop();
    m.print(w, bench::add_up(chains));
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random or sequential transfers of one file at a depth, built on urio and on Asio's own
// io_uring files from this one source.

#include "blocks.hpp"
#include "net.hpp"

namespace
{

class chain : public bench::block_chain
{
public:
    using block_chain::block_chain;

    void read(net::random_access_file& file)
    {
        if (next())
            file.async_read_some_at(offset(), net::buffer(data(), size()),
                                    [this, &file](error_code ec, std::size_t n)
                                    {
                                        done(ec ? -ec.value()
                                                : static_cast<long long>(n));
                                        read(file);
                                    });
    }

    void write(net::random_access_file& file)
    {
        if (next())
            file.async_write_some_at(offset(), net::buffer(data(), size()),
                                     [this, &file](error_code ec, std::size_t n)
                                     {
                                         done(ec ? -ec.value()
                                                 : static_cast<long long>(n));
                                         write(file);
                                     });
    }
};

} // namespace

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bench::context context(w);
    int const fd = bench::open_blocks(w);
    net::random_access_file file(context.get(), fd);
    auto chains = bench::make_chains<chain>(w, fd);

    bench::measurement m(w);
    std::uint64_t const before = context.system_calls();
    for (chain& c : chains)
        w.write ? c.write(file) : c.read(file);
    context.get().run();
    if (w.sync)
        file.sync_data();
    m.stop();
    std::optional<std::uint64_t> system_calls;
    if (context.counts())
        system_calls = context.system_calls() - before + w.sync;
    bench::finish_blocks(w, m, chains, fd, system_calls);
}

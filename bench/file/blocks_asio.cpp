// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random or sequential transfers of one file at a depth, built on urio and on Asio's own
// io_uring files from this one source.

#include "blocks.hpp"
#include "net.hpp"

#if !defined(BENCH_STOCK_ASIO)
#include <urio/event/submit.hpp>
#include <urio/event/transfer.hpp>
#endif

#include <optional>
#include <vector>

namespace
{

class chain : public bench::block_chain
{
public:
    using block_chain::block_chain;

    // Its memory, as the kernel knows it.
    void use(const net::mutable_registered_buffer& b) { registered_ = b; }

    void read(net::random_access_file& file)
    {
        if (!next())
            return;
        auto go_on = [this, &file](error_code ec, std::size_t n)
        {
            done(ec ? -ec.value() : static_cast<long long>(n));
            read(file);
        };
        if (registered_)
            file.async_read_some_at(offset(), *registered_, go_on);
        else
            file.async_read_some_at(offset(), net::buffer(data(), size()), go_on);
    }

#if !defined(BENCH_STOCK_ASIO)
    // As one of io_uring's operations, without a file object.
    void read(net::io_context& context, int fd)
    {
        if (!next())
            return;
        net::async_submit(context,
                          net::event::read(fd, net::buffer(data(), size()), offset()),
                          [this, &context, fd](error_code ec, std::size_t n, auto)
                          {
                              done(ec ? -ec.value() : static_cast<long long>(n));
                              read(context, fd);
                          });
    }
#endif

    void write(net::random_access_file& file)
    {
        if (!next())
            return;
        auto go_on = [this, &file](error_code ec, std::size_t n)
        {
            done(ec ? -ec.value() : static_cast<long long>(n));
            write(file);
        };
        if (registered_)
            file.async_write_some_at(offset(), *registered_, go_on);
        else
            file.async_write_some_at(offset(), net::buffer(data(), size()), go_on);
    }

private:
    std::optional<net::mutable_registered_buffer> registered_;
};

} // namespace

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bench::context context(w);
    int const fd = bench::open_blocks(w);
    net::random_access_file file(context.get(), fd);
    auto chains = bench::make_chains<chain>(w, fd);

#if !defined(BENCH_STOCK_ASIO)
    std::vector<net::mutable_buffer> memory;
    if (w.mode == "fixed")
        for (chain& c : chains)
            memory.emplace_back(c.data(), c.size());
    auto const registration = net::register_buffers(context.get(), memory);
    if (w.mode == "fixed")
    {
        if (!registration.registered() || !file.register_descriptor())
            bench::cannot_run("neither buffers nor descriptors can be registered");
        for (chain& c : chains)
            c.use(registration[c.index()]);
    }
#endif

    bench::measurement m(w);
#if !defined(BENCH_STOCK_ASIO)
    if (w.mode == "event" && !w.write)
        for (chain& c : chains)
            c.read(context.get(), fd);
    else
#endif
        for (chain& c : chains)
            w.write ? c.write(file) : c.read(file);
    context.get().run();
    if (w.sync)
        file.sync_data();
    m.stop();
    bench::finish_blocks(w, m, chains, fd);
}

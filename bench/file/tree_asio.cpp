// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Opens, reads and closes small files in coroutines, as many at a time as the depth says,
// on urio and on Asio's own io_uring files.

#include "net.hpp"
#include "tree.hpp"

#if !defined(BENCH_STOCK_ASIO)
#include <urio/event/chain.hpp>
#include <urio/event/open.hpp>
#include <urio/event/transfer.hpp>

#include <deque>
#include <fcntl.h>
#endif

namespace
{

// Asio knows no other way than to open and close with blocking calls. In the mode
// `blocking` urio does so, too.
net::awaitable<void> read_blocking(bench::tree_chain& chain)
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

#if !defined(BENCH_STOCK_ASIO)
// The three steps are one submission: the file has no descriptor of the process's.
class linked_reader
{
public:
    linked_reader(net::io_context& context, bench::tree_chain& chain)
        : context_(context)
        , chain_(chain)
        , slot_(context)
    {
    }

    void read()
    {
        if (!chain_.next())
            return;
        namespace event = net::event;
        // A short read, as of a file that is smaller than the buffer, breaks a soft link.
        net::async_submit(
            context_,
            net::link(
                event::openat(chain_.name(), O_RDONLY, 0, slot_),
                net::hard_link(
                    event::read(slot_, net::buffer(chain_.data(), chain_.size()), 0),
                    event::close(slot_))),
            [this](error_code ec, auto results, auto)
            {
                chain_.done(ec ? -ec.value()
                               : static_cast<long long>(std::get<1>(results).value));
                read();
            });
    }

private:
    net::io_context& context_;
    bench::tree_chain& chain_;
    net::event::file_slot slot_;
};

net::awaitable<void> read_files(bench::tree_chain& chain)
{
    net::random_access_file file(co_await net::this_coro::executor);
    while (chain.next())
    {
        co_await file.async_open(chain.name(), net::file_base::read_only,
                                 net::use_awaitable);
        std::size_t const n = co_await file.async_read_some_at(
            0, net::buffer(chain.data(), chain.size()), net::use_awaitable);
        co_await file.async_close(net::use_awaitable);
        chain.done(static_cast<long long>(n));
    }
}
#endif

net::awaitable<void> read(const bench::work& w, bench::tree_chain& chain)
{
#if !defined(BENCH_STOCK_ASIO)
    if (w.mode != "blocking")
        return read_files(chain);
#endif
    (void)w;
    return read_blocking(chain);
}

} // namespace

int main(int argc, char** argv)
{
    bench::work const w = bench::parse(argc, argv);
    bench::context context(w);
    auto chains = bench::make_tree_chains(w);

    bench::measurement m(w);
#if !defined(BENCH_STOCK_ASIO)
    std::deque<linked_reader> linked;
    if (w.mode == "linked")
        for (bench::tree_chain& c : chains)
            linked.emplace_back(context.get(), c).read();
    else
#endif
        for (bench::tree_chain& c : chains)
            net::co_spawn(context.get(), read(w, c), bench::rethrow);
    context.get().run();
    m.stop();
    m.print(w, bench::add_up(chains));
}

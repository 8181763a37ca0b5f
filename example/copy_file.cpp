// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Copies a file with several reads and writes in flight: each of a few workers takes
// the next block, reads it and writes it, all on one thread.
#include <urio.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iostream>
#include <vector>

namespace net = urio;

namespace
{

constexpr std::size_t block_size = 256 * 1024;
constexpr int workers = 8;

struct copy
{
    net::random_access_file from;
    net::random_access_file to;
    std::uint64_t size;
    std::uint64_t next = 0;
    std::exception_ptr error;
};

net::awaitable<void> work(copy& c)
{
    std::vector<char> block(block_size);
    while (c.next < c.size && !c.error)
    {
        std::uint64_t const at = c.next;
        auto const n =
            static_cast<std::size_t>(std::min<std::uint64_t>(block_size, c.size - at));
        c.next += n;
        co_await net::async_read_at(c.from, at, net::buffer(block, n),
                                    net::use_awaitable);
        co_await net::async_write_at(c.to, at, net::buffer(block, n), net::use_awaitable);
    }
}

} // namespace

int main(int argc, char** argv)
try
{
    if (argc != 3)
    {
        std::cerr << "Usage: copy_file FROM TO\n";
        return 2;
    }
    net::io_context context(1);
    net::random_access_file from(context, argv[1], net::file_base::read_only);
    net::random_access_file to(context, argv[2],
                               net::file_base::write_only | net::file_base::create |
                                   net::file_base::truncate);
    std::uint64_t const size = from.size();
    copy c{std::move(from), std::move(to), size, 0, nullptr};
    for (int i = 0; i != workers; ++i)
        net::co_spawn(context, work(c),
                      [&](std::exception_ptr e)
                      {
                          if (e)
                              c.error = e;
                      });
    context.run();
    if (c.error)
        std::rethrow_exception(c.error);

    auto const counted = urio::statistics_of(context);
    std::cout << size << " bytes, " << counted.submitted << " operations, "
              << counted.enters << " system calls for them\n";
}
catch (const std::exception& e)
{
    std::cerr << "copy_file: " << e.what() << '\n';
    return 1;
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random 4 KiB reads of one file at a depth, built on urio and on Asio's own
// io_uring files from this one source. Prints the number of reads per second.
//
//   file_read PATH direct|cached DEPTH MILLISECONDS [exclusive]

#if defined(BENCH_STOCK_ASIO)
#include <boost/asio.hpp>
namespace net = boost::asio;
#else
#include <urio.hpp>
namespace net = urio;
#endif

#include "random_blocks.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace
{

using boost::system::error_code;
using clock_type = std::chrono::steady_clock;

struct reader
{
    net::random_access_file& file;
    bench::random_blocks& blocks;
    clock_type::time_point& end;
    unsigned long long& count;
    std::unique_ptr<char, decltype(&std::free)> buffer{
        static_cast<char*>(std::aligned_alloc(4096, bench::block_size)), &std::free};

    void start()
    {
        file.async_read_some_at(blocks.next(),
                                net::buffer(buffer.get(), bench::block_size),
                                [this](error_code ec, std::size_t n)
                                {
                                    if (ec || n != bench::block_size)
                                        std::abort();
                                    // The clock is looked at now and then only.
                                    if (++count % 1024 != 0 || clock_type::now() < end)
                                        if (clock_type::time_point{} != end)
                                            return start();
                                    end = {};
                                });
    }
};

} // namespace

int main(int argc, char** argv)
{
    if (argc < 5)
        return 1;
#if defined(BENCH_STOCK_ASIO)
    net::io_context context(1);
#else
    net::uring_options options;
    if (argc > 5 && std::strcmp(argv[5], "exclusive") == 0)
        options.threads = net::thread_mode::exclusive;
    net::io_context context(1, options);
#endif
    int const fd = bench::open_file(argv[1], argv[2]);
    net::random_access_file file(context, fd);
    bench::random_blocks blocks(file.size());

    unsigned long long count = 0;
    auto const begin = clock_type::now();
    auto end = begin + std::chrono::milliseconds(std::atoi(argv[4]));
    std::vector<std::unique_ptr<reader>> readers;
    for (int i = 0; i != std::atoi(argv[3]); ++i)
    {
        readers.push_back(std::unique_ptr<reader>(new reader{file, blocks, end, count}));
        readers.back()->start();
    }
    context.run();
    std::chrono::duration<double> const elapsed = clock_type::now() - begin;
    std::printf("%.0f\n", static_cast<double>(count) / elapsed.count());
}

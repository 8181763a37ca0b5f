// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random 4 KiB reads of one file at a depth, built on urio and on Asio's own
// io_uring files from this one source. Prints the number of reads per second.
//
//   file_read PATH direct|cached DEPTH MILLISECONDS [exclusive] [--registered]
//
// --registered: with registered buffers and, on urio, a registered descriptor.

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

template <class Buffer>
struct reader
{
    net::random_access_file& file;
    bench::random_blocks& blocks;
    clock_type::time_point& end;
    unsigned long long& count;
    Buffer buffer;

    void start()
    {
        file.async_read_some_at(blocks.next(), buffer,
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

template <class Buffers>
double measure(net::io_context& context, net::random_access_file& file,
               const Buffers& buffers, int milliseconds)
{
    using reader_type = reader<std::decay_t<decltype(*buffers.begin())>>;
    bench::random_blocks blocks(file.size());
    unsigned long long count = 0;
    auto const begin = clock_type::now();
    auto end = begin + std::chrono::milliseconds(milliseconds);
    std::vector<std::unique_ptr<reader_type>> readers;
    for (auto const& b : buffers)
    {
        readers.push_back(
            std::unique_ptr<reader_type>(new reader_type{file, blocks, end, count, b}));
        readers.back()->start();
    }
    context.run();
    std::chrono::duration<double> const elapsed = clock_type::now() - begin;
    return static_cast<double>(count) / elapsed.count();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 5)
        return 1;
#if defined(BENCH_STOCK_ASIO)
    net::io_context context(1);
#else
    net::uring_options options;
    if (bench::has(argc, argv, "exclusive"))
        options.threads = net::thread_mode::exclusive;
    net::io_context context(1, options);
#endif
    int const fd = bench::open_file(argv[1], argv[2]);
    net::random_access_file file(context, fd);
    std::vector<net::mutable_buffer> buffers;
    for (int i = 0; i != std::atoi(argv[3]); ++i)
        buffers.emplace_back(std::aligned_alloc(4096, bench::block_size),
                             bench::block_size);
    double rate;
    if (bench::has(argc, argv, "--registered"))
    {
        auto const registered = net::register_buffers(context, buffers);
#if !defined(BENCH_STOCK_ASIO)
        if (!registered.registered() || !file.register_descriptor())
            return 1;
#endif
        rate = measure(context, file, registered, std::atoi(argv[4]));
    }
    else
        rate = measure(context, file, buffers, std::atoi(argv[4]));
    std::printf("%.0f\n", rate);
}

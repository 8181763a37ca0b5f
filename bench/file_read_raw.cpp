// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The same reads written directly on liburing.

#include "random_blocks.hpp"

#include <liburing.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <sys/uio.h>
#include <vector>

int main(int argc, char** argv)
{
    if (argc < 5)
        return 1;
    using clock_type = std::chrono::steady_clock;
    bool const exclusive = bench::has(argc, argv, "exclusive");
    bool const registered = bench::has(argc, argv, "--registered");

    io_uring ring;
    io_uring_params params{};
    params.flags =
        IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG;
    params.flags |= exclusive ? IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN
                              : IORING_SETUP_COOP_TASKRUN;
    params.cq_entries = 1024;
    if (io_uring_queue_init_params(256, &ring, &params) < 0)
        return 1;

    int const fd = bench::open_file(argv[1], argv[2]);
    struct stat s;
    if (::fstat(fd, &s) != 0)
        return 1;
    bench::random_blocks blocks(static_cast<std::uint64_t>(s.st_size));

    int in_flight = std::atoi(argv[3]);
    std::vector<iovec> buffers;
    for (int i = 0; i != in_flight; ++i)
        buffers.push_back(
            {std::aligned_alloc(4096, bench::block_size), bench::block_size});
    if (registered && (io_uring_register_buffers(&ring, buffers.data(),
                                                 static_cast<unsigned>(in_flight)) != 0 ||
                       io_uring_register_files(&ring, &fd, 1) != 0))
        return 1;

    auto const start = [&](iovec& buffer)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        if (registered)
        {
            io_uring_prep_read_fixed(sqe, 0, buffer.iov_base, bench::block_size,
                                     blocks.next(),
                                     static_cast<int>(&buffer - buffers.data()));
            sqe->flags |= IOSQE_FIXED_FILE;
        }
        else
            io_uring_prep_read(sqe, fd, buffer.iov_base, bench::block_size,
                               blocks.next());
        io_uring_sqe_set_data(sqe, &buffer);
    };

    unsigned long long count = 0;
    auto const begin = clock_type::now();
    auto const end = begin + std::chrono::milliseconds(std::atoi(argv[4]));
    for (iovec& b : buffers)
        start(b);
    bool running = true;
    while (in_flight != 0)
    {
        io_uring_submit_and_wait(&ring, 1);
        io_uring_cqe* cqe;
        unsigned head, n = 0;
        io_uring_for_each_cqe(&ring, head, cqe)
        {
            ++n;
            if (cqe->res != static_cast<int>(bench::block_size))
                std::abort();
            if (++count % 1024 == 0 && clock_type::now() >= end)
                running = false;
            if (running)
                start(*static_cast<iovec*>(io_uring_cqe_get_data(cqe)));
            else
                --in_flight;
        }
        io_uring_cq_advance(&ring, n);
    }
    std::chrono::duration<double> const elapsed = clock_type::now() - begin;
    std::printf("%.0f\n", static_cast<double>(count) / elapsed.count());
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The core loops on urio, on Asio's epoll and on Asio's io_uring, from this one source
// set.

#include "loops.hpp"

int main(int argc, char** argv)
{
    return bench::run_loop(argc, argv, {GUARD_MODES},
                           {{"tcp_echo", bench::tcp_echo},
                            {"tcp_echo_coroutine", bench::tcp_echo_coroutine},
                            {"udp_echo", bench::udp_echo},
                            {"connection", bench::connection},
                            {"cached_read", bench::cached_read},
                            {"idle", bench::idle}});
}

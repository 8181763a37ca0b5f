// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The core loops on liburing alone, with single-shot operations.

#include "raw.hpp"

int main(int argc, char** argv)
{
    return bench::run_loop(
        argc, argv, {"shared", "exclusive"},
        {{"tcp_echo", bench::raw_tcp_echo},
         {"tcp_echo_coroutine", [](const bench::request&) -> bench::findings
          { bench::cannot_run("liburing has no coroutines"); }},
         {"udp_echo", bench::raw_udp_echo},
         {"connection", bench::raw_connection},
         {"cached_read", bench::raw_cached_read},
         {"idle", [](const bench::request&) -> bench::findings
          { bench::cannot_run("liburing keeps nothing for a connection"); }}});
}

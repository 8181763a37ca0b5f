// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The micro-benchmarks on urio, on Asio, and on Asio's own io_uring, from this one
// source.

#include "net.hpp"

#include "../../file/work.hpp"

namespace bench
{

#if defined(BENCH_STOCK_ASIO)

// Asio's io_uring is used as soon as there is a timer.
void exit_if_unavailable()
try
{
    with_context([](auto& context) { set_up(context); });
}
catch (const boost::system::system_error& e)
{
    cannot_run(e.what());
}

#else

void exit_if_unavailable()
{
    with_context(
        [](auto& context)
        {
            net::backend const wanted = mode() == "epoll"  ? net::backend::epoll
                                        : mode() == "poll" ? net::backend::poll
                                                           : net::backend::uring;
            net::backend_info const info = net::backend_of(context);
            if (info.kind != wanted)
                cannot_run(info.reason);
        });
}

#endif

} // namespace bench

int main(int argc, char** argv)
{
#if !defined(BENCH_STOCK_ASIO)
    return bench::run(argc, argv, {"shared", "exclusive", "hosted", "epoll", "poll"},
                      bench::exit_if_unavailable);
#elif defined(BOOST_ASIO_HAS_IO_URING)
    return bench::run(argc, argv, {"stock"}, bench::exit_if_unavailable);
#else
    // Two names for the same.
    return bench::run(argc, argv, {"stock", "epoll"}, bench::exit_if_unavailable);
#endif
}

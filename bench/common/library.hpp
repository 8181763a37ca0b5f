// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The library that a contestant is built on from a source that they share: urio or, with
// BENCH_STOCK_ASIO, Asio.
#pragma once

#include <exception>
#include <string>

#if defined(BENCH_STOCK_ASIO)
#include <boost/asio.hpp>
namespace net = boost::asio;
#else
#include <urio.hpp>
namespace net = urio;
#endif

namespace bench
{

using boost::system::error_code;

// What a coroutine is spawned with: it must not fail.
inline void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

#if !defined(BENCH_STOCK_ASIO)

// The modes are shared; exclusive; fixed, which is exclusive with what is registered;
// epoll; and poll. Others are shared, too. Without io_uring there is no context in the
// first three.
inline net::uring_options options_for(const std::string& mode)
{
    net::uring_options o;
    o.backend = mode == "epoll"  ? net::backend_choice::epoll
                : mode == "poll" ? net::backend_choice::poll
                                 : net::backend_choice::uring;
    if (mode == "exclusive" || mode == "fixed")
        o.threads = net::thread_mode::exclusive;
    return o;
}

#endif

} // namespace bench

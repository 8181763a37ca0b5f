// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The library that a contestant is built on: urio or, with BENCH_STOCK_ASIO, Asio's own
// io_uring files; and its context.
#pragma once

#include "work.hpp"

#include <exception>

#if defined(BENCH_STOCK_ASIO)
#include <boost/asio.hpp>
namespace net = boost::asio;
#else
#include <urio.hpp>
namespace net = urio;
#endif

using boost::system::error_code;

namespace bench
{

// What a coroutine is spawned with: it must not fail.
inline void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

#if defined(BENCH_STOCK_ASIO)

class context
{
public:
    explicit context(const work&)
    try
    {
        net::random_access_file sets_the_ring_up(context_);
    }
    catch (const boost::system::system_error& e)
    {
        cannot_run(e.what());
    }

    net::io_context& get() { return context_; }

private:
    net::io_context context_{1};
};

#else

// The mode is shared, exclusive, epoll or poll; fixed is exclusive with registered
// buffers and descriptor; others are shared, too.
class context
{
public:
    explicit context(const work& w) : context_(1, options(w))
    {
        net::backend_info const info = net::backend_of(context_);
        if (options_.backend == net::backend_choice::uring &&
            info.kind != net::backend::uring)
            cannot_run(info.reason);
    }

    net::io_context& get() { return context_; }

private:
    const net::uring_options& options(const work& w)
    {
        options_.backend = w.mode == "epoll"  ? net::backend_choice::epoll
                           : w.mode == "poll" ? net::backend_choice::poll
                                              : net::backend_choice::uring;
        if (w.mode == "exclusive" || w.mode == "fixed")
            options_.threads = net::thread_mode::exclusive;
        return options_;
    }

    net::uring_options options_;
    net::io_context context_;
};

#endif

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The library that a program of the guard is built on, urio or, with BENCH_STOCK_ASIO,
// Asio, and its context.
#pragma once

#include "../file/work.hpp"
#include "program.hpp"

#if defined(BENCH_STOCK_ASIO)
#include <boost/asio.hpp>
namespace net = boost::asio;
#else
#include <urio.hpp>
namespace net = urio;
#endif

#include <exception>

namespace bench
{

using boost::system::error_code;

// Nothing may fail: that ends the program.
inline void require(error_code ec)
{
    if (ec)
        throw boost::system::system_error(ec);
}

inline void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

#if defined(BENCH_STOCK_ASIO)

class context : public net::io_context
{
public:
    explicit context(const request&)
    try : net
        ::io_context(1)
        {
            // Brings the reactor or the ring, whichever it is.
            net::steady_timer timer(*this);
        }
    catch (const boost::system::system_error& e)
    {
        cannot_run(e.what());
    }
};

#else

class context : public net::io_context
{
public:
    explicit context(const request& r) : net::io_context(1, options(r))
    {
        net::backend_info const info = net::backend_of(*this);
        if (info.kind == net::backend::none)
            cannot_run(info.reason);
    }

private:
    static net::uring_options options(const request& r)
    {
        net::uring_options o;
        o.backend =
            r.mode == "epoll" ? net::backend_choice::epoll : net::backend_choice::uring;
        if (r.mode == "exclusive")
            o.threads = net::thread_mode::exclusive;
        return o;
    }
};

#endif

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The library that a program of the guard is built on, urio or, with BENCH_STOCK_ASIO,
// Asio, and its context.
#pragma once

#include "../common/library.hpp"
#include "../file/work.hpp"
#include "program.hpp"

namespace bench
{

// Nothing may fail: that ends the program.
inline void require(error_code ec)
{
    if (ec)
        throw boost::system::system_error(ec);
}

#if defined(BENCH_STOCK_ASIO)

class context : public net::io_context
{
public:
    explicit context(const request&) : net::io_context(1)
    {
        try
        {
            net::steady_timer brings_the_reactor_or_the_ring(*this);
        }
        catch (const boost::system::system_error& e)
        {
            cannot_run(e.what());
        }
    }
};

#else

class context : public net::io_context
{
public:
    explicit context(const request& r) : net::io_context(1, options_for(r.mode))
    {
        net::backend_info const info = net::backend_of(*this);
        if (info.kind == net::backend::none)
            cannot_run(info.reason);
    }
};

#endif

} // namespace bench

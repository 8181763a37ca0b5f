// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The library that a contestant is built on: urio or, with BENCH_STOCK_ASIO, Asio's own
// io_uring files; and its context.
#pragma once

#include "../common/library.hpp"
#include "work.hpp"

using boost::system::error_code;

namespace bench
{

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

class context
{
public:
    explicit context(const work& w) : context_(1, options_for(w.mode))
    {
        net::backend_info const info = net::backend_of(context_);
        if (info.kind == net::backend::none)
            cannot_run(info.reason);
    }

    net::io_context& get() { return context_; }

private:
    net::io_context context_;
};

#endif

} // namespace bench

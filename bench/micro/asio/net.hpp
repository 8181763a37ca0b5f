// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The library that a program is built on: urio or, with BENCH_STOCK_ASIO, Asio; and its
// contexts.
#pragma once

#include "../../common/library.hpp"
#include "program.hpp"

namespace bench
{

// Exits if there cannot be contexts of this mode here.
void exit_if_unavailable();

#if defined(BENCH_STOCK_ASIO)

// Calls f(context), whose backend nothing has asked for yet.
template <class F>
void with_context(F f)
{
    net::io_context context(1);
    f(context);
}

inline void set_up(net::io_context& context)
{
    net::steady_timer brings_the_reactor(context);
}

#else

// The type of the context differs, and with it that of the executors.
template <class F>
void with_context(F f)
{
    if (mode() == "hosted")
    {
        boost::asio::io_context context(1);
        boost::asio::steady_timer brings_the_reactor(context);
        f(context);
    }
    else
    {
        net::io_context context(1, options_for(mode()));
        f(context);
    }
}

inline void set_up(boost::asio::io_context& context)
{
    net::backend_of(context);
}

#endif

// Calls f(context), whose loop can wait, and has taken its first turns.
template <class F>
void with_loop(F f)
{
    with_context(
        [&](auto& context)
        {
            set_up(context);
            for (int i = 0; i != 2; ++i)
                net::post(context, [] {});
            context.poll();
            context.restart();
            f(context);
        });
}

} // namespace bench

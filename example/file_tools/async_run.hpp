// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What blocks or computes, on a thread of its own.
#pragma once

#include "common.hpp"

#include <utility>

namespace file_tools
{

/// Runs a function on a pool, and completes where the operation was started.
template <class Function, class Token>
auto async_run(net::thread_pool& pool, Function function, Token&& token)
{
    return net::async_initiate<Token, void()>(
        [&pool, function](auto handler)
        {
            net::post(pool,
                      [function, handler = std::move(handler)]() mutable
                      {
                          function();
                          auto const ex = net::get_associated_executor(handler);
                          net::post(ex, std::move(handler));
                      });
        },
        token);
}

} // namespace file_tools

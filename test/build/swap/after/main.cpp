// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs the parts, and tells what carried out their operations.
#include "parts.hpp"

#include <urio.hpp>

#include <concepts>
#include <iostream>

int main()
{
    net::io_context context;
    int done = 0;
    callbacks(context, done);
    qualified(context, done);
    beast(context, done);
    net::co_spawn(context, coroutine(done), net::detached);
    context.run();
    std::cout << done << " of 8 done, " << *texts() << '\n';
#if defined(URIO_VERSION_MAJOR)
    using executor = net::ip::tcp::socket::executor_type;
    static_assert(std::derived_from<executor, urio::any_io_executor>);
    std::cout << urio::statistics_of(context).submitted << " operations on io_uring\n";
    done -= urio::statistics_of(context).submitted == 0;
#endif
    return done != 8;
}

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The reactor's headers bring none of the system's with them: its names are not ambiguous
// with those of <poll.h>, such as poll(2).

#include <urio/reactor.hpp>

using namespace urio::reactor;

int wait_once(poll& p, events& e)
{
    p.wait(e, std::chrono::milliseconds(0));
    return static_cast<int>(e.size());
}

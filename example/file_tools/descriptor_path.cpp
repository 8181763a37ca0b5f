// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "descriptor_path.hpp"

#include "async_run.hpp"

#include <cerrno>
#include <fcntl.h>

namespace file_tools
{

net::awaitable<net::stream_file> open_pipe(std::string path)
{
    auto const ex = co_await net::this_coro::executor;
    // No thread of the context's: it may take as long as somebody likes.
    net::thread_pool thread(1);
    int descriptor = -1, error = 0;
    co_await async_run(
        thread,
        [&]
        {
            descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
            error = errno;
        },
        net::use_awaitable);
    if (descriptor < 0)
        throw boost::system::system_error(error, boost::system::system_category());
    co_return net::stream_file(ex, descriptor);
}

} // namespace file_tools

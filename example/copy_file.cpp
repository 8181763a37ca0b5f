// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Copies a file with several reads and several writes in flight, in order, on one thread.
#include <urio.hpp>

#include <cstdint>
#include <exception>
#include <iostream>

namespace net = urio;

namespace
{

net::awaitable<std::uint64_t> copy(const char* from, const char* to)
{
    auto const ex = co_await net::this_coro::executor;
    net::random_access_file source(ex, from, net::file_base::read_only);
    net::random_access_file target(ex, to,
                                   net::file_base::write_only | net::file_base::create |
                                       net::file_base::truncate);
    net::file_reader reader(source, {.depth = 8});
    net::file_writer writer(target, {.depth = 8});
    for (;;)
    {
        auto const [ec, chunk] =
            co_await reader.async_next(net::as_tuple(net::use_awaitable));
        if (ec == net::error::eof)
            co_return co_await writer.async_finish(net::file_sync::none,
                                                   net::use_awaitable);
        if (ec)
            throw boost::system::system_error(ec, "read");
        co_await net::async_write(writer, chunk, net::use_awaitable);
    }
}

} // namespace

int main(int argc, char** argv)
try
{
    if (argc != 3)
    {
        std::cerr << "Usage: copy_file FROM TO\n";
        return 2;
    }
    net::io_context context(1);
    std::uint64_t size = 0;
    std::exception_ptr error;
    net::co_spawn(context, copy(argv[1], argv[2]),
                  [&](std::exception_ptr e, std::uint64_t n)
                  {
                      error = e;
                      size = n;
                  });
    context.run();
    if (error)
        std::rethrow_exception(error);

    auto const counted = urio::statistics_of(context);
    std::cout << size << " bytes, " << counted.submitted << " operations, "
              << counted.enters << " system calls for them\n";
}
catch (const std::exception& e)
{
    std::cerr << "copy_file: " << e.what() << '\n';
    return 1;
}

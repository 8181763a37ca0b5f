// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Writes the standard input to a file that is at any time the old one or the new one, as
// a whole: five operations, which the kernel is given as one chain.
#include <urio.hpp>
#include <urio/event.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <iterator>
#include <string>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace net = urio;
namespace event = urio::event;

using boost::system::error_code;

namespace
{

constexpr std::array names = {"open", "write", "fsync", "close", "rename"};

/// What the first link that failed has to say; nothing if none has.
template <class Results>
std::string failure(const Results& results, std::size_t size)
{
    auto const errors = std::apply(
        [](auto&... r) { return std::array{error_code(r.error)...}; }, results);
    std::size_t const written = std::get<1>(results).value;
    for (std::size_t i = 0; i != errors.size(); ++i)
        if (errors[i])
            // A short write is none of the errors, and the end of the chain.
            return i == 2 && written != size
                       ? "write: only " + std::to_string(written) + " bytes"
                       : std::string(names[i]) + ": " + errors[i].message();
    return {};
}

/// What has failed, or nothing. Both are the caller's.
net::awaitable<std::string> write_atomically(const std::string& path,
                                             const std::string& content)
{
    auto const ex = co_await net::this_coro::executor;
    std::string const temporary = path + ".new." + std::to_string(::getpid());

    // The file is in the ring's table of files: the links have no descriptor to agree on
    // before the first has run.
    event::file_slot const file(ex);
    auto const [ec, results, done] = co_await net::async_submit(
        ex,
        net::link(event::openat(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666, file),
                  event::write(file, net::buffer(content), 0), event::fsync(file),
                  event::close(file), event::renameat(temporary, path)),
        net::as_tuple(net::use_awaitable));
    std::string failed = failure(results, content.size());
    bool const opened = !std::get<0>(results).error;
    if (!failed.empty() && opened)
    {
        auto const [error, none, unlink] = co_await net::async_submit(
            ex, event::unlinkat(temporary), net::as_tuple(net::use_awaitable));
        if (error)
            failed += ", and " + temporary + " is left: " + error.message();
    }
    co_return failed;
}

} // namespace

int main(int argc, char** argv)
try
{
    if (argc != 2)
    {
        std::cerr << "Usage: write_atomically FILE < CONTENT\n";
        return 2;
    }
    std::string const path = argv[1];
    std::string const content(std::istreambuf_iterator<char>(std::cin), {});

    net::io_context context(1);
    std::string message;
    std::exception_ptr error;
    net::co_spawn(context, write_atomically(path, content),
                  [&](std::exception_ptr e, std::string failed)
                  {
                      error = e;
                      message = std::move(failed);
                  });
    context.run();
    if (error)
        std::rethrow_exception(error);
    if (message.empty())
        return 0;
    std::cerr << "write_atomically: " << message << '\n';
    return 1;
}
catch (const std::exception& e)
{
    std::cerr << "write_atomically: " << e.what() << '\n';
    return 1;
}

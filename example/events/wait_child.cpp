// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs a command and waits for its end, without a signal handler or a thread, and not
// longer than a limit: then it is killed.
#include <urio.hpp>
#include <urio/event.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/program_options.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace net = urio;
namespace event = urio::event;
namespace po = boost::program_options;

using namespace boost::asio::experimental::awaitable_operators;

namespace
{

::pid_t start(std::vector<std::string> command)
{
    std::vector<char*> arguments;
    for (std::string& c : command)
        arguments.push_back(c.data());
    arguments.push_back(nullptr);
    ::pid_t const pid = ::fork();
    if (pid < 0)
        throw std::system_error(errno, std::system_category(), "fork");
    if (pid != 0)
        return pid;
    ::execvp(arguments[0], arguments.data());
    std::cerr << "wait_child: " << arguments[0] << ": " << std::strerror(errno) << '\n';
    ::_exit(127);
}

net::awaitable<event::child_status> wait_for(::pid_t child, int options)
{
    auto const [status, done] = co_await net::async_submit(
        co_await net::this_coro::executor, event::waitid(P_PID, child, options),
        net::use_awaitable);
    co_return status;
}

// What the child ended with, as timeout(1) says it: 124 if it took too long.
net::awaitable<int> run(::pid_t child, std::chrono::duration<double> limit)
{
    net::steady_timer timer(co_await net::this_coro::executor);
    timer.expires_after(std::chrono::duration_cast<net::steady_timer::duration>(limit));
    // Should both end at once the loser's result is lost: WNOWAIT leaves it to be had
    // again, and the number of the process nobody else's until then.
    auto const first = co_await (wait_for(child, WEXITED | WNOWAIT) ||
                                 timer.async_wait(net::use_awaitable));
    bool const late = first.index() == 1;
    if (late)
        ::kill(child, SIGKILL);
    auto const [pid, code, status] = co_await wait_for(child, WEXITED);
    std::cout << "process " << pid << (late ? " took too long, and " : " ")
              << (code == CLD_EXITED ? "exited with " : "was killed by signal ") << status
              << '\n';
    co_return late ? 124 : code == CLD_EXITED ? status : 128 + status;
}

} // namespace

int main(int argc, char** argv)
try
{
    std::vector<std::string> command;
    double seconds = 0;
    po::options_description description("Usage: wait_child [--limit S] -- COMMAND...");
    // clang-format off
    description.add_options()
        ("limit", po::value(&seconds)->default_value(10), "seconds")
        ("command", po::value(&command)->required(), "what to run, and its arguments");
    // clang-format on
    po::variables_map values;
    po::store(po::command_line_parser(argc, argv)
                  .options(description)
                  .positional(po::positional_options_description().add("command", -1))
                  .run(),
              values);
    po::notify(values);

    // Before there is a context, whose part the child would have to be told of.
    ::pid_t const child = start(std::move(command));

    net::io_context context(1);
    int result = 0;
    std::exception_ptr error;
    net::co_spawn(context, run(child, std::chrono::duration<double>(seconds)),
                  [&](std::exception_ptr e, int r)
                  {
                      error = e;
                      result = r;
                  });
    context.run();
    if (error)
        std::rethrow_exception(error);
    return result;
}
catch (const std::exception& e)
{
    std::cerr << "wait_child: " << e.what() << '\n';
    return 1;
}

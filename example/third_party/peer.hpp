// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the tests of these examples share: other people's programs to talk to, and a
// time limit. Only Asio's own pipes serve here: a context that has none of urio's objects
// has no ring, so that a count in its statistics proves that the library under test is on
// one.
#pragma once

#include "file.hpp"
#include "test.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace test
{

/// Ends a program of tests whose peer is not installed as one that is skipped, or as one
/// that has failed if the environment demands that nothing be skipped.
inline void require_program(const std::string& name)
{
    const char* const variable = std::getenv("PATH");
    std::string const path = variable ? variable : "";
    for (std::size_t at = 0; at <= path.size();)
    {
        std::size_t const end = std::min(path.find(':', at), path.size());
        if (::access((path.substr(at, end - at) + '/' + name).c_str(), X_OK) == 0)
            return;
        at = end + 1;
    }
    const char* const require = std::getenv("URIO_REQUIRE_URING");
    std::cerr << "skipped: there is no program " << name << std::endl;
    std::_Exit(require && std::string(require) == "1" ? 1 : 77);
}

/// A program that runs beside the test and is ended with the object. What it says on its
/// standard error appears among the test's own output.
class peer
{
public:
    peer(urio::io_context& context, std::vector<std::string> command)
        : output_(context)
        , input_(context)
    {
        std::array<int, 2> in{}, out{};
        BOOST_REQUIRE_EQUAL(::pipe(in.data()), 0);
        BOOST_REQUIRE_EQUAL(::pipe(out.data()), 0);
        std::vector<char*> arguments;
        for (auto& argument : command)
            arguments.push_back(argument.data());
        arguments.push_back(nullptr);
        id_ = ::fork();
        BOOST_REQUIRE(id_ >= 0);
        if (id_ == 0)
        {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            // A connection of the test that stayed open in here would never end.
            ::close_range(3, ~0u, 0);
            ::execvp(arguments[0], arguments.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        input_.assign(in[1]);
        output_.assign(out[0]);
    }

    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;

    ~peer()
    {
        if (id_ <= 0)
            return;
        ::kill(id_, SIGKILL);
        wait();
    }

    /// What it prints up to and with this text. Throws net::error::eof if it never does.
    boost::asio::awaitable<std::string> read_until(std::string text)
    {
        std::size_t const n = co_await boost::asio::async_read_until(
            output_, boost::asio::dynamic_buffer(unread_), text,
            boost::asio::use_awaitable);
        std::string read = unread_.substr(0, n);
        unread_.erase(0, n);
        co_return read;
    }

    boost::asio::awaitable<void> write(std::string text)
    {
        co_await boost::asio::async_write(input_, boost::asio::buffer(text),
                                          boost::asio::use_awaitable);
    }

    /// Gives it the end of its input and reads the rest of its output.
    boost::asio::awaitable<std::string> finish()
    {
        input_.close();
        auto const [ec, n] = co_await boost::asio::async_read(
            output_, boost::asio::dynamic_buffer(unread_),
            boost::asio::as_tuple(boost::asio::use_awaitable));
        BOOST_CHECK_EQUAL(ec, boost::asio::error::eof);
        co_return std::exchange(unread_, {});
    }

    /// Its exit code, after finish(); 128 and more for a signal.
    int exit_code()
    {
        int const status = wait();
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    int wait()
    {
        int status = 0;
        while (::waitpid(id_, &status, 0) < 0 && errno == EINTR)
            ;
        id_ = 0;
        return status;
    }

    ::pid_t id_ = 0;
    boost::asio::readable_pipe output_;
    boost::asio::writable_pipe input_;
    std::string unread_;
};

/// Runs a coroutine to its end, and with it whatever else is pending on the context until
/// then. Throws what it throws.
template <class Function>
void complete(urio::io_context& context, Function f)
{
    bool done = false;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, std::move(f),
                          [&](std::exception_ptr e)
                          {
                              done = true;
                              failure = e;
                              context.stop();
                          });
    context.restart();
    context.run_for(30s);
    BOOST_REQUIRE_MESSAGE(done, "still pending after the time limit");
    if (failure)
        std::rethrow_exception(failure);
}

/// The error that a coroutine ended with.
inline error_code error_of(std::exception_ptr e)
{
    try
    {
        if (e)
            std::rethrow_exception(e);
    }
    catch (const boost::system::system_error& x)
    {
        return x.code();
    }
    return {};
}

/// Reports the exception that a coroutine beside the test ended with.
inline void must_succeed(std::exception_ptr e)
{
    try
    {
        if (e)
            std::rethrow_exception(e);
    }
    catch (const std::exception& x)
    {
        BOOST_ERROR(x.what());
    }
}

} // namespace test

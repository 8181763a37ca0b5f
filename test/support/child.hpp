// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Child processes.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace test
{

/// What a child checks. It must not report to Boost.Test, whose log belongs to the
/// parent.
class expectations
{
public:
    void operator()(bool holds, const std::string& what)
    {
        if (holds)
            return;
        met_ = false;
        std::fprintf(stderr, "in the child: %s\n", what.c_str());
    }

    bool met() const { return met_; }

private:
    bool met_ = true;
};

/// Lets another process go on: one waits, the other opens, after fork(2).
class gate
{
public:
    gate() { BOOST_REQUIRE_EQUAL(::pipe(ends_), 0); }
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;

    ~gate()
    {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }

    void open() { (void)!::write(ends_[1], "", 1); }

    void wait()
    {
        char c;
        while (::read(ends_[0], &c, 1) < 0 && errno == EINTR)
            ;
    }

private:
    int ends_[2];
};

/// The body of a child process: never returns.
template <class Function>
[[noreturn]] void run_child(Function f)
{
    expectations expect;
    try
    {
        f(expect);
    }
    catch (const std::exception& e)
    {
        expect(false, e.what());
    }
    ::_exit(expect.met() ? 0 : 1);
}

/// Forks as Asio's contract says: with the notifications before and after.
template <class Context, class Function>
::pid_t notified_fork(Context& context, Function in_the_child)
{
    context.notify_fork(Context::fork_prepare);
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
        run_child(
            [&](expectations& expect)
            {
                context.notify_fork(Context::fork_child);
                in_the_child(expect);
            });
    context.notify_fork(Context::fork_parent);
    return child;
}

/// Waits for a child's end and checks that all was as it expected.
inline void check_child(::pid_t child)
{
    int status = 0;
    BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
    BOOST_CHECK_MESSAGE(WIFEXITED(status), "killed by signal " << WTERMSIG(status));
    BOOST_CHECK_EQUAL(WEXITSTATUS(status), 0);
}

/// Runs a function in a child process, on a new page as to urio's contexts.
template <class Function>
void in_child(Function f)
{
    ::pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
        run_child(f);
    check_child(child);
}

} // namespace test

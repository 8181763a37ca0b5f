// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "work.hpp"

#include "../common/command_line.hpp"

#include <boost/json/src.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sys/resource.h>
#include <sys/time.h>

namespace bench
{

std::atomic<bool> time_is_up{false};

work parse(int argc, char** argv)
try
{
    static_assert(std::atomic<bool>::is_always_lock_free, "for a signal handler");
    work w;
    po::options_description options =
        program_options("Does a piece of work, prints what it took as JSON");
    auto add = options.add_options();
    add("path", po::value(&w.path)->required(), "the file, or the folder of files");
    add("mode", po::value(&w.mode)->default_value(""), "a form of this program");
    add("write", po::bool_switch(&w.write), "write instead of read");
    add("direct", po::bool_switch(&w.direct), "O_DIRECT");
    add("sequential", po::bool_switch(&w.sequential), "one block after another, once");
    add("sync", po::bool_switch(&w.sync), "fdatasync at the end");
    add("verify", po::bool_switch(&w.verify), "look at all bytes");
    add("count", po::bool_switch(&w.count), "count system calls, which takes time");
    add("depth", po::value(&w.depth)->default_value(1), "operations in flight");
    add("block", po::value(&w.block)->default_value(4096), "bytes of an operation");
    add("salt", po::value(&w.salt)->default_value(1), "what is written depends on it");
    add("operations", po::value(&w.operations)->default_value(0),
        "how many; 0: no limit");
    add("files", po::value(&w.files)->default_value(10000), "files in the folder");
    add("seconds", po::value(&w.seconds)->default_value(0), "how long; 0: no limit");
    po::variables_map values = read_command_line(argc, argv, options);
    po::notify(values);
    if (w.depth == 0 || w.depth > 1024 || w.block == 0 || w.block % 4096 != 0)
        throw std::invalid_argument("a depth of 1 to 1024, blocks of 4096 bytes or more");
    if (w.operations == 0 && w.seconds <= 0 && !w.sequential)
        throw std::invalid_argument(
            "without --operations and --seconds it would not end");
    return w;
}
catch (const std::exception& e)
{
    refuse_command_line(argv[0], e);
}

void cannot_run(const std::string& why)
{
    std::cerr << why << '\n';
    std::exit(77);
}

void fail(const char* what, int error)
{
    std::cerr << what << ": " << std::strerror(error) << '\n';
    std::exit(1);
}

measurement::measurement(const work& w)
{
    if (w.seconds > 0)
    {
        struct sigaction action{};
        action.sa_handler = [](int)
        { time_is_up.store(true, std::memory_order_relaxed); };
        action.sa_flags = SA_RESTART;
        ::sigaction(SIGALRM, &action, nullptr);
        double whole;
        double const fraction = std::modf(w.seconds, &whole);
        itimerval timer{};
        timer.it_value.tv_sec = static_cast<time_t>(whole);
        timer.it_value.tv_usec = static_cast<suseconds_t>(std::lround(fraction * 1e6));
        ::setitimer(ITIMER_REAL, &timer, nullptr);
    }
    if (w.count)
    {
        counter_.emplace();
        calls_ = counter_->count();
    }
    begin_ = now();
}

void measurement::stop()
{
    times const end = now();
    used_ = {end.wall - begin_.wall, end.user - begin_.user, end.system - begin_.system};
    if (calls_)
        calls_ = counter_->count().value_or(0) - *calls_;
}

// The processor time is that of all threads, the kernel's workers for this process among
// them.
measurement::times measurement::now()
{
    ::rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](const ::timeval& t)
    { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
    std::chrono::duration<double> const wall =
        std::chrono::steady_clock::now().time_since_epoch();
    return {wall.count(), seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

void measurement::print(const work& w, const totals& t) const
{
    boost::json::object line{{"mode", w.mode},          {"operations", t.operations},
                             {"bytes", t.bytes},        {"seconds", used_.wall},
                             {"user", used_.user},      {"system", used_.system},
                             {"system_calls", nullptr}, {"verified", w.verify}};
    if (calls_)
        line["system_calls"] = *calls_;
    std::cout << line << std::endl;
}

} // namespace bench

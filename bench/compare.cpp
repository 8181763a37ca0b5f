// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Runs programs that print a rate, one after another, round by round, and
// compares them: the median of the rates, of their ratios to the first program's
// in the same round, and of the processor time for one operation.

#include "statistics.hpp"

#include <boost/program_options.hpp>

#include <cstdio>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace
{

struct measurement
{
    double rate;
    double cpu_us;
};

measurement measure(const std::string& command, double seconds)
{
    int out[2];
    if (::pipe(out) != 0)
        throw std::runtime_error("pipe");
    ::pid_t const pid = ::fork();
    if (pid < 0)
        throw std::runtime_error("fork");
    if (pid == 0)
    {
        ::dup2(out[1], 1);
        ::close(out[0]);
        ::close(out[1]);
        bench::execute(command);
    }
    ::close(out[1]);
    std::FILE* const f = ::fdopen(out[0], "r");
    measurement m{};
    bool const ok = std::fscanf(f, "%lf", &m.rate) == 1;
    std::fclose(f);
    ::rusage usage{};
    int status = 0;
    ::wait4(pid, &status, 0, &usage);
    if (!ok || status != 0)
        throw std::runtime_error("failed: " + command);
    auto const us = [](const ::timeval& t)
    { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
    m.cpu_us = (us(usage.ru_utime) + us(usage.ru_stime)) / (m.rate * seconds);
    return m;
}

} // namespace

int main(int argc, char** argv)
try
{
    namespace po = boost::program_options;
    std::vector<std::string> commands;
    unsigned rounds;
    double seconds;
    po::options_description options("compare: compares programs that print a rate");
    options.add_options()("help", "show this text")(
        "run", po::value(&commands)->required(),
        "a command, repeated; ratios are to the first")(
        "rounds", po::value(&rounds)->default_value(5), "rounds")(
        "seconds", po::value(&seconds)->default_value(1),
        "how long each run measures, to compute the processor time for one operation");
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, options), values);
    if (values.count("help"))
    {
        std::cout << options;
        return 0;
    }
    po::notify(values);

    std::map<std::string, std::vector<measurement>> results;
    for (unsigned round = 0; round != rounds; ++round)
        for (const std::string& command : commands)
            results[command].push_back(measure(command, seconds));

    std::printf("%-60s %12s %7s %10s\n", "program", "op/s", "ratio", "cpu us/op");
    for (const std::string& command : commands)
    {
        std::vector<double> rate, ratio, cpu;
        for (unsigned round = 0; round != rounds; ++round)
        {
            rate.push_back(results[command][round].rate);
            ratio.push_back(rate.back() / results[commands[0]][round].rate);
            cpu.push_back(results[command][round].cpu_us);
        }
        std::string const words = bench::without_folder(command);
        std::printf("%-60s %12.0f %7.3f %10.3f\n", words.c_str(), bench::median(rate),
                    bench::median(ratio), bench::median(cpu));
    }
}
catch (const std::exception& e)
{
    std::cerr << "compare: " << e.what() << '\n';
    return 1;
}

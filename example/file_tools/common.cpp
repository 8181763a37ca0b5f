// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "common.hpp"

#include <cstdio>
#include <iostream>
#include <iterator>
#include <map>
#include <sys/resource.h>

namespace file_tools
{
namespace
{

const std::map<std::string, net::backend_choice> backends = {
    {"auto", net::backend_choice::automatic},
    {"uring", net::backend_choice::uring},
    {"epoll", net::backend_choice::epoll},
    {"poll", net::backend_choice::poll},
};

template <class... T>
std::string format(const char* how, T... values)
{
    char text[256];
    int const n = std::snprintf(text, sizeof(text), how, values...);
    return {text, std::min(static_cast<std::size_t>(n), sizeof(text) - 1)};
}

} // namespace

void add_common_options(po::options_description& description, common_options& options,
                        unsigned jobs)
{
    // clang-format off
    description.add_options()
        ("help,h", "print this and exit")
        ("backend", po::value(&options.backend)->default_value("auto"),
         "auto, uring, epoll or poll")
        ("jobs,j", po::value(&options.jobs)->default_value(jobs), "files in flight")
        ("depth,d", po::value(&options.depth)->default_value(4),
         "reads in flight for each file")
        ("threads,t", po::value(&options.threads)->default_value(cores()),
         "threads that compute checksums")
        ("quiet,q", po::bool_switch(&options.quiet), "no closing line");
    // clang-format on
}

bool parse(int argc, char** argv, const po::options_description& description,
           common_options& options)
{
    po::options_description all = description;
    all.add_options()("operand", po::value(&options.operands));
    po::positional_options_description positional;
    positional.add("operand", -1);
    po::variables_map values;
    po::store(
        po::command_line_parser(argc, argv).options(all).positional(positional).run(),
        values);
    if (values.count("help"))
    {
        std::cout << description << '\n';
        return false;
    }
    po::notify(values);
    if (!backends.contains(options.backend))
        throw po::error("no such backend: " + options.backend);
    for (unsigned const n : {options.jobs, options.depth, options.threads})
        if (n == 0 || n > 1024)
            throw po::error("jobs, depth and threads are between 1 and 1024");
    return true;
}

unsigned open_files()
{
    // The standard streams, and what urio needs.
    constexpr ::rlim_t others = 16;
    ::rlimit files;
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 1;
    if (files.rlim_cur != files.rlim_max)
    {
        ::rlimit raised = files;
        raised.rlim_cur = files.rlim_max;
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0)
            files = raised;
    }
    return static_cast<unsigned>(
        std::clamp<::rlim_t>(files.rlim_cur, others + 1, 1 << 20) - others);
}

bool is_lack_of_descriptors(const boost::system::error_code& ec)
{
    namespace errc = boost::system::errc;
    return ec == errc::too_many_files_open || ec == errc::too_many_files_open_in_system;
}

bool is_lack_of_descriptors(const std::exception_ptr& e)
{
    try
    {
        std::rethrow_exception(e);
    }
    catch (const boost::system::system_error& s)
    {
        return is_lack_of_descriptors(s.code());
    }
    catch (...)
    {
        return false;
    }
}

net::uring_options engine_options(const common_options& options)
{
    net::uring_options o;
    o.threads = net::thread_mode::exclusive;
    o.backend = backends.at(options.backend);
    // More would wait for each other, at a directory's lock, more than for a disk.
    o.file_threads = std::min(options.jobs, 2 * cores());
    return o;
}

void report::error(const std::string& path, const std::string& what)
{
    failed_ = true;
    line(path + ": " + what);
}

void report::error(const std::string& path, const std::exception_ptr& e)
{
    try
    {
        std::rethrow_exception(e);
    }
    catch (const net::fs::filesystem_error& s)
    {
        error(s.path1() + (s.path2().empty() ? "" : " -> ") + s.path2(),
              s.code().message());
    }
    catch (const boost::system::system_error& s)
    {
        error(path, s.code().message());
    }
    catch (const std::exception& s)
    {
        error(path, s.what());
    }
}

void report::warning(const std::string& text)
{
    line("WARNING: " + text);
}

void report::failure(const std::string& text)
{
    failed_ = true;
    warning(text);
}

void report::line(const std::string& text)
{
    if (before_)
        before_();
    std::cerr << program_ + ": " + text + '\n';
}

std::string readable_bytes(double n)
{
    static const char* const units[] = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; n >= 1000 && unit + 1 != std::size(units); n /= 1000)
        ++unit;
    return format(unit ? "%.1f %s" : "%.0f %s", n, units[unit]);
}

std::string summary(const figures& f, net::io_context& context)
{
    double const seconds = f.seconds();
    auto const counted = urio::statistics_of(context);
    auto const backend = urio::backend_of(context).kind;
    // A reactor's threads carry out what they complete.
    std::uint64_t const in_loop = backend == net::backend::uring
                                      ? counted.submitted + counted.immediate
                                      : counted.completions + counted.immediate -
                                            std::min(counted.pooled, counted.completions);
    std::uint64_t const all = in_loop + counted.pooled;
    return format("%llu files, %llu bytes, %.3f s, %.1f MB/s; %s: %llu operations, "
                  "%llu of them on threads, %.3f waits each\n",
                  static_cast<unsigned long long>(f.files),
                  static_cast<unsigned long long>(f.bytes), seconds,
                  static_cast<double>(f.bytes) / 1e6 / std::max(seconds, 1e-9),
                  urio::to_string(backend), static_cast<unsigned long long>(all),
                  static_cast<unsigned long long>(counted.pooled),
                  static_cast<double>(counted.enters) /
                      static_cast<double>(std::max<std::uint64_t>(all, 1)));
}

} // namespace file_tools

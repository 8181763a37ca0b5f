// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What both tools have in common: options, messages, the closing line.
#pragma once

#include <urio.hpp>

#include <boost/program_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace file_tools
{

namespace net = urio;
namespace po = boost::program_options;

/// What the command lines of both have.
struct common_options
{
    std::vector<std::string> operands;
    std::string backend;
    unsigned jobs = 0;
    unsigned depth = 0;
    unsigned threads = 0;
    bool quiet = false;
};

inline unsigned cores()
{
    return std::max(1u, std::thread::hardware_concurrency());
}

/// Adds them to those of one tool.
void add_common_options(po::options_description& description, common_options& options,
                        unsigned jobs);

/// False if all is said already; throws po::error for a command line that is wrong.
bool parse(int argc, char** argv, const po::options_description& description,
           common_options& options);

/// Raises the limit of open files as far as it goes. How many there may be, besides those
/// that every program has.
unsigned open_files();

/// Whether it is because too many files are open, in this process or in all.
bool is_lack_of_descriptors(const std::exception_ptr& e);
bool is_lack_of_descriptors(const boost::system::error_code& ec);

/// For the one thread that runs the context.
net::uring_options engine_options(const common_options& options);

/// What the user is told besides results.
class report
{
public:
    explicit report(std::string program) : program_(std::move(program)) {}

    /// Something went wrong; the program goes on, and fails in the end.
    void error(const std::string& path, const std::string& what);
    void error(const std::string& path, const std::exception_ptr& e);

    /// For those who read it, nothing more.
    void warning(const std::string& text);

    /// The same, and the program fails in the end.
    void failure(const std::string& text);

    /// Called before a line is written, so that it does not end up in another.
    void before_lines(std::function<void()> f) { before_ = std::move(f); }

    int exit_code() const noexcept { return failed_ ? 1 : 0; }

private:
    void line(const std::string& text);

    std::string program_;
    std::function<void()> before_;
    bool failed_ = false;
};

/// What the work was.
struct figures
{
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();

    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count();
    }
};

/// The closing line.
std::string summary(const figures& f, net::io_context& context);

/// "1.2 MB".
std::string readable_bytes(double n);

} // namespace file_tools

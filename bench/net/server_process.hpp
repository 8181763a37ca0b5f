// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A server in a process of its own, and what it uses.
#pragma once

#include "../common/system_calls.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/types.h>

namespace bench
{

// What a process has used so far, all its threads and the kernel's workers for it
// included.
struct usage
{
    double seconds = 0; // of processors, by the scheduler's own clock
    // How often a timer tick has found it at work outside the kernel and within.
    double user_ticks = 0;
    double system_ticks = 0;
    std::optional<std::uint64_t> system_calls;

    // The share of the time that was spent outside the kernel, as far as is known.
    double user_share() const
    {
        double const ticks = user_ticks + system_ticks;
        return ticks > 0 ? user_ticks / ticks : 0;
    }
};

usage operator-(const usage& end, const usage& begin);

// The server says that it cannot run here, and why.
struct left_out : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

class server_process
{
public:
    // The words of the command are separated by spaces. The server prints its port first,
    // and ends when its standard input does. Throws left_out, or std::runtime_error if it
    // does not start.
    server_process(const std::string& command, bool count_system_calls, bool pinned);
    server_process(const server_process&) = delete;
    ~server_process();

    int port() const { return port_; }
    usage used() const;

    // Bytes.
    double resident() const;

    // Ends it. Throws std::runtime_error unless it ends well.
    void stop();

private:
    int wait();

    ::pid_t pid_ = -1;
    int input_ = -1;
    int port_ = 0;
    std::unique_ptr<system_call_counter> counter_;
};

// The thread that calls, and its children from now on, keep to one of the processors that
// it may use, by their order, if there are several. Throws std::system_error.
void pin(int processor);

} // namespace bench

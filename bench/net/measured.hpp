// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How long a load goes on, and what the server uses meanwhile.
#pragma once

#include "load.hpp"

#include <chrono>
#include <cstdint>
#include <limits>

namespace bench
{

using load_clock = std::chrono::steady_clock;

// Operations until their number or the time is reached.
class limit
{
public:
    limit(std::uint64_t operations, double seconds)
        : left_(operations ? operations : std::numeric_limits<std::uint64_t>::max())
        , end_(seconds > 0
                   ? load_clock::now() + std::chrono::duration_cast<load_clock::duration>(
                                             std::chrono::duration<double>(seconds))
                   : load_clock::time_point::max())
    {
    }

    // Another one is complete. False if it is one too many.
    bool count()
    {
        if (done_ == left_)
            return false;
        ++done_;
        return true;
    }

    std::uint64_t done() const { return done_; }
    bool all_done() const { return done_ == left_; }
    bool reached() const { return all_done() || load_clock::now() >= end_; }

private:
    std::uint64_t left_;
    std::uint64_t done_ = 0;
    load_clock::time_point end_;
};

// Warms up by `warm_up` operations and some of the time, and measures then. `run` makes
// operations until a limit is reached.
template <class Run>
outcome measured(const server_process& server, const load_options& options,
                 std::uint64_t warm_up, Run run)
{
    if (options.seconds > 0)
        for (std::uint64_t n = 0; n < warm_up;)
        {
            limit l(0, options.seconds / 5);
            run(l);
            n += l.done();
        }

    outcome result;
    do // on a busy machine a server may not have run in all the time
    {
        usage const before = server.used();
        auto const begin = load_clock::now();
        limit l(options.operations, options.seconds);
        run(l);
        std::chrono::duration<double> const elapsed = load_clock::now() - begin;
        result.used = server.used() - before;
        result.operations = l.done();
        result.bytes = l.done() * options.size;
        result.seconds = elapsed.count();
    } while (result.operations == 0);
    return result;
}

} // namespace bench

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the programs of micro-benchmarks have in common: the command line, and what a
// benchmark says of itself.
//
// Each benchmark measures real time and, of the whole process, processor time. The
// processor time of one operation follows from what Google Benchmark prints:
// cpu_time / (items_per_second * real_time), where cpu_time and real_time are for one
// iteration, and the product of the other two is the number of operations in it.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bench
{

using benchmark::State;

// Which of its modes the program was asked for.
const std::string& mode();

// The whole of main(). The first of the modes is the default. Exits with 2 if the command
// line is wrong, and with 77 if none of the program's benchmarks is asked for. The
// function does so, too, if the mode cannot run here.
int run(int argc, char** argv, const std::vector<std::string>& modes,
        void (*exit_if_unavailable)());

// Makes a benchmark fail; the first reason counts.
void fail(State& state, const char* reason);

// The iterations of a benchmark, and what was done in them. Preparations come before the
// first call of more(), and tidying up after the last.
class tally
{
public:
    explicit tally(State& state) : state_(state) {}

    // Whether there is to be another iteration, or so many of them. In line everywhere,
    // so that it costs all programs the same.
    BENCHMARK_ALWAYS_INLINE bool more(std::int64_t iterations = 1)
    {
        if (!begun_) [[unlikely]]
            begin();
        if (state_.KeepRunningBatch(iterations)) [[likely]]
            return true;
        end();
        return false;
    }

    // Each iteration was so many operations; all went well if they did what they should.
    void finish(bool all_went_well, std::int64_t operations = 1);

private:
    void begin();
    void end();

    State& state_;
    bool begun_ = false;
    std::optional<std::uint64_t> system_calls_;
};

} // namespace bench

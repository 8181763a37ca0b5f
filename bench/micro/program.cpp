// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "program.hpp"

#include "../common/command_line.hpp"
#include "../common/system_calls.hpp"
#include "../file/work.hpp"

#include <exception>
#include <iostream>

namespace bench
{
namespace
{

std::string chosen_mode;
std::optional<system_call_counter> counter;

std::optional<std::uint64_t> count()
{
    return counter ? counter->count() : std::nullopt;
}

po::options_description options()
{
    po::options_description o = program_options("Options");
    auto add = o.add_options();
    add("mode", po::value(&chosen_mode), "a form of this program");
    add("count", "count system calls, which makes each take longer");
    return o;
}

// Google Benchmark sees --help before we do.
void print_help()
{
    std::cout << options() << "  --benchmark_...       those of Google Benchmark\n";
}

void parse(int argc, char** argv, const std::vector<std::string>& modes)
try
{
    po::variables_map values;
    auto const known_options = options();
    po::command_line_parser parser(argc, argv);
    po::store(parser.options(known_options).positional({}).run(), values);
    po::notify(values);
    if (chosen_mode.empty())
        chosen_mode = modes.front();
    require_one_of(modes, chosen_mode, "modes");
    if (values.count("count"))
        counter.emplace();
}
catch (const std::exception& e)
{
    refuse_command_line(argv[0], e);
}

} // namespace

const std::string& mode()
{
    return chosen_mode;
}

int run(int argc, char** argv, const std::vector<std::string>& modes,
        void (*exit_if_unavailable)())
try
{
    benchmark::Initialize(&argc, argv, print_help);
    parse(argc, argv, modes);
    exit_if_unavailable();
    benchmark::AddCustomContext("mode", chosen_mode);
    if (benchmark::RunSpecifiedBenchmarks() == 0)
        cannot_run("this program has none of the benchmarks that are asked for");
    benchmark::Shutdown();
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << argv[0] << ": " << e.what() << '\n';
    return 1;
}

void fail(State& state, const char* reason)
{
    if (!state.error_occurred())
        state.SkipWithError(reason);
}

void tally::begin()
{
    begun_ = true;
    system_calls_ = count();
}

void tally::end()
{
    if (auto const now = count(); now && system_calls_)
        system_calls_ = *now - *system_calls_;
}

void tally::finish(bool all_went_well, std::int64_t operations)
{
    if (!all_went_well)
        fail(state_, "not all operations did what they should");
    std::int64_t const n = state_.iterations() * operations;
    state_.SetItemsProcessed(n);
    if (system_calls_)
        state_.counters["system_calls"] =
            static_cast<double>(*system_calls_) / static_cast<double>(n);
}

} // namespace bench

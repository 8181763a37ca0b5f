// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "program.hpp"

#include "../common/command_line.hpp"
#include "allocations.hpp"

#include <boost/json.hpp>
#include <boost/version.hpp>

#include <algorithm>
#include <cstdlib>
#include <gnu/libc-version.h>
#include <iostream>

namespace bench
{
namespace
{

// What instructions depend on, besides the source.
void print_version()
{
    std::cout << boost::json::object
    {
#if defined(__clang__)
        {"compiler", "clang " __clang_version__},
#else
        {"compiler", "gcc " __VERSION__},
#endif
            {"flags", GUARD_FLAGS}, {"urio", GUARD_LIBRARY_TYPE},
            {"boost", BOOST_LIB_VERSION}, {"libstdc++", std::to_string(__GLIBCXX__)},
            {"glibc", ::gnu_get_libc_version()},
        {
            "architecture", GUARD_ARCHITECTURE
        }
    }
    << std::endl;
}

} // namespace

int run_loop(int argc, char** argv, std::initializer_list<const char*> modes,
             std::initializer_list<named_loop> loops)
try
{
    std::vector<std::string> names;
    for (const named_loop& l : loops)
        names.push_back(l.name);
    request r;
    std::string name;
    po::options_description options =
        program_options("Does operations, prints what they took as JSON");
    auto add = options.add_options();
    add("version", "print what it was built with as JSON");
    add("mode", po::value(&r.mode)->default_value(*modes.begin()),
        ("one of" + listed(modes)).c_str());
    add("loop", po::value(&name)->required(), ("one of" + listed(names)).c_str());
    add("operations", po::value(&r.operations)->default_value(1024), "how many");
    try
    {
        po::variables_map values = read_command_line(argc, argv, options);
        if (values.count("version"))
        {
            print_version();
            return 0;
        }
        po::notify(values);
        require_one_of(modes, r.mode, "modes");
        require_one_of(names, name, "loops");
        if (r.operations == 0)
            throw std::invalid_argument("it takes an operation or more");
    }
    catch (const std::exception& e)
    {
        refuse_command_line(argv[0], e);
    }

    auto const loop = std::find_if(loops.begin(), loops.end(),
                                   [&](const named_loop& l) { return name == l.name; });
    std::uint64_t const before = allocations();
    findings const found = loop->run(r);
    std::uint64_t const taken = allocations() - before;

    boost::json::object line{{"loop", name},
                             {"mode", r.mode},
                             {"operations", r.operations},
                             {"allocations", taken}};
    for (const auto& [what, value] : found)
        line[what] = value;
    std::cout << line << std::endl;
    return 0;
}
catch (const std::exception& e)
{
    std::cerr << argv[0] << ": " << e.what() << '\n';
    return 1;
}

} // namespace bench

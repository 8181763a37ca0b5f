// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the programs read their command lines.
#pragma once

#include <boost/program_options.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

namespace bench
{

namespace po = boost::program_options;

// The options of a program, --help among them.
inline po::options_description program_options(const std::string& what_it_does)
{
    po::options_description o(what_it_does);
    o.add_options()("help", "show this text");
    return o;
}

// The values that the command line gives, which po::notify() hands out. Ends the program
// with the text of the options if it is asked for.
inline po::variables_map read_command_line(int argc, char** argv,
                                           const po::options_description& options)
{
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, options), values);
    if (values.count("help"))
    {
        std::cout << options;
        std::exit(0);
    }
    return values;
}

// Ends the program, whose command line is wrong.
[[noreturn]] inline void refuse_command_line(const char* program,
                                             const std::exception& why)
{
    std::cerr << program << ": " << why.what() << '\n';
    std::exit(2);
}

// The names in a row, a space before each.
template <class Names>
std::string listed(const Names& names)
{
    std::string s;
    for (const auto& name : names)
        (s += ' ') += name;
    return s;
}

// Throws if it is none of them; `what` is what they are, in the plural.
template <class Names>
void require_one_of(const Names& names, const std::string& name, const std::string& what)
{
    if (std::find(std::begin(names), std::end(names), name) == std::end(names))
        throw std::invalid_argument("the " + what + " are" + listed(names));
}

} // namespace bench

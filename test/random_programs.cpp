// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random programs of operations, run on stock Asio and on urio: what a program can
// observe is the same. (What may differ is listed in doc/swap.md; such steps are left out
// where they are carried out, each with a comment.)
//
// URIO_TEST_SEED is the seed of the first program, URIO_TEST_PROGRAMS their number.

#include "descriptors.hpp"
#include "programs/interpreter.hpp"
#include "programs/networks.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace
{

using namespace test;
using namespace test::programs;

unsigned from_environment(const char* name, unsigned otherwise)
{
    const char* const value = std::getenv(name);
    return value ? static_cast<unsigned>(std::stoul(value)) : otherwise;
}

template <class Network>
std::vector<std::string> observe(const program& p, mode m)
{
    std::size_t const before = open_descriptors();
    auto lines = interpreter<Network>(m).run(p);
    if (std::size_t const after = open_descriptors(); after != before)
        lines.push_back("descriptors left open: " + std::to_string(after - before));
    return lines;
}

bool is_stuck(const std::vector<std::string>& lines)
{
    return std::any_of(lines.begin(), lines.end(),
                       [](const std::string& line) { return line.starts_with("stuck"); });
}

std::string describe(const program& p, mode m)
{
    std::ostringstream out;
    for (const step& s : p)
        out << s << '\n';
    auto const expected = observe<stock>(p, m), found = observe<on_urio>(p, m);
    for (std::size_t i = 0; i != std::max(expected.size(), found.size()); ++i)
    {
        std::string const a = i < expected.size() ? expected[i] : "nothing";
        std::string const b = i < found.size() ? found[i] : "nothing";
        if (a == b)
        {
            if (i == 0 || a != expected[i - 1]) // once is enough
                out << "   both: " << a << '\n';
        }
        else
            out << "   stock Asio: " << a << "\n   urio:       " << b << '\n';
    }
    return out.str();
}

} // namespace

BOOST_DATA_TEST_CASE(observations_are_the_same, every_mode, m)
{
    unsigned const first = from_environment("URIO_TEST_SEED", 1);
    unsigned const count = from_environment("URIO_TEST_PROGRAMS", 300);
    auto const differs = [m](const program& p)
    {
        auto const expected = observe<stock>(p, m), found = observe<on_urio>(p, m);
        // That both are stuck would be an error of this test.
        return expected != found || is_stuck(expected);
    };
    for (unsigned seed = first; seed != first + count; ++seed)
    {
        program const p = generator(seed)();
        if (!differs(p))
            continue;
        program const smaller = shrink(p, differs);
        BOOST_ERROR("seed " << seed << ", shrunk from " << p.size() << " steps to "
                            << smaller.size() << ":\n"
                            << describe(smaller, m));
        return;
    }
}

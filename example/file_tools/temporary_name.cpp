// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "temporary_name.hpp"

#include "sha256.hpp"

#include <random>

namespace file_tools
{
namespace
{

constexpr std::string_view suffix = ".urio-cp";

// With suffix and digits it is as long as a name may be (255 bytes) at most.
constexpr std::size_t longest = 200;

std::string shortened(const std::string& name)
{
    if (name.size() <= longest)
        return name;
    // Longer than any that is not cut.
    sha256 hash;
    hash.update(net::buffer(name));
    return name.substr(0, longest - 50) + hash.finish();
}

} // namespace

std::string unique_name(const std::string& name)
{
    static std::mt19937_64 random = []
    {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    return '.' + shortened(name) + std::string(suffix) + '.' + std::to_string(random());
}

bool is_like_lasting(std::string_view name)
{
    return name.starts_with('.') && name.find(suffix) != name.npos;
}

std::string lasting_name(const std::string& name, const std::set<std::string>& taken)
{
    std::string const candidate = '.' + shortened(name) + std::string(suffix);
    std::string result = candidate;
    for (unsigned n = 1; taken.contains(result); ++n)
        result = candidate + std::to_string(n);
    return result;
}

} // namespace file_tools

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is observed when a program runs.
#pragma once

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace test::programs
{

/// Tells contents apart.
inline std::uint32_t checksum(std::string_view data)
{
    std::uint32_t h = 2166136261u;
    for (char c : data)
        h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    return h;
}

/// Results in the order in which they came, as far as that is promised.
/**
 * Between two points at which everything had come to rest, only results of one lane (one
 * direction of one object) have an order; what has no order is in a lane of its own.
 */
class journal
{
public:
    template <class... Parts>
    void note(const std::string& lane, const Parts&... parts)
    {
        std::ostringstream text;
        (text << ... << parts);
        entries_.push_back({rests_, lane, text.str()});
    }

    void rest() { ++rests_; }

    std::vector<std::string> lines() const
    {
        auto sorted = entries_;
        std::stable_sort(
            sorted.begin(), sorted.end(), [](const entry& a, const entry& b)
            { return std::tie(a.rests, a.lane) < std::tie(b.rests, b.lane); });
        std::vector<std::string> result;
        for (const entry& e : sorted)
            result.push_back(e.lane + ": " + e.text);
        return result;
    }

private:
    struct entry
    {
        unsigned rests;
        std::string lane;
        std::string text;
    };

    std::vector<entry> entries_;
    unsigned rests_ = 0;
};

inline std::string show(const boost::system::error_code& ec)
{
    return ec ? std::string(ec.category().name()) + ':' + std::to_string(ec.value()) +
                    " (" + ec.message() + ')'
              : "success";
}

} // namespace test::programs

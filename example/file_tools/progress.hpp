// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How far a copy has come, as a bar on the terminal.
#pragma once

#include "common.hpp"

#include <chrono>
#include <cstdint>

namespace file_tools
{

class progress
{
public:
    /// Draws nothing if not `on`.
    progress(bool on, const figures& done) : on_(on), done_(done) {}

    bool on() const noexcept { return on_; }

    /// What is to be done in all.
    void expect(std::uint64_t files, std::uint64_t bytes);

    /// Draws the bar now and then, with the bytes of files that are not finished yet.
    void advance(std::int64_t unfinished);

    /// Draws it for the last time.
    void finish();

    /// Takes the bar off the screen; the next advance() draws it again.
    void clear();

private:
    void draw();

    bool const on_;
    const figures& done_;
    std::uint64_t files_ = 0, bytes_ = 0;
    std::int64_t unfinished_ = 0;
    std::chrono::steady_clock::time_point next_ = {};
    bool drawn_ = false;
};

} // namespace file_tools

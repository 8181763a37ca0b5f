// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "progress.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace file_tools
{
namespace
{

constexpr auto pause_between = std::chrono::milliseconds(100);
constexpr int width = 24;

} // namespace

void progress::expect(std::uint64_t files, std::uint64_t bytes)
{
    files_ += files;
    bytes_ += bytes;
}

void progress::advance(std::int64_t unfinished)
{
    unfinished_ += unfinished;
    if (!on_)
        return;
    auto const now = std::chrono::steady_clock::now();
    if (now < next_)
        return;
    next_ = now + pause_between;
    draw();
}

void progress::draw()
{
    // The tree may have grown since it was measured.
    auto const bytes =
        static_cast<double>(done_.bytes) + static_cast<double>(unfinished_);
    double const all = std::max(static_cast<double>(bytes_), bytes);
    double const part = all > 0 ? bytes / all : 1;
    double const rate = bytes / std::max(done_.seconds(), 1e-9);
    auto const left = static_cast<long>(rate > 0 ? (all - bytes) / rate : 0);
    std::string bar(static_cast<std::size_t>(part * width), '#');
    bar.resize(width, ' ');
    char text[64];
    std::snprintf(text, sizeof(text), "%3.0f%% ", 100 * part);
    std::string line = "\r[" + bar + "] " + text + readable_bytes(bytes) + " of " +
                       readable_bytes(all) + ", " + std::to_string(done_.files) + " of " +
                       std::to_string(std::max(files_, done_.files)) + " files, " +
                       readable_bytes(rate) + "/s, ";
    std::snprintf(text, sizeof(text), "%ld:%02ld left\033[K", left / 60, left % 60);
    std::cerr << line + text << std::flush;
    drawn_ = true;
}

void progress::finish()
{
    if (!on_)
        return;
    draw();
    std::cerr << '\n';
    drawn_ = false;
}

void progress::clear()
{
    if (drawn_)
        std::cerr << "\r\033[K" << std::flush;
    drawn_ = false;
}

} // namespace file_tools

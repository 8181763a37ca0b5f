// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Counts the round trips of N pairs of sockets, which do not wait for each other: N of
// them are an iteration.
#pragma once

#include "program.hpp"

#include <array>
#include <cstddef>

namespace bench
{

using message = std::array<unsigned char, 64>;

class trips
{
public:
    explicit trips(State& state) : state_(state), tally_(state), pairs_(state.range(0)) {}

    // The time begins.
    void begin() { over_ = !tally_.more(); }

    // A pair has got a message of so many bytes back. Whether it is to send another.
    bool another(const message& sent, const message& received, std::size_t size)
    {
        if (size != sent.size() || received != sent)
            fail(state_, "a message was lost or changed");
        if (++made_ % pairs_ == 0 && !over_)
            over_ = !tally_.more();
        return !over_ && !state_.error_occurred();
    }

    // All pairs have ended: when the last trip of an iteration was made, the others were
    // on their way.
    void finish()
    {
        tally_.finish(made_ == state_.iterations() * pairs_ + pairs_ - 1, pairs_);
    }

private:
    State& state_;
    tally tally_;
    std::int64_t const pairs_;
    std::int64_t made_ = 0;
    bool over_ = false;
};

} // namespace bench

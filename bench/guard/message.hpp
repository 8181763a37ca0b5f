// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The 64 bytes that go back and forth, different ones each time.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>

namespace bench
{

struct message
{
    std::array<std::uint64_t, 8> words{};

    void fill(std::uint64_t chain, std::uint64_t number)
    {
        for (std::uint64_t& w : words)
            w = chain << 32 | ++number;
    }

    // Throws if these are other bytes, or not all.
    void expect(std::size_t size, std::uint64_t chain, std::uint64_t number) const
    {
        if (size != sizeof words)
            throw std::runtime_error("a message has come in pieces");
        for (std::uint64_t const w : words)
            if (w != (chain << 32 | ++number))
                throw std::runtime_error("a message has come back changed");
    }
};

} // namespace bench

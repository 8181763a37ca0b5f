// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What is in the files that are read and written: eight bytes that tell their place and
// who wrote them, over and over, so that a block in the wrong place shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace bench
{

inline std::uint64_t word_at(std::uint64_t offset, std::uint64_t salt)
{
    // The last step of splitmix64.
    std::uint64_t x = offset + (salt << 48);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// Offset and size are multiples of eight.
inline void fill(char* data, std::size_t size, std::uint64_t offset, std::uint64_t salt)
{
    for (std::size_t i = 0; i != size; i += 8)
    {
        std::uint64_t const word = word_at(offset + i, salt);
        std::memcpy(data + i, &word, sizeof word);
    }
}

inline bool is_filled(const char* data, std::size_t size, std::uint64_t offset,
                      std::uint64_t salt)
{
    for (std::size_t i = 0; i != size; i += 8)
    {
        std::uint64_t const word = word_at(offset + i, salt);
        if (std::memcmp(data + i, &word, sizeof word) != 0)
            return false;
    }
    return true;
}

// Memory as O_DIRECT wants it.
struct free_memory
{
    void operator()(char* p) const { std::free(p); }
};
using aligned_memory = std::unique_ptr<char, free_memory>;

inline aligned_memory allocate(std::size_t size)
{
    aligned_memory memory(static_cast<char*>(std::aligned_alloc(4096, size)));
    if (!memory)
        std::abort();
    // All of it is there before the time begins.
    std::memset(memory.get(), 0, size);
    return memory;
}

} // namespace bench

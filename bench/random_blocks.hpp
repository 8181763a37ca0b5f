// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the contestants that read files have in common.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>

namespace bench
{

inline constexpr std::size_t block_size = 4096;

/// Whether an optional word is among the arguments.
inline bool has(int argc, char** argv, const char* word)
{
    for (int i = 5; i < argc; ++i)
        if (std::strcmp(argv[i], word) == 0)
            return true;
    return false;
}

inline int open_file(const char* path, const char* how)
{
    int const fd =
        ::open(path, O_RDONLY | (std::strcmp(how, "direct") == 0 ? O_DIRECT : 0));
    if (fd < 0)
    {
        std::perror(path);
        std::exit(1);
    }
    return fd;
}

// The same sequence of offsets for everybody: xorshift64.
class random_blocks
{
public:
    explicit random_blocks(std::uint64_t file_size) : blocks_(file_size / block_size) {}

    std::uint64_t next()
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ % blocks_ * block_size;
    }

private:
    std::uint64_t blocks_;
    std::uint64_t state_ = 88172645463325252u;
};

} // namespace bench

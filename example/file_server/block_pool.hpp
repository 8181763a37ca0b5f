// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Blocks to read files into. They belong to the requests that are being answered: a
// connection that waits for its next request has none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

class block_pool
{
public:
    static constexpr std::size_t block_size = 256 * 1024;

    /// Gives the block back when it is destroyed. The pool has to be there still.
    class lease
    {
    public:
        explicit lease(block_pool& pool) : pool_(pool), block_(pool.take()) {}
        lease(const lease&) = delete;
        lease& operator=(const lease&) = delete;
        ~lease() { pool_.free_.push_back(std::move(block_)); }

        char* data() const { return block_.get(); }

    private:
        block_pool& pool_;
        std::unique_ptr<char[]> block_;
    };

    /// Frees what was not needed since the last call.
    void trim()
    {
        free_.erase(free_.begin(),
                    free_.begin() + static_cast<std::ptrdiff_t>(least_free_));
        blocks_ -= least_free_;
        least_free_ = free_.size();
    }

    std::size_t free_blocks() const { return free_.size(); }

private:
    std::unique_ptr<char[]> take()
    {
        if (free_.empty())
        {
            least_free_ = 0;
            // There is room for each block that will come back, which must not throw.
            free_.reserve(++blocks_);
            return std::unique_ptr<char[]>(new char[block_size]);
        }
        auto block = std::move(free_.back());
        free_.pop_back();
        least_free_ = std::min(least_free_, free_.size());
        return block;
    }

    std::vector<std::unique_ptr<char[]>> free_;
    std::size_t blocks_ = 0;
    std::size_t least_free_ = 0;
};

// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Reads and writes of the blocks of one file: where the next one goes, and whether it was
// right. A depth of n is n chains, each of which starts an operation when the one before
// it is complete. All contestants make the same operations in the same chains.
#pragma once

#include "content.hpp"
#include "work.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace bench
{

inline int open_blocks(const work& w)
{
    int const fd = ::open(w.path.c_str(), (w.write ? O_RDWR : O_RDONLY) | O_CLOEXEC |
                                              (w.direct ? O_DIRECT : 0));
    if (fd < 0)
        fail(w.path.c_str(), errno);
    return fd;
}

class block_chain
{
public:
    block_chain(const work& w, unsigned index, std::uint64_t blocks)
        : work_(&w)
        , index_(index)
        , blocks_(blocks)
        , buffer_(allocate(w.block))
    {
        std::uint64_t const all = w.operations ? w.operations
                                  : w.sequential
                                      ? blocks
                                      : std::numeric_limits<std::uint64_t>::max();
        limit_ = all / w.depth + (index < all % w.depth);
        rewind();
        fill(buffer_.get(), w.block, 0, w.salt);
    }

    // Goes to the next operation. False if there is none.
    bool next()
    {
        if (count_ == limit_ || time_is_up.load(std::memory_order_relaxed))
            return false;
        advance();
        if (work_->verify && work_->write)
            fill(buffer_.get(), work_->block, offset_, work_->salt);
        return true;
    }

    std::uint64_t offset() const { return offset_; }
    char* data() const { return buffer_.get(); }
    std::size_t size() const { return work_->block; }
    unsigned index() const { return index_; }

    // The operation has transferred so many bytes, or failed with a negative error
    // number.
    void done(long long n)
    {
        if (n < 0)
            fail("transfer", static_cast<int>(-n));
        if (n != static_cast<long long>(work_->block))
            fail("a short transfer", EIO);
        if (work_->verify && !work_->write &&
            !is_filled(buffer_.get(), work_->block, offset_, 0))
            fail("the wrong bytes were read", EIO);
        ++count_;
    }

    std::uint64_t count() const { return count_; }

    // Reads back what the chain has written.
    void check_written(int fd)
    {
        rewind();
        for (std::uint64_t i = 0; i != count_; ++i)
        {
            advance();
            if (::pread(fd, buffer_.get(), work_->block, static_cast<off_t>(offset_)) !=
                    static_cast<ssize_t>(work_->block) ||
                !is_filled(buffer_.get(), work_->block, offset_, work_->salt))
                fail("the wrong bytes were written", EIO);
        }
    }

private:
    void rewind()
    {
        // Any numbers but 0, far from each other.
        state_ = word_at(8 * (index_ + 1), 77) | 1;
        sequence_ = index_;
    }

    void advance()
    {
        if (work_->sequential)
        {
            offset_ = sequence_ % blocks_ * work_->block;
            sequence_ += work_->depth;
            return;
        }
        // xorshift64
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        offset_ = state_ % blocks_ * work_->block;
    }

    const work* work_;
    unsigned index_;
    std::uint64_t blocks_;
    aligned_memory buffer_;
    std::uint64_t state_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t limit_ = 0;
    std::uint64_t offset_ = 0;
    std::uint64_t count_ = 0;
};

// The chains of a work; Chain is block_chain or derived from it.
template <class Chain = block_chain>
std::vector<Chain> make_chains(const work& w, int fd)
{
    struct stat s;
    if (::fstat(fd, &s) != 0)
        fail("fstat", errno);
    std::uint64_t const blocks = static_cast<std::uint64_t>(s.st_size) / w.block;
    if (blocks == 0)
        fail("less than one block", EINVAL);
    std::vector<Chain> chains;
    for (unsigned i = 0; i != w.depth; ++i)
        chains.emplace_back(w, i, blocks);
    return chains;
}

// Checks what was written, if that is asked for, and prints the result.
template <class Chain>
void finish_blocks(const work& w, const measurement& m, std::vector<Chain>& chains,
                   int fd)
{
    totals t;
    for (Chain& chain : chains)
    {
        t.operations += chain.count();
        if (w.write && w.verify)
            chain.check_written(fd);
    }
    t.bytes = t.operations * w.block;
    m.print(w, t);
}

} // namespace bench

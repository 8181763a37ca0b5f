// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Many small files, each opened, read and closed: their names, sizes and contents.
#pragma once

#include "content.hpp"
#include "work.hpp"

#include <cerrno>
#include <limits>
#include <string>
#include <vector>

namespace bench
{

inline constexpr std::size_t largest_file = 16384;

inline std::string folder_of_file(const work& w, std::uint64_t index)
{
    return w.path + "/d" + std::to_string(index / 100);
}

inline std::string name_of_file(const work& w, std::uint64_t index)
{
    return folder_of_file(w, index) + "/f" + std::to_string(index % 100);
}

// 1 to 16 KiB, a multiple of eight.
inline std::size_t size_of_file(std::uint64_t index)
{
    return 1024 + word_at(8 * index, 5) % ((largest_file - 1024) / 8 + 1) * 8;
}

// What word_at() knows the contents of a file by.
inline std::uint64_t place_of_file(std::uint64_t index)
{
    return index << 20;
}

// Reads one file after another; a depth of n is n of these side by side.
class tree_chain
{
public:
    tree_chain(const work& w, unsigned index) : work_(&w), index_(index)
    {
        std::uint64_t const all =
            w.operations ? w.operations : std::numeric_limits<std::uint64_t>::max();
        limit_ = all / w.depth + (index < all % w.depth);
    }

    // Goes to the next file. False if there is none.
    bool next()
    {
        if (count_ == limit_ || time_is_up.load(std::memory_order_relaxed))
            return false;
        file_ = (index_ + count_ * work_->depth) % work_->files;
        name_ = name_of_file(*work_, file_);
        return true;
    }

    const std::string& name() const { return name_; }
    char* data() const { return buffer_.get(); }
    std::size_t size() const { return largest_file; }
    unsigned index() const { return index_; }

    // So many bytes have been read, or reading failed with a negative error number.
    void done(long long n)
    {
        if (n < 0)
            fail(name_.c_str(), static_cast<int>(-n));
        if (n != static_cast<long long>(size_of_file(file_)))
            fail("a file of the wrong size", EIO);
        if (work_->verify && !is_filled(buffer_.get(), static_cast<std::size_t>(n),
                                        place_of_file(file_), 0))
            fail("the wrong bytes were read", EIO);
        ++count_;
        bytes_ += static_cast<std::uint64_t>(n);
    }

    std::uint64_t count() const { return count_; }
    std::uint64_t bytes() const { return bytes_; }

    // For those that have operations for the steps.
    int descriptor = -1;
    int step = 0;

private:
    const work* work_;
    unsigned index_;
    std::uint64_t limit_;
    std::uint64_t file_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t bytes_ = 0;
    std::string name_;
    aligned_memory buffer_ = allocate(largest_file);
};

inline std::vector<tree_chain> make_tree_chains(const work& w)
{
    std::vector<tree_chain> chains;
    for (unsigned i = 0; i != w.depth; ++i)
        chains.emplace_back(w, i);
    return chains;
}

inline totals add_up(const std::vector<tree_chain>& chains)
{
    totals t;
    for (const tree_chain& c : chains)
    {
        t.operations += c.count();
        t.bytes += c.bytes();
    }
    return t;
}

} // namespace bench

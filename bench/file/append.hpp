// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Files that grow by a block at a time, each block on the disk (fdatasync(2)) before the
// next: as logs do. A depth of n is n files.
#pragma once

#include "content.hpp"
#include "work.hpp"

#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <string>
#include <unistd.h>
#include <vector>

namespace bench
{

class append_chain
{
public:
    append_chain(const work& w, unsigned index) : work_(&w), buffer_(allocate(w.block))
    {
        std::uint64_t const all =
            w.operations ? w.operations : std::numeric_limits<std::uint64_t>::max();
        limit_ = all / w.depth + (index < all % w.depth);
        fill(data(), size(), 0, w.salt);
        std::string const name = w.path + "/log" + std::to_string(index);
        descriptor_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        // What truncating has to do on the disk is not part of the time.
        if (descriptor_ < 0 || ::fsync(descriptor_) != 0)
            fail(name.c_str(), errno);
    }

    // Goes to the next block. False if there is none.
    bool next()
    {
        if (count_ == limit_ || time_is_up.load(std::memory_order_relaxed))
            return false;
        if (work_->verify)
            fill(data(), size(), offset(), work_->salt);
        return true;
    }

    int descriptor() const { return descriptor_; }
    std::uint64_t offset() const { return count_ * work_->block; }
    char* data() const { return buffer_.get(); }
    std::size_t size() const { return work_->block; }

    // So many bytes were written, or writing failed with a negative error number.
    void written(long long n) const
    {
        if (n < 0)
            fail("write", static_cast<int>(-n));
        if (n != static_cast<long long>(size()))
            fail("a short write", EIO);
    }

    // The block is on the disk, or that failed with a negative error number.
    void done(int result)
    {
        if (result < 0)
            fail("fdatasync", -result);
        ++count_;
    }

    std::uint64_t count() const { return count_; }

    // The file has all that was written, and nothing more.
    void check() const
    {
        for (std::uint64_t at = 0; at != offset(); at += size())
            if (::pread(descriptor_, data(), size(), static_cast<off_t>(at)) !=
                    static_cast<ssize_t>(size()) ||
                !is_filled(data(), size(), at, work_->salt))
                fail("the wrong bytes were written", EIO);
        if (::lseek(descriptor_, 0, SEEK_END) != static_cast<off_t>(offset()))
            fail("a file of the wrong size", EIO);
    }

    // For those that have operations for the steps.
    bool is_written = false;

private:
    const work* work_;
    aligned_memory buffer_;
    std::uint64_t limit_;
    std::uint64_t count_ = 0;
    int descriptor_;
};

inline std::vector<append_chain> make_append_chains(const work& w)
{
    std::vector<append_chain> chains;
    for (unsigned i = 0; i != w.depth; ++i)
        chains.emplace_back(w, i);
    return chains;
}

// Checks what was written, if that is asked for, and prints the result.
inline void finish_appends(const work& w, const measurement& m,
                           const std::vector<append_chain>& chains)
{
    totals t;
    for (const append_chain& c : chains)
    {
        t.operations += c.count();
        if (w.verify)
            c.check();
    }
    t.bytes = t.operations * w.block;
    m.print(w, t);
}

} // namespace bench

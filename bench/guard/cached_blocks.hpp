// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The file whose blocks are read, and what is expected of each of them.
#pragma once

#include "../file/blocks.hpp"
#include "program.hpp"

#include <cstdlib>
#include <string>
#include <sys/uio.h>

namespace bench
{

inline work cached_work(const request& r)
{
    work w;
    w.mode = r.mode;
    w.depth = guard_depth;
    w.operations = r.operations;
    return w;
}

// A file without a name that is in the page cache; of its own, so that nobody else
// changes that.
class cached_file
{
public:
    cached_file()
    {
        // Not in /tmp, which may be a tmpfs: that cannot say whether a read would block,
        // so that io_uring gives it to another thread.
        const char* const set = std::getenv("TMPDIR");
        std::string const folder = set ? set : "/var/tmp";
        // mkstemp(3) asks for random numbers, now once and now twice.
        std::string const path = folder + "/guard." + std::to_string(::getpid());
        descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (descriptor_ < 0)
            fail(path.c_str(), errno);
        ::unlink(path.c_str());
        aligned_memory const content = allocate(size);
        fill(content.get(), size, 0, 0);
        if (::pwrite(descriptor_, content.get(), size, 0) != ::ssize_t{size})
            fail("write", errno);
        ::iovec v{content.get(), size};
        if (::preadv2(descriptor_, &v, 1, 0, RWF_NOWAIT) != ::ssize_t{size})
            cannot_run("the file system of " + folder +
                       " has no reads that do not block (RWF_NOWAIT); set TMPDIR");
    }

    cached_file(const cached_file&) = delete;
    ~cached_file() { ::close(descriptor_); }

    int descriptor() const { return descriptor_; }

private:
    static constexpr std::size_t size = 1 << 20;
    int descriptor_;
};

// To look at all bytes would cost more than to read them: the first and the last tell
// whether it is the right block and a whole one. All of the last block are looked at.
class cached_chain : public block_chain
{
public:
    using block_chain::block_chain;

    void done(long long n)
    {
        block_chain::done(n);
        if (!is_filled(data(), 8, offset(), 0) ||
            !is_filled(data() + size() - 8, 8, offset() + size() - 8, 0))
            fail("the wrong block was read", EIO);
    }

    void finish() const
    {
        if (count() != 0 && !is_filled(data(), size(), offset(), 0))
            fail("the wrong bytes were read", EIO);
    }
};

inline void finish_cached(const request& r, const std::vector<cached_chain>& chains)
{
    std::uint64_t n = 0;
    for (const cached_chain& c : chains)
    {
        c.finish();
        n += c.count();
    }
    if (n != r.operations)
        fail("blocks are missing", EIO);
}

} // namespace bench

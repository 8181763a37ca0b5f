// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the kernel is given: the submission entries of all rings that are set up
// meanwhile.
#pragma once

#include "faults.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace test
{

/// For programs of one thread.
class entries
{
public:
    entries()
        : faults_([this](unsigned fd, unsigned submit, unsigned complete, unsigned flags,
                         void* arg, std::size_t size)
                  { return enter(fd, submit, complete, flags, arg, size); },
                  [this](unsigned n, ::io_uring* ring, ::io_uring_params* p)
                  {
                      int const result = faults_.setup(n, ring, p);
                      if (result == 0)
                          rings_[static_cast<unsigned>(ring->ring_fd)] = ring;
                      return result;
                  })
    {
    }

    /// How many entries of an operation there have been since the last clear().
    std::size_t count(unsigned opcode) const
    {
        return count_if([opcode](const ::io_uring_sqe& e) { return e.opcode == opcode; });
    }

    template <class Predicate>
    std::size_t count_if(Predicate p) const
    {
        return static_cast<std::size_t>(std::count_if(seen_.begin(), seen_.end(), p));
    }

    void clear() { seen_.clear(); }

    /// The kernel does not get any while this is set.
    void withhold(bool w) { withhold_ = w; }

private:
    int enter(unsigned fd, unsigned submit, unsigned complete, unsigned flags, void* arg,
              std::size_t size)
    {
        if (withhold_)
            return -EAGAIN;
        ::io_uring* const ring = rings_.at(fd);
        unsigned const before = *ring->sq.khead;
        int const result = faults_.enter(fd, submit, complete, flags, arg, size);
        for (unsigned i = before; i != *ring->sq.khead; ++i)
            seen_.push_back(ring->sq.sqes[i & ring->sq.ring_mask]);
        return result;
    }

    faults faults_;
    std::map<unsigned, ::io_uring*> rings_;
    std::vector<::io_uring_sqe> seen_;
    bool withhold_ = false;
};

} // namespace test

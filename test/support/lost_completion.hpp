// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A completion that the kernel had no memory to keep.
#pragma once

#include "faults.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <utility>

namespace test
{

/// While it lives, the ring that is set up can lose a completion.
class completion_loss
{
public:
    completion_loss()
        : faults_(
              [this](unsigned fd, unsigned submit, unsigned complete, unsigned flags,
                     void* arg, std::size_t size)
              {
                  if (std::exchange(lost_, false))
                      return -EBADR;
                  return faults_.enter(fd, submit, complete, flags, arg, size);
              },
              [this](unsigned entries, ::io_uring* r, ::io_uring_params* p)
              {
                  ring_ = r;
                  return faults_.setup(entries, r, p);
              })
    {
    }

    /// Lets the completion come that is about to, and makes it disappear. It is to be the
    /// only one.
    void lose_next()
    {
        unsigned* const head = ring_->cq.khead;
        for (int i = 0;
             i != 1000 && *head == ::io_uring_smp_load_acquire(ring_->cq.ktail); ++i)
            faults_.enter(static_cast<unsigned>(ring_->ring_fd), 0, 0,
                          IORING_ENTER_GETEVENTS, nullptr, 8);
        BOOST_REQUIRE_EQUAL(::io_uring_smp_load_acquire(ring_->cq.ktail) - *head, 1u);
        ::io_uring_smp_store_release(head, *head + 1);
        lost_ = true;
    }

private:
    ::io_uring* ring_ = nullptr;
    bool lost_ = false;
    faults faults_;
};

} // namespace test

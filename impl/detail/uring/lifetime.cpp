// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Set-up, and what is told of the engine.

#include "uring_engine.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace urio::inline URIO_ABI
{
namespace detail
{
void uring_engine::open_wakeup()
{
    wakeup_descriptor_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wakeup_descriptor_ < 0)
        throw boost::system::system_error(errno, boost::system::system_category(),
                                          "eventfd");
}

uring_engine::uring_engine(scheduler& s, const uring_options& options)
    : engine(s)
    , options_(options)
    , pool_(options.file_threads,
            [this](io_operation& op, int refusal) { run_in_pool(op, refusal); })
    , fork_generation_((process::watch_forks(), process::fork_generation()))
    , notified_(fork_generation_)
{
    ring_.emplace(options);
    open_wakeup();
    scheduler_.init_task();
}

uring_engine::~uring_engine()
{
    if (ring_ && forked())
        ring_->disown();
    ::close(wakeup_descriptor_);
    if (left_to_kernel_)
    {
        // Then the kernel's own thread cancels what is left. Nothing tells when it is
        // done, which takes it well below a millisecond.
        ring_.reset();
        ::poll(nullptr, 0, 50);
    }
}

statistics uring_engine::counters() const noexcept
{
    auto const load = [](const std::atomic<std::uint64_t>& c)
    { return c.load(std::memory_order_relaxed); };
    return {load(counters_.enters),      load(counters_.submitted),
            load(counters_.completions), load(counters_.overflows),
            load(counters_.backlogged),  load(counters_.wakeups),
            load(counters_.resubmitted), load(counters_.immediate),
            load(counters_.in_flight),   pool_.submitted()};
}

void uring_engine::watch(int descriptor)
{
    if (forked())
        take_over();
    lock l(mutex_);
    watched_ = descriptor;
    set_chores(true);
}

} // namespace detail
} // namespace urio::inline URIO_ABI

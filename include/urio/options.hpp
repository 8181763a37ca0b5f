// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How a context's backend is chosen and set up.
#pragma once

#include <urio/config.hpp>

namespace urio::inline URIO_ABI
{

/// Which threads may use a context.
enum class thread_mode
{
    /// Any thread starts operations, runs the loop, and destroys the context.
    shared,
    /// The first thread that runs the loop is the only one that may run it and, while
    /// operations are in flight, destroy the context. Any thread may start
    /// operations. The kernel then saves the locking and the interrupts that sharing
    /// costs
    /// (`IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN`, Linux 6.1; on
    /// older kernels the rules hold all the same, without the gain).
    exclusive,
};

/// Which backend is to carry out the operations of a context.
enum class backend_choice
{
    /// What the environment variable URIO_BACKEND says; without it, io_uring, and where
    /// that is not to be had, the platform's reactor.
    automatic,
    /// The platform's reactor, as `automatic` would choose it; io_uring_setup(2) is never
    /// called, which some sandboxes punish.
    no_probe,
    uring,  ///< io_uring, or an error that says why not
    epoll,  ///< a reactor on epoll(7)
    kqueue, ///< a reactor on kqueue(2): BSD, macOS
    poll,   ///< a reactor on poll(2)
};

/// Options for the backend of an execution context, given before its first use.
/**
 * The values are checked when the backend is set up: `std::invalid_argument` if one is
 * out of range. Those of the ring have no effect on a reactor.
 */
struct uring_options
{
    /// Entries of the submission queue, 1 to 32768, rounded up to a power of two; 0 for
    /// 256, or for fewer where RLIMIT_MEMLOCK leaves no room for as many
    /// (backend_info::entries tells). Any other size is kept, or there is no ring.
    /// More operations than this may be started at once: they queue in user space.
    unsigned entries = 0;

    /// Entries of the completion queue, up to 65536; 0 for four times those of the
    /// submission queue, or 65536 if that is less. More completions than this may be
    /// pending at once: the kernel keeps them, at a cost.
    unsigned cq_entries = 0;

    /// Which threads may use the context.
    thread_mode threads = thread_mode::shared;

    /// Let a completion wait until its submitting thread enters the kernel by itself
    /// (`IORING_SETUP_COOP_TASKRUN`, Linux 5.19). That is much cheaper than to
    /// interrupt the thread. It pays to switch it off where several threads run one
    /// context and their handlers compute for milliseconds: a completion that belongs
    /// to such a busy thread otherwise reaches the others only at the next timer
    /// tick.
    bool cooperative = true;

    /// The most io-wq worker threads for operations that may block without bound
    /// (io_uring_register_iowq_max_workers(3), Linux 5.15); 0 for the kernel's
    /// default, which is the limit on processes.
    unsigned max_unbounded_workers = 64;

    /// The most io-wq worker threads for file operations; 0 for four for each core, the
    /// kernel's default for a queue that is not shorter. Like the other limit it is in
    /// fact that of the threads that use the ring: with several contexts on one thread
    /// the one that was set up last decides.
    unsigned max_bounded_workers = 0;

    /// Which backend.
    /**
     * `automatic` obeys URIO_BACKEND (`auto`, `uring`, `epoll`, `kqueue`, `poll` or
     * `no_probe`), the other values override it. An unknown value there is an error.
     */
    backend_choice backend = backend_choice::automatic;

    /// The threads for operations on files that the backend cannot carry out by itself,
    /// 1 to 1024: all of a reactor's, and those that the kernel's io_uring does not have,
    /// such as the listing of a directory. They are started with the first.
    unsigned file_threads = 4;
};

} // namespace urio::inline URIO_ABI

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Why urio loses to a contestant: what profiles and counts have shown. By work (or driver) and
contestant, with or without a measure; without a contestant: for all of them. The figures that
are named are in the section of exact figures, or are counts of system calls."""

REASONS = {
    ("direct_read", "fio"): (
        "liburing alone is as far behind: who reaps and submits many at once lets the device wait in "
        "between, it seems. fio submits each read by itself (`iodepth_batch=1`), for half as much "
        "processor time again; in batches it is where urio is"
    ),
    ("direct_read", None): (
        "the device: the processor is idle most of the time, and liburing alone is where urio is"
    ),
    ("direct_write", None): (
        "the kernel: an asynchronous direct write to ext4 is completed by a work queue "
        "(`iomap_dio_complete_work` once for each, by the tracepoint `workqueue_execute_start`), a "
        "blocking one by the thread that waits; liburing alone is where urio is"
    ),
    ("cached_read", "loop"): (
        "a system call for a read costs less than an entry in the ring. One at a time there is "
        "nothing to batch"
    ),
    ("cached_read", "pool"): (
        "the pool runs on all processors, urio's loop on one; the processor time is the same at "
        "depth 32. One at a time a call costs less than an entry in the ring"
    ),
    ("cached_read", None): (
        "instructions outside the kernel for each read, see the exact figures: the front end's start "
        "and completion of an operation, Asio's scheduler with its lock, the engine"
    ),
    ("cached_write", None): (
        "the kernel: ext4 has no buffered write that does not block, so that io_uring gives "
        "each to a worker thread (`io_uring_queue_async_work` once for each, 1.8 context switches; "
        "a pool has 0.1), and liburing's does the same"
    ),
    ("cached_scan", "pool"): "the pool copies on all processors, urio's loop on one",
    ("cached_scan", "offload"): "the pool copies on all processors, urio's loop on one",
    ("tree", "loop"): (
        "one at a time there is nothing to batch; and fstat for each file, which the loop does not "
        "call, about 0.5 us"
    ),
    ("tree", "pool"): (
        "as against the loop; and the pool runs on all processors, urio's loop on one"
    ),
    ("tree", None): (
        "fstat for each file, a call that the others do not make: about 0.5 us; and what three "
        "operations and their coroutines take outside the kernel, nine times what liburing's program "
        "does (callgrind)"
    ),
    ("append", "pool"): (
        "the kernel gives the write and then the fsync to worker threads, twice the hand-overs "
        "(6,000 of `io_uring_queue_async_work` for 3,000 appends) and at most four workers for each "
        "processor; liburing's does the same"
    ),
    ("append", None): (
        "the kernel gives the write and then the fsync to worker threads; liburing's does the same"
    ),
    ("udp_echo_64", "multishot"): (
        "a multishot receive brings many datagrams with one system call (0.13 to 0.4 for a round "
        "trip); urio's receive is single-shot, one at a time as in any Asio program: two calls"
    ),
    ("udp_echo_64", "asio"): (
        "the same system calls (4 for a round trip); half as many instructions again outside the "
        "kernel: the engine's own lock, table and list of each socket"
    ),
    ("udp_echo_64", None): (
        "they receive with plain calls until there is nothing more, urio with an entry that "
        "io_uring_enter(2) submits: two calls for a round trip each, but theirs are the cheaper ones. "
        "To try a receive at once where the last one found something is not done yet"
    ),
    ("udp_echo_4k", None): "as with 64 B",
    ("connections", None): (
        "an fcntl(2) for each accepted connection, which asks for its mode; and ten times the "
        "instructions outside the kernel"
    ),
    ("idle", None): (
        "the pending operation, its place in the table and the list of the socket, see the exact "
        "figures; a loop of one's own keeps a number"
    ),
    ("post", "asio"): (
        "the same system call for each turn, and more work around it in a turn of urio's reactor; with "
        "1000 handlers for each turn it does not show"
    ),
    ("timer_late", "uv"): "as for the other timers; and libuv's are due at full milliseconds, together",
    ("timer_fire", "uv"): (
        "libuv has no locks, no handlers to be moved, and the time of the turn for all its timers. In "
        "reactor mode Asio's timerfd is kept: a turn through the kernel for a timer"
    ),
    ("timer_arm", "uv"): (
        "libuv runs no handler for a timer that is moved, and has no lock; in reactor mode each new "
        "earliest timer is a timerfd_settime(2), as with Asio"
    ),
    ("timer_earliest", "uv"): "as for a timer that is moved",
    ("timer_cancel", "uv"): "libuv runs no handler for a timer that is cancelled, and has no lock",
    ("context", None): (
        "urio's io_context sets up Asio's whole reactor in its constructor, nine system calls, since "
        "its loop must be there before anything else; Asio's does so with the first I/O object"
    ),
    ("context_socket", None): (
        "a ring, and Asio's reactor besides, on which timers and Asio's own objects are: three times "
        "the system calls of liburing alone"
    ),
    ("echo", "raw_shared"): (
        "ten times the instructions outside the kernel, 3,000 for a round trip, of which Asio's own "
        "scheduler, handlers and write_op are half"
    ),
    ("echo", "uv"): "one at a time there is nothing to batch, and libuv writes by plain calls",
}

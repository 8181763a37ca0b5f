# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Why urio is slower than a contestant: what profiles have shown. By work and contestant;
without a contestant: for all of them."""

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
        "855 instructions outside the kernel for a read, liburing alone has 102 and Asio 1,673 "
        "(callgrind, depth 32): 6 % of the samples are outside the kernel, 1 % there (perf). The "
        "front end's start and completion of an operation are a third of them, Asio's lock for each "
        "handler 6 %"
    ),
    ("cached_write", None): (
        "the kernel: ext4 has no buffered write that does not block, so that io_uring gives "
        "each to a worker thread (`io_uring_queue_async_work` once for each, 1.8 context switches; "
        "a pool has 0.1), and liburing's does the same"
    ),
    ("tree", "loop"): (
        "one at a time there is nothing to batch; and fstat for each file, which the loop does not "
        "call, about 0.5 us"
    ),
    ("tree", "pool"): (
        "as against the loop; and the pool runs on all processors, urio's loop on one"
    ),
    ("tree", None): (
        "fstat for each file, a call that liburing's program does not make: about 0.5 us; 5,740 "
        "instructions outside the kernel for three operations and their "
        "coroutines, 626 there (callgrind): 0.7 us"
    ),
    ("append", "pool"): (
        "the kernel gives the write and then the fsync to worker threads, twice the hand-overs "
        "(6,000 of `io_uring_queue_async_work` for 3,000 appends) and at most four workers for each "
        "processor; liburing's does the same"
    ),
    ("append", None): (
        "the kernel gives the write and then the fsync to worker threads; liburing's does the same"
    ),
}

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What is done with files."""

from .model import GIB, KIB, MIB, Work

URIO = ("urio_shared", "urio_exclusive", "urio_fixed", "urio_epoll")
RAW = ("raw_shared", "raw_exclusive", "raw_fixed")
RANDOM = URIO + ("asio_uring",) + RAW + ("fio", "fio_batch", "pool", "offload", "loop")
SEQUENTIAL = URIO + ("asio_uring",) + RAW + ("dd", "pool", "offload", "loop")
STEPS = (
    ("urio_shared", "urio_exclusive", "urio_epoll", "asio_uring")
    + ("raw_shared", "raw_exclusive", "raw_linked", "pool", "offload", "loop")
)
QUICK = ("urio_shared", "asio_uring", "raw_shared", "fio", "pool")


def _random(name, title, quick=(), contestants=RANDOM, **options):
    points = (1, 32) if options.get("write") else (1, 8, 32, 128)
    return Work(
        name, title, "blocks", contestants, points, "of transfers in flight", "transfers",
        "file", quick_points=quick, quick_contestants=QUICK, options={"block": 4 * KIB, **options},
    )


def _sequential(name, title, **options):
    return Work(
        name, title, "blocks", SEQUENTIAL, (4,), "of transfers in flight", "transfers", "file",
        options={"size": GIB, "block": MIB, "sequential": True,
                 "sync": options.get("write", False), **options},
    )


WORKS = (
    _random("direct_read", "4 KiB random reads, O_DIRECT", (32,), size=GIB, direct=True),
    _random("direct_write", "4 KiB random writes, O_DIRECT", size=GIB, direct=True, write=True),
    _random("cached_read", "4 KiB random reads, cached", (1, 32), ("urio_event",) + RANDOM,
            size=256 * MIB),
    _random("cached_write", "4 KiB random writes, cached", size=256 * MIB, write=True),
    _sequential("direct_scan", "1 MiB sequential reads, O_DIRECT", direct=True),
    _sequential("direct_fill", "1 MiB sequential writes, O_DIRECT, then fdatasync", direct=True,
                write=True),
    _sequential("cached_scan", "1 MiB sequential reads, cached"),
    _sequential("cached_fill", "1 MiB sequential writes, cached, then fdatasync", write=True),
    Work("tree", "small files: open, read, close", "tree",
         (STEPS[0], "urio_blocking", "urio_linked", *STEPS[1:]), (1, 8, 32), "of files in flight", "files", "file",
         options={"files": 10000, "block": 4 * KIB}),
    Work("append", "4 KiB appends, each with fdatasync", "append", STEPS, (1, 8, 32),
         "of files in flight", "appends", "file", options={"write": True, "block": 4 * KIB}),
)

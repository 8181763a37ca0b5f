# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What is measured: the works, who takes part in each, and what is aimed at."""

from dataclasses import dataclass, field

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class Contestant:
    key: str
    label: str
    program: str  # <kind of work>_<program> for urio's own, or the name of a tool
    mode: str = ""
    ours: bool = False  # urio: what the others are compared with
    needs: str = ""  # the one that tells why, if it cannot run either


@dataclass(frozen=True)
class Work:
    name: str
    title: str
    kind: str  # the programs' prefix: blocks, tree or append
    contestants: tuple
    depths: tuple
    quick_depths: tuple
    size: int = 0  # of the file
    files: int = 0  # or the number of files
    block: int = 4 * KIB
    write: bool = False
    direct: bool = False
    sequential: bool = False
    sync: bool = False
    unit: str = "transfers"
    depth_is: str = "of transfers in flight"


@dataclass(frozen=True)
class Target:
    works: tuple
    depths: tuple
    ours: str
    other: str
    at_least: float


CONTESTANTS = {
    c.key: c
    for c in (
        Contestant("urio_shared", "urio", "urio", "shared", ours=True),
        Contestant("urio_exclusive", "urio, exclusive", "urio", "exclusive", ours=True),
        Contestant("urio_fixed", "urio, registered", "urio", "fixed", ours=True),
        Contestant("urio_blocking", "urio, open and close block", "urio", "blocking", ours=True),
        Contestant("urio_epoll", "urio, reactor on epoll", "urio", "epoll", ours=True),
        Contestant("asio", "Asio's io_uring", "asio_uring"),
        Contestant("raw_shared", "liburing", "raw", "shared"),
        Contestant("raw_exclusive", "liburing, exclusive", "raw", "exclusive"),
        Contestant("raw_fixed", "liburing, registered", "raw", "fixed"),
        Contestant("raw_linked", "liburing, linked", "raw", "linked"),
        Contestant("fio", "fio", "fio", needs="raw_shared"),
        Contestant("fio_batch", "fio, in batches", "fio", "batch", needs="raw_shared"),
        Contestant("dd", "dd", "dd"),
        Contestant("pool", "pool of threads", "blocking", "pool"),
        Contestant("offload", "pool behind a loop", "blocking", "offload"),
        Contestant("loop", "blocking loop", "blocking", "loop"),
    )
}

URIO = ("urio_shared", "urio_exclusive", "urio_fixed", "urio_epoll")
RAW = ("raw_shared", "raw_exclusive", "raw_fixed")
RANDOM = URIO + ("asio",) + RAW + ("fio", "fio_batch", "pool", "offload", "loop")
SEQUENTIAL = URIO + ("asio",) + RAW + ("dd", "pool", "offload", "loop")
STEPS = (
    ("urio_shared", "urio_exclusive", "urio_epoll", "asio")
    + ("raw_shared", "raw_exclusive", "raw_linked", "pool", "offload", "loop")
)


def random(name, title, **options):
    return Work(name, title, "blocks", RANDOM, (1, 8, 32, 128), (1, 32), **options)


def sequential(name, title, **options):
    return Work(
        name, title, "blocks", SEQUENTIAL, (4,), (4,), GIB, block=MIB, sequential=True,
        sync=options.get("write", False), **options,
    )


WORKS = (
    random("direct_read", "4 KiB random reads, O_DIRECT", size=GIB, direct=True),
    random("direct_write", "4 KiB random writes, O_DIRECT", size=GIB, direct=True, write=True),
    random("cached_read", "4 KiB random reads, cached", size=256 * MIB),
    random("cached_write", "4 KiB random writes, cached", size=256 * MIB, write=True),
    sequential("direct_scan", "1 MiB sequential reads, O_DIRECT", direct=True),
    sequential("direct_fill", "1 MiB sequential writes, O_DIRECT, then fdatasync", direct=True,
               write=True),
    sequential("cached_scan", "1 MiB sequential reads, cached"),
    sequential("cached_fill", "1 MiB sequential writes, cached, then fdatasync", write=True),
    Work("tree", "small files: open, read, close", "tree", ("urio_blocking", *STEPS), (1, 8, 32), (32,), files=10000,
         unit="files", depth_is="of files in flight"),
    Work("append", "4 KiB appends, each with fdatasync", "append", STEPS, (1, 8, 32), (1, 32),
         write=True, unit="appends", depth_is="of files in flight"),
)

DIRECT = ("direct_read", "direct_write")
SCANS = ("direct_scan", "direct_fill", "cached_scan", "cached_fill")
ALL_DEPTHS = (1, 8, 32, 128)

TARGETS = (
    Target(DIRECT, (32,), "urio_shared", "asio", 5.0),
    Target(DIRECT, ALL_DEPTHS, "urio_shared", "raw_shared", 0.95),
    Target(DIRECT, ALL_DEPTHS, "urio_exclusive", "raw_exclusive", 0.95),
    Target(DIRECT, ALL_DEPTHS, "urio_shared", "fio", 0.95),
    Target(DIRECT, ALL_DEPTHS, "urio_exclusive", "fio", 0.95),
    Target(("cached_read",), (32,), "urio_shared", "asio", 1.5),
    Target(("cached_read",), ALL_DEPTHS, "urio_shared", "raw_shared", 0.90),
    Target(("cached_read",), ALL_DEPTHS, "urio_exclusive", "raw_exclusive", 0.95),
    Target(("cached_read",), ALL_DEPTHS, "urio_fixed", "raw_fixed", 0.95),
    Target(("cached_read",), (32,), "urio_shared", "pool", 3.0),
    Target(("cached_read",), (32,), "urio_shared", "offload", 3.0),
    Target(SCANS, (4,), "urio_shared", "dd", 0.95),
    Target(SCANS, (4,), "urio_shared", "raw_shared", 0.95),
    Target(SCANS, (4,), "urio_exclusive", "raw_exclusive", 0.95),
)

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What is aimed at: the table of the design, and more of that kind."""

from .model import Check, Exact, Target

ECHOES = ("tcp_echo_64", "udp_echo_64", "unix_echo_64")
DIRECT = ("direct_read", "direct_write")
SCANS = ("direct_scan", "direct_fill", "cached_scan", "cached_fill")
DEPTHS = (1, 8, 32, 128)
LOOPS = ("tcp_echo", "tcp_echo_coroutine", "udp_echo", "connection", "cached_read")


def _rate(works, points, ours, others, limit):
    return Check(works, points, ours, others, "rate", limit)


def _cpu(works, points, ours, others, limit):
    return Check(works, points, ours, others, "cpu", limit, at_most=True)


DESIGN = (
    Target("4 KiB random reads, O_DIRECT, depth 32, one file", "Asio's own io_uring files", "5x",
           (_rate(("direct_read",), (32,), "urio_shared", ("asio_uring",), 5.0),)),
    Target("the same", "raw liburing", "0.95x",
           (_rate(("direct_read",), (32,), "urio_shared", ("raw_shared",), 0.95),)),
    Target("4 KiB cached reads, depth 32", "Asio's own io_uring files", "1.5x",
           (_rate(("cached_read",), (32,), "urio_shared", ("asio_uring",), 1.5),)),
    Target("the same", "raw liburing", "0.90x (shared), 0.95x (exclusive)",
           (_rate(("cached_read",), (32,), "urio_shared", ("raw_shared",), 0.90),
            _rate(("cached_read",), (32,), "urio_exclusive", ("raw_exclusive",), 0.95))),
    Target("the same", "thread pool of preads", "3x",
           (_rate(("cached_read",), (32,), "urio_shared", ("pool",), 3.0),
            _rate(("cached_read",), (32,), "urio_shared", ("offload",), 3.0))),
    Target("TCP, UDP and unix-stream echo, 1, 32, 256 connections: server CPU per round trip",
           "the better of Asio epoll and Asio io_uring", "1.0x",
           (_cpu(ECHOES, (1, 32, 256), "urio_shared", ("asio", "asio_uring"), 1.0),)),
    Target("the same, 1000 connections", "the better of Asio epoll and Asio io_uring", "0.9x",
           (_cpu(ECHOES, (1000,), "urio_shared", ("asio", "asio_uring"), 0.9),)),
    Target("the same, 1, 32, 256, 1000 connections", "raw liburing", "1.05x",
           (_cpu(ECHOES, (1, 32, 256, 1000), "urio_shared", ("raw_shared",), 1.05),)),
    Target("reactor engine, the same", "Asio epoll", "within 1.05x",
           (_cpu(ECHOES, (1, 32, 256, 1000), "urio_epoll", ("asio",), 1.05),)),
    Target("NOP through `async_submit`, depth 32", "raw liburing", "0.5x",
           (_rate(("nop",), (32,), "urio_shared", ("raw_shared",), 0.5),)),
    Target("4 KiB cached reads as events, depth 32", "urio's random_access_file", "0.97x",
           (_rate(("cached_read",), (32,), "urio_event", ("urio_shared",), 0.97),)),
    Target("small files: open, read, close as one chain, depth 1-32: CPU",
           "raw liburing, linked", "1.1x",
           (_cpu(("tree",), (1, 8, 32), "urio_linked", ("raw_linked",), 1.1),)),
    Target("steady-state heap allocations per operation", "–", "0",
           (Exact(LOOPS, "urio_shared", "allocations", 0.0),
            Exact(LOOPS, "urio_epoll", "allocations", 0.0))),
    Target("system calls per echo round trip at 256 connections", "Asio epoll: 2 and more",
           "below 0.1",
           (Check(("tcp_echo_64",), (256,), "urio_shared", (), "system_calls", 0.1, at_most=True),)),
    Target("idle connection", "–", "below 512 bytes of urio state",
           (Exact(("idle",), "urio_shared", "bytes", 512),
            Exact(("idle",), "urio_epoll", "bytes", 512))),
)

OTHERS = (
    _rate(("direct_write",), (32,), "urio_shared", ("asio_uring",), 5.0),
    _rate(DIRECT, DEPTHS, "urio_shared", ("raw_shared",), 0.95),
    _rate(DIRECT, DEPTHS, "urio_exclusive", ("raw_exclusive",), 0.95),
    _rate(DIRECT, DEPTHS, "urio_shared", ("fio",), 0.95),
    _rate(("cached_read",), DEPTHS, "urio_shared", ("raw_shared",), 0.90),
    _rate(("cached_read",), DEPTHS, "urio_exclusive", ("raw_exclusive",), 0.95),
    _rate(("cached_read",), DEPTHS, "urio_fixed", ("raw_fixed",), 0.95),
    _rate(SCANS, (4,), "urio_shared", ("dd",), 0.95),
    _rate(SCANS, (4,), "urio_shared", ("raw_shared",), 0.95),
    _cpu(("coroutines",), (1, 32, 256, 1000), "urio_coroutine", ("asio_coroutine",), 1.0),
    _cpu(("connections",), (1, 32, 256), "urio_shared", ("asio",), 1.0),
    _cpu(("http",), (1, 64, 256), "urio_shared", ("asio",), 1.0),
    Check(("latency",), (25, 50, 75), "urio_shared", ("asio",), "p99", 1.0, at_most=True),
    _cpu(("post", "timer_arm", "timer_earliest", "timer_cancel", "timer_fire"), (1, 1000, 100000),
         "urio_shared", ("asio",), 1.05),
    _cpu(("tcp_echo_64",), (1, 32, 256, 1000), "reactor", ("mio",), 1.05),
)

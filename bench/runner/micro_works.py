# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What a loop does by itself: posts, timers, contexts. The names are those of the programs on
Google Benchmark; a point is the benchmark's argument."""

from .model import Work

LOOPS = ("urio_shared", "urio_exclusive", "urio_hosted", "urio_epoll", "asio", "asio_uring")
WITH_UV = LOOPS + ("uv",)
QUICK = ("urio_shared", "asio")


def _work(name, title, unit, contestants=WITH_UV, points=(1,), axis="", quick=(), primary="cpu"):
    return Work(
        name, title, "micro", contestants, points, axis, unit, "micro", primary=primary,
        quick_points=quick, quick_contestants=QUICK, options={"argument": len(axis) > 0},
    )


PENDING = (1, 1000, 100000)

WORKS = (
    _work("post", "handlers posted from the loop", "handlers", LOOPS, (1, 1000), "of handlers",
          (1,)),
    _work("dispatch", "handlers dispatched in the loop", "handlers", LOOPS),
    _work("post_foreign", "handlers posted by another thread, one at a time", "handlers"),
    _work("awaitable", "a coroutine that awaits a post", "posts", LOOPS),
    _work("timer_fire", "timers that fire", "timers", WITH_UV, (1, 1000), "of timers at a time",
          (1000,)),
    _work("timer_arm", "a timer is armed, or moved, behind others", "timers", WITH_UV, PENDING,
          "of timers pending"),
    _work("timer_earliest", "a timer is armed as the earliest", "timers", WITH_UV, PENDING,
          "of timers pending", (100000,)),
    _work("timer_cancel", "a timer is cancelled", "timers", WITH_UV, PENDING, "of timers pending"),
    _work("timer_late", "lateness of timers", "timers", WITH_UV, (1, 1000), "of timers at a time",
          primary="p50"),
    _work("nop", "operations that do nothing, by async_submit()", "operations",
          ("urio_shared", "urio_exclusive", "urio_hosted", "raw_shared", "raw_exclusive"),
          (1, 32, 1024), "of operations in flight", (32,)),
    _work("context", "a context is made, used once and destroyed", "contexts", WITH_UV),
    _work("context_socket", "the same with a socket", "contexts", WITH_UV + ("raw_shared",)),
    _work("connect", "TCP connections made and closed within one loop", "connections",
          WITH_UV + ("raw_shared",)),
    _work("echo", "echo within one loop, unix stream, 64 B", "round trips",
          WITH_UV + ("raw_shared",), (1, 32, 256), "of pairs"),
    _work("echo_coroutine", "the same by coroutines", "round trips", LOOPS, (1, 32, 256),
          "of pairs"),
)

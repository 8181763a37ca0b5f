# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The figures of the regression guard, which are counted and not timed."""

from guard import counts

KEYS = {
    "urio shared": "urio_shared", "urio exclusive": "urio_exclusive", "urio epoll": "urio_epoll",
    "asio epoll": "asio", "asio io_uring": "asio_uring", "liburing shared": "raw_shared",
    "liburing exclusive": "raw_exclusive",
}


def measure(folder):
    """Returns the figures by loop and contestant, and what was left out."""
    try:
        found = counts.measure(folder)
    except (counts.Failed, counts.LeftOut, OSError) as reason:
        return {}, [str(reason)]
    exact = {}
    for name, loops in found.figures.items():
        for loop, figures in loops.items():
            exact.setdefault(loop, {})[KEYS[name]] = figures
    left_out = [f"{what if isinstance(what, str) else ', '.join(what)}: {reason}"
                for what, reason in found.left_out.items()]
    return exact, left_out

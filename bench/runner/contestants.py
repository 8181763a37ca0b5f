# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Who takes part."""

from .model import Contestant


def _urio(key, label, colour, mode, style=""):
    return Contestant(key, label, "urio", mode, style, ours=True, colour=colour)


CONTESTANTS = {
    c.key: c
    for c in (
        _urio("urio_shared", "urio", "#c0392b", "shared"),
        _urio("urio_exclusive", "urio, exclusive", "#e67e22", "exclusive"),
        _urio("urio_hosted", "urio, hosted", "#b9770e", "hosted"),
        _urio("urio_epoll", "urio, reactor on epoll", "#d98880", "epoll"),
        _urio("urio_poll", "urio, reactor on poll(2)", "#f5b7b1", "poll"),
        _urio("urio_fixed", "urio, registered", "#8e2a1e", "fixed"),
        _urio("urio_blocking", "urio, open and close block", "#f1948a", "blocking"),
        _urio("urio_event", "urio, as events", "#943126", "event"),
        _urio("urio_linked", "urio, linked events", "#cb4335", "linked"),
        _urio("urio_coroutine", "urio, coroutines", "#7b241c", "shared", "coroutine"),
        _urio("urio_stream", "urio, streams", "#641e16", "shared", "stream"),
        _urio("urio_stream_multishot", "urio, multishot streams", "#512e5f", "shared",
              "multishot"),
        Contestant("reactor", "urio::reactor", "reactor", "epoll", ours=True, colour="#a93226"),
        Contestant("reactor_poll", "urio::reactor on poll(2)", "reactor", "poll", ours=True,
                   colour="#e6b0aa"),
        Contestant("asio", "Asio's epoll", "asio", colour="#2c3e50"),
        Contestant("asio_coroutine", "Asio's epoll, coroutines", "asio", style="coroutine",
                   colour="#85929e"),
        Contestant("asio_uring", "Asio's io_uring", "asio_uring", colour="#566573"),
        Contestant("raw_shared", "liburing", "raw", "shared", colour="#2471a3"),
        Contestant("raw_exclusive", "liburing, exclusive", "raw", "exclusive", colour="#5dade2"),
        Contestant("raw_fixed", "liburing, registered", "raw", "fixed", colour="#154360"),
        Contestant("raw_linked", "liburing, linked", "raw", "linked", colour="#48c9b0"),
        Contestant("multishot", "liburing, multishot", "multishot", "shared", colour="#1f618d"),
        Contestant("epoll", "bare epoll", "epoll", colour="#1e8449"),
        Contestant("uv", "libuv", "uv", colour="#7d3c98"),
        Contestant("mio", "mio", "mio", colour="#bb8fce"),
        Contestant("fio", "fio", "fio", needs="raw_shared", colour="#1e8449"),
        Contestant("fio_batch", "fio, in batches", "fio", "batch", needs="raw_shared",
                   colour="#82e0aa"),
        Contestant("dd", "dd", "dd", colour="#1e8449"),
        Contestant("pool", "pool of threads", "blocking", "pool", colour="#7d3c98"),
        Contestant("offload", "pool behind a loop", "blocking", "offload", colour="#bb8fce"),
        Contestant("loop", "blocking loop", "blocking", "loop", colour="#7f8c8d"),
    )
}

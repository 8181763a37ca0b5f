# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What is done with sockets, and a file server."""

from .model import KIB, Work

CORE = ("urio_shared", "urio_exclusive", "urio_epoll", "asio", "asio_uring", "raw_shared",
        "multishot", "epoll", "uv")
ALL = (
    ("urio_shared", "urio_exclusive", "urio_hosted", "urio_epoll", "urio_poll", "asio",
     "asio_uring", "raw_shared", "raw_exclusive", "multishot", "epoll", "uv", "mio", "reactor",
     "reactor_poll")
)
QUICK = ("urio_shared", "urio_epoll", "asio", "raw_shared")
FEW = tuple(k for k in CORE if k not in ("urio_exclusive", "multishot", "uv"))
CONNECTIONS = (1, 32, 256, 1000, 5000)

# The larger a message, the fewer connections it takes to have as much on its way.
SIZES = {"64": (64, "64 B", 5), "4k": (4 * KIB, "4 KiB", 4), "64k": (64 * KIB, "64 KiB", 3)}
# A datagram has 65,507 bytes at most.
DATAGRAMS = {**SIZES, "64k": (60 * KIB, "60 KiB", 3)}
PROTOCOLS = {"tcp": "TCP", "unix": "unix stream", "udp": "UDP"}


def _echo(protocol, size, quick=()):
    number, label, points = (DATAGRAMS if protocol == "udp" else SIZES)[size]
    contestants = CORE if "tcp" == protocol or size == "64" else FEW
    if (protocol, size) == ("tcp", "64"):
        contestants = ALL
    if protocol != "udp" and size == "64":
        contestants += ("urio_stream",)
    if (protocol, size) == ("tcp", "64"):
        contestants += ("urio_stream_multishot",)
    return Work(
        f"{protocol}_echo_{size}", f"{PROTOCOLS[protocol]} echo, {label}", protocol, contestants,
        CONNECTIONS[:points], "of sockets" if protocol == "udp" else "of connections", "round trips", "net",
        primary="cpu", quick_points=quick, quick_contestants=QUICK,
        options={"protocol": protocol, "size": number},
    )


def _stream(name, title, **options):
    return Work(
        name, title, "tcp", tuple(k for k in CORE if k != "multishot" or name == "upload"), (1, 32),
        "of connections", "blocks", "net", primary="cpu",
        options={"work": name, "size": 64 * KIB, **options},
    )


STYLES = ("urio_shared", "urio_coroutine", "asio", "asio_coroutine")

WORKS = tuple(
    _echo(protocol, size, (1, 256) if (protocol, size) == ("tcp", "64") else ())
    for protocol in PROTOCOLS for size in SIZES
) + (
    Work("pipelined", "pipelined TCP echo, 64 B, 32 messages on their way", "tcp", CORE,
         (1, 32, 256), "of connections", "round trips", "net", primary="cpu",
         options={"size": 64, "window": 32}),
    Work("coroutines", "TCP echo, 64 B, coroutines against callbacks", "tcp", STYLES,
         (1, 32, 256, 1000), "of connections", "round trips", "net", primary="cpu",
         options={"size": 64}),
    Work("threads", "TCP echo, 64 B, 256 connections, on several threads and both processors",
         "tcp", ("urio_shared", "urio_hosted", "urio_epoll", "asio", "asio_uring"), (1, 2, 4),
         "of threads", "round trips", "net", primary="cpu",
         options={"size": 64, "connections": 256, "point": "threads", "floating": True}),
    Work("connections", "TCP connections, each accepted, one message to and fro, closed", "tcp",
         CORE, (1, 32, 256), "of connections at a time", "connections", "net", primary="cpu",
         options={"work": "connections", "size": 64}),
    _stream("upload", "TCP, received in blocks of 64 KiB"),
    _stream("download", "TCP, sent in blocks of 64 KiB"),
    Work("latency", "TCP echo, 64 B, 64 connections, at a fixed rate", "tcp",
         ("urio_shared", "urio_exclusive", "urio_epoll", "asio", "asio_uring", "raw_shared",
          "epoll", "uv"),
         (25, 50, 75), "of messages per 100 that Asio's epoll can do", "round trips", "net",
         primary="p99", quick_points=(50,), quick_contestants=QUICK,
         options={"work": "paced", "size": 64, "connections": 64, "point": "share"}),
    Work("idle", "idle TCP connections", "tcp",
         ("urio_shared", "urio_epoll", "asio", "asio_uring", "raw_shared", "epoll", "uv"),
         (1000, 5000), "of connections", "connections", "net", primary="resident",
         options={"work": "idle", "size": 64}),
    Work("http", "HTTP file server, files of 1 to 16 KiB", "http",
         ("urio_shared", "urio_epoll", "asio"), (1, 64, 256), "of connections", "requests", "http",
         primary="cpu", quick_points=(64,)),
)

#!/usr/bin/env python3
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Is both ends of the proxy splice_proxy, whose path is the argument, and compares what
they get with what the others have sent."""

import random
import socket
import struct
import subprocess
import sys
import threading

LIMIT = 60
CONNECTIONS = 12

failures = []
listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(LIMIT)


def check(condition, what):
    if not condition:
        failures.append(what)
        print("FAILED:", what)


def bytes_of(number, side):
    """What one end of a connection sends: more than all buffers hold for the first three."""
    r = random.Random(2 * number + side)
    size = 8_000_000 if number < 3 else r.choice([0, 1, 4096, r.randrange(300_000)])
    return r.randbytes(size)


def receive_all(s):
    parts = []
    while part := s.recv(50_000):
        parts.append(part)
    return b"".join(parts)


def converse(s, number, side):
    """Sends and receives, each to the end. Of three connections one does both at once. In the
    next the server is silent until the client has ended, which leaves it half closed. In the
    last the client reads nothing as long as it sends."""
    s.settimeout(LIMIT)
    got = []
    reader = threading.Thread(target=lambda: got.append(receive_all(s)))
    reads_first, sends_first = (number % 3, side) == (1, 1), (number % 3, side) == (2, 0)
    if not sends_first:
        reader.start()
    if reads_first:
        reader.join()
    s.sendall(bytes_of(number, side))
    s.shutdown(socket.SHUT_WR)
    if sends_first:
        reader.start()
    reader.join()
    check(got and got[0] == bytes_of(number, 1 - side), f"connection {number}, side {side}")
    s.close()


def serve():
    """The number of a connection is the first that it brings."""
    for _ in range(CONNECTIONS):
        s, _ = listener.accept()
        s.settimeout(LIMIT)
        (number,) = struct.unpack("!I", s.recv(4, socket.MSG_WAITALL))
        start(converse, s, number, 1)


def connect(port, number):
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(struct.pack("!I", number))
    start(converse, s, number, 0)


threads = []


def start(function, *arguments):
    def checked():
        try:
            function(*arguments)
        except OSError as e:
            check(False, f"{function.__name__}{arguments[1:]}: {e}")

    t = threading.Thread(target=checked)
    t.start()
    threads.append(t)


started = []


def run_proxy(to_port, connections):
    p = subprocess.Popen(
        [sys.argv[1], "--to-port", str(to_port), "--connections", str(connections)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started.append(p)
    line = p.stdout.readline()
    if not line.startswith("listening on port "):
        sys.exit(f"It said: {line} {p.communicate()[1]}")
    return p, int(line.split()[-1])


def faithful():
    """All bytes, in both directions, of several connections at once."""
    p, port = run_proxy(listener.getsockname()[1], CONNECTIONS)
    start(serve)
    for number in range(CONNECTIONS):
        connect(port, number)
    while threads:
        threads.pop().join()
    _, messages = p.communicate(timeout=LIMIT)
    check(p.returncode == 0 and messages == "", f"it ended with {p.returncode}: {messages}")


def errors():
    """A server that is not there, and a client that resets: it says so, and goes on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        p, port = run_proxy(unused.getsockname()[1], 1)
        with socket.create_connection(("127.0.0.1", port)) as s:
            check(s.recv(1) == b"", "there was no server, but an answer")
        _, messages = p.communicate(timeout=LIMIT)
        check(p.returncode == 0 and "Connection refused" in messages, messages)

    p, port = run_proxy(listener.getsockname()[1], 1)
    client = socket.create_connection(("127.0.0.1", port))
    server, _ = listener.accept()
    server.settimeout(LIMIT)
    client.sendall(b"x")
    check(server.recv(1) == b"x", "the first byte")
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    check(server.recv(1) == b"", "a reset, but no end")
    _, messages = p.communicate(timeout=LIMIT)
    check(p.returncode == 0 and "Connection reset" in messages, messages)
    server.close()


try:
    faithful()
    errors()
finally:
    for process in started:
        process.kill()
sys.exit(1 if failures else 0)

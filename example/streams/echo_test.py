#!/usr/bin/env python3
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Is the clients of stream_echo, whose path is the argument: many connections have few buffers,
and each gets what it has sent."""

import random
import socket
import struct
import subprocess
import sys
import threading

LIMIT = 60

failures = []
started = []


def check(condition, what):
    if not condition:
        failures.append(what)
        print("FAILED:", what)


def run_server(*options):
    p = subprocess.Popen([sys.argv[1], *map(str, options)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started.append(p)
    line = p.stdout.readline()
    if not line.startswith("listening on port "):
        sys.exit(f"It said: {line} {p.communicate()[1]}")
    return p, int(line.split()[-1])


def connect(port):
    return socket.create_connection(("127.0.0.1", port), LIMIT)


def receive_all(s):
    parts = []
    while part := s.recv(50_000):
        parts.append(part)
    return b"".join(parts)


def converse(s, number, size):
    try:
        sent = random.Random(number).randbytes(size)
        got = []
        reader = threading.Thread(target=lambda: got.append(receive_all(s)))
        reader.start()
        s.sendall(sent)
        s.shutdown(socket.SHUT_WR)
        reader.join()
        check(got == [sent], f"connection {number} of {size} bytes")
    except OSError as e:
        check(False, f"connection {number}: {e}")
    s.close()


def at_once(clients, sizes):
    threads = [threading.Thread(target=converse, args=(s, n, size))
               for n, (s, size) in enumerate(zip(clients, sizes))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def finish(p, buffers):
    output, messages = p.communicate(timeout=LIMIT)
    check(p.returncode == 0 and messages == "", f"it ended with {p.returncode}: {messages}")
    check(output.startswith(f"{buffers} buffers, taken 0, chosen by "), output)


def few_buffers(count, size):
    """Those that wait have none; so the others go on, be there a single one."""
    p, port = run_server("--connections", 40, "--count", count, "--size", size)
    clients = [connect(port) for _ in range(40)]
    idle, busy = clients[:32], clients[32:]
    for s in idle:
        s.sendall(b"x")
        check(s.recv(1) == b"x", "the first byte")
    at_once(busy, [0, 1, size, size + 1, 5000, 100 * size, 50_000, 200_000])
    at_once(idle, [3 * size] * len(idle))
    finish(p, count)


def a_reset():
    """It says so, and goes on."""
    p, port = run_server("--connections", 2)
    first, second = connect(port), connect(port)
    first.sendall(b"x")
    check(first.recv(1) == b"x", "the first byte")
    first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    first.close()
    converse(second, 0, 10_000)
    _, messages = p.communicate(timeout=LIMIT)
    check(p.returncode == 0 and "Connection reset" in messages, messages)


try:
    few_buffers(1, 64)
    few_buffers(3, 1000)
    a_reset()
    nothing = subprocess.run([sys.argv[1], "--count", "0"], capture_output=True, text=True,
                             timeout=LIMIT)
    check(nothing.returncode == 1 and "no buffers" in nothing.stderr, nothing.stderr)
finally:
    for process in started:
        process.kill()
sys.exit(1 if failures else 0)

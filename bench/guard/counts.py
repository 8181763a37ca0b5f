# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Counts, exactly, what an operation of the core loops takes outside the kernel: instructions,
system calls and heap allocations. The figures are the same on a busy machine and an idle one,
and on all processors of an architecture: valgrind's is always the same but for its vectors,
which glibc chooses some functions by, and they make 0.01 %.

Each is (what 2 N operations take - what N take) / N, so that the start drops out. Instructions
are counted by valgrind's callgrind, system calls by strace, which needs no privilege,
allocations by the program."""

import concurrent.futures
import dataclasses
import functools
import json
import os
import re
import shutil
import subprocess

# By the name that tables have: the program and its mode.
CONTESTANTS = {
    "urio shared": ("guard_urio", "shared"),
    "urio exclusive": ("guard_urio", "exclusive"),
    "urio epoll": ("guard_urio", "epoll"),
    "asio epoll": ("guard_asio", "epoll"),
    "asio io_uring": ("guard_asio_uring", "uring"),
    "liburing shared": ("guard_raw", "shared"),
    "liburing exclusive": ("guard_raw", "exclusive"),
}
LOOPS = ("tcp_echo", "tcp_echo_coroutine", "udp_echo", "connection", "cached_read", "idle")
OPERATIONS = 512
# Two descriptors each; 1024 are allowed in most places.
IDLE_CONNECTIONS = 200

UNITS = {
    "instructions": "instructions outside the kernel",
    "system_calls": "system calls",
    "allocations": "heap allocations",
    "bytes": "bytes of an idle connection, its socket's included",
}

SKIPPED = 77


class LeftOut(Exception):
    """This cannot be counted here, for this reason."""


class Failed(Exception):
    """A program did not do its work."""


@dataclasses.dataclass
class Counts:
    """figures[contestant][loop][figure]; what is not there was left out, and why by
    (contestant, loop), or by figure if the tool that counts it cannot be used."""

    figures: dict
    left_out: dict


def _run(command):
    # What decides about the backend or prints besides is not ours to inherit.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("URIO_")}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=100, check=False,
            env={**environment, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise Failed(f"{command[0]} is not there") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(command)}: it took too long") from None
    if done.returncode == SKIPPED:
        # The program's own words, among those of valgrind or strace.
        said = [line for line in done.stderr.splitlines() if not line.startswith("==")]
        raise LeftOut(said[0] if said else "for no reason that it gives")
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done


CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
STRACE = ("strace", "-f", "-c")


@functools.lru_cache(maxsize=None)
def _try_tool(tool):
    """Why it cannot be used here, or None: it is not installed, or tracing is forbidden."""
    if not shutil.which(tool[0]):
        return f"Debian's package {tool[0]} is not installed"
    try:
        _run([*tool, "true"])
    except Failed as reason:
        return str(reason)
    return None


def _instructions(command):
    said = _run([*CALLGRIND, *command]).stderr
    return int(re.search(r"Collected : (\d+)", said)[1])


def _system_calls(command):
    # Its last line: % of time, seconds, microseconds for each, calls, errors if any, "total".
    last = _run([*STRACE, *command]).stderr.strip().splitlines()[-1].split()
    if last[-1] != "total":
        raise Failed(f"strace printed {last}")
    return int(last[3])


def _allocations(command):
    return json.loads(_run(command).stdout)["allocations"]


def _live_bytes(command):
    return json.loads(_run(command).stdout)["live_bytes"]


# What counts a figure, and the tool that it needs.
COUNTERS = {
    "instructions": (_instructions, CALLGRIND),
    "system_calls": (_system_calls, STRACE),
    "allocations": (_allocations, None),
    "bytes": (_live_bytes, None),
}


def _count(command, figure, operations):
    count = COUNTERS[figure][0]
    once, twice = (count([*command, "--operations", str(n)]) for n in (operations, 2 * operations))
    return round((twice - once) / operations, 4)


def _cell(folder, contestant, loop, usable):
    """The figures of a contestant in a loop."""
    program, mode = CONTESTANTS[contestant]
    command = [os.path.join(folder, program), "--mode", mode, "--loop", loop]
    # Tells by itself whether it can run.
    said = json.loads(_run([*command, "--operations", "1"]).stdout)
    if loop == "idle":
        return {"bytes": _count(command, "bytes", IDLE_CONNECTIONS) + said["socket_bytes"]}
    return {f: _count(command, f, OPERATIONS) for f in usable}


def measure(folder, contestants=tuple(CONTESTANTS), loops=LOOPS):
    """The figures of the programs in a folder, as Counts."""
    left_out = {}
    for figure, (_, tool) in COUNTERS.items():
        reason = tool and _try_tool(tool)
        if reason:
            left_out[figure] = reason
    usable = [f for f in COUNTERS if f not in left_out and f != "bytes"]
    figures = {c: {} for c in contestants}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        cells = {
            (contestant, loop): pool.submit(_cell, folder, contestant, loop, usable)
            for contestant in contestants for loop in loops
        }
        for (contestant, loop), cell in cells.items():
            try:
                figures[contestant][loop] = cell.result()
            except LeftOut as reason:
                left_out[contestant, loop] = str(reason)
    return Counts(figures, left_out)


def built_with(folder):
    """What the figures hold for: the compiler and the libraries of the programs."""
    return json.loads(_run([os.path.join(folder, "guard_urio"), "--version"]).stdout)

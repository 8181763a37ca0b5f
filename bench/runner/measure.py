# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs the contestants in turn, round by round, and keeps what they say."""

import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field

from . import file_driver, http_driver, micro_driver, net_driver
from .contestants import CONTESTANTS
from .model import MIB, Failed, LeftOut

# Whatever one contestant does, the others' results are kept.
FAILURES = (Failed, subprocess.SubprocessError, OSError, ValueError, KeyError)
DRIVERS = {"file": file_driver.Driver, "net": net_driver.Driver, "micro": micro_driver.Driver,
           "http": http_driver.Driver}


class Limits:
    """How long or how much; and for a smoke run, how little."""

    def __init__(self, seconds, rounds, quick=False, smoke=False):
        self.seconds = seconds
        self.rounds = rounds
        self.quick = quick
        self.smoke = smoke
        self.operations = 203 if smoke else 0
        self.files = 150 if smoke else 10000
        self.pass_size = 16 * MIB if smoke else 128 * MIB if quick else 512 * MIB


class Progress:
    """Says how far it has come: on a terminal, in one line that changes."""

    def __init__(self, total):
        self._total = total
        self._done = 0
        self._begin = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def _line(self, text):
        spent = time.monotonic() - self._begin
        left = spent / max(self._done, 1) * (self._total - self._done)
        return f"bench: {100 * self._done // self._total:3} %, {left:4.0f} s left: {text}"

    def step(self, text):
        self._done += 1
        if self._terminal:
            print(f"\r{self._line(text)[:100]:100}", end="", file=sys.stderr, flush=True)

    def cell(self, text):
        if not self._terminal:
            print(self._line(text), file=sys.stderr, flush=True)

    def end(self):
        if self._terminal:
            print(file=sys.stderr)


@dataclass
class Results:
    """What came of it all."""

    cells: list = field(default_factory=list)  # (work, point, rounds, counted, rate)
    left_out: dict = field(default_factory=dict)  # the reason by contestant and work
    failed: list = field(default_factory=list)  # (work, point, contestant)
    other: float = 0  # share of the processors' time that went to something else


class Runner:
    """Keeps the drivers, which are made when they are needed."""

    def __init__(self, folder, scratch, limits):
        self._arguments = (os.path.join(folder, "bench"), scratch, limits)
        self._limits = limits
        self._drivers = {}
        self.results = Results()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for driver in self._drivers.values():
            driver.close()

    def _driver(self, name):
        if name not in self._drivers:
            self._drivers[name] = DRIVERS[name](*self._arguments)
        return self._drivers[name]

    def contestants(self, work):
        return work.quick_contestants if self._limits.quick and work.quick_contestants \
            else work.contestants

    def _run(self, work, point, key, count=False):
        """None if it does not run."""
        contestant, results = CONTESTANTS[key], self.results
        if (contestant.needs, work.name) in results.left_out:
            results.left_out[key, work.name] = results.left_out[contestant.needs, work.name]
        if (key, work.name) in results.left_out or (work.name, point, key) in results.failed:
            return None
        try:
            return self._driver(work.driver).run(contestant, work, point, count)
        except LeftOut as reason:
            results.left_out[key, work.name] = str(reason)
        except FAILURES as reason:
            print(f"\nbench: {reason}", file=sys.stderr)
            results.failed.append((work.name, point, key))
        return None

    def cell(self, work, point, step):
        """One work at one point."""
        driver = self._driver(work.driver)
        keys = self.contestants(work)
        try:
            driver.prepare(work, point)
        except (LeftOut, *FAILURES) as reason:
            print(f"\nbench: {work.name} cannot be prepared: {reason}", file=sys.stderr)
            self.results.failed += [(work.name, point, key) for key in keys]
            return
        # The first to come would find caches cold and the disk asleep.
        any(self._run(work, point, key) for key in keys)
        rounds = {key: [] for key in keys}
        for number in range(self._limits.rounds):
            for key in keys:
                step(f"{work.name}, {point}, round {number + 1}, {CONTESTANTS[key].label}")
                one = self._run(work, point, key)
                if one:
                    rounds[key].append(one)
        complete = {k: r for k, r in rounds.items() if len(r) == self._limits.rounds}
        # To count takes time: it has a run of its own.
        counted = {}
        for key in complete:
            step(f"{work.name}, {point}, system calls of {CONTESTANTS[key].label}")
            counted[key] = self._run(work, point, key, count=True)
        rate = driver.rate(work, point) if work.driver == "net" else None
        self.results.cells.append((work, point, complete, counted, rate))


def _own_seconds():
    """Processor time of this process and of those that it has started."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(r.ru_utime + r.ru_stime for r in both)


def _busy_seconds():
    """Processor time of the whole machine so far."""
    with open("/proc/stat", encoding="ascii") as f:
        fields = [int(x) for x in f.readline().split()[1:]]
    user, nice, system, _, _, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def measure(works, points_of, limits, scratch, folder):
    busy, begin = _busy_seconds() - _own_seconds(), time.monotonic()
    with Runner(folder, scratch, limits) as runner:
        cells = [(w, p) for w in works for p in points_of(w)]
        progress = Progress(
            sum(len(runner.contestants(w)) for w, _ in cells) * (limits.rounds + 1))
        for work, point in cells:
            runner.cell(work, point, progress.step)
            progress.cell(f"{work.name}, {point}")
        progress.end()
    elapsed = time.monotonic() - begin
    other = (_busy_seconds() - _own_seconds() - busy) / (elapsed * os.cpu_count())
    runner.results.other = max(other, 0.0)
    return runner.results


def machine(folder):
    """What a reader has to know of the machine, and nothing that names it."""
    release = os.uname().release
    kernel = ".".join(re.findall(r"\d+", release)[:2])
    fs = subprocess.run(
        ["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=False
    ).stdout.strip() or "unknown"
    model = ""
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    fs = {"ext2/ext3": "ext4"}.get(fs, fs)
    return {
        "kernel": kernel,
        "architecture": os.uname().machine,
        "processors": os.cpu_count(),
        "processor": model,
        "file_system": fs,
    }

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs the contestants in turn, round by round, and keeps what they say."""

import os
import re
import shutil
import subprocess
import sys
import time

from . import contestants
from .works import CONTESTANTS, GIB, MIB


class Limits:
    """How long or how much; and for a smoke run, how little."""

    def __init__(self, seconds, rounds, quick=False, smoke=False):
        self.seconds = seconds
        self.rounds = rounds
        self.operations = 203 if smoke else 0
        self.verify = smoke
        self.files = 150 if smoke else 10000
        self._pass = 16 * MIB if smoke else 256 * MIB if quick else GIB
        self._smoke = smoke
        self._salt = 0

    def size(self, work):
        """Of the file, or of the part of it that a pass goes over."""
        return min(work.size, self._pass if work.sequential or self._smoke else work.size)

    def next_salt(self):
        self._salt += 1
        return self._salt


class Files:
    """The files that are read and written. They are removed at the end."""

    def __init__(self, folder, programs, limits):
        self._folder = folder
        self._prepare = os.path.join(programs, "prepare")
        self._limits = limits
        self._have = None

    def __enter__(self):
        os.makedirs(self._folder, exist_ok=True)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self._folder, ignore_errors=True)

    def path(self, work):
        """The file or folder of a work, made if it is not there."""
        # What was written in a smoke run is not what is to be read.
        want = (work.kind, self._limits.size(work), work.direct, self._limits.verify and work.name)
        path = os.path.join(self._folder, work.kind)
        if want == self._have:
            return path
        self._have = None
        shutil.rmtree(self._folder)
        os.makedirs(self._folder)
        command = [self._prepare, "--path", path]
        if work.size:
            command += ["--size", str(self._limits.size(work))]
            command += ["--uncached"] if work.direct else []
        else:
            command += ["--files", str(self._limits.files if work.files else 0)]
        subprocess.run(command, check=True)
        self._have = want
        return path

    @staticmethod
    def settle(path):
        """What another has written shall not reach the disk in somebody's time."""
        if os.path.isfile(path):
            fd = os.open(path, os.O_RDWR)
            os.fdatasync(fd)
            os.close(fd)


class Progress:
    """Says how far it has come: on a terminal, in one line that changes."""

    def __init__(self, total):
        self._total = total
        self._done = 0
        self._begin = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def step(self, text, weight=1):
        self._done += weight
        spent = time.monotonic() - self._begin
        left = spent / self._done * (self._total - self._done)
        if self._terminal:
            line = f"bench: {100 * self._done // self._total:3} %, {left:4.0f} s left: {text}"
            print(f"\r{line[:100]:100}", end="", file=sys.stderr, flush=True)

    def cell(self, text):
        if self._terminal:
            return
        spent = time.monotonic() - self._begin
        left = spent / max(self._done, 1) * (self._total - self._done)
        print(
            f"bench: {100 * self._done // self._total:3} %, {left:4.0f} s left: {text}",
            file=sys.stderr, flush=True,
        )

    def end(self):
        if self._terminal:
            print(file=sys.stderr)


def _warm_up(work, depth, path, limits, programs):
    """The first to come would find caches cold and the disk asleep."""
    for key in work.contestants:
        try:
            contestants.run(CONTESTANTS[key], work, depth, path, limits, programs)
            return
        except (contestants.LeftOut, contestants.Failed):
            pass  # to be noted when it is its turn


def _busy_seconds():
    """Processor time of the whole machine so far."""
    with open("/proc/stat", encoding="ascii") as f:
        fields = [int(x) for x in f.readline().split()[1:]]
    user, nice, system, _, _, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def measure(works, depths_of, limits, scratch, programs):
    """Returns the results of all works, who was left out, who failed, and how much of the
    processors' time went to something else."""
    results, left_out, failed = [], {}, []
    cells = [(w, d) for w in works for d in depths_of(w)]
    progress = Progress(sum(len(w.contestants) for w, _ in cells) * limits.rounds)
    busy, own, begin = _busy_seconds(), 0.0, time.monotonic()
    with Files(scratch, programs, limits) as files:
        for work, depth in cells:
            path = files.path(work)
            rounds = {key: [] for key in work.contestants}
            _warm_up(work, depth, path, limits, programs)
            for number in range(limits.rounds):
                for key in work.contestants:
                    contestant = CONTESTANTS[key]
                    progress.step(f"{work.name}, depth {depth}, round {number + 1}, "
                                  f"{contestant.label}")
                    if (contestant.needs, work.kind) in left_out:
                        left_out[key, work.kind] = left_out[contestant.needs, work.kind]
                    if (key, work.kind) in left_out or (work.name, depth, key) in failed:
                        continue
                    if work.write:
                        files.settle(path)
                    try:
                        one = contestants.run(contestant, work, depth, path, limits, programs)
                    except contestants.LeftOut as reason:
                        left_out[key, work.kind] = str(reason)
                        continue
                    except contestants.Failed as reason:
                        print(f"\nbench: {reason}", file=sys.stderr)
                        failed.append((work.name, depth, key))
                        continue
                    own += (one["user"] or 0) + (one["system"] or 0)
                    rounds[key].append(one)
            progress.cell(f"{work.name}, depth {depth}")
            complete = {k: r for k, r in rounds.items() if len(r) == limits.rounds}
            results.append((work, depth, complete))
    progress.end()
    elapsed = time.monotonic() - begin
    other = (_busy_seconds() - busy - own) / (elapsed * os.cpu_count())
    return results, left_out, failed, max(other, 0.0)


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
        "load_before": os.getloadavg()[0],
    }

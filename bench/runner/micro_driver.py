# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs the programs on Google Benchmark."""

import json
import os
import re

from . import process
from .model import Failed, LeftOut

NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


class Driver:
    def __init__(self, folder, _scratch, limits):
        self._programs = os.path.join(folder, "micro")
        self._limits = limits

    def close(self):
        pass

    def prepare(self, work, point):
        pass

    def run(self, contestant, work, point, count=False):
        name = re.escape(work.name) + (f"/{point}" if work.options["argument"] else "")
        seconds = 0.001 if self._limits.smoke else self._limits.seconds / 4
        command = [os.path.join(self._programs, f"micro_{contestant.program}"),
                   f"--benchmark_filter=^{name}(/|$)", f"--benchmark_min_time={seconds}",
                   "--benchmark_format=json"]
        if contestant.mode and contestant.program == "urio":
            command += ["--mode", contestant.mode]
        if count:
            command.append("--count")
        done, _, _ = process.run(command, self._limits.seconds)
        if not done.stdout.strip():
            raise LeftOut(f"it has no {work.name}")
        found = json.loads(done.stdout)["benchmarks"]
        if len(found) != 1:
            raise Failed(f"{' '.join(command)}: {len(found)} benchmarks")
        if found[0].get("error_occurred"):
            raise Failed(f"{' '.join(command)}: {found[0]['error_message']}")
        return _result(found[0])


def _result(one):
    """Per item, where an iteration has several: times are those of an iteration."""
    unit = NANOSECONDS[one["time_unit"]]
    seconds = one["real_time"] * unit * 1e-9 * one["iterations"]
    operations = one["items_per_second"] * seconds
    calls = one.get("system_calls")
    latency = {name[:-3]: one[name] for name in ("p50_us", "p99_us") if name in one}
    return {
        "operations": operations,
        "bytes": 0,
        "seconds": seconds,
        # It does not tell them apart.
        "user": one["cpu_time"] * unit * 1e-9 * one["iterations"],
        "system": 0.0,
        "system_calls": None if calls is None else calls * operations,
        "latency_us": latency or None,
    }

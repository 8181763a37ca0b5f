# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs servers, each under the same load from another process."""

import json
import os
import shutil
import tempfile
from statistics import median

from . import process
from .contestants import CONTESTANTS
from .model import Failed

SMOKE_CONNECTIONS = 4
SMOKE_RATE = 2000


class Driver:
    def __init__(self, folder, _scratch, limits):
        self._programs = os.path.join(folder, "net")
        self._limits = limits
        self._rates = {}
        # The path of a Unix domain socket is short.
        self._folder = tempfile.mkdtemp(prefix="urio-bench-")

    def close(self):
        shutil.rmtree(self._folder, ignore_errors=True)

    def prepare(self, work, point):
        """A fixed rate is a share of what Asio does at most, here and today."""
        if work.options.get("work") != "paced" or self._limits.smoke:
            return
        if work.name not in self._rates:
            options = {**work.options, "work": "echo"}
            runs = [self._run(CONTESTANTS["asio"], options, work.options["connections"], {}, False)
                    for _ in range(3)]
            self._rates[work.name] = median(r["operations"] / r["seconds"] for r in runs)

    def rate(self, work, point):
        """Messages per second at a point of a paced work."""
        if work.name not in self._rates:
            return None
        return round(self._rates[work.name] * point / 100, -2)

    def run(self, contestant, work, point, count=False):
        given = {work.options.get("point", "connections"): point}
        if "share" in given:
            given["rate"] = SMOKE_RATE if self._limits.smoke else self.rate(work, point)
        connections = given.get("connections", work.options.get("connections"))
        if self._limits.smoke:
            connections = SMOKE_CONNECTIONS
        return self._run(contestant, work.options, connections, given, count)

    def _run(self, contestant, options, connections, given, count):
        limits, kind = self._limits, options.get("work", "echo")
        size, window = options["size"], options.get("window", 1)
        server = [os.path.join(self._programs, f"server_{contestant.program}")]
        process.require_built(server[0])
        if contestant.mode:
            server += ["--mode", contestant.mode]
        if contestant.style:
            server += ["--style", contestant.style]
        if "threads" in given:
            server += ["--threads", str(given["threads"])]
        server += ["--buffer", str(max(4096, min(size * window, 65536)))]
        command = [os.path.join(self._programs, "load"), "--server", " ".join(server),
                   "--protocol", options.get("protocol", "tcp"), "--work", kind,
                   "--path", os.path.join(self._folder, "socket"),
                   "--connections", str(connections), "--size", str(size),
                   "--window", str(window)]
        if options.get("floating"):
            command.append("--floating")
        if limits.smoke:
            command.append("--verify")
        if count:
            command.append("--count")
        if kind == "paced":
            command += ["--rate", str(given["rate"]), "--seconds", str(max(5 * limits.seconds, 0.2))]
        elif kind != "idle":
            command += (["--operations", str(limits.operations)] if limits.operations
                        else ["--seconds", str(limits.seconds)])
        done, _, _ = process.run(command, limits.seconds)
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            raise Failed(f"{' '.join(command)} printed {done.stdout!r}") from None

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs the example's file server, built on urio and on stock Asio, under wrk."""

import os
import re
import shutil
import subprocess
import tempfile

from . import process
from .model import Failed, LeftOut

# Each file in turn, and in the end a line of figures; a body that is not complete is an error.
SCRIPT = """
local paths = {}
for path in io.lines(os.getenv("BENCH_PATHS")) do
  paths[#paths + 1] = path
end
local next = 0
request = function()
  next = next % #paths + 1
  return wrk.format("GET", paths[next])
end
done = function(summary)
  local e = summary.errors
  io.write(string.format("requests %d bytes %d errors %d us %d\\n", summary.requests,
    summary.bytes, e.connect + e.read + e.write + e.status + e.timeout, summary.duration))
end
"""


def used(pid):
    """Processor seconds of a process, its threads and the kernel's workers for it included."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as f:
            total += int(f.read().split()[0])
    return total * 1e-9


class Server:
    """A server on the first processor."""

    def __init__(self, program, site, backend):
        process.require_built(program)
        environment = process.environment()
        if backend:
            environment["URIO_BACKEND"] = backend
        self._process = subprocess.Popen(
            process.pinned(0, [program, "--port", "0", site]), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=environment,
        )
        line = self._process.stdout.readline()
        found = re.match(r"(http://\S+) ", line)
        if not found:
            said = self._process.stderr.read().strip()
            self.stop()
            # It tells why there is no io_uring here.
            raise (LeftOut if "io_uring" in said else Failed)(said or f"{program} did not start")
        self.url = found[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()


class Driver:
    """Keeps the site that is served. It is removed at the end."""

    def __init__(self, folder, _scratch, _limits):
        self._examples = os.path.join(os.path.dirname(folder), "example")
        self._prepare = os.path.join(folder, "file", "prepare")
        self._counter = os.path.join(folder, "net", "count_system_calls")
        self._folder = None

    def close(self):
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def prepare(self, work, point):
        if self._folder:
            return
        if not shutil.which("wrk"):
            return
        self._folder = tempfile.mkdtemp(prefix="urio-bench-")
        site = os.path.join(self._folder, "site")
        subprocess.run([self._prepare, "--path", site, "--files", "200"], check=True)
        with open(os.path.join(self._folder, "paths"), "w", encoding="utf-8") as f:
            for folder, _, names in os.walk(site):
                for name in names:
                    f.write("/" + os.path.relpath(os.path.join(folder, name), site) + "\n")
        with open(os.path.join(self._folder, "paths.lua"), "w", encoding="utf-8") as f:
            f.write(SCRIPT)

    def run(self, contestant, work, point, count=False):
        if not self._folder:
            raise LeftOut("Debian's package wrk is not installed")
        program = "file_server" if contestant.program == "urio" else "file_server_stock"
        backend = {"shared": "uring"}.get(contestant.mode, contestant.mode)
        site = os.path.join(self._folder, "site")
        with Server(os.path.join(self._examples, program), site, backend) as server:
            counter = process.CallCounter(self._counter, server.pid) if count else None
            before = used(server.pid)
            one = self._load(server, point)
            return {
                **one,
                # Which of both is not known.
                "user": used(server.pid) - before,
                "system": 0.0,
                "system_calls": counter.stop() if counter else None,
            }

    def _load(self, server, connections):
        environment = {**os.environ, "BENCH_PATHS": os.path.join(self._folder, "paths")}
        command = process.pinned(1, [
            "wrk", "--threads", "1", "--connections", str(connections),
            "--duration", "1s", "--script", os.path.join(self._folder, "paths.lua"), server.url,
        ])
        done = subprocess.run(command, capture_output=True, text=True, env=environment,
                              timeout=60, check=False)
        found = re.search(r"requests (\d+) bytes (\d+) errors (\d+) us (\d+)", done.stdout)
        if not found or found[3] != "0" or found[1] == "0":
            raise Failed(f"wrk: {done.stdout!r} {done.stderr!r}")
        return {"operations": int(found[1]), "bytes": int(found[2]),
                "seconds": int(found[4]) * 1e-6}

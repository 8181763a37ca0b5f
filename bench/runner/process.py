# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""How programs are run."""

import os
import resource
import subprocess

from .model import Failed, LeftOut

CANNOT_RUN = 77


def environment():
    """What decides about the backend is not ours to inherit."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith("URIO_")}, "LC_ALL": "C"}


def require_built(program):
    if not os.access(program, os.X_OK):
        raise LeftOut("it was not built, for want of what it is built with")


def run(command, seconds=0):
    """Returns what the program printed, and the processor seconds that it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if os.sep in command[0]:
        require_built(command[0])
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120 + 10 * seconds,
            env=environment(), check=False,
        )
    except FileNotFoundError:
        raise LeftOut(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(command)}: it took too long") from None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode == CANNOT_RUN:
        raise LeftOut(done.stderr.strip())
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime


def pinned(processor, command):
    """The command on one processor, if there are several."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        return command
    return ["taskset", "--cpu-list", str(allowed[processor]), *command]


class CallCounter:
    """Counts the system calls of a process from now on."""

    def __init__(self, program, pid):
        self._process = subprocess.Popen(
            [program, str(pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )
        self._process.stdout.readline()  # it is ready

    def stop(self):
        """Returns their number, None if they cannot be counted here."""
        text, _ = self._process.communicate()
        return int(text) if self._process.returncode == 0 else None

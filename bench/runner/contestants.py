# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""How a contestant is run, and how its result is read."""

import json
import os
import re
import resource
import shutil
import subprocess

from .works import MIB


class LeftOut(Exception):
    """The contestant cannot take part here, for this reason."""


class Failed(Exception):
    """The contestant did not do its work."""


def _run(command, seconds):
    """Returns what the program printed, and the processor seconds that it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60 + 10 * seconds, env=environment,
            check=False,
        )
    except FileNotFoundError:
        raise Failed(f"{command[0]} is not there") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(command)}: it took too long") from None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode == 77:
        raise LeftOut(done.stderr.strip())
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime


def _own(contestant, work, depth, path, limits, folder):
    command = [os.path.join(folder, f"{work.kind}_{contestant.program}"), "--path", path]
    command += ["--mode", contestant.mode, "--depth", str(depth), "--block", str(work.block)]
    for flag in ("write", "direct", "sequential", "sync"):
        if getattr(work, flag):
            command.append(f"--{flag}")
    if work.files:
        command += ["--files", str(limits.files)]
    if limits.verify:
        command += ["--verify", "--salt", str(limits.next_salt())]
    # A sequential work is one pass.
    if work.sequential:
        command += ["--operations", str(limits.size(work) // work.block)]
    elif limits.operations:
        command += ["--operations", str(limits.operations)]
    else:
        command += ["--seconds", str(limits.seconds)]
    done, _, _ = _run(command, limits.seconds)
    return json.loads(done.stdout)


def _fio(contestant, work, depth, path, limits):
    if not shutil.which("fio"):
        raise LeftOut("Debian's package fio is not installed")
    command = [
        "fio", "--name=bench", f"--filename={path}", "--ioengine=io_uring",
        f"--iodepth={depth}", f"--bs={work.block}", f"--direct={int(work.direct)}",
        f"--rw=rand{'write' if work.write else 'read'}", "--norandommap",
        f"--size={limits.size(work)}", "--output-format=json",
        # The file is as it is, and stays in the page cache if it is there.
        "--invalidate=0", "--allow_file_create=0", "--fallocate=none",
        # It does no work that the others do not.
        "--gtod_reduce=1", "--scramble_buffers=0",
    ]
    if contestant.mode == "batch":
        command += [
            f"--iodepth_batch_submit={depth}", "--iodepth_batch_complete_min=1",
            f"--iodepth_batch_complete_max={depth}",
        ]
    if limits.operations:
        command.append(f"--number_ios={limits.operations}")
    else:
        command += ["--time_based", f"--runtime={round(limits.seconds * 1000)}ms"]
    done, _, _ = _run(command, limits.seconds)
    # A warning may precede the JSON.
    job = json.loads(done.stdout[done.stdout.index("{"):])["jobs"][0]
    way = job["write" if work.write else "read"]
    seconds = max(way["runtime"], 1) / 1000
    # What fio counts is the time of its own thread, not of the kernel's workers, which write
    # what goes to the page cache.
    counted = work.direct or not work.write
    return {
        "operations": way["total_ios"],
        "bytes": way["io_bytes"],
        "seconds": seconds,
        "user": job["usr_cpu"] / 100 * seconds if counted else None,
        "system": job["sys_cpu"] / 100 * seconds if counted else None,
        "system_calls": None,
    }


def _dd(work, path, limits):
    count = limits.size(work) // MIB
    if work.write:
        command = ["dd", "if=/dev/zero", f"of={path}", "conv=notrunc,fdatasync"]
    else:
        command = ["dd", f"if={path}", "of=/dev/null"]
    if work.direct:
        command.append("oflag=direct" if work.write else "iflag=direct")
    command += ["bs=1M", f"count={count}"]
    done, user, system = _run(command, limits.seconds)
    match = re.search(r"(\d+) bytes.* copied, ([\d.e-]+) s", done.stderr)
    if not match:
        raise Failed(f"dd printed {done.stderr!r}")
    size = int(match[1])
    return {
        "operations": size // MIB,
        "bytes": size,
        "seconds": float(match[2]),
        "user": user,
        "system": system,
        "system_calls": 2 * count,
    }


def run(contestant, work, depth, path, limits, folder):
    """Does the work once. Returns operations, bytes, seconds, user and system (processor
    seconds) and system_calls, None where they are not known."""
    if contestant.program == "fio":
        return _fio(contestant, work, depth, path, limits)
    if contestant.program == "dd":
        return _dd(work, path, limits)
    return _own(contestant, work, depth, path, limits, folder)

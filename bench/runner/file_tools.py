# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""fio and dd at the same work, and what they print."""

import json
import re

from . import process
from .model import MIB, Failed


def fio(batch, options, depth, path, size, limits):
    write, direct = options.get("write", False), options.get("direct", False)
    command = [
        "fio", "--name=bench", f"--filename={path}", "--ioengine=io_uring",
        f"--iodepth={depth}", f"--bs={options['block']}", f"--direct={int(direct)}",
        f"--rw=rand{'write' if write else 'read'}", "--norandommap", f"--size={size}",
        "--output-format=json",
        # The file is as it is, and stays in the page cache if it is there.
        "--invalidate=0", "--allow_file_create=0", "--fallocate=none",
        # It does no work that the others do not.
        "--gtod_reduce=1", "--scramble_buffers=0",
    ]
    if batch:
        command += [
            f"--iodepth_batch_submit={depth}", "--iodepth_batch_complete_min=1",
            f"--iodepth_batch_complete_max={depth}",
        ]
    if limits.operations:
        command.append(f"--number_ios={limits.operations}")
    else:
        command += ["--time_based", f"--runtime={round(limits.seconds * 1000)}ms"]
    done, _, _ = process.run(command, limits.seconds)
    # A warning may precede the JSON.
    job = json.loads(done.stdout[done.stdout.index("{"):])["jobs"][0]
    way = job["write" if write else "read"]
    seconds = max(way["runtime"], 1) / 1000
    # What fio counts is the time of its own thread, not of the kernel's workers, which write
    # what goes to the page cache.
    counted = direct or not write
    return {
        "operations": way["total_ios"],
        "bytes": way["io_bytes"],
        "seconds": seconds,
        "user": job["usr_cpu"] / 100 * seconds if counted else None,
        "system": job["sys_cpu"] / 100 * seconds if counted else None,
        "system_calls": None,
    }


def dd(options, path, size, limits):
    count = size // MIB
    write, direct = options.get("write", False), options.get("direct", False)
    if write:
        command = ["dd", "if=/dev/zero", f"of={path}", "conv=notrunc,fdatasync"]
    else:
        command = ["dd", f"if={path}", "of=/dev/null"]
    if direct:
        command.append("oflag=direct" if write else "iflag=direct")
    command += ["bs=1M", f"count={count}"]
    done, user, system = process.run(command, limits.seconds)
    match = re.search(r"(\d+) bytes.* copied, ([\d.e-]+) s", done.stderr)
    if not match:
        raise Failed(f"dd printed {done.stderr!r}")
    copied = int(match[1])
    return {
        "operations": copied // MIB,
        "bytes": copied,
        "seconds": float(match[2]),
        "user": user,
        "system": system,
        "system_calls": 2 * count,
    }

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs what works on files."""

import json
import os
import shutil
import subprocess

from . import file_tools, process


class Driver:
    """Keeps the files that are read and written. They are removed at the end."""

    def __init__(self, folder, scratch, limits):
        self._programs = os.path.join(folder, "file")
        self._files = os.path.join(scratch, "files")
        self._limits = limits
        self._have = None
        self._path = None
        self._salt = 0

    def close(self):
        shutil.rmtree(self._files, ignore_errors=True)

    def size(self, work):
        """Of the file, or of the part of it that a pass goes over."""
        size = work.options.get("size", 0)
        whole = not (work.options.get("sequential") or self._limits.smoke)
        return size if whole else min(size, self._limits.pass_size)

    def prepare(self, work, _point):
        """Makes the file or folder of a work, if it is not there."""
        # What was written in a smoke run is not what is to be read.
        direct = work.options.get("direct", False)
        want = (work.kind, self.size(work), direct, self._limits.smoke and work.name)
        self._path = os.path.join(self._files, work.kind)
        if want == self._have:
            return
        self._have = None
        shutil.rmtree(self._files, ignore_errors=True)
        os.makedirs(self._files)
        command = [os.path.join(self._programs, "prepare"), "--path", self._path]
        if self.size(work):
            command += ["--size", str(self.size(work))]
            command += ["--uncached"] if direct else []
        else:
            files = self._limits.files if "files" in work.options else 0
            command += ["--files", str(files)]
        subprocess.run(command, check=True)
        self._have = want

    def run(self, contestant, work, depth, count=False):
        if work.options.get("write") and os.path.isfile(self._path):
            # What another has written shall not reach the disk in somebody's time.
            fd = os.open(self._path, os.O_RDWR)
            os.fdatasync(fd)
            os.close(fd)
        size = self.size(work)
        if contestant.program == "fio":
            return file_tools.fio(contestant.mode == "batch", work.options, depth, self._path,
                                  size, self._limits)
        if contestant.program == "dd":
            return file_tools.dd(work.options, self._path, size, self._limits)
        command = [os.path.join(self._programs, f"{work.kind}_{contestant.program}"),
                   "--path", self._path, "--mode", contestant.mode, "--depth", str(depth),
                   "--block", str(work.options["block"])]
        for flag in ("write", "direct", "sequential", "sync"):
            if work.options.get(flag):
                command.append(f"--{flag}")
        if "files" in work.options:
            command += ["--files", str(self._limits.files)]
        if self._limits.smoke:
            self._salt += 1
            command += ["--verify", "--salt", str(self._salt)]
        if count:
            command.append("--count")
        # A sequential work is one pass.
        if work.options.get("sequential"):
            command += ["--operations", str(size // work.options["block"])]
        elif self._limits.operations:
            command += ["--operations", str(self._limits.operations)]
        else:
            command += ["--seconds", str(self._limits.seconds)]
        done, _, _ = process.run(command, self._limits.seconds)
        return json.loads(done.stdout)

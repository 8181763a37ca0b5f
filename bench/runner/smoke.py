# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What has to hold of a smoke run: everybody did all of the work, and the results are whole."""

import json
import os
import xml.etree.ElementTree

from .contestants import CONTESTANTS
from .model import MIB

TOOLS = ("fio", "dd")
# There may be no compiler for it.
OPTIONAL = ("mio",)


def _expected(work, one, rounds, limits):
    """Operations and bytes of a contestant; None where there is no saying."""
    options = work.options
    if work.driver == "file":
        if options.get("sequential"):
            size = min(options["size"], limits.pass_size)
            return size // MIB, size
        # Not all bytes of a tree are the same number, but all contestants read the same.
        size = limits.operations * options["block"]
        return limits.operations, rounds["loop"][0]["bytes"] if work.kind == "tree" else size
    if work.driver == "net" and options.get("work") not in ("paced", "idle"):
        return limits.operations, limits.operations * options["size"]
    return one["operations"], one["bytes"]


def _results(results, limits):
    for work, point, rounds, *_ in results.cells:
        for key in work.contestants:
            name = f"{work.name}, {point}: {key}"
            if (key, work.name) in results.left_out or (work.name, point, key) in results.failed:
                continue
            if len(rounds.get(key, ())) != limits.rounds:
                yield f"{name} did not run in all rounds"
            for one in rounds.get(key, ()):
                wanted = _expected(work, one, rounds, limits)
                if (one["operations"], one["bytes"]) != wanted or one["operations"] <= 0:
                    yield (f"{name} did {one['operations']} operations, {one['bytes']} bytes; "
                           f"{wanted[0]}, {wanted[1]} expected")
                if work.driver in ("file", "net") and CONTESTANTS[key].program not in TOOLS \
                        and one["verified"] is not True:
                    yield f"{name} did not look at the bytes"
                if work.options.get("work") == "paced" and not one["latency_us"]["p99"] > 0:
                    yield f"{name} has no latencies"
                if work.options.get("work") == "idle" and not one["resident_per_connection"] > 0:
                    yield f"{name} takes no memory"


def _report(results, folder):
    with open(os.path.join(folder, "results.json"), encoding="utf-8") as f:
        cells = json.load(f)["cells"]
    if len(cells) != len(results.cells):
        yield "results.json does not have everything"
    with open(os.path.join(folder, "report.md"), encoding="utf-8") as f:
        lines = f.read().splitlines()
    for work, _, rounds, *_ in results.cells:
        if f"### {work.title}" not in lines:
            yield f"the report has nothing on {work.name}"
        for key in rounds:
            if not any(line.startswith(f"| {CONTESTANTS[key].label} | ") for line in lines):
                yield f"the report has nothing on {key}"
    # The rows of a table are as long as its head.
    width = 0
    for line in lines:
        columns = line.count(" | ") if line.startswith("| ") else 0
        if width and columns and columns != width:
            yield f"a table has a row of another length: {line}"
        width = line.count("---|") - 1 if line.startswith("|---") else columns and width


def _plots(plots, folder):
    for name in plots.values():
        try:
            root = xml.etree.ElementTree.parse(os.path.join(folder, name)).getroot()
            if not root.tag.endswith("svg"):
                yield f"{name} is no SVG"
        except (OSError, xml.etree.ElementTree.ParseError) as e:
            yield f"{name}: {e}"


def check(results, limits, folder, plots):
    """Returns what is wrong."""
    wrong = [f"{work}, {point}: {key} failed" for work, point, key in results.failed]
    # Where everything is there, who is left out has failed.
    if os.environ.get("URIO_REQUIRE_URING") == "1":
        wrong += [f"{work}: {key} is left out: {reason}"
                  for (key, work), reason in results.left_out.items() if key not in OPTIONAL]
    wrong += _results(results, limits)
    wrong += _report(results, folder)
    wrong += _plots(plots, folder)
    return wrong

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What has to hold of a smoke run: everybody did all of the work, and the results are whole."""

import json
import os
import xml.etree.ElementTree

from .works import CONTESTANTS, MIB


def _expected(work, limits):
    """Operations, and bytes if they are the same for each."""
    if work.sequential:
        return limits.size(work) // MIB, limits.size(work)
    return limits.operations, None if work.kind == "tree" else limits.operations * work.block


def check(results, limits, left_out, failed, folder, plots):
    """Returns what is wrong."""
    wrong = [f"{work}, depth {depth}: {key} failed" for work, depth, key in failed]
    for work, depth, rounds in results:
        for key in work.contestants:
            if (key, work.kind) in left_out or (work.name, depth, key) in failed:
                continue
            operations, size = _expected(work, limits)
            if len(rounds.get(key, ())) != limits.rounds:
                wrong.append(f"{work.name}, depth {depth}: {key} did not run in all rounds")
            # Not all bytes of a tree are the same number, but all contestants read the same.
            if work.kind == "tree":
                size = size or rounds["loop"][0]["bytes"]
            for one in rounds.get(key, ()):
                if (one["operations"], one["bytes"]) != (operations, size):
                    wrong.append(f"{work.name}, depth {depth}: {key} did {one['operations']} "
                                 f"operations, {one['bytes']} bytes; {operations}, {size} expected")
                own = CONTESTANTS[key].program not in ("fio", "dd")
                if own and one["verified"] is not True:
                    wrong.append(f"{work.name}, depth {depth}: {key} did not look at the bytes")
    with open(os.path.join(folder, "results.json"), encoding="utf-8") as f:
        cells = json.load(f)["cells"]
    if len(cells) != len(results):
        wrong.append("results.json does not have everything")
    with open(os.path.join(folder, "report.md"), encoding="utf-8") as f:
        lines = f.read().splitlines()
    for work, _, rounds in results:
        if f"## {work.title}" not in lines:
            wrong.append(f"the report has nothing on {work.name}")
        for key in rounds:
            if not any(line.startswith(f"| {CONTESTANTS[key].label} | ") for line in lines):
                wrong.append(f"the report has nothing on {key}")
    # The rows of a table are as long as its head.
    width = 0
    for line in lines:
        columns = line.count(" | ") if line.startswith("| ") else 0
        if width and columns and columns != width:
            wrong.append(f"a table has a row of another length: {line}")
        width = line.count("---|") - 1 if line.startswith("|---") else columns and width
    for name in plots.values():
        try:
            root = xml.etree.ElementTree.parse(os.path.join(folder, name)).getroot()
            if not root.tag.endswith("svg"):
                wrong.append(f"{name} is no SVG")
        except (OSError, xml.etree.ElementTree.ParseError) as e:
            wrong.append(f"{name}: {e}")
    return wrong

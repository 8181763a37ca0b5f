#!/usr/bin/env python3
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Compares what an operation of urio's core loops takes outside the kernel with what it took
when baseline.json was written. The figures are exact, see counts.py: there is no noise to allow
for."""

import argparse
import json
import os
import re
import sys

from counts import LOOPS, SKIPPED, UNITS, Counts, Failed, LeftOut, built_with, measure

HERE = os.path.dirname(os.path.abspath(__file__))
BASELINE = os.path.join(HERE, "baseline.json")
GUARDED = ("urio shared", "urio exclusive", "urio epoll")

# What is worse by more than this part of it, and by more than this much, is a regression. The
# second is for figures near 0, of which 3 % is nothing. Of allocations and system calls what
# is one more in a hundred operations is not each operation's: a table that has grown, a turn
# of the loop that had less to do. One more in each turn of 32 operations is 0.03, and is seen.
TOLERANCE = 0.03
SLACK = {"instructions": 0.0, "system_calls": 0.01, "allocations": 0.01, "bytes": 0.0}
# The design's limit on what a connection keeps.
MOST_IDLE_BYTES = 512


def kernel():
    return ".".join(re.findall(r"\d+", os.uname().release)[:2])


def table(rows, texts=1):
    """Lines with columns of one width, the first ones for texts; the first row is the head."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    return ["  ".join(cell.ljust(w) if i < texts else cell.rjust(w)
                      for i, (cell, w) in enumerate(zip(row, widths))).rstrip()
            for row in rows]


def _text(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def compare(baseline, counts):
    """Rows of what is worse and of what is better: what, figure, before, now, change."""
    worse, better = [], []
    for contestant, loops in baseline["figures"].items():
        for loop, figures in loops.items():
            for figure, before in figures.items():
                value = counts.figures.get(contestant, {}).get(loop, {}).get(figure)
                if value is None:
                    if not {figure, (contestant, loop)} & counts.left_out.keys():
                        worse.append((f"{contestant}, {loop}", UNITS[figure], _text(before),
                                      "gone", ""))
                    continue
                change = f"{100 * (value - before) / before:+.1f} %" if before else ""
                row = (f"{contestant}, {loop}", UNITS[figure], _text(before), _text(value), change)
                limit = before * TOLERANCE + SLACK[figure]
                if value - before > limit:
                    worse.append(row)
                elif before - value > limit:
                    better.append(row)
    return worse, better


def misfits(baseline, version):
    """Why the baseline says nothing about programs that were built so."""
    return [f"guard: the baseline holds for {k} {v}, this is {version.get(k)}"
            for k, v in baseline["built_with"].items() if version.get(k) != v]


def check(baseline, counts):
    """Returns the exit code and what there is to say."""
    head = ("what", "figure", "before", "now", "change")
    worse, better = compare(baseline, counts)
    lines = []
    if worse:
        lines += ["guard: worse than the baseline:", *table([head, *worse], 2)]
        if baseline["kernel"] != kernel():
            lines.append(f"guard: the baseline was taken on Linux {baseline['kernel']}, this is "
                         f"{kernel()}")
    if better:
        lines += ["guard: better than the baseline: make it the new one with `guard.py update`:",
                  *table([head, *better], 2)]
    for contestant in ("urio shared", "urio exclusive"):
        size = counts.figures.get(contestant, {}).get("idle", {}).get("bytes", 0)
        if size >= MOST_IDLE_BYTES:
            worse.append(contestant)
            lines.append(f"guard: {contestant}: an idle connection keeps {size:.0f} bytes; less "
                         f"than {MOST_IDLE_BYTES} are allowed")
    lines += _not_counted(counts)
    if worse:
        return 1, lines
    return (SKIPPED if counts.left_out else 0), lines or ["guard: as good as the baseline"]


def _not_counted(counts):
    """A line for each reason of a contestant, or of a tool."""
    loops = {}
    for what, reason in counts.left_out.items():
        contestant, *loop = [what] if isinstance(what, str) else what
        loops.setdefault((contestant, reason), []).extend(loop)
    return [f"not counted: {', '.join([contestant, *names])}: {reason}"
            for (contestant, reason), names in loops.items()]


def show(counts):
    """A table of each figure: loops by contestants."""
    lines = []
    for figure, unit in UNITS.items():
        rows = [("", *counts.figures)]
        for loop in LOOPS:
            values = [loops.get(loop, {}).get(figure) for loops in counts.figures.values()]
            if any(v is not None for v in values):
                rows.append((loop, *("-" if v is None else _text(v) for v in values)))
        if len(rows) > 1:
            lines += [f"{unit}, for each operation" if figure != "bytes" else unit,
                      *table(rows), ""]
    return lines + _not_counted(counts)


def update(path, version, counts):
    if counts.left_out:
        raise Failed("; ".join(_not_counted(counts)))
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"built_with": version, "kernel": kernel(), "figures": counts.figures},
                  f, indent=1)
        f.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("check", "update", "show"),
                        help="compare with the baseline; replace it; print everybody's figures")
    parser.add_argument("--programs", metavar="FOLDER", required=True,
                        help="where the programs are: bench/guard of a build")
    given = parser.parse_args()
    try:
        if given.command == "show":
            print("\n".join(show(measure(given.programs))))
            return 0
        version = built_with(given.programs)
        if given.command == "update":
            update(BASELINE, version, measure(given.programs, GUARDED))
            return 0
        with open(BASELINE, encoding="utf-8") as f:
            baseline = json.load(f)
        code, lines = SKIPPED, misfits(baseline, version)
        if not lines:
            code, lines = check(baseline, measure(given.programs, GUARDED))
        print("\n".join(lines))
        return code
    except (LeftOut, Failed) as reason:
        print(f"guard: {reason}", file=sys.stderr)
        return SKIPPED if isinstance(reason, LeftOut) else 1


def exit_code(code):
    """Where everything is there, what is skipped has failed."""
    return 1 if code == SKIPPED and os.environ.get("URIO_REQUIRE_URING") == "1" else code


if __name__ == "__main__":
    sys.exit(exit_code(main()))

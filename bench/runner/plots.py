# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Plots by gnuplot, of the measure by which contestants are compared first: a line for each
over the points, or bars for a single point."""

import os
import shutil
import subprocess

from .contestants import CONTESTANTS
from .model import MEASURES

MISSING = "plots are left out: Debian's package gnuplot-nox is not installed"


def _lines(work, keys, cells):
    data, curves, shown = [], [], []
    for i, key in enumerate(keys):
        data.append(f"$d{i} << EOD")
        for cell in cells:
            one = cell["contestants"].get(key, {}).get("measures", {}).get(work.primary)
            if one:
                shown.append(one)
                data.append(f"{cell['point']} {one['median']} {one['min']} {one['max']}")
        data.append("EOD")
        contestant = CONTESTANTS[key]
        curves.append(f'$d{i} using 1:2:3:4 with yerrorlines lw {3 if contestant.ours else 1.5} '
                      f'pt 7 ps 0.5 lc rgb "{contestant.colour}" title "{contestant.label}"')
    points = [c["point"] for c in cells]
    most = max(s["max"] for s in shown)
    # What is early has a negative lateness, which has no place on the axis.
    least = min((s["min"] for s in shown if s["min"] > 0), default=most / 10)
    axes = ["set logscale xy", f"set xtics ({', '.join(map(str, points))})",
            f"set xrange [{min(points) / 1.2}:{max(points) * 1.2}]",
            f"set yrange [{least / 1.2}:{most * 1.2}]",
            f'set xlabel "number {work.axis}"', "set key outside right"]
    return data + axes + ["plot " + ", ".join(curves)]


def _bars(work, keys, cell):
    data = ["$d << EOD"]
    for i, key in enumerate(keys):
        r = cell["contestants"][key]["measures"][work.primary]
        contestant = CONTESTANTS[key]
        colour = int(contestant.colour[1:], 16)
        data.append(f'{i} {r["median"]} {r["min"]} {r["max"]} {colour} "{contestant.label}"')
    data.append("EOD")
    return data + [
        "set yrange [0:*]", "set boxwidth 0.7", "set style fill solid", "set xtics rotate by -35",
        "unset key",
        "plot $d using 1:2:5:xtic(6) with boxes lc rgb variable, "
        '"" using 1:2:3:4 with yerrorbars pt 0 lw 1.5 lc rgb "black"',
    ]


def draw(works, cells, folder):
    """Writes an SVG for each work. Returns their names by work, or says why there are none."""
    if not shutil.which("gnuplot"):
        return {}, MISSING
    names = {}
    for work in works:
        own = [c for c in cells if c["work"] == work.name]
        keys = [k for k in work.contestants
                if own and any(work.primary in c["contestants"].get(k, {}).get("measures", {})
                               for c in own)]
        if not keys:
            continue
        name = f"{work.name}.svg"
        title = f"{work.unit} per second" if work.primary == "rate" else \
            MEASURES[work.primary].title
        script = [
            'set terminal svg size 900,480 font "sans,12" background "white"',
            "set termoption noenhanced",
            f'set output "{os.path.join(folder, name)}"',
            f'set title "{work.title}"',
            f'set ylabel "{title}"', "set grid",
        ]
        if work.primary == "rate":
            script.append('set format y "%.0s%c"')
        script += _lines(work, keys, own) if len(own) > 1 else _bars(work, keys, own[0])
        done = subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=False)
        if done.returncode == 0:
            names[work.name] = name
    return names, ""

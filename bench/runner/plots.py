# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Plots by gnuplot: a line for each contestant over the depths, or bars for a single depth."""

import os
import shutil
import subprocess

from .works import CONTESTANTS

COLOURS = {
    "urio_shared": "#c0392b", "urio_exclusive": "#e67e22", "urio_fixed": "#8e2a1e",
    "urio_blocking": "#f1948a", "urio_epoll": "#d98880", "asio": "#2c3e50", "raw_shared": "#2471a3",
    "raw_exclusive": "#5dade2", "raw_fixed": "#154360", "raw_linked": "#48c9b0",
    "fio": "#1e8449", "fio_batch": "#82e0aa", "dd": "#1e8449", "pool": "#7d3c98", "offload": "#bb8fce",
    "loop": "#7f8c8d",
}
MISSING = "plots are left out: Debian's package gnuplot-nox is not installed"


def _lines(work, keys, cells):
    data, curves = [], []
    for i, key in enumerate(keys):
        data.append(f"$d{i} << EOD")
        for cell in cells:
            if key in cell["contestants"]:
                r = cell["contestants"][key]["rate"]
                data.append(f"{cell['depth']} {r['median']} {r['min']} {r['max']}")
        data.append("EOD")
        width = 3 if CONTESTANTS[key].ours else 1.5
        title = CONTESTANTS[key].label
        curves.append(f'$d{i} using 1:2:3:4 with yerrorlines lw {width} pt 7 ps 0.5 '
                      f'lc rgb "{COLOURS[key]}" title "{title}"')
    depths = [c["depth"] for c in cells]
    rates = [c["contestants"][k]["rate"] for c in cells for k in keys if k in c["contestants"]]
    least, most = min(r["min"] for r in rates), max(r["max"] for r in rates)
    axes = ["set logscale xy", f"set xtics ({', '.join(map(str, depths))})",
            f"set xrange [{min(depths) / 1.2}:{max(depths) * 1.2}]",
            f"set yrange [{least / 1.2}:{most * 1.2}]", f'set xlabel "number {work.depth_is}"',
            "set key outside right"]
    return data + axes + ["plot " + ", ".join(curves)]


def _bars(keys, cell):
    data = ["$d << EOD"]
    for i, key in enumerate(keys):
        r = cell["contestants"][key]["rate"]
        colour = int(COLOURS[key][1:], 16)
        data.append(f'{i} {r["median"]} {r["min"]} {r["max"]} {colour} "{CONTESTANTS[key].label}"')
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
        keys = [k for k in work.contestants if own and all(k in c["contestants"] for c in own)]
        if not keys:
            continue
        name = f"{work.name}.svg"
        script = [
            'set terminal svg size 900,480 font "sans,12" background "white"',
            "set termoption noenhanced",
            f'set output "{os.path.join(folder, name)}"',
            f'set title "{work.title}"',
            f'set ylabel "{work.unit} per second"',
            'set format y "%.0s%c"', "set grid",
        ]
        script += _lines(work, keys, own) if len(own) > 1 else _bars(keys, own[0])
        subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)
        names[work.name] = name
    return names, ""

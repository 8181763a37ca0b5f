# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The report, in Markdown."""

from . import losses
from .contestants import CONTESTANTS
from .model import MEASURES
from .tables import label, number, ratio, table
from .works import WORKS

FIGURES = {"rate": "rate", "cpu": "processor time", "p99": "99th percentile",
           "system_calls": "system calls", "allocations": "allocations", "bytes": "bytes"}


def _verdict(outcome):
    return ("pass" if outcome["passed"] else "**short**") + (", unsure" if outcome["unsure"] else "")


def _figure(outcome):
    if outcome["other"]:
        return ratio(outcome["figure"])
    return number(outcome["figure"]["median"])


def _where(outcome):
    text = outcome["title"]
    return text if outcome["point"] is None else f"{text}, {outcome['point']}"


def _design(lines):
    rows = []
    for line in lines:
        outcomes = line["outcomes"]
        if not outcomes:
            measured, verdict = line["missing"] or "not measured in this run", "–"
        else:
            measured = "<br>".join(
                f"{_where(o)}" + (f", {label(o['ours'])}" if o["ours"] != "urio_shared" else "")
                + f": {_figure(o)}"
                + (f" of {label(o['other'])}" if o["other"] else "")
                + ("" if o["passed"] else " **short**") + (", unsure" if o["unsure"] else "")
                for o in outcomes)
            short = sum(not o["passed"] for o in outcomes)
            verdict = "pass" if not short else f"**short** in {short} of {len(outcomes)}"
            if len(outcomes) != line["expected"]:
                verdict += f"; {len(outcomes)} of {line['expected']} measured"
        rows.append((line["work"], line["against"], line["wanted"], measured, verdict))
    return table(("work", "against", "wanted", "measured", ""), rows)


def _targets(targets):
    if not targets:
        return ["None of the works that were measured has one."]
    rows = [
        (_where(o), label(o["ours"]), label(o["other"]) if o["other"] else "–",
         FIGURES[o["measure"]], _figure(o), number(o["liburing"]["median"]) if o["liburing"] else "–",
         f"{'≤' if o['at_most'] else '≥'} {o['limit']:.2f}", _verdict(o))
        for o in targets
    ]
    return table(("work, at", "urio", "against", "ratio of", "measured", "liburing's", "target", ""),
                 rows)


def _measure(measure, keys, cells):
    """Contestants by points."""
    rows = []
    for key in keys:
        row = [label(key)]
        for cell in cells:
            found = cell["contestants"].get(key, {}).get("measures", {}).get(measure)
            if not found:
                row.append("–")
            elif found["min"] == found["max"]:
                row.append(number(found["median"]))
            else:
                row.append(f"{number(found['median'])} ({number(found['min'])}–"
                           f"{number(found['max'])})")
        rows.append(row)
    return table([""] + [str(c["point"]) for c in cells], rows)


def _ratios(measure, keys, cells):
    """Those who are not urio by points: of the first contestant, which is urio."""
    ours = keys[0]
    rows = []
    for other in (k for k in keys if not CONTESTANTS[k].ours):
        row = [label(other)]
        for cell in cells:
            found = [r for r in cell["ratios"] if (r["ours"], r["other"]) == (ours, other)]
            row.append(ratio(found[0][measure]) if found else "–")
        rows.append(row)
    return table([""] + [str(c["point"]) for c in cells], rows)


def _work(work, cells, plot):
    lines = [f"### {work.title}", ""]
    if plot:
        lines += [f"![{work.title}]({plot})", ""]
    keys = [k for k in work.contestants if any(k in c["contestants"] for c in cells)]
    by = f" by the number {work.axis}" if work.axis else ""
    if any(c["rate"] for c in cells):
        rates = ", ".join(f"{number(c['rate'])} at {c['point']}" for c in cells)
        lines += [f"Messages per second: {rates}.", ""]
    present = {m for c in cells for one in c["contestants"].values() for m in one["measures"]}
    for measure in sorted((m for m in MEASURES if m in present), key=lambda m: m != work.primary):
        title = f"{work.unit} per second" if measure == "rate" else MEASURES[measure].title
        each = "" if measure in ("rate", "resident") else f", each of the {work.unit}"
        lines += [f"{title[0].upper()}{title[1:]}{each}{by}:", ""]
        lines += _measure(measure, keys, cells) + [""]
    if keys and CONTESTANTS[keys[0]].ours and any(c["ratios"] for c in cells):
        lines += [f"{label(keys[0])}'s {MEASURES[work.primary].title} as a multiple of:", ""]
        lines += _ratios(work.primary, keys, cells) + [""]
    lost = [f"{label(k)} at {c['point']}: {one['lost']}" for c in cells
            for k, one in c["contestants"].items() if one["lost"]]
    if lost:
        lines += [f"Datagrams that were lost and sent again: {', '.join(lost)}.", ""]
    return lines


def _exact(exact):
    lines = ["Counted, not timed, in loops of one thread that are complete in one process; for each "
             "operation, in steady state.", ""]
    for figure in ("instructions", "allocations", "system_calls", "bytes"):
        loops = [loop for loop in exact if any(figure in f for f in exact[loop].values())]
        if not loops:
            continue
        keys = list(dict.fromkeys(k for loop in loops for k in exact[loop]))
        title = {"instructions": "Instructions outside the kernel (callgrind)",
                 "allocations": "Heap allocations", "system_calls": "System calls",
                 "bytes": "Bytes on the heap for an idle connection"}[figure]
        rows = [[label(k)] + [number(exact[loop][k][figure])
                              if exact[loop].get(k, {}).get(figure) is not None else "–"
                              for loop in loops] for k in keys]
        lines += [f"{title}:", ""] + table([""] + loops, rows) + [""]
    return lines


def _left_out(results):
    lines = []
    grouped = {}
    for (key, work), why in results.left_out.items():
        grouped.setdefault((key, why), []).append(work)
    for (key, why), works in grouped.items():
        lines.append(f"- {label(key)} ({', '.join(works)}): {why}")
    lines += [f"- {label(key)}, {work} at {point}: **failed**"
              for work, point, key in results.failed]
    return lines


def write(machine, settings, results, evaluated, exact, plots):
    cells, design, targets = evaluated
    lines = ["# Benchmarks", ""]
    if settings["provisional"]:
        lines += [f"**Provisional:** {settings['provisional']}.", ""]
    lines += [
        f"Linux {machine['kernel']}, {machine['processors']} processors ({machine['processor']}), "
        f"{machine['file_system']}; {settings['rounds']} rounds of {settings['seconds']} s, the "
        "contestants in turn (a fixed rate: five times as long; HTTP: a second; loops: a quarter; "
        "sequential transfers: one pass over the file). Ratios are those of each round; given are "
        "the median, and in brackets the least and the greatest. "
        f"{100 * settings['other_work']:.0f} % of the processors' time went to something else than "
        "the benchmarks: to the kernel's own threads and to other programs. Servers run on one "
        "processor and their load on the other, where a work does not say otherwise. System calls "
        "are counted in a run of their own; those of dd are computed.",
        "", f"Made by `{settings['command']}`.", "", "## The design's targets", "",
    ]
    lines += _design(design)
    lines += ["", "*Short*: not reached. *Unsure*: the rounds do not agree.", "",
              "## Other targets", ""]
    lines += _targets(targets)
    lines += ["", "*liburing's*: what liburing alone with the same ring makes of the same "
              "comparison.", "", "## Where urio loses", ""]
    lines += losses.write(cells)
    lines += ["", "## Exact figures", ""]
    lines += _exact(exact) if exact else ["Not measured in this run.", ""]
    lines += ["## The works", ""]
    for work in WORKS:
        own = [c for c in cells if c["work"] == work.name]
        if own:
            lines += _work(work, own, plots.get(work.name))
    if results.left_out or results.failed:
        lines += ["## Left out", ""] + _left_out(results) + [""]
    return "\n".join(lines)

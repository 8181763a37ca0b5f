# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The report, in Markdown."""

from .reasons import REASONS
from .works import CONTESTANTS, WORKS

SLOWER = 0.95  # below it a line is among those that urio loses


def _number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def _ratio(r):
    if r is None:
        return "–"
    return f"{r['median']:.2f} ({r['min']:.2f}–{r['max']:.2f})"


def _both(ratio):
    cpu = f"{ratio['cpu']['median']:.2f}" if ratio["cpu"] else "–"
    return f"{_ratio(ratio['rate'])}; {cpu}"


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _label(key):
    return CONTESTANTS[key].label


def _targets(targets):
    if not targets:
        return ["None of the works that were measured has one."]
    rows = []
    for t in targets:
        verdict = ("pass" if t["passed"] else "**short**") + (", unsure" if t["unsure"] else "")
        rows.append((
            t["title"], str(t["depth"]), _label(t["ours"]), _label(t["other"]), _ratio(t["ratio"]),
            f"{t['cpu']['median']:.2f}" if t["cpu"] else "–",
            f"{t['liburing']['median']:.2f}" if t["liburing"] else "–",
            f"≥ {t['target']:.2f}", verdict,
        ))
    head = ("work", "depth", "urio", "against", "ratio", "processor time", "liburing's ratio",
            "target", "")
    return _table(head, rows)


def _work(work, cells, plot):
    lines = [f"## {work.title}", ""]
    if plot:
        lines += [f"![{work.title}]({plot})", ""]
    depths = [c["depth"] for c in cells]
    keys = [k for k in work.contestants if any(k in c["contestants"] for c in cells)]
    lines += [f"{work.unit.capitalize()} per second by the number {work.depth_is}, medians "
              "(min–max):", ""]
    rows = []
    for key in keys:
        row = [_label(key)]
        for cell in cells:
            one = cell["contestants"].get(key)
            row.append(f"{_number(one['rate']['median'])} ({_number(one['rate']['min'])}–"
                       f"{_number(one['rate']['max'])})" if one else "–")
        rows.append(row)
    lines += _table([""] + [str(d) for d in depths], rows)
    lines += ["", "Processor time of each in us, user and kernel; system calls where they are "
              "counted:", ""]
    rows = []
    for key in keys:
        row = [_label(key)]
        for cell in cells:
            one = cell["contestants"].get(key)
            text = f"{one['cpu_us']['median']:.2f}" if one and one["cpu_us"] else "–"
            if one and one["system_calls"] is not None:
                text += f"; {one['system_calls']:.2f}"
            row.append(text)
        rows.append(row)
    lines += _table([""] + [str(d) for d in depths], rows)
    lines += ["", "Ratios of urio's rate to each (min–max); and of its processor time:", ""]
    others = [k for k in keys if not CONTESTANTS[k].ours]
    rows = []
    for cell in cells:
        for ours in (k for k in keys if CONTESTANTS[k].ours):
            row = [str(cell["depth"]), _label(ours)]
            for other in others:
                found = [r for r in cell["ratios"] if (r["ours"], r["other"]) == (ours, other)]
                row.append(_both(found[0]) if found else "–")
            rows.append(row)
    lines += _table(["depth", ""] + [_label(k) for k in others], rows)
    return lines + [""]


def _losses(cells):
    """Where urio is slower than somebody who has the same ring, or who has another means:
    slower then in its best form."""
    found = {}
    for cell in cells:
        best = {}
        for r in cell["ratios"]:
            mode, theirs = CONTESTANTS[r["ours"]].mode, CONTESTANTS[r["other"]]
            if r["ours"] == "urio_epoll" or (theirs.program == "raw" and theirs.mode != mode):
                continue
            if r["rate"]["median"] > best.get(r["other"], (0,))[0]:
                best[r["other"]] = (r["rate"]["median"], r["rate"]["max"], r["ours"])
        for other, (ratio, most, ours) in best.items():
            if ratio < SLOWER:
                unsure = ", unsure" if most >= 1 else ""
                found.setdefault((cell["work"], other), []).append(
                    f"{ratio:.2f} at {cell['depth']} ({_label(ours)}{unsure})")
    rows = []
    for (work, other), ratios in found.items():
        title = next(w.title for w in WORKS if w.name == work)
        reason = REASONS.get((work, other)) or REASONS.get((work, None)) or "not looked into"
        rows.append((title, _label(other), ", ".join(ratios), reason))
    if not rows:
        return ["Nowhere by more than 5 %."]
    return _table(("work", "against", "ratio at a depth", "why"), rows)


def write(machine, settings, cells, targets, left_out, failed, plots):
    lines = ["# Benchmarks of files", ""]
    if settings["provisional"]:
        lines += [f"**Provisional:** {settings['provisional']}.", ""]
    lines += [
        f"Linux {machine['kernel']}, {machine['processors']} processors ({machine['processor']}), "
        f"{machine['file_system']}; {settings['rounds']} rounds of {settings['seconds']} s, the "
        "contestants in turn. Ratios are those of each round; given are their median, least and "
        f"greatest. {100 * settings['other_work']:.0f} % of the processors' time went to "
        "something else than the contestants: to the kernel's own threads and interrupts, to the "
        "start of programs, and to other programs.",
        "", f"Made by `{settings['command']}`.", "", "## Targets", "",
    ]
    lines += _targets(targets)
    lines += ["", "*Unsure*: the rounds do not agree. *liburing's ratio*: what "
              "liburing alone with the same ring makes of the same comparison.", "", "## Where urio is slower",
              ""]
    lines += _losses(cells)
    lines.append("")
    for work in WORKS:
        own = [c for c in cells if c["work"] == work.name]
        if own:
            lines += _work(work, own, plots.get(work.name))
    if left_out or failed:
        lines += ["## Left out", ""]
        lines += [f"- {_label(key)} ({kind}): {why}" for (key, kind), why in left_out.items()]
        lines += [f"- {_label(key)}, {work} at {depth}: **failed**" for work, depth, key in failed]
        lines.append("")
    return "\n".join(lines)

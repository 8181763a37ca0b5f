# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Medians, and ratios of urio to the others, round by round."""

from statistics import median

from .works import CONTESTANTS, TARGETS


def spread(values):
    if any(v is None for v in values):
        return None
    return {"median": median(values), "min": min(values), "max": max(values)}


def rate(one):
    return one["operations"] / one["seconds"]


def cpu(one):
    """Processor microseconds for one operation."""
    if one["user"] is None:
        return None
    return 1e6 * (one["user"] + one["system"]) / max(one["operations"], 1)


def _ratio(ours, others, of):
    pairs = [(of(a), of(b)) for a, b in zip(ours, others)]
    if not all(b for _, b in pairs):
        return None
    return spread([a / b for a, b in pairs])


def _cell(work, depth, rounds):
    contestants = {}
    for key, runs in rounds.items():
        calls = [r["system_calls"] / r["operations"] for r in runs if r["system_calls"] is not None]
        contestants[key] = {
            "label": CONTESTANTS[key].label,
            "rate": spread([rate(r) for r in runs]),
            "cpu_us": spread([cpu(r) for r in runs]),
            "system_calls": median(calls) if len(calls) == len(runs) else None,
            "rounds": runs,
        }
    ratios = []
    for ours in rounds:
        if not CONTESTANTS[ours].ours:
            continue
        for other in rounds:
            if CONTESTANTS[other].ours:
                continue
            ratios.append({
                "ours": ours,
                "other": other,
                "rate": _ratio(rounds[ours], rounds[other], rate),
                "cpu": _ratio(rounds[ours], rounds[other], cpu),
            })
    return {
        "work": work.name,
        "title": work.title,
        "depth": depth,
        "unit": work.unit,
        "contestants": contestants,
        "ratios": ratios,
    }


def _of_liburing(cell, ratio):
    """What liburing alone, with the same ring, makes of the same comparison: what the
    machine gives."""
    mode = CONTESTANTS[ratio["ours"]].mode
    raw = cell["contestants"].get(f"raw_{mode}")
    other = cell["contestants"][ratio["other"]]
    if not raw or CONTESTANTS[ratio["other"]].program == "raw":
        return None
    return _ratio(raw["rounds"], other["rounds"], rate)


def evaluate(results):
    """Returns the cells (a work at a depth), and how the targets fare."""
    cells = [_cell(*result) for result in results]
    targets = []
    for target in TARGETS:
        for cell in cells:
            if cell["work"] not in target.works or cell["depth"] not in target.depths:
                continue
            for ratio in cell["ratios"]:
                if (ratio["ours"], ratio["other"]) == (target.ours, target.other):
                    r = ratio["rate"]
                    targets.append({
                        "work": cell["work"],
                        "title": cell["title"],
                        "depth": cell["depth"],
                        "ours": target.ours,
                        "other": target.other,
                        "ratio": r,
                        "liburing": _of_liburing(cell, ratio),
                        "cpu": ratio["cpu"],
                        "target": target.at_least,
                        "passed": r["median"] >= target.at_least,
                        # The rounds do not agree on it.
                        "unsure": r["min"] < target.at_least <= r["max"],
                    })
    return cells, targets

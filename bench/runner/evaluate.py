# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Medians, ratios of urio to the others round by round, and how the targets fare."""

from statistics import median

from .contestants import CONTESTANTS
from .model import MEASURES, Exact, value
from .targets import DESIGN, OTHERS


def spread(values):
    if not values or any(v is None for v in values):
        return None
    return {"median": median(values), "min": min(values), "max": max(values)}


def _ratio(ours, others, measure):
    pairs = [(value(a, measure), value(b, measure)) for a, b in zip(ours, others)]
    # A timer may be early: there is no multiple of that.
    if not all(a is not None and b and a > 0 < b for a, b in pairs):
        return None
    return spread([a / b for a, b in pairs])


def _contestant(key, runs, counted):
    measures = {m: spread([value(r, m) for r in runs]) for m in MEASURES}
    if counted:
        measures["system_calls"] = spread([value(counted, "system_calls")])
    return {
        "label": CONTESTANTS[key].label,
        "measures": {m: s for m, s in measures.items() if s},
        "lost": sum(r.get("lost", 0) for r in runs),
        "rounds": runs,
    }


def _cell(work, point, rounds, counted, rate):
    measures = {work.primary, "rate", "cpu"}
    ratios = [
        {"ours": a, "other": b, **{m: _ratio(rounds[a], rounds[b], m) for m in sorted(measures)}}
        for a in rounds if CONTESTANTS[a].ours
        for b in rounds if not CONTESTANTS[b].ours
    ]
    return {
        "work": work.name,
        "title": work.title,
        "point": point,
        "axis": work.axis,
        "unit": work.unit,
        "primary": work.primary,
        "rate": rate,
        "contestants": {k: _contestant(k, r, counted.get(k)) for k, r in rounds.items()},
        "ratios": ratios,
    }


def _of_liburing(check, contestants):
    """What liburing alone, with the same ring, makes of the same comparison: what the
    machine gives."""
    raw = contestants.get(f"raw_{CONTESTANTS[check.ours].mode}")
    if not raw or any(CONTESTANTS[o].program == "raw" for o in check.others):
        return None
    return _best(raw["rounds"], check, contestants)[0]


def _best(ours, check, contestants):
    """The ratio to the best of the others, and which that is."""
    found = [(r, key) for key in check.others if key in contestants
             for r in [_ratio(ours, contestants[key]["rounds"], check.measure)] if r]
    if not found:
        return None, None
    worst = max if check.at_most else min
    return worst(found, key=lambda pair: pair[0]["median"])


def expected(check):
    """How many outcomes a check has in a full run."""
    if isinstance(check, Exact):
        return len(check.loops)
    return len(check.works) * len(check.points)


def _apply(check, cell):
    contestants = cell["contestants"]
    if check.ours not in contestants:
        return None
    ours = contestants[check.ours]
    figure, other, liburing = ours["measures"].get(check.measure), None, None
    if check.others:
        figure, other = _best(ours["rounds"], check, contestants)
        liburing = _of_liburing(check, contestants)
    if not figure:
        return None
    return {
        "work": cell["work"], "title": cell["title"], "point": cell["point"], "ours": check.ours,
        "other": other, "measure": check.measure, "figure": figure, "liburing": liburing,
        "limit": check.limit, "at_most": check.at_most,
        "passed": check.holds(figure["median"]),
        # The rounds do not agree on it.
        "unsure": check.holds(figure["min"]) != check.holds(figure["max"]),
    }


def _apply_exact(check, exact):
    for loop in check.loops:
        found = exact.get(loop, {}).get(check.contestant)
        if found and found.get(check.figure) is not None:
            figure = found[check.figure]
            yield {
                "work": loop, "title": loop, "point": None, "ours": check.contestant,
                "other": None, "measure": check.figure, "figure": spread([figure]),
                "liburing": None, "limit": check.limit, "at_most": True,
                "passed": figure <= check.limit, "unsure": False,
            }


def _outcomes(checks, cells, exact):
    for check in checks:
        if isinstance(check, Exact):
            yield from _apply_exact(check, exact)
            continue
        for cell in cells:
            if cell["work"] in check.works and cell["point"] in check.points:
                outcome = _apply(check, cell)
                if outcome:
                    yield outcome


def evaluate(results, exact):
    """Returns the cells (a work at a point), the lines of the design's table, and the other
    targets. `exact` are the figures of the regression guard by loop and contestant."""
    cells = [_cell(*cell) for cell in results.cells]
    design = [
        {"work": t.work, "against": t.against, "wanted": t.wanted, "missing": t.missing,
         "outcomes": list(_outcomes(t.checks, cells, exact)),
         "expected": sum(expected(c) for c in t.checks)}
        for t in DESIGN
    ]
    return cells, design, list(_outcomes(OTHERS, cells, exact))

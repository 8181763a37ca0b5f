# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Where urio loses, and why."""

from .contestants import CONTESTANTS
from .model import MEASURES
from .reasons import REASONS
from .tables import label, table
from .works import WORKS

TOLERANCE = 0.05  # less than that is nobody's loss

# Who is compared with whom: a ring with one of the same mode, a reactor with a loop on
# readiness, all others with what a user of urio gets.
RINGS = {"urio_shared": "shared", "urio_exclusive": "exclusive", "urio_fixed": "fixed"}
READINESS = ("epoll", "mio")
ON_READINESS = ("asio", "uv")  # what urio's reactor engine stands beside


def _comparable(ours, other):
    a, b = CONTESTANTS[ours], CONTESTANTS[other]
    if a.program == "reactor":
        return other in READINESS and a.mode == "epoll"
    if other == "mio":
        return False
    if ours == "urio_epoll":
        return other in ON_READINESS
    if a.style != b.style:
        return False
    if b.program in ("raw", "multishot") and b.mode in RINGS.values():
        return RINGS.get(ours) == b.mode
    return ours == "urio_shared" or a.style == "coroutine"


def _advantage(figure, measure):
    """More than 1 is better for urio."""
    if MEASURES[measure].higher_is_better:
        return figure["median"], figure["max"]
    return 1 / max(figure["median"], 1e-9), 1 / max(figure["min"], 1e-9)


def find(cells):
    """Yields (work, other, measure, point, our form, ratio, unsure)."""
    for cell in cells:
        # System calls and percentiles are means; what is lost is time, rate or memory.
        for measure in dict.fromkeys((cell["primary"], "cpu", "rate")):
            for r in cell["ratios"]:
                figure = r.get(measure)
                if not figure or not _comparable(r["ours"], r["other"]):
                    continue
                median, most = _advantage(figure, measure)
                if median < 1 - TOLERANCE:
                    yield (cell["work"], r["other"], measure, cell["point"], r["ours"],
                           figure["median"], most >= 1)


def _reason(work, other, measure):
    for key in ((work.name, other, measure), (work.name, other), (work.name, None),
                (work.driver, other, measure), (work.driver, other), (work.driver, measure)):
        if key in REASONS:
            return REASONS[key]
    return "not looked into"


def _grouped(found):
    """Points by (work, our form, other, measure)."""
    grouped = {}
    for work, other, measure, point, ours, figure, _ in found:
        grouped.setdefault((work, ours, other, measure), []).append(f"{figure:.2f} at {point}")
    return grouped


def write(cells):
    if not any(cell["ratios"] for cell in cells):
        return ["Nothing was compared in this run."]
    found = list(find(cells))
    sure = _grouped(f for f in found if not f[-1])
    lines = []
    if sure:
        rows = []
        for (name, ours, other, measure), texts in sure.items():
            work = next(w for w in WORKS if w.name == name)
            rows.append((work.title, label(ours), label(other), MEASURES[measure].title,
                         "; ".join(texts), _reason(work, other, measure)))
        lines += table(("work", "urio", "against", "measure", "ratio", "why"), rows)
    else:
        lines += [f"Nowhere by more than {100 * TOLERANCE:.0f} % in all rounds."]
    unsure = _grouped(f for f in found if f[-1])
    if unsure:
        lines += ["", "The median is worse by more than "
                  f"{100 * TOLERANCE:.0f} %, but the rounds do not agree that urio loses:", ""]
        by_work = {}
        for (name, ours, other, measure), texts in unsure.items():
            by_work.setdefault(name, []).append(
                f"{label(ours)} to {label(other)} ({MEASURES[measure].title}) {'; '.join(texts)}")
        for name, texts in by_work.items():
            work = next(w for w in WORKS if w.name == name)
            lines.append(f"- {work.title}: {', '.join(texts)}")
    return lines

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

# What others have that is of their own kind is compared with urio of that kind.
REACTORS = {"mio", "epoll"}


def _comparable(ours, other):
    """A ring is compared with one of the same mode, a reactor with one; others with urio in its
    best form."""
    a, b = CONTESTANTS[ours], CONTESTANTS[other]
    if a.program == "reactor":
        return other in REACTORS
    if other == "mio" or a.mode in ("epoll", "poll"):
        return False
    return b.program != "raw" or b.mode == a.mode


def _advantage(figure, measure):
    """More than 1 is better for urio."""
    if MEASURES[measure].higher_is_better:
        return figure["median"], figure["max"]
    return 1 / max(figure["median"], 1e-9), 1 / max(figure["min"], 1e-9)


def find(cells):
    """Yields (work, other, point, our form, ratio, unsure)."""
    for cell in cells:
        best = {}
        for r in cell["ratios"]:
            figure = r[cell["primary"]]
            if not figure or not _comparable(r["ours"], r["other"]):
                continue
            median, most = _advantage(figure, cell["primary"])
            if r["other"] not in best or median > best[r["other"]][0]:
                best[r["other"]] = (median, most, r["ours"], figure["median"])
        for other, (median, most, ours, figure) in best.items():
            if median < 1 - TOLERANCE:
                yield cell["work"], other, cell["point"], ours, figure, most >= 1


def write(cells):
    grouped = {}
    for work, other, point, ours, figure, unsure in find(cells):
        text = f"{figure:.2f} at {point} ({label(ours)}{', unsure' if unsure else ''})"
        grouped.setdefault((work, other), []).append(text)
    if not grouped:
        return [f"Nowhere by more than {100 * TOLERANCE:.0f} %."]
    rows = []
    for (name, other), texts in grouped.items():
        work = next(w for w in WORKS if w.name == name)
        reason = (REASONS.get((name, other)) or REASONS.get((name, None))
                  or REASONS.get((work.driver, other)) or "not looked into")
        rows.append((work.title, label(other), MEASURES[work.primary].title, ", ".join(texts),
                     reason))
    return table(("work", "against", "measure", "ratio", "why"), rows)

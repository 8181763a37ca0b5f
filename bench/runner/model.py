# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What a benchmark consists of: works, contestants, measures and targets."""

from dataclasses import dataclass, field

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


class LeftOut(Exception):
    """The contestant cannot take part here, for this reason."""


class Failed(Exception):
    """The contestant did not do its work."""


@dataclass(frozen=True)
class Contestant:
    key: str
    label: str
    program: str  # the end of the names of its programs, or the name of a tool
    mode: str = ""
    style: str = ""  # of programs that have several
    ours: bool = False  # urio: what the others are compared with
    needs: str = ""  # the one that tells why, if it cannot run either
    colour: str = "#000000"


@dataclass(frozen=True)
class Work:
    """Something that all contestants do alike, at several points: a number of operations in
    flight, of connections, of threads."""

    name: str
    title: str
    kind: str  # what a contestant may be left out of
    contestants: tuple
    points: tuple
    axis: str  # what the points are, after "number"
    unit: str  # of operations, in the plural
    driver: str
    primary: str = "rate"  # by which measure contestants are compared first
    quick_points: tuple = ()  # none: it is left out of a quick run
    quick_contestants: tuple = ()  # all if empty
    options: dict = field(default_factory=dict, compare=False)  # for the driver


@dataclass(frozen=True)
class Measure:
    title: str
    higher_is_better: bool = False


MEASURES = {
    "rate": Measure("per second", True),
    "cpu": Measure("processor time, us"),
    "p50": Measure("median latency, us"),
    "p99": Measure("99th percentile of the latency, us"),
    "p99.9": Measure("99.9th percentile of the latency, us"),
    "resident": Measure("resident bytes for a connection"),
    "system_calls": Measure("system calls"),
}


def value(run, measure):
    """Of one run; None if it does not have the measure."""
    operations = max(run["operations"], 1)
    if measure == "rate":
        return run["operations"] / run["seconds"]
    if measure == "cpu":
        return None if run["user"] is None else 1e6 * (run["user"] + run["system"]) / operations
    if measure == "system_calls":
        calls = run.get("system_calls")
        return None if calls is None else calls / operations
    if measure == "resident":
        return run.get("resident_per_connection")
    return (run.get("latency_us") or {}).get(measure)


@dataclass(frozen=True)
class Check:
    """What a ratio of urio to another, or a figure of urio's own, has to be."""

    works: tuple
    points: tuple
    ours: str
    others: tuple  # the best of them counts; none: the figure itself
    measure: str
    limit: float
    at_most: bool = False

    def holds(self, figure):
        return figure <= self.limit if self.at_most else figure >= self.limit


@dataclass(frozen=True)
class Exact:
    """What a figure of the regression guard has to be, at most."""

    loops: tuple
    contestant: str
    figure: str
    limit: float


@dataclass(frozen=True)
class Target:
    """A line of the design's table."""

    work: str
    against: str
    wanted: str
    checks: tuple
    missing: str = ""  # why it cannot be measured yet

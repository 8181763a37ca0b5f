#!/usr/bin/env python3
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Whether the guard's comparison fails when it is to fail."""

import copy
import unittest

import guard
from counts import Counts


def cell(instructions=1000.0, system_calls=0.0312, allocations=0.0):
    return {"instructions": instructions, "system_calls": system_calls,
            "allocations": allocations}


FIGURES = {"urio shared": {"tcp_echo": cell(), "idle": {"bytes": 400.0}},
           "urio epoll": {"tcp_echo": cell(system_calls=6.0), "idle": {"bytes": 600.0}}}
BASELINE = {"built_with": {"compiler": "gcc 12.2.0", "boost": "1_81"}, "kernel": "6.1",
            "figures": FIGURES}


class Check(unittest.TestCase):
    """Each test changes what is counted now."""

    def setUp(self):
        self.now = copy.deepcopy(FIGURES)

    def check(self, left_out=None):
        code, lines = guard.check(BASELINE, Counts(self.now, left_out or {}))
        return code, "\n".join(lines)

    def worse(self, contestant, loop, figure, value):
        """Whether the check fails with this figure, and names it and no other."""
        self.now[contestant][loop][figure] = value
        code, said = self.check()
        rows = [line for line in said.splitlines() if guard.UNITS[figure] in line]
        if code == 1:
            self.assertIn("worse than the baseline", said)
            self.assertEqual(1, len(rows))
            self.assertIn(f"{contestant}, {loop}", rows[0])
        else:
            self.assertEqual((0, []), (code, rows))
        return code == 1

    def test_equal(self):
        self.assertEqual((0, "guard: as good as the baseline"), self.check())

    def test_instructions(self):
        self.assertTrue(self.worse("urio shared", "tcp_echo", "instructions", 1031.0))
        self.assertFalse(self.worse("urio shared", "tcp_echo", "instructions", 1029.0))

    def test_change_is_printed(self):
        self.now["urio shared"]["tcp_echo"] = cell(instructions=1500.0)
        self.assertRegex(self.check()[1], r"1,000 +1,500 +\+50.0 %")

    def test_first_allocation(self):
        self.assertTrue(self.worse("urio shared", "tcp_echo", "allocations", 1.0))
        self.assertFalse(self.worse("urio shared", "tcp_echo", "allocations", 0.002))

    def test_one_more_system_call_in_32_operations(self):
        self.assertTrue(self.worse("urio shared", "tcp_echo", "system_calls", 2 / 32))

    def test_more_system_calls(self):
        self.assertTrue(self.worse("urio epoll", "tcp_echo", "system_calls", 7.0))
        self.assertFalse(self.worse("urio epoll", "tcp_echo", "system_calls", 6.1))

    def test_idle_connection(self):
        self.assertTrue(self.worse("urio epoll", "idle", "bytes", 620.0))

    def test_limit_of_an_idle_connection(self):
        baseline = copy.deepcopy(BASELINE)
        baseline["figures"]["urio shared"]["idle"]["bytes"] = 512.0
        code, lines = guard.check(baseline, Counts(baseline["figures"], {}))
        self.assertEqual(1, code)
        self.assertIn("less than 512 are allowed", lines[0])

    def test_better(self):
        self.now["urio shared"]["tcp_echo"] = cell(instructions=900.0)
        code, said = self.check()
        self.assertEqual(0, code)
        self.assertIn("`guard.py update`", said)
        self.assertIn("-10.0 %", said)

    def test_better_does_not_make_up_for_worse(self):
        self.now["urio shared"]["tcp_echo"] = cell(instructions=500.0, allocations=1.0)
        self.assertEqual(1, self.check()[0])

    def test_left_out(self):
        del self.now["urio shared"]["tcp_echo"]
        code, said = self.check({("urio shared", "tcp_echo"): "no io_uring"})
        self.assertEqual(guard.SKIPPED, code)
        self.assertIn("urio shared, tcp_echo: no io_uring", said)

    def test_gone(self):
        del self.now["urio shared"]["tcp_echo"]
        code, said = self.check()
        self.assertEqual(1, code)
        self.assertIn("gone", said)

    def test_worse_though_something_is_left_out(self):
        self.now["urio epoll"]["tcp_echo"] = {"instructions": 2000.0, "allocations": 0.0}
        self.now["urio shared"]["tcp_echo"].pop("system_calls")
        code, said = self.check({"system_calls": "no strace"})
        self.assertEqual(1, code)
        self.assertIn("2,000", said)
        self.assertNotIn("gone", said)

    def test_built_otherwise(self):
        self.assertEqual([], guard.misfits(BASELINE, BASELINE["built_with"]))
        said = guard.misfits(BASELINE, {"compiler": "gcc 13.1.0", "boost": "1_81"})
        self.assertEqual(1, len(said))
        self.assertIn("gcc 12.2.0, this is gcc 13.1.0", said[0])


if __name__ == "__main__":
    unittest.main()

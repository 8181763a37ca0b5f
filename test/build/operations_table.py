#!/usr/bin/env python3
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Compares the table of io_uring's operations in the library with that of the documentation,
and both with a liburing's own list.

operations_table.py PROJECT LIBURING_INCLUDE_DIRECTORY
"""

import re
import sys


def of_library(text):
    rows = re.findall(
        r'\{(\d+),\s*"(\w+)",\s*"([^"]+)",\s*"([\d.]+)",\s*fallback::(\w+)\}', text)
    return [(int(n), *rest) for n, *rest in rows]


def of_documentation(text):
    rows = re.findall(
        r"^\| *(\d+) *\| *`?(\w+)`? *\| *(.+?) *\| *([\d.]+) *\| *`?(\w+)`? *\|$", text, re.M)
    return [(int(n), name, here.replace("`", ""), since, how)
            for n, name, here, since, how in rows]


def of_liburing(text):
    """The names, by opcode."""
    body = re.search(r"enum io_uring_op \{(.*?)\}", text, re.S).group(1)
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    return re.findall(r"IORING_OP_(\w+)", body)[:-1]  # the last one is their number


def differences(library, documentation, liburing):
    if not library or not documentation or not liburing:
        yield "a table is empty"
    if [row[0] for row in library] != list(range(len(library))):
        yield "the library's rows are not in the order of the opcodes"
    for ours, theirs in zip(library, documentation):
        if ours != theirs:
            yield f"the library has {ours}, the documentation {theirs}"
    if len(library) != len(documentation):
        yield f"the library has {len(library)} rows, the documentation {len(documentation)}"
    for number, name in enumerate(liburing):
        if number >= len(library):
            yield f"liburing has IORING_OP_{name}, the library has not"
        elif library[number][1] != name:
            yield f"{number} is IORING_OP_{name}, the library has {library[number][1]}"


def self_test():
    """That it can fail."""
    row = (0, "NOP", "nop", "5.1", "at_once")
    assert not list(differences([row], [row], ["NOP"]))
    for broken in (([row], [], ["NOP"]), ([row], [(*row[:4], "none")], ["NOP"]),
                   ([row], [row], ["READV"]), ([row], [row], ["NOP", "READV"])):
        assert list(differences(*broken)), broken


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def main():
    self_test()
    project, include = sys.argv[1:]
    found = list(differences(of_library(read(f"{project}/impl/event/operations.cpp")),
                             of_documentation(read(f"{project}/doc/events.md")),
                             of_liburing(read(f"{include}/liburing/io_uring.h"))))
    for what in found:
        print(what)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())

# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
"""For tools/swap: a C++ source as tokens without comments, and edits to it."""

import re

TOKEN = re.compile(r"""
    (?P<comment>//(?:\\\r?\n|[^\n])*|/\*.*?(?:\*/|\Z))
  | (?P<include>^[ \t]*\#[ \t]*include[ \t]*(?:<[^>\n]*>|"[^"\n]*"))
  | (?P<directive>^[ \t]*\#[ \t]*\w+)
  | (?P<literal>(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]*)\(.*?\)(?P=delimiter)"
      |(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"|(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
  | (?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<mark>::|->|\S)""", re.X | re.S | re.M)


class Source:
    """One file: its tokens, the edits to make, and what is left to decide."""

    def __init__(self, path):
        self.path = path
        # Any bytes survive a round trip through this encoding.
        self.text = path.read_bytes().decode("latin-1")
        self.edits = {}
        self.undecided = set()
        found = [m for m in TOKEN.finditer(self.text) if m.lastgroup != "comment"]
        self.tokens = [m.group() for m in found]
        self.kinds = [m.lastgroup for m in found]
        self.starts = [m.start() for m in found]

    def at(self, i):
        """The token at an index that may lie outside."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else ""

    def end(self, i):
        return self.starts[i] + len(self.tokens[i])

    def replace(self, first, last, text):
        """Replace the tokens from first to last, and what is between them."""
        self.edits[self.starts[first]] = (self.end(last), text)

    def report(self, i, anchor):
        self.undecided.add((self.starts[i], anchor))

    def chain(self, i):
        """The indices of the names in a qualified name that begins at i."""
        names = [i]
        while self.at(i + 1) == "::" and self.kinds[i + 2:i + 3] == ["name"]:
            i += 2
            names.append(i)
        return names

    def arguments(self, i):
        """The template arguments that begin with the '<' at i, as (first, last) indices."""
        result, depth, first = [], 0, i + 1
        for k in range(i, len(self.tokens)):
            t = self.tokens[k]
            if t in "<([":
                depth += 1
            elif t in ">)]":
                depth -= 1
            if depth == 0 or (depth == 1 and t == ","):
                result.append((first, k - 1))
                first = k + 1
            if depth == 0:
                return result
            if t in ";{}":
                break
        return []

    def inner(self, i):
        """The tokens of the template arguments that begin at i, if any do."""
        arguments = self.arguments(i) if self.at(i) == "<" else []
        return [t for first, last in arguments for t in self.tokens[first:last + 1]]

    def result(self, until=None):
        """The text with the edits made, up to a position in the text as it was."""
        out, at = [], 0
        for start, (end, text) in sorted(self.edits.items()):
            if until is not None and start > until:
                break
            out += [self.text[at:start], text]
            at = end
        return "".join(out) + self.text[at:until]

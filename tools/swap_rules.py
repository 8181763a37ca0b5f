# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
"""For tools/swap: what becomes of each of Asio's names, and what cannot be decided."""

import ast
import re

# Members of namespace boost::asio that urio leaves there and that work with its objects.
STOCK = {"spawn", "yield_context", "basic_yield_context", "chrono", "windows"}

# Templates whose argument must be Asio's own protocol.
OF_PROTOCOL = {"basic_endpoint", "basic_resolver", "basic_resolver_entry",
               "basic_resolver_iterator", "basic_resolver_results"}
PROTOCOLS = {"tcp", "udp", "icmp", "stream_protocol", "datagram_protocol",
             "seq_packet_protocol", "raw_protocol"}

MACRO = re.compile(r"\b(BOOST_ASIO_(?:DISABLE_\w+|HAS_IO_URING\w*|HAS_FILE|DYN_LINK|"
                   r"SEPARATE_COMPILATION|USE_TS_EXECUTOR_AS_DEFAULT|"
                   r"ENABLE_HANDLER_TRACKING)|ASIO_STANDALONE)\b")

# Those of them that are decided otherwise than by the program, which may test them.
TESTED = {"BOOST_ASIO_HAS_FILE", "BOOST_ASIO_HAS_IO_URING"}

# Libraries whose interfaces name Asio's own sockets.
THIRD_PARTY = re.compile(r"[<\"](boost/(mysql|redis|mqtt5|cobalt|process)\b|websocketpp/|"
                         r"azmq/|cpprest/|nghttp2/asio|sdbusplus/asio|crow)")

# Types that differ between urio and Asio.
SWITCHED = {"socket", "acceptor", "any_io_executor", "executor_type", "io_context",
            "basic_socket", "basic_stream_socket", "basic_datagram_socket",
            "basic_socket_acceptor"}

BEAST_STREAM = "basic_stream<urio::ip::tcp, urio::any_io_executor>"


def offered(root):
    """The names of namespace urio, by inner namespace: Asio's, and those of its own."""
    header = (root / "include/urio/names.hpp").read_text()
    names = {"": set(re.findall(r"^namespace (\w+) =", header, re.M))}
    for where, name in re.findall(r"^using boost::asio::(?:(\w+)::)?(\w+);", header, re.M):
        names.setdefault(where, set()).add(name)
    for node in ast.parse((root / "tools/names").read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "OWN":
            for where, own in ast.literal_eval(
                    ast.unparse(node.value).replace("set()", "[]")).items():
                names.setdefault(where, set()).update(own)
    for alias in re.findall(r"^namespace (\w+) = boost::asio::ip",
                            (root / "include/urio/ip.hpp").read_text(), re.M):
        names["ip"].add(alias)
    return names


class Swap:
    """Rewrites one source. `aliases` are the names that the tree gives to boost::asio."""

    def __init__(self, source, names, aliases):
        self.s, self.names, self.aliases = source, names, aliases
        text = " ".join(source.tokens)
        self.inside_boost = "using namespace boost ;" in text
        self.inside_beast = re.search(r"using namespace (boost :: )?beast ;", text)
        self.inside_asio = re.search(r"using namespace (boost :: asio|urio) ;", text)
        self.beasts = {"beast"} | set(re.findall(r"\bnamespace (\w+) = boost :: beast ;",
                                                 text))
        self.frozen = set()  # where boost::asio is what must be written
        self.dropped = set()

    def run(self):
        s = self.s
        for i, token in enumerate(s.tokens):
            if s.kinds[i] == "include" and re.search(r"[<\"]asio(\.hpp|/)", token):
                s.report(i, "standalone")
                return
        braces = []  # for each open one, the namespaces that it opens
        i = 0
        while i < len(s.tokens):
            token, step = s.tokens[i], 1
            path = [n for names in braces for n in names]
            if token == "namespace" and s.at(i - 1) != "using":
                names = s.chain(i + 1) if s.kinds[i + 1:i + 2] == ["name"] else [i]
                opened = [s.tokens[n] for n in names] if names != [i] else []
                if s.at(names[-1] + 1) == "{":
                    if (path + opened)[:2] == ["boost", "asio"] and path != ["boost", "asio"]:
                        s.report(i, "namespace")
                    braces.append(opened)
                    step = names[-1] + 2 - i
            elif token == "{":
                braces.append([])
            elif token == "}":
                braces = braces[:-1]
            elif s.kinds[i] == "include":
                self.include(i)
            elif s.kinds[i] == "name":
                tested = s.at(i - 1).split("#")[-1].strip() not in ("define", "undef")
                if MACRO.fullmatch(token) and (not tested or token in TESTED):
                    s.report(i, "macros")
                if s.at(i - 1) in (".", "->"):
                    if token == "target" and "executor" in " ".join(s.inner(i + 1)):
                        s.report(i, "target")
                elif path[:2] != ["boost", "asio"] and i not in self.dropped:
                    step = self.name(i, path[:1] == ["boost"])
            i += step
        if "urio" in " ".join(text for _, text in s.edits.values()):
            self.add_include()

    def include(self, i):
        s = self.s
        if re.search(r"[<\"]boost/asio\.hpp", s.tokens[i]):
            s.replace(i, i, re.split(r"[<\"]", s.tokens[i])[0] + "<urio.hpp>")
        elif THIRD_PARTY.search(s.tokens[i]):
            s.report(i, "third-party")

    def add_include(self):
        """Includes urio before the first header of Asio or Beast that no #if governs."""
        s = self.s
        if re.search(r"^[ \t]*#[ \t]*include[ \t]*<urio\.hpp>", s.result(), re.M):
            return
        depth, places = 0, []
        for i, token in enumerate(s.tokens):
            if s.kinds[i] == "directive":
                word = token.split("#")[1].strip()
                guard = word == "ifndef" and s.at(i + 2).endswith("define") and not places
                depth += word.startswith("if") and not guard
                depth -= word == "endif"
            elif s.kinds[i] == "include" and depth == 0:
                places.append(i)
        asio = [i for i in places if re.search(r"boost/(asio|beast)", s.tokens[i])]
        at = s.starts[(asio or places or [0])[0]]
        newline = "\r\n" if "\r\n" in s.text else "\n"
        end, text = s.edits.get(at, (at, ""))
        s.edits[at] = (end, f"#include <urio.hpp>{newline}{text}")

    def name(self, i, in_boost):
        """Handle the qualified name at i; the number of tokens to go on by."""
        s = self.s
        if s.at(i - 1) == "::" and s.end(i - 2) == s.starts[i - 1] and \
                (s.at(i - 2) == ">" or s.kinds[i - 2] == "name"):
            return 1  # goes on from another name
        names = s.chain(i)
        words = [s.tokens[n] for n in names]
        used = names[-1] + 1 - i
        after = names[-1] + 1
        if words[-1] in ("awaitable", "use_awaitable_t") and s.at(after) == "<":
            self.drop_executor(after, words[-1] == "awaitable")
        if words[-1] in ("is_same", "is_same_v", "same_as"):
            if SWITCHED.intersection(s.inner(after)):
                s.report(i, "is-same")
        if words == ["io_service"] and self.inside_asio and \
                (s.at(after) in ("&", "::") or s.kinds[after:after + 1] == ["name"]):
            s.report(i, "io-service")
        if words[-2:] == ["io_context", "service"] and s.at(i - 1) in (":", ",", "public"):
            s.report(i, "service")
        if self.beast(names, words, in_boost):
            return used
        if words[:2] == ["boost", "asio"]:
            root, aliased = 2, False
        elif words[0] == "asio" and (in_boost or self.inside_boost) and "asio" not in self.aliases:
            root, aliased = 1, False
        elif words[0] in self.aliases and len(words) > 1:
            root, aliased = 1, True
        else:
            if words[0] in OF_PROTOCOL or words[-1] in OF_PROTOCOL:
                self.protocol_argument(after)
            return used
        rest = words[root:]
        if rest and rest[-1] in OF_PROTOCOL:
            self.protocol_argument(after)
        self.asio(names, root, aliased, rest)
        return used

    def asio(self, names, root, aliased, rest):
        """Rewrite a name of which the first `root` parts mean boost::asio."""
        s = self.s
        first, last = names[0], names[root - 1]
        if not rest or first in self.frozen or s.at(first - 1) in ("class", "struct"):
            stays = bool(rest)
        elif "detail" in rest:
            s.report(first, "detail")
            stays = True
        elif rest[0] == "io_service":
            using = s.at(first - 1) == "using"
            s.replace(first, names[root], "io_service = urio::io_context" if using
                      else "urio::io_context")
            return
        elif rest[0] in STOCK:
            stays = True
        elif aliased:
            return
        else:
            within = self.names.get(rest[0])
            stays = rest[0] not in self.names[""] and within is None
            if within is not None and len(rest) > 1:
                stays = rest[1] not in within
            if stays:
                s.report(first, "other-names")
        if not stays:
            s.replace(first, last, "urio")
        elif s.tokens[first:last + 1] != ["boost", "::", "asio"]:
            s.replace(first, last, "boost::asio")

    def beast(self, names, words, in_boost):
        """Beast's TCP streams take Asio's executor unless told otherwise."""
        s, last = self.s, names[-1]
        for n in names:
            qualified = s.at(n - 2) in self.beasts or self.inside_beast
            if s.tokens[n] == "tcp_stream" and qualified:
                using = s.at(names[0] - 1) == "using" and s.at(n + 1) == ";"
                if using:
                    s.replace(names[0], n, "tcp_stream = boost::beast::" + BEAST_STREAM)
                else:
                    s.replace(n, n, BEAST_STREAM)
                return True
            if s.tokens[n] == "basic_stream" and qualified and s.at(n + 1) == "<":
                arguments = s.arguments(n + 1)
                if len(arguments) == 1:
                    end = arguments[0][1]
                    s.edits[s.end(end)] = (s.end(end), ", urio::any_io_executor")
        return False

    def drop_executor(self, i, of_awaitable):
        """awaitable<T, any_io_executor> is awaitable<T>, which names Asio's executor."""
        s = self.s
        arguments = s.arguments(i)
        if len(arguments) != 1 + of_awaitable or s.at(arguments[-1][1]) != "any_io_executor":
            return
        first, last = arguments[-1]
        if s.chain(first)[-1] == last:
            s.edits[s.end(first - 2) if of_awaitable else s.starts[first]] = (s.end(last), "")
            self.dropped.update(range(first, last + 1))

    def protocol_argument(self, i):
        s = self.s
        if s.at(i) != "<":
            return
        for first, last in s.arguments(i)[:1]:
            if s.tokens[last] not in PROTOCOLS:
                return
            if s.chain(first)[-1] == last and s.chain(first) != [last] and \
                    s.tokens[first] in {"boost"} | self.aliases:
                self.frozen.add(first)
            else:
                s.report(first, "protocol-argument")

"""Where a request's instructions go: by whose code it is, by function, and which functions call the system."""

import collections
import re

# Where the source of a library lies, and where that of the crate does.
LIBRARY = re.compile(r"/registry/src/[^/]+/(.+?)-\d+\.\d+")
ROOM = re.compile(r"(?:^|/)src/([a-z_]+(?:/[a-z0-9_]+)?)[a-z0-9_/]*\.rs$")
STANDARD = re.compile(r"/(?:rustc|library)/")

# A function whose source is not known, by its name.
NAMED = [
    (re.compile(r"_rjem_|arena_|tcache|edata_"), "jemalloc"),
    (re.compile(r"^_*(?:mem(?:cpy|move|set|cmp|chr)|bcmp)"), "libc: memcpy and its like"),
    (re.compile(r"media_origin::([a-z_]+(?:::[a-z_]+)?)"), None),
    (re.compile(r"\b(tokio|hyper|http|moka|bytes|tracing|h2|rustls|ring)::"), None),
    (re.compile(r"::"), "std"),
]

# The functions that enter the kernel, of which the number of calls is shown.
SYSTEM = re.compile(
    r"^(?:epoll_wait|futex|syscall|(?:p?read|p?write|send|recv)(?:v|v2|msg|to|from|file)?(?:64)?|open(?:at)?2?)$")
ALLOCATING = re.compile(r"^_rjem_(?:malloc|mallocx|calloc|realloc|rallocx|sdallocx|free)$")

# How many functions are listed.
MOST = 60


class Shares:
    """A profile of callgrind's, read, of so many requests."""

    def __init__(self, path, requests):
        self.requests = requests
        self.names = {"file": {}, "function": {}, "object": {}}
        # Of lines themselves, by the file of the line, and the function that they were compiled into with its file.
        self.own = collections.Counter()
        # Of functions with all that they call; those that call themselves count more than once.
        self.whole = collections.Counter()
        self.calls = collections.Counter()
        with open(path, errors="replace") as lines:
            self.read(lines)

    def read(self, lines):
        kinds = {"fl": "file", "fi": "file", "fe": "file", "fn": "function", "ob": "object",
                 "cfl": "file", "cfi": "file", "cfn": "function", "cob": "object"}
        file = function = called = where = ""
        is_call = False
        for line in lines:
            key, separator, rest = line.rstrip("\n").partition("=")
            if separator and key in kinds:
                name = self.name(kinds[key], rest)
                if key == "fl":
                    file = where = name
                elif key in ("fi", "fe"):
                    where = name
                elif key == "fn":
                    function = name
                elif key == "cfn":
                    called = name
            elif separator and key == "calls":
                self.calls[called] += int(rest.split()[0])
                is_call = True
            elif line[0] in "0123456789+-*":
                cost = int(line.split()[-1])
                self.whole[function] += cost if called != function or not is_call else 0
                if not is_call:
                    self.own[where, file, function] += cost
                is_call = False

    def name(self, kind, text):
        """Names are written once, with a number, and by the number from then on."""
        number, _, name = text.partition(" ")
        if name:
            self.names[kind][number] = name
        return self.names[kind].get(number, text)

    def __str__(self):
        rooms, functions = collections.Counter(), collections.Counter()
        for (where, file, function), cost in self.own.items():
            rooms[room_of_file(where) or room_of_file(file) or room_of_function(function)] += cost
            functions[function] += cost
        calls = {name: count for name, count in self.calls.items() if SYSTEM.match(name) or ALLOCATING.match(name)}
        return "\n".join([
            f"{sum(self.own.values()) / self.requests:,.0f} instructions per request", "",
            "By whose code it is; the standard library's is of the function that it was compiled into:", "",
            *self.rows(rooms), "",
            "By function, with all that it calls:", "", *self.rows(self.whole), "",
            "By function, without what it calls:", "", *self.rows(functions), "",
            "Calls per request of the allocator, and of the system:", "",
            *(f"{count / self.requests:>10.2f}  {name}" for name, count in sorted(calls.items(), key=lambda of: -of[1]))])

    def rows(self, costs):
        total = sum(self.own.values())
        for name, cost in costs.most_common(MOST):
            yield f"{cost / self.requests:>10,.0f} {cost / total:>6.1%}  {name[:150]}"


def room_of_file(file):
    """A library, or a room of the crate; `None` for the standard library, and for what tells nothing."""
    if found := LIBRARY.search(file):
        return found[1].removesuffix("-sys")
    found = None if STANDARD.search(file) else ROOM.search(file)
    return found and f"media-origin: {found[1].replace('/', '::').removesuffix('::mod')}"


def room_of_function(function):
    for pattern, room in NAMED:
        if found := pattern.search(function):
            return room or (f"media-origin: {found[1]}" if "media_origin" in found[0] else found[1])
    return "libc"

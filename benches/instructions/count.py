"""Counts the instructions of a request: see README.md.

    count.py PROGRAM show [NAME...]     counts, and shows what is recorded beside it
    count.py PROGRAM check              the same, and fails where one has grown
    count.py PROGRAM record             counts, and writes it down
    count.py PROGRAM profile [NAME]     where the instructions of one go
"""

import contextlib
import statistics
import sys
import tempfile

from callgrind import Counter, under
from records import Records, Verdict
from asked import requests
from server import Server, make_certificate, make_media
from shares import Shares

# Requests that come first, so that whatever is made once is there: connections, buffers, what is in memory.
WARM_UP = 40

# How many are counted at a time, and how often. What the server does now and then, such as tidying its caches, falls
# into some of these and not into others; the one in the middle counts.
ASKED = 40
SAMPLES = 5


@contextlib.contextmanager
def counted_server(program, lines=False):
    """A server under callgrind that knows all its files."""
    with tempfile.TemporaryDirectory() as folder:
        make_media(folder)
        make_certificate(folder)
        # The digests are computed without callgrind, which takes a minute for them, and are remembered.
        Server(program, folder).stop()
        server = Server(program, folder, under(folder, lines))
        try:
            yield server
        finally:
            server.stop()


def ask(server, clients, times):
    """Asks on all connections at once, and again once the server is at rest, so that nothing depends on the moment."""
    for _ in range(times):
        for client in clients:
            client.ask()
        for client in clients:
            client.read()
        server.rest()


def count(server, clients):
    """Instructions per request."""
    counter = Counter(server)
    ask(server, clients, WARM_UP)
    counts = []
    before = counter.total()
    for _ in range(SAMPLES):
        ask(server, clients, ASKED)
        after = counter.total()
        counts.append((after - before) / (ASKED * len(clients)))
        before = after
    return round(statistics.median(counts))


def count_all(program, names):
    """Instructions per request, by name."""
    with counted_server(program) as server:
        return {name: count(server, connect()) for name, connect in requests(server).items()
                if name in names or not names}


def show(program, *names):
    records = Records.read()
    print(records.table(count_all(program, names)))


def check(program):
    records = Records.read()
    counted = count_all(program, ())
    print(records.table(counted))
    verdicts = records.judge(counted)
    for verdict in verdicts:
        print(verdict.sentence)
    if any(verdict.fails for verdict in verdicts):
        sys.exit(1)


def record(program):
    counted = count_all(program, ())
    print(Records.read().table(counted))
    Records.write(counted)


def profile(program, name="hit-4k-crowd"):
    with counted_server(program, lines=True) as server:
        clients, counter = requests(server)[name](), Counter(server)
        ask(server, clients, WARM_UP)
        counter.zero()
        ask(server, clients, ASKED)
        print(Shares(counter.profile(), ASKED * len(clients)))


if __name__ == "__main__":
    {"show": show, "check": check, "record": record, "profile": profile}[sys.argv[2]](sys.argv[1], *sys.argv[3:])

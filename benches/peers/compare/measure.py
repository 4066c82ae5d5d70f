"""Loads servers, turn by turn, and takes what it cost them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import load
from cases import Case, Kind, Protocol, response
from checks import check
from load import Load
from peers import BARE, ETAG, PEERS, Stage

from server import Server

# Seconds of load that are not counted, so that all is in memory that will be.
WARM = 1


@dataclass(frozen=True)
class Sample:
    """What one load of one server came to."""

    # Answers in a second.
    rate: float
    # Microseconds of processor for each, and how much of its core the server had, in parts of one.
    cpu: float
    busy: float
    # Microseconds, where the client takes them.
    p50: float | None
    p99: float | None
    # KiB.
    peak: int
    # The part of the thread that had most to do.
    busiest: float


def sample(server: Server, run: Callable[[], Load], bytes_each: int | None = None) -> Sample:
    """Runs a load. Answers are counted by their bytes, where it is said how many each has."""
    server.forget_peak()
    before = server.cpu()
    result = run()
    spent = [nanoseconds - before.get(task, 0) for task, nanoseconds in server.cpu().items()]
    answers = result.bytes / bytes_each if bytes_each else result.requests
    cpu = sum(spent) / 1000
    server.empty_logs()
    return Sample(
        rate=answers / result.microseconds * 1e6,
        cpu=cpu / answers,
        busy=cpu / result.microseconds,
        p50=result.p50,
        p99=result.p99,
        peak=server.memory("VmHWM"),
        busiest=max(spent) / 1000 / cpu,
    )


Samples = dict[str, list[Sample]]


def lacks(peer: str) -> frozenset[str]:
    return PEERS[peer].lacks if peer in PEERS else frozenset()


def measure(case: Case, servers: list[Server], stage: Stage, rounds: int, seconds: int) -> Samples:
    """Loads each server in turn, and all of them again, as often as there are rounds."""
    runs = {}
    for server in servers:
        etag = check(server, case, stage.root, lacks(server.peer))
        runs[server.peer] = run = runner(case, server, etag)
        run(WARM)
    # Of so large an answer the length of the head does not matter, in which peers differ a little.
    each = len(response(case, stage.root)) if case.counted_by_bytes else None
    results: Samples = {server.peer: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            results[server.peer].append(sample(server, partial(runs[server.peer], seconds * case.longer), each))
    return results


def runner(case: Case, server: Server, etag: str) -> Callable[[int], Load]:
    url = server.url(case.path, case.tls)
    if case.protocol is Protocol.H2:
        return lambda seconds: load.h2load(url, seconds, server.folder / "h2load")
    missing = case.kind is Kind.MISSING
    return lambda seconds: load.wrk(url, seconds, case.fields(etag), missing=missing)


def measure_many(servers: list[Server], paths: Path, rounds: int, seconds: int) -> Samples:
    """The same for many files in random order."""
    results: Samples = {server.peer: [] for server in servers}
    for server in servers:
        load.wrk(server.url("/"), WARM, paths=paths)
    for _ in range(rounds):
        for server in servers:
            results[server.peer].append(sample(server, partial(load.wrk, server.url("/"), seconds, paths=paths)))
    return results


def speaks(peer: str, case: Case) -> bool:
    """Whether it can be asked that way: the bare loop has no TLS, nor have all peers, nor an entity tag to ask with."""
    if case.kind is Kind.NOT_MODIFIED and ETAG in lacks(peer):
        return False
    return not case.tls or (peer != BARE and (peer not in PEERS or PEERS[peer].tls))

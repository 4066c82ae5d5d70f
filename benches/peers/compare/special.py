"""The cases that need servers of their own: just started, idle connections, a start among many files, two cores."""

import random
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import load
from cases import CASES, Case, plain, response
from checks import check, check_many
from content import File
from measure import Samples, lacks, runner, sample
from peers import BARE, Peer, Stage

from server import CLIENT_CORE, PATIENCE, SERVER_CORE, Server, fail, pinned

HELD = 10_000
# Seconds for whatever lets go of memory after a while.
SETTLE = 12
# Of many files, every how many-th is looked at again.
EVERY = 100
HOLD = Path(__file__).parent.parent.parent / "connections" / "hold.py"


def just_started(peers: list[Peer], bare: bool, files: list[File], stage: Stage, paths: Path, rounds: int) -> Samples:
    """Each file is asked for once, of a server that was started for it and has seen none."""
    cases = [plain(file) for file in files]
    responses = [response(case, stage.root) for case in cases] if bare else []
    results: Samples = {name: [] for name in [peer.name for peer in peers] + [BARE] * bare}
    for _ in range(rounds):
        for name in results:
            peer = next((peer for peer in peers if peer.name == name), None)
            server = stage.start(peer) if peer else stage.start_bare(responses)
            results[name].append(sample(server, partial(load.once, server.url("/"), paths)))
            if peer:
                check_many(server, cases[::EVERY], stage.root, lacks(name))
            server.end()
    return results


@dataclass(frozen=True)
class Idle:
    """KiB in memory before the connections came, and with them."""

    before: int
    during: int

    @property
    def each(self) -> float:
        return (self.during - self.before) / HELD


def idle(servers: list[Server], stage: Stage) -> dict[str, Idle]:
    """Holds connections to one server after the other. Each was answered once."""
    case, found = CASES["4k"], {}
    for server in servers:
        check(server, case, stage.root, lacks(server.peer))
    time.sleep(SETTLE)
    for server in servers:
        before = server.memory("VmRSS")
        command = [sys.executable, str(HOLD), "127.0.0.1", str(server.http), case.path, str(HELD), "idle"]
        with pinned(CLIENT_CORE):
            holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            if holder.stdout is None or not holder.stdout.readline().startswith(b"held"):
                fail(f"{server.peer} does not hold {HELD} connections")
            time.sleep(SETTLE)
            found[server.peer] = Idle(before, server.memory("VmRSS"))
        finally:
            holder.communicate()
    return found


def cold_start(peers: list[Peer], files: list[File], stage: Stage, rounds: int) -> dict[str, list[float]]:
    """Milliseconds from the execution of a server to the first byte that it sends, of a file that it has not seen."""
    found: dict[str, list[float]] = {peer.name: [] for peer in peers}
    picks = random.Random(1)
    for _ in range(rounds):
        for peer in peers:
            file = picks.choice(files)
            with pinned(CLIENT_CORE):
                server = stage.start(peer, await_readiness=False)
                found[peer.name].append((first_byte(server, file) - server.begun) * 1e3)
            server.await_readiness()
            check(server, plain(file), stage.root, lacks(peer.name))
            server.end()
    return found


def first_byte(server: Server, file: File) -> float:
    """When it came, by the monotonic clock."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.http), PATIENCE) as connection:
                connection.sendall(f"GET {file.path} HTTP/1.1\r\nHost: media.example.com\r\n\r\n".encode())
                if connection.recv(1):
                    return time.monotonic()
        except OSError:
            time.sleep(0.0002)
    fail(f"{server.peer} does not answer:\n{server.last_words()}")


def two_cores(peer: Peer, case: Case, stage: Stage, rounds: int, seconds: int) -> Samples:
    """The server on one core and on both, under the load of a client that is on both each time."""
    both = (SERVER_CORE, CLIENT_CORE)
    servers = {"one core": stage.start(peer), "two cores": stage.start(peer, cores=both)}
    found: Samples = {name: [] for name in servers}
    for server in servers.values():
        runner(case, server, check(server, case, stage.root, lacks(peer.name)))(1)
    for _ in range(rounds):
        for name, server in servers.items():
            url = server.url(case.path)
            found[name].append(sample(server, partial(load.wrk, url, seconds, cores=both)))
    for server in servers.values():
        server.end()
    return found

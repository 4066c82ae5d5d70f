"""The parts of the comparison: which servers run, and what is measured of them."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import special
from cases import CASES, Case, plain, response
from checks import check_many
from content import crowd, make, many
from measure import Samples, lacks, measure, measure_many, speaks
from peers import BARE, Peer, Stage

from server import Server

SAMPLES = Path("media/campaigns")
# What is asked of one and of two cores.
TWO_CORES = ("4k", "100k")


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


@dataclass
class Comparison:
    """Who is compared, how often each is loaded in each case, and for how many seconds."""

    peers: list[Peer]
    bare: bool
    rounds: int
    seconds: int
    stage: Stage

    @contextmanager
    def running(self, peers: list[Peer]) -> Iterator[list[Server]]:
        """Servers that run meanwhile."""
        servers = [self.stage.start(peer) for peer in peers]
        yield servers
        for server in servers:
            server.end()

    @contextmanager
    def running_bare(self, cases: list[Case]) -> Iterator[list[Server]]:
        """The bare loop with the answers to these requests, if it is compared."""
        able = self.bare and all(speaks(BARE, case) for case in cases)
        servers = [self.stage.start_bare([response(case, self.stage.root) for case in cases])] if able else []
        yield servers
        for server in servers:
            server.end()

    def one_request(self, cases: list[Case]) -> dict[str, Samples]:
        found = {}
        with self.running(self.peers if cases else []) as servers:
            for case in cases:
                say(f"{case.title} …")
                able = [server for server in servers if speaks(server.peer, case)]
                with self.running_bare([case]) as bare:
                    found[case.title] = measure(case, able + bare, self.stage, self.rounds, self.seconds)
        return found

    def many_files(self, hot: bool, first: bool) -> dict[str, Samples]:
        """Many files, again and again, and each once by servers that were just started."""
        files, paths, found = many(), self.stage.folder / "paths", {}
        make(self.stage.root, files, SAMPLES)
        paths.write_text("".join(f"{file.path}\n" for file in random.Random(2).sample(files, len(files))))
        title = f"{len(files):,} files of 4 to 20 KiB"
        if hot:
            say(f"{title} …")
            found[title] = self.hot(paths, [plain(file) for file in files])
        if first:
            say(f"{title}, just started …")
            found[f"{title}, each once, just started"] = special.just_started(
                self.peers, self.bare, files, self.stage, paths, self.rounds
            )
        return found

    def hot(self, paths: Path, cases: list[Case]) -> Samples:
        with self.running(self.peers) as servers, self.running_bare(cases) as bare:
            for server in servers + bare:
                check_many(server, cases, self.stage.root, lacks(server.peer))
            return measure_many(servers + bare, paths, self.rounds, self.seconds)

    def idle(self) -> dict[str, special.Idle]:
        say("idle connections …")
        with self.running(self.peers) as servers, self.running_bare([CASES["4k"]]) as bare:
            return special.idle(servers + bare, self.stage)

    def cores(self, peer: Peer) -> dict[str, Samples]:
        say("two cores …")
        cases = [CASES[key] for key in TWO_CORES]
        return {case.title: special.two_cores(peer, case, self.stage, self.rounds, self.seconds) for case in cases}

    def start(self) -> dict[str, list[float]]:
        files = crowd()
        say(f"a start among {len(files):,} files …")
        crowded = Stage(self.stage.folder, self.stage.folder / "crowd", self.stage.ending)
        make(crowded.root, files, SAMPLES)
        return special.cold_start(self.peers, files, crowded, self.rounds)

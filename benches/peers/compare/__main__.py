"""Compares the server with its peers: see benches/peers/README.md. Started by benches/peers/run, which builds and
installs what this needs; the working directory is that of the repository.
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import report
from cases import CASES, plain, response
from checks import check_many
from content import SIZED, crowd, make, many
from measure import Samples, bare_server, lacks, measure, measure_many, speaks
from peers import BARE, OURS, PEERS, Peer, Stage, ours
from special import cold_start, idle, just_started, two_cores

MANY, FIRST, IDLE, START, CORES = "many", "first", "idle", "start", "cores"
SPECIAL = [MANY, FIRST, IDLE, START, CORES]
QUICK_CASES = ["4k", "100k", "1m", "16m", "100m", "304", "range"]
QUICK_PEERS = [OURS, "nginx", BARE]
RESULTS = Path("target/peers")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benches/peers/run", description="Compares the server with its peers.")
    parser.add_argument("--quick", action="store_true", help="the main cases, against nginx and the bare loop alone")
    parser.add_argument(
        "--cases", nargs="+", choices=[*CASES, *SPECIAL], metavar="CASE", help="only these: %(choices)s"
    )
    parser.add_argument(
        "--peers", nargs="+", choices=[OURS, *PEERS, BARE], metavar="PEER", help="only these: %(choices)s"
    )
    parser.add_argument("--before", metavar="BINARY", help="another build of the server, to compare with")
    parser.add_argument("--rounds", type=int, help="how often each server is loaded in each case (ROUNDS)")
    parser.add_argument("--seconds", type=int, help="for how long each time (SECONDS_EACH)")
    chosen = parser.parse_args()
    chosen.cases = chosen.cases or (QUICK_CASES if chosen.quick else [*CASES, *SPECIAL])
    chosen.rounds = chosen.rounds or int(os.environ.get("ROUNDS", 3 if chosen.quick else 5))
    chosen.seconds = chosen.seconds or int(os.environ.get("SECONDS_EACH", 3))
    return chosen


def chosen_peers(chosen: argparse.Namespace) -> list[Peer]:
    """All but the bare loop, which has a server for each case."""
    names = chosen.peers or (QUICK_PEERS if chosen.quick else [OURS, *PEERS])
    everyone = {OURS: ours(os.environ["MEDIA_ORIGIN"])} | PEERS
    peers = [everyone[name] for name in names if name in everyone]
    if chosen.before:
        peers.insert(1, ours(chosen.before, "before", "media-origin, before"))
    return [peer for peer in peers if installed(peer)]


def installed(peer: Peer) -> bool:
    there = shutil.which(peer.command[0]) is not None
    if not there:
        say(f"{peer.title} is left out: {peer.command[0]} is not there")
    return there


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def certificate(folder: Path) -> None:
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=127.0.0.1 -addext"
    )
    names = ["subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)


def plain_cases(chosen: argparse.Namespace, peers: list[Peer], stage: Stage) -> dict[str, Samples]:
    """The cases of one request, by servers that stay."""
    keys = [key for key in chosen.cases if key in CASES]
    servers = [stage.start(peer) for peer in peers] if keys else []
    found = {}
    for case in map(CASES.get, keys):
        assert case
        say(f"{case.title} …")
        bare = [bare_server(case, stage)] if chosen.bare and speaks(BARE, case) else []
        able = [server for server in servers if speaks(server.peer, case)]
        found[case.title] = measure(case, able + bare, stage, chosen.rounds, chosen.seconds)
        for server in bare:
            server.end()
    for server in servers:
        server.end()
    return found


def many_files(chosen: argparse.Namespace, peers: list[Peer], stage: Stage) -> dict[str, Samples]:
    files, paths, found = many(), stage.folder / "paths", {}
    make(stage.root, files, Path("media/campaigns"))
    paths.write_text("".join(f"{file.path}\n" for file in random.Random(2).sample(files, len(files))))
    if MANY in chosen.cases:
        title = f"{len(files):,} files of 4 to 20 KiB"
        say(f"{title} …")
        cases = [plain(file) for file in files]
        bare = [stage.start_bare([response(case, stage.root) for case in cases])] if chosen.bare else []
        servers = [stage.start(peer) for peer in peers] + bare
        for server in servers:
            check_many(server, cases, stage.root, lacks(server.peer))
        found[title] = measure_many(servers, stage, paths, chosen.rounds, chosen.seconds)
        for server in servers:
            server.end()
    if FIRST in chosen.cases:
        title = "the same, just started: each file once"
        say(f"{title} …")
        found[title] = just_started(peers, chosen.bare, files, stage, paths, chosen.rounds)
    return found


def run(chosen: argparse.Namespace, stage: Stage) -> tuple[str, dict[str, object]]:
    peers = chosen_peers(chosen)
    titles = {peer.name: peer.title for peer in peers} | {BARE: "bare loop"}
    make(stage.root, list(SIZED.values()), Path("media/campaigns"))
    results = plain_cases(chosen, peers, stage)
    if {MANY, FIRST} & set(chosen.cases):
        results |= many_files(chosen, peers, stage)
    parts = [report.machine(peers)]
    for name in report.our_names(results):
        parts.append(f"### {titles[name]}\n\n{report.summary(results, name)}")
    parts += [report.case_table(title, samples, titles) for title, samples in results.items()]
    raw: dict[str, object] = {
        title: {name: [asdict(one) for one in taken] for name, taken in samples.items()}
        for title, samples in results.items()
    }
    if IDLE in chosen.cases:
        say("idle connections …")
        servers = [stage.start(peer) for peer in peers]
        if chosen.bare:
            servers.append(bare_server(CASES["4k"], stage))
        held = idle(servers, stage)
        for server in servers:
            server.end()
        parts.append(report.idle_table(held, titles))
        raw["idle"] = {name: asdict(memory) for name, memory in held.items()}
    if CORES in chosen.cases and peers[0].name == OURS:
        say("two cores …")
        cores = {
            CASES[key].title: two_cores(peers[0], CASES[key], stage, chosen.rounds, chosen.seconds)
            for key in ("4k", "100k")
        }
        parts.append(report.cores_table(cores))
    if START in chosen.cases:
        files = crowd()
        say(f"a start among {len(files):,} files …")
        crowded = Stage(stage.folder, stage.folder / "crowd", stage.ending)
        make(crowded.root, files, Path("media/campaigns"))
        started = cold_start(peers, files, crowded, chosen.rounds)
        parts.append(report.cold_table(started, titles, len(files)))
        raw["start"] = started
    return "\n\n".join(parts) + "\n", raw


def main() -> None:
    chosen = options()
    chosen.bare = chosen.peers is None or BARE in chosen.peers
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: ended"))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ending:
        os.chmod(folder, 0o755)
        certificate(Path(folder))
        text, raw = run(chosen, Stage(Path(folder), Path(folder) / "root", ending))
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "results.md").write_text(text)
    (RESULTS / "results.json").write_text(json.dumps(raw, indent=1))
    print(text)


main()

"""Compares the server with its peers: see benches/peers/README.md. Started by benches/peers/run, which builds and
installs what this needs; the working directory is that of the repository.
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, is_dataclass
from pathlib import Path

import report
from cases import CASES
from comparison import SAMPLES, Comparison, say
from content import CROWD, SIZED, make
from options import CORES, FIRST, IDLE, MANY, START, chosen_peers, options
from peers import BARE, OURS, Stage

RESULTS = Path("target/peers")
# The part of all cores' time above which others are at work.
BUSY = 0.05


def busy() -> float:
    """The part of all cores' time that is taken before anything is measured."""

    def spent() -> tuple[int, int]:
        times = [int(ticks) for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
        idle, waiting = times[3:5]
        return sum(times), idle + waiting

    before = spent()
    time.sleep(1)
    after = spent()
    return 1 - (after[1] - before[1]) / (after[0] - before[0])


def certificate(folder: Path) -> None:
    """For all servers, in the folder: clients here do not ask who signed it."""
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
    subprocess.run(["openssl", "req", "-x509", *kind, *names, *files], check=True, capture_output=True)


def compare(chosen: argparse.Namespace, stage: Stage) -> tuple[str, dict[str, object]]:
    """Tables, and all that they are made of."""
    peers = chosen_peers(chosen)
    comparison = Comparison(peers, BARE in chosen.names, chosen.rounds, chosen.seconds, stage)
    titles = {peer.name: peer.title for peer in peers} | {BARE: "bare loop"}
    make(stage.root, list(SIZED.values()), SAMPLES)
    results = comparison.one_request([CASES[key] for key in chosen.cases if key in CASES])
    if {MANY, FIRST} & set(chosen.cases):
        results |= comparison.many_files(MANY in chosen.cases, FIRST in chosen.cases)
    raw: dict[str, object] = dict(results)
    parts = [report.machine(peers), *report.summaries(results, titles)]
    parts += [report.case_table(title, samples, titles) for title, samples in results.items()]
    if IDLE in chosen.cases:
        raw[IDLE] = held = comparison.idle()
        parts.append(report.idle_table(held, titles))
    if START in chosen.cases:
        raw[START] = started = comparison.start()
        parts.append(report.cold_table(started, titles, CROWD))
    for peer in peers:
        if CORES in chosen.cases and peer.name == OURS:
            raw[CORES] = scaled = comparison.cores(peer)
            parts.append(report.cores_table(scaled))
    return "\n\n".join(parts) + "\n", raw


def plain(value: object) -> object:
    """What JSON has no form for, in one that it has."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"no form for {value!r}")


def main() -> None:
    chosen = options()
    if (part := busy()) > BUSY:
        say(f"this machine is doing other work ({part:.0%} of its time): what follows is of little worth")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: ended"))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ending:
        certificate(Path(folder))
        text, raw = compare(chosen, Stage(Path(folder), Path(folder) / "root", ending))
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "results.md").write_text(text)
    (RESULTS / "results.json").write_text(json.dumps(raw, indent=1, default=plain) + "\n")
    print(text)


main()

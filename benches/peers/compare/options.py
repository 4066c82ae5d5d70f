"""What is chosen on the command line and by the environment."""

import argparse
import os
import shutil

from cases import CASES
from comparison import say
from peers import BARE, OURS, PEERS, Peer, ours

MANY, FIRST, IDLE, START, CORES = "many", "first", "idle", "start", "cores"
SPECIAL = [MANY, FIRST, IDLE, START, CORES]
QUICK_CASES = ["4k", "100k", "1m", "16m", "100m", "304", "range"]
QUICK_PEERS = [OURS, "nginx", BARE]


def options() -> argparse.Namespace:
    """Has `cases`, `names` of peers, `rounds`, `seconds` and `before`."""
    cases, names = [*CASES, *SPECIAL], [OURS, *PEERS, BARE]
    parser = argparse.ArgumentParser(prog="benches/peers/run", description="Compares the server with its peers.")
    parser.add_argument("--quick", action="store_true", help="the main cases, against nginx and the bare loop alone")
    parser.add_argument("--cases", nargs="+", choices=cases, metavar="CASE", help="only: %(choices)s")
    parser.add_argument("--peers", nargs="+", choices=names, metavar="PEER", dest="names", help="only: %(choices)s")
    parser.add_argument("--before", metavar="BINARY", help="another build of the server, to compare with")
    parser.add_argument("--rounds", type=int, help="how often each server is loaded in each case (ROUNDS)")
    parser.add_argument("--seconds", type=int, help="for how long each time (SECONDS_EACH)")
    chosen = parser.parse_args()
    chosen.cases = chosen.cases or (QUICK_CASES if chosen.quick else cases)
    chosen.names = chosen.names or (QUICK_PEERS if chosen.quick else names)
    chosen.rounds = chosen.rounds or int(os.environ.get("ROUNDS", 3 if chosen.quick else 5))
    chosen.seconds = chosen.seconds or int(os.environ.get("SECONDS_EACH", 3))
    return chosen


def chosen_peers(chosen: argparse.Namespace) -> list[Peer]:
    """All but the bare loop, which is another one for each case."""
    everyone = {OURS: ours(os.environ["MEDIA_ORIGIN"])} | PEERS
    peers = [everyone[name] for name in chosen.names if name in everyone]
    if chosen.before:
        peers.append(ours(chosen.before, "before", "media-origin, before"))
    return [peer for peer in peers if installed(peer)]


def installed(peer: Peer) -> bool:
    there = shutil.which(peer.command[0]) is not None
    if not there:
        say(f"{peer.title} is left out: {peer.command[0]} is not there")
    return there

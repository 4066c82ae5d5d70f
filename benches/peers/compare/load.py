"""The clients: wrk for HTTP/1.1, h2load for HTTP/2, each on the client's core and for a bounded time."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from server import CLIENT_CORE, fail, pinned

CONNECTIONS = 32
# The same number of requests at a time: streams of fewer connections.
H2_CONNECTIONS, H2_STREAMS = 8, 4
LUA = Path(__file__).parent.parent / "lua"


@dataclass(frozen=True)
class Load:
    """What a client counted. Latencies are microseconds, where it takes them."""

    microseconds: float
    requests: int
    # Of heads and bodies, also of answers that were cut off when the time was over.
    bytes: int = 0
    p50: float | None = None
    p99: float | None = None


def client(command: list[str], cores: tuple[int, ...] = (CLIENT_CORE,)) -> str:
    with pinned(*cores):
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ran.returncode != 0:
        fail(f"{command[0]} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def counted(output: str) -> dict[str, int]:
    found = re.search(r"^COUNTED (.*)$", output, re.MULTILINE)
    if not found:
        fail(f"wrk counted nothing:\n{output}")
    result: dict[str, int] = json.loads(found[1])
    return result


def wrk(
    url: str,
    seconds: int,
    fields: dict[str, str] | None = None,
    paths: Path | None = None,
    missing: bool = False,
    cores: tuple[int, ...] = (CLIENT_CORE,),
) -> Load:
    """Asks for the URL, or for the paths of a file in random order; all answers are 404 if it is `missing`."""
    script = LUA / ("random.lua" if paths else "done.lua")
    command = ["wrk", f"-t{len(cores)}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script)]
    for name, value in (fields or {}).items():
        command += ["-H", f"{name}: {value}"]
    output = client([*command, url, "--", *([str(paths)] if paths else [])], cores)
    result = counted(output)
    if result["broken"] or result["status"] != (result["requests"] if missing else 0) or not result["bytes"]:
        fail(f"wrk was answered otherwise:\n{output}")
    # Of large bodies there may be none that is whole yet.
    latencies = (result["p50"], result["p99"]) if result["requests"] else (None, None)
    return Load(result["microseconds"], result["requests"], result["bytes"], *latencies)


def once(url: str, paths: Path) -> Load:
    """Asks for each of the paths once."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d60s", "-s", str(LUA / "once.lua"), url, "--", str(paths)]
    result = counted(client(command))
    return Load(result["microseconds"], result["requests"])


def h2load(url: str, seconds: int, log: Path) -> Load:
    """Its log has a line for each answer: when it was asked for, the status, and the microseconds until its end."""
    log.unlink(missing_ok=True)
    streams = [f"-c{H2_CONNECTIONS}", f"-m{H2_STREAMS}", "-t1", f"-D{seconds}"]
    output = client(["h2load", *streams, f"--log-file={log}", url])
    lines = [line.split("\t") for line in log.read_text().splitlines()]
    if not lines or any(status != "200" for _, status, _ in lines):
        fail(f"h2load was answered otherwise:\n{output}")
    latencies = sorted(int(latency) for _, _, latency in lines)
    ends = [int(asked) + int(latency) for asked, _, latency in lines]
    took = max(ends) - min(int(asked) for asked, _, _ in lines)
    return Load(took, len(lines), 0, latencies[len(lines) // 2], latencies[len(lines) * 99 // 100])

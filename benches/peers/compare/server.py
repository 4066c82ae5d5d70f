"""A server that is measured: its processes, what they cost, and how they end."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

SERVER_CORE = 0
CLIENT_CORE = 1
# Below the ports that clients are given.
PORTS = range(20_000, 32_000)
PATIENCE = 30.0


def fail(why: str) -> NoReturn:
    sys.exit(f"error: {why}")


@contextmanager
def pinned(*cores: int) -> Iterator[None]:
    """What is started meanwhile runs on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    for _ in range(100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port := random.choice(PORTS)))
                return port
            except OSError:
                continue
    fail("no port of 127.0.0.1 is free")


@dataclass
class Server:
    """One that runs: where it listens, and as whom it is known in tables."""

    peer: str
    folder: Path
    process: subprocess.Popen[bytes]
    http: int
    https: int | None
    # The monotonic clock right before it was executed.
    begun: float

    def url(self, path: str, tls: bool = False) -> str:
        return f"https://127.0.0.1:{self.https}{path}" if tls else f"http://127.0.0.1:{self.http}{path}"

    def processes(self) -> list[int]:
        """It and those that it started."""
        found = [self.process.pid]
        for pid in found:
            found += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return found

    def cpu(self) -> dict[int, int]:
        """Nanoseconds of processor that each of its threads has had (Documentation/scheduler/sched-stats.rst)."""
        spent = {}
        for pid in self.processes():
            for task in Path(f"/proc/{pid}/task").iterdir():
                spent[int(task.name)] = int((task / "schedstat").read_text().split()[0])
        return spent

    def memory(self, field: str) -> int:
        """KiB, of all processes together: VmRSS is what is in memory, VmHWM the most since `forget_peak`."""
        lines = [
            line
            for pid in self.processes()
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith(f"{field}:")
        ]
        return sum(int(line.split()[1]) for line in lines)

    def forget_peak(self) -> None:
        for pid in self.processes():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def await_readiness(self) -> None:
        """Until all its ports take connections."""
        end = time.monotonic() + PATIENCE
        for port in filter(None, (self.http, self.https)):
            while not accepts(port):
                if self.process.poll() is not None or time.monotonic() > end:
                    fail(f"{self.peer} does not start:\n{self.last_words()}")
                time.sleep(0.01)

    def last_words(self) -> str:
        logs = [self.folder / name for name in ("output", "error.log")]
        return "\n".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())

    def empty_logs(self) -> None:
        """Whose bytes would fill the disk."""
        for log in ("output", "access.log"):
            if (self.folder / log).exists():
                os.truncate(self.folder / log, 0)

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False

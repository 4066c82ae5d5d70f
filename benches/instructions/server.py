"""The server that is counted: the program itself, under callgrind, on one core."""

import os
import pathlib
import random
import re
import signal
import subprocess
import time

KIB, MIB = 1 << 10, 1 << 20

# Two that are kept in memory, and one that is read from disk.
FILES = {"small.bin": 4 * KIB, "medium.bin": MIB, "large.bin": 100 * MIB}

CONFIGURATION = """\
public-url = "http://media.example.com/media"
[listen]
address = "127.0.0.1:0"
[control]
address = "127.0.0.1:0"
[store]
root = "{folder}/media"
digests = "{folder}/digests.redb"
[tls]
address = "127.0.0.1:0"
certificate = "{folder}/certificate.pem"
key = "{folder}/key.pem"
"""

# An instruction that repeats itself counts once a byte. The C library copies and fills large pieces with one where the
# processor is quick at it; here it takes the loop that it has for other processors, which is as quick, and counts as
# what it costs.
COPIES = {"GLIBC_TUNABLES": "glibc.cpu.x86_rep_movsb_threshold=1073741824:glibc.cpu.x86_rep_stosb_threshold=1073741824"}

# What it says when it knows all files.
WARM = "digests are known"

# Seconds in which whatever follows an answer begins: longer than lines of the log are gathered.
PAUSE = 0.003

# Seconds until it is looked at again: a thread that was just woken may not show it yet.
AGAIN = 0.0005

# Far longer than a start takes, under callgrind and on a busy machine.
PATIENCE = 120


class Server:
    """A running server."""

    def __init__(self, program, folder, under=()):
        self.folder = pathlib.Path(folder)
        (self.folder / "media-origin.toml").write_text(CONFIGURATION.format(folder=folder))
        environment = {name: value for name, value in os.environ.items() if name != "RUST_LOG"} | COPIES
        with open(self.folder / "out", "w") as out, open(self.folder / "log", "w") as log:
            self.process = subprocess.Popen(
                [*under, program, "serve", "--config", str(self.folder / "media-origin.toml")],
                stdout=out, stderr=log, env=environment, preexec_fn=on_one_core)
        self.wait_for(r"^links begin with", "out")
        # The digests of all files are known.
        self.wait_for(WARM, "log")
        self.ports = {scheme: self.address(scheme) for scheme in ("http", "https")}

    def address(self, scheme):
        """The port that it has for this scheme."""
        return int(re.search(rf"^serving.* at {scheme}://127\.0\.0\.1:(\d+)/", self.said("out"), re.M)[1])

    def said(self, where):
        return (self.folder / where).read_text(errors="replace")

    def wait_for(self, pattern, where):
        deadline = time.monotonic() + PATIENCE
        while not re.search(pattern, self.said(where), re.M):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"error: the server does not say {pattern!r}:\n{self.said('out')}{self.said('log')}")
            time.sleep(0.05)

    def rest(self):
        """Waits until it does nothing but wait: what it was asked is done, and logged."""
        time.sleep(PAUSE)
        deadline, asleep = time.monotonic() + PATIENCE, 0
        while asleep < 2:
            asleep = asleep + 1 if self.sleeps() else 0
            if time.monotonic() > deadline:
                raise SystemExit("error: the server does not come to rest")
            time.sleep(AGAIN)

    def sleeps(self):
        threads = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/stat")
        return all(stat.read_text().rpartition(")")[2].split()[0] == "S" for stat in threads)

    def stop(self):
        """Ends it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


def on_one_core():
    """What serves and what merely waits take turns in the same way on every machine."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def make_media(folder):
    """The files that are asked for: they changed long ago, and their bytes are always the same."""
    media = pathlib.Path(folder) / "media"
    media.mkdir()
    for name, length in FILES.items():
        block = random.Random(name).randbytes(min(length, MIB))
        (media / name).write_bytes(block * (length // len(block)))


def make_certificate(folder):
    """A certificate for TLS, and its key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=media.example.com", "-addext", "subjectAltName=DNS:media.example.com",
         "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
        check=True, stderr=subprocess.DEVNULL)

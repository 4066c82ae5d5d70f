"""What is asked for: each case with its request, and with the answer that it has to get."""

import hashlib
from dataclasses import dataclass
from email.utils import formatdate
from enum import Enum
from pathlib import Path

from content import KIB, MIB, SIZED, File
from peers import CACHE_CONTROL


class Protocol(Enum):
    PLAIN = "HTTP/1.1"
    TLS = "HTTP/1.1 over TLS"
    H2 = "HTTP/2 over TLS"


class Kind(Enum):
    FULL = 200
    PARTIAL = 206
    NOT_MODIFIED = 304
    MISSING = 404


@dataclass(frozen=True)
class Case:
    """One request that is made again and again."""

    key: str
    title: str
    file: File
    kind: Kind = Kind.FULL
    protocol: Protocol = Protocol.PLAIN
    # The range that is asked for: its first byte, and the one after its last.
    span: tuple[int, int] | None = None
    # How much longer than others it is measured, so that there are answers enough.
    longer: int = 1

    @property
    def path(self) -> str:
        return "/media/missing.jpg" if self.kind is Kind.MISSING else self.file.path

    @property
    def tls(self) -> bool:
        return self.protocol is not Protocol.PLAIN

    @property
    def counted_by_bytes(self) -> bool:
        """Whether answers are so large that many are cut off when the time is over."""
        return self.kind is Kind.FULL and self.file.size >= 16 * MIB

    def fields(self, etag: str) -> dict[str, str]:
        """The request's fields, for whom the server sent this entity tag."""
        if self.kind is Kind.NOT_MODIFIED:
            return {"If-None-Match": etag}
        return {"Range": f"bytes={self.span[0]}-{self.span[1] - 1}"} if self.span else {}

    def body(self, root: Path) -> bytes:
        if self.kind in (Kind.NOT_MODIFIED, Kind.MISSING):
            return b""
        body = self.file.body(root)
        return body[slice(*self.span)] if self.span else body


SPAN = (40 * MIB + 12_345, 41 * MIB + 12_345)
CASES = {
    case.key: case
    for case in (
        Case("4k", "4 KiB", SIZED["4k"]),
        Case("100k", "100 KiB", SIZED["100k"]),
        Case("1m", "1 MiB", SIZED["1m"]),
        Case("16m", "16 MiB", SIZED["16m"]),
        Case("100m", "100 MiB", SIZED["100m"], longer=2),
        Case("304", "304, `If-None-Match`", SIZED["4k"], Kind.NOT_MODIFIED),
        Case("range", "1 MiB of 100 MiB, `Range`", SIZED["100m"], Kind.PARTIAL, span=SPAN),
        Case("404", "404", SIZED["4k"], Kind.MISSING),
        Case("tls-4k", "4 KiB, HTTP/1.1 over TLS", SIZED["4k"], protocol=Protocol.TLS),
        Case("tls-1m", "1 MiB, HTTP/1.1 over TLS", SIZED["1m"], protocol=Protocol.TLS),
        Case("h2-4k", "4 KiB, HTTP/2 over TLS", SIZED["4k"], protocol=Protocol.H2),
        Case("h2-1m", "1 MiB, HTTP/2 over TLS", SIZED["1m"], protocol=Protocol.H2),
    )
}

REASONS = {200: "OK", 206: "Partial Content", 304: "Not Modified", 404: "Not Found"}


def response(case: Case, root: Path) -> bytes:
    """What the bare loop answers: the fields that all peers send, and the body."""
    body, modified = case.body(root), formatdate(usegmt=True)
    etag = hashlib.sha256(case.file.body(root)).hexdigest()
    fields = {"Content-Type": case.file.type, "Content-Length": str(len(body))}
    validators = {"Cache-Control": CACHE_CONTROL, "ETag": f'"{etag}"', "Last-Modified": modified}
    if case.kind is Kind.NOT_MODIFIED:
        fields = validators
    elif case.kind is not Kind.MISSING:
        fields |= validators | {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    if case.span:
        fields["Content-Range"] = content_range(case)
    lines = [f"HTTP/1.1 {case.kind.value} {REASONS[case.kind.value]}"]
    lines += [f"{name}: {value}" for name, value in (fields | {"Date": modified}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def content_range(case: Case) -> str:
    assert case.span
    return f"bytes {case.span[0]}-{case.span[1] - 1}/{case.file.size}"


def plain(file: File) -> Case:
    """A file of many, asked for as it is."""
    return Case(file.name, f"{file.size // KIB} KiB", file)

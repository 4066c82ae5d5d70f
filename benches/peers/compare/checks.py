"""Looks at an answer before it is timed: the status, the fields, and every byte of the body."""

import hashlib
import http.client
import re
import ssl
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from cases import Case, Kind, Protocol, content_range
from peers import CACHE_CONTROL, ETAG

from server import Server, fail

STRONG = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Answer:
    """Names of fields are in small letters."""

    status: int
    fields: dict[str, str]
    body: bytes
    version: str


def connect(server: Server, tls: bool) -> http.client.HTTPConnection:
    if not tls:
        return http.client.HTTPConnection("127.0.0.1", server.http, timeout=30)
    anyone = ssl._create_unverified_context()
    return http.client.HTTPSConnection("127.0.0.1", server.https, timeout=30, context=anyone)


def ask(connection: http.client.HTTPConnection, path: str, fields: dict[str, str]) -> Answer:
    connection.request("GET", path, headers=fields)
    response = connection.getresponse()
    received = {name.lower(): value for name, value in response.getheaders()}
    version = {10: "HTTP/1.0", 11: "HTTP/1.1"}[response.version]
    return Answer(response.status, received, response.read(), version)


def ask_h2(server: Server, path: str) -> Answer:
    """By curl, since Python speaks no HTTP/2."""
    body, head = server.folder / "body", server.folder / "head"
    command = ["curl", "-sS", "-k", "--http2", "-o", str(body), "-D", str(head), server.url(path, tls=True)]
    subprocess.run(command, check=True)
    first, *lines = head.read_text().splitlines()
    version, status, *_ = first.split(" ")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
    return Answer(int(status), fields, body.read_bytes(), version)


def check(server: Server, case: Case, root: Path, lacks: frozenset[str]) -> str:
    """Ends the program if the answer is not the right one. Gives the entity tag that the server sent."""
    try:
        etag, answer = answered(server, case)
    except (OSError, http.client.HTTPException, subprocess.CalledProcessError) as error:
        fail(f"{server.peer}, {case.title}: {error}\n{server.last_words()}")
    compare(server.peer, case, answer, case.body(root), lacks, etag)
    return etag


def answered(server: Server, case: Case) -> tuple[str, Answer]:
    """The entity tag that the request has or the answer brings, and the answer."""
    if case.protocol is Protocol.H2:
        answer = ask_h2(server, case.path)
        return answer.fields.get("etag", ""), answer
    with closing(connect(server, case.tls)) as connection:
        etag = ask(connection, case.file.path, {}).fields.get("etag", "") if case.kind is Kind.NOT_MODIFIED else ""
        answer = ask(connection, case.path, case.fields(etag))
    return etag or answer.fields.get("etag", ""), answer


def check_many(server: Server, cases: list[Case], root: Path, lacks: frozenset[str]) -> None:
    """The same for plain requests, on one connection and in that order."""
    with closing(connect(server, tls=False)) as connection:
        for case in cases:
            compare(server.peer, case, ask(connection, case.path, {}), case.body(root), lacks)


def compare(peer: str, case: Case, answer: Answer, body: bytes, lacks: frozenset[str], etag: str = "") -> None:
    """Ends the program if it is not the answer that it has to be."""

    def expect(what: str, holds: Callable[[str], object], field: str) -> None:
        if not holds(answer.fields.get(field, "")):
            fail(f"{peer}, {case.title}: {what}: {field}: {answer.fields.get(field)}")

    def whole() -> bool:
        return len(answer.body) == len(body) and hashlib.sha256(answer.body).digest() == hashlib.sha256(body).digest()

    if answer.status != case.kind.value:
        fail(f"{peer}, {case.title}: status {answer.status}, not {case.kind.value}")
    version = "HTTP/2" if case.protocol is Protocol.H2 else "HTTP/1.1"
    if answer.version != version:
        fail(f"{peer}, {case.title}: {answer.version}, not {version}")
    if case.kind is Kind.MISSING:
        return
    expect("another Cache-Control", lambda value: value == CACHE_CONTROL, "cache-control")
    if ETAG not in lacks:
        expect("no strong entity tag", STRONG.fullmatch, "etag")
    if not whole():
        fail(f"{peer}, {case.title}: another body, of {len(answer.body)} bytes")
    if case.kind is Kind.NOT_MODIFIED:
        expect("another entity tag", lambda value: value == etag, "etag")
        return
    expect("no date", lambda value: value and parsedate_to_datetime(value), "last-modified")
    expect("another length", lambda value: value == str(len(body)), "content-length")
    expect("another type", lambda value: value == case.file.type, "content-type")
    expect("no nosniff", lambda value: value == "nosniff", "x-content-type-options")
    if case.span:
        expect("another range", lambda value: value == content_range(case), "content-range")

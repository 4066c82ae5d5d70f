"""Clients that ask one request at a time, the same bytes each time, and read the answer to its end."""

import socket
import ssl
import struct

AGENT = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"

# Far longer than an answer takes, under callgrind and on a busy machine.
PATIENCE = 60


class Unexpected(Exception):
    """An answer that is not the one that is counted."""


def connect(port):
    """A connection to the server, with room for the largest answer, so that it is written in as few pieces as can be."""
    connection = socket.socket()
    connection.settimeout(PATIENCE)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    connection.connect(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class Http1:
    """HTTP/1.1 on a connection that is kept."""

    def __init__(self, port, target, expected, fields=None, tls=None):
        self.connection = connect(port)
        if tls:
            self.connection = tls.wrap_socket(self.connection, server_hostname="media.example.com")
        lines = [f"GET {target} HTTP/1.1", "Host: media.example.com", f"User-Agent: {AGENT}", "Accept: */*",
                 "Accept-Encoding: deflate, gzip", *(f"{name}: {value}" for name, value in (fields or {}).items())]
        self.request = "\r\n".join([*lines, "", ""]).encode()
        self.status, self.length = expected

    def ask(self):
        """Sends the request."""
        self.connection.sendall(self.request)

    def read(self):
        """Reads the answer, and returns its header section."""
        answer = bytearray()
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self.receive()
        head = answer[:end].decode("latin-1")
        if not head.startswith(f"HTTP/1.1 {self.status} "):
            raise Unexpected(head)
        length = int(field(head, "content-length") or 0) if self.status != 304 else 0
        if self.length not in (None, length):
            raise Unexpected(f"{length} bytes of content, {self.length} expected:\n{head}")
        left = end + 4 + length - len(answer)
        while left > 0:
            left -= len(self.receive())
        return head

    def receive(self):
        """What there is."""
        received = self.connection.recv(1 << 20)
        if not received:
            raise Unexpected("the server has closed the connection")
        return received


class Http2:
    """HTTP/2 with prior knowledge: a stream after the other (RFC 9113, RFC 7541)."""

    DATA, HEADERS, SETTINGS, PING = 0, 1, 4, 6
    END_STREAM, END_HEADERS, ACK = 1, 4, 1

    def __init__(self, port, target, expected):
        self.connection, self.stream, self.received = connect(port), 1, bytearray()
        self.status, self.length = expected
        assert self.status == 200, "it is one byte of the static table"
        # Static names, with values that nobody indexes; :method GET and :scheme http are in the table whole.
        text = lambda index, value: index + bytes([len(value)]) + value.encode()
        self.block = b"".join([
            b"\x82\x86", text(b"\x04", target), text(b"\x01", "media.example.com"),
            text(b"\x0f\x2b", AGENT), text(b"\x0f\x04", "*/*"), text(b"\x0f\x01", "deflate, gzip")])
        # Windows that need no update: of the streams, and of the connection.
        window = struct.pack(">HI", 4, 0x7FFF_FFFF)
        update = struct.pack(">I", 0x7FFF_FFFF - 0xFFFF)
        self.connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + self.frame(self.SETTINGS, 0, 0, window) +
                                self.frame(8, 0, 0, update))

    @staticmethod
    def frame(kind, flags, stream, payload):
        return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload

    def ask(self):
        flags = self.END_STREAM | self.END_HEADERS
        self.connection.sendall(self.frame(self.HEADERS, flags, self.stream, self.block))

    def read(self):
        length, ended = 0, False
        while not ended:
            kind, flags, stream, payload = self.next()
            if kind in (self.SETTINGS, self.PING) and not flags & self.ACK:
                self.connection.sendall(self.frame(kind, self.ACK, 0, payload if kind == self.PING else b""))
            elif kind == self.HEADERS and b"\x88" not in payload[:6]:
                raise Unexpected(f"not :status 200: {payload!r}")
            elif kind == self.DATA:
                length += len(payload)
            elif kind in (3, 7):
                raise Unexpected(f"the stream was ended: {payload!r}")
            ended = stream == self.stream and bool(flags & self.END_STREAM)
        if length != self.length:
            raise Unexpected(f"{length} bytes of content, {self.length} expected")
        self.stream += 2

    def next(self):
        """The next frame."""
        while len(self.received) < 9 or len(self.received) < 9 + self.announced():
            received = self.connection.recv(1 << 20)
            if not received:
                raise Unexpected("the server has closed the connection")
            self.received += received
        kind, flags, stream = struct.unpack(">BBI", self.received[3:9])
        end = 9 + self.announced()
        payload = bytes(self.received[9:end])
        del self.received[:end]
        return kind, flags, stream & 0x7FFF_FFFF, payload

    def announced(self):
        return int.from_bytes(self.received[:3], "big")


def field(head, name):
    """The value of a field, if there is one."""
    for line in head.split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return None


def trusting(certificate):
    """TLS 1.3 that trusts this certificate alone."""
    context = ssl.create_default_context(cafile=certificate)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context

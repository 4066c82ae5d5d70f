"""Holds connections, for benches/connections/run.

    hold.py HOST PORT PATH COUNT KIND

KIND is "idle": each is answered once, and kept; or "slow": each asks for PATH, takes a little of it, and then nothing
more. Prints "held COUNT" once all are there, and lets go of them when its standard input ends.
"""

import selectors
import socket
import sys


def hold(address, path, count, kind):
    request = f"GET {path} HTTP/1.1\r\nHost: media.example.com\r\n\r\n".encode()
    waiting, held = selectors.DefaultSelector(), []
    begun = 0
    while len(held) < count:
        while begun < count and begun - len(held) < 200:
            # A range of addresses, because one has no more than some 28,000 ports.
            connection = socket.socket()
            if kind == "slow":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.bind((f"127.0.0.{2 + begun // 5000}", 0))
            connection.connect(address)
            connection.send(request)
            connection.setblocking(False)
            waiting.register(connection, selectors.EVENT_READ)
            begun += 1
        for key, _ in waiting.select(timeout=30) or sys.exit("the server does not answer"):
            answer = key.fileobj.recv(1024 if kind == "slow" else 65536)
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit(f"connection {len(held)}: {answer[:80]!r}")
            waiting.unregister(key.fileobj)
            held.append(key.fileobj)
    return held


def main():
    host, port, path, count, kind = sys.argv[1:]
    held = hold((host, int(port)), path, int(count), kind)
    print("held", len(held), flush=True)
    sys.stdin.read()


main()

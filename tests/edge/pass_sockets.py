"""Runs a program as systemd would that passes it sockets: pass_sockets.py NAME=KIND:WHERE ... -- PROGRAM ARGUMENT ...

KIND is tcp (an address and a port), unix (a path), connected or file (nothing); what it is goes to standard error."""
import os
import socket
import sys

split = sys.argv.index("--")
names, passed = [], []
for spec in sys.argv[1:split]:
    name, _, what = spec.partition("=")
    kind, _, where = what.partition(":")
    if kind == "tcp":
        host, _, port = where.rpartition(":")
        made = socket.create_server((host, int(port)))
        print(f"passed {name} is {made.getsockname()[0]}:{made.getsockname()[1]}", file=sys.stderr, flush=True)
    elif kind == "unix":
        made = socket.socket(socket.AF_UNIX)
        made.bind(where)
        made.listen()
    elif kind == "connected":
        made, other = socket.socketpair()
    else:
        made = open(os.devnull)
    names.append(name)
    passed.append(made)
# Out of the way of the places where they belong.
high = [os.dup2(made.fileno(), 100 + index) for index, made in enumerate(passed)]
for index, descriptor in enumerate(high):
    os.dup2(descriptor, 3 + index, inheritable=True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(names)), LISTEN_FDNAMES=":".join(names))
os.execvp(sys.argv[split + 1], sys.argv[split + 1:])

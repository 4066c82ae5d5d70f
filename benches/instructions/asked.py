"""The requests that are counted, each by the name that it is recorded under."""

from clients import Http1, Http2, field, trusting
from server import KIB, MIB

# How many ask at once where the server is to find several at a time, as under load.
CROWD = 8


def requests(server):
    """What connects the clients of each."""
    http, https = server.ports["http"], server.ports["https"]
    small = (200, 4 * KIB)
    etag = etag_of_small(http)
    one = {
        "hit-4k": lambda: Http1(http, "/media/small.bin", small),
        "pinned-4k": lambda: Http1(http, f"/media/small.bin?v={etag[1:17]}", small),
        "hit-1m": lambda: Http1(http, "/media/medium.bin", (200, MIB)),
        "range-1m": lambda: Http1(http, "/media/large.bin", (206, MIB), {"Range": f"bytes={50 * MIB}-{51 * MIB - 1}"}),
        "not-modified": lambda: Http1(http, "/media/small.bin", (304, 0), {"If-None-Match": etag}),
        "not-found": lambda: Http1(http, "/media/none.bin", (404, None)),
        "http2-4k": lambda: Http2(http, "/media/small.bin", small),
        "tls-4k": lambda: Http1(https, "/media/small.bin", small, tls=trusting(server.folder / "certificate.pem")),
    }
    alone = {name: lambda connect=connect: [connect()] for name, connect in one.items()}
    return alone | {"hit-4k-crowd": lambda: [one["hit-4k"]() for _ in range(CROWD)]}


def etag_of_small(port):
    client = Http1(port, "/media/small.bin", (200, 4 * KIB))
    client.ask()
    return field(client.read(), "etag")

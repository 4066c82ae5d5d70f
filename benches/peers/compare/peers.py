"""The servers that are compared: how each is configured, started and asked for its version."""

import grp
import os
import pwd
import resource
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from server import SERVER_CORE, Server, free_port, pinned

CACHE_CONTROL = "public, max-age=86400"
CONFIG = Path(__file__).parent.parent / "config"
# What a peer may lack of what is checked.
ETAG = "entity tag"
BARE = "bare"
OURS = "ours"


@dataclass(frozen=True)
class Peer:
    """A server: its configuration's template, and its commands, in which @CONFIG@ is the file made of it."""

    name: str
    title: str
    template: str
    command: tuple[str, ...]
    version: tuple[str, ...]
    tls: bool = True
    access_log: bool = False
    # What it cannot be had to do, of what is checked.
    lacks: frozenset[str] = field(default_factory=frozenset)


def ours(binary: str, name: str = OURS, title: str = "media-origin") -> Peer:
    return Peer(name, title, "ours.toml", (binary, "serve", "--config", "@CONFIG@"), (binary, "--version"))


NGINX = ("nginx", "-e", "@FOLDER@/error.log", "-c", "@CONFIG@")
PEERS = {
    peer.name: peer
    for peer in (
        Peer("nginx", "nginx", "nginx.conf", NGINX, ("nginx", "-v")),
        Peer("nginx+log", "nginx, access log on", "nginx.conf", NGINX, ("nginx", "-v"), access_log=True),
        Peer("h2o", "h2o", "h2o.yaml", ("h2o", "-c", "@CONFIG@"), ("h2o", "--version")),
        Peer("lighttpd", "lighttpd", "lighttpd.conf", ("lighttpd", "-D", "-f", "@CONFIG@"), ("lighttpd", "-v")),
        Peer(
            "caddy",
            "Caddy",
            "Caddyfile",
            ("caddy", "run", "--adapter", "caddyfile", "--config", "@CONFIG@"),
            ("caddy", "version"),
        ),
        Peer(
            "static-web-server",
            "static-web-server",
            "static-web-server.toml",
            (".tools/bin/static-web-server", "--config-file", "@CONFIG@"),
            (".tools/bin/static-web-server", "--version"),
            tls=False,
            lacks=frozenset({ETAG}),
        ),
    )
}


@dataclass
class Stage:
    """Where servers are started: a folder with one for each of them, and the root with the files."""

    folder: Path
    root: Path
    ending: ExitStack

    def start(self, peer: Peer, cores: tuple[int, ...] = (SERVER_CORE,), await_readiness: bool = True) -> Server:
        """Starts it anew, with nothing left of earlier ones; it ends with the stage, if not before."""
        folder = self.new_folder(peer.name)
        http, https = free_port(), free_port() if peer.tls else None
        words = {
            "FOLDER": folder,
            "SHARED": self.folder,
            "ROOT": self.root,
            "HTTP": http,
            "HTTPS": https,
            "CACHE_CONTROL": CACHE_CONTROL,
            "ACCESS_LOG": f"{folder}/access.log" if peer.access_log else "off",
            "DESCRIPTORS": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
            "USER": pwd.getpwuid(os.getuid()).pw_name,
            "GROUP": grp.getgrgid(os.getgid()).gr_name,
            "CONFIG": folder / peer.template,
        }
        (folder / peer.template).write_text(filled((CONFIG / peer.template).read_text(), words))
        return self.launch(
            peer.name, [filled(part, words) for part in peer.command], folder, http, https, cores, await_readiness
        )

    def start_bare(self, responses: list[bytes]) -> Server:
        """The bare loop with these responses, which it gives in turn."""
        folder = self.new_folder(BARE)
        (folder / "responses").mkdir()
        for number, response in enumerate(responses):
            (folder / "responses" / f"{number:06}").write_bytes(response)
        port = free_port()
        command = ["target/peers/release/bare", str(port), str(folder / "responses")]
        return self.launch(BARE, command, folder, port, None, (SERVER_CORE,), True)

    def launch(
        self,
        name: str,
        command: list[str],
        folder: Path,
        http: int,
        https: int | None,
        cores: tuple[int, ...],
        await_readiness: bool,
    ) -> Server:
        home = {variable: str(folder) for variable in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        with pinned(*cores), (folder / "output").open("ab") as output:
            begun = time.monotonic()
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=os.environ | home
            )
        server = Server(name, folder, process, http, https, begun)
        self.ending.callback(server.end)
        if await_readiness:
            server.await_readiness()
        return server

    def new_folder(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))


def filled(template: str, words: dict[str, object]) -> str:
    for word, value in words.items():
        template = template.replace(f"@{word}@", str(value))
    return template

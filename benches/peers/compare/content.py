"""The files that are served: pictures and films that begin as real ones do, filled up with random bytes."""

import os
import random
from dataclasses import dataclass
from pathlib import Path

KIB = 1 << 10
MIB = 1 << 20
JPEG, MP4 = "image/jpeg", "video/mp4"
MANY = 10_000
CROWD = 100_000


@dataclass(frozen=True)
class File:
    """A file below `media/` of the root."""

    name: str
    size: int
    type: str

    @property
    def path(self) -> str:
        return f"/media/{self.name}"

    def body(self, root: Path) -> bytes:
        return (root / "media" / self.name).read_bytes()


SIZED = {
    "4k": File("4k.jpg", 4 * KIB, JPEG),
    "100k": File("100k.jpg", 100 * KIB, JPEG),
    "1m": File("1m.mp4", 1 * MIB, MP4),
    "16m": File("16m.mp4", 16 * MIB, MP4),
    "100m": File("100m.mp4", 100 * MIB, MP4),
}


def many() -> list[File]:
    """Many files of 4 to 20 KiB, the same sizes each time, in the order of their names."""
    sizes = random.Random(1)
    return [File(f"many/{n:05}.jpg", sizes.randint(4 * KIB, 20 * KIB), JPEG) for n in range(MANY)]


def crowd() -> list[File]:
    """As many files as there may be in a folder tree when the server starts."""
    return [File(f"{n // 1000:03}/{n:06}.jpg", 1 * KIB, JPEG) for n in range(CROWD)]


def make(root: Path, files: list[File], samples: Path) -> None:
    """Writes the files. What they begin with is of the sample media, so that their type is what their bytes say."""
    picture = (samples / "summer.jpg").read_bytes()[:512]
    film = (samples / "summer.mp4").read_bytes()
    for folder in {(root / "media" / file.name).parent for file in files}:
        folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        body = picture if file.type == JPEG else film + box(file.size - len(film))
        (root / "media" / file.name).write_bytes(body + os.urandom(file.size - len(body)))


def box(size: int) -> bytes:
    """The head of a box of that size that players skip."""
    return size.to_bytes(4, "big") + b"free"

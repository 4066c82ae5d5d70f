"""Writes what was measured as tables."""

import platform
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from measure import Sample, Samples
from peers import BARE, OURS, Peer
from special import HELD, Idle

BEFORE, NGINX, LOGGED = "before", "nginx", "nginx+log"
Get = Callable[[Sample], float | None]


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def head(*cells: str) -> str:
    return row(*cells) + "\n" + row("---", *["---:"] * (len(cells) - 1)).replace(" ", "")


def ratio(samples: Samples, name: str, base: str, get: Get) -> str:
    """The median of the ratios of each round, with the least and the most of them."""
    pairs = zip(map(get, samples.get(name, [])), map(get, samples.get(base, [])), strict=False)
    ratios = [mine / theirs for mine, theirs in pairs if mine is not None and theirs]
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})" if ratios else "–"


def middle(samples: list[Sample], get: Get, form: str) -> str:
    values = [value for value in map(get, samples) if value is not None]
    return format(median(values), form) if values else "–"


def digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}"


def milliseconds(get: Get) -> Get:
    def converted(sample: Sample) -> float | None:
        value = get(sample)
        return None if value is None else value / 1000

    return converted


def machine(peers: list[Peer]) -> str:
    """When and where this was measured, and of which versions."""
    model = next(line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line)
    lines = [time.strftime("%-d %B %Y"), f"{model}, Linux {platform.release()}"]
    for peer in peers:
        if peer.name != LOGGED:
            said = subprocess.run(peer.version, capture_output=True, text=True)
            version = (said.stdout or said.stderr).splitlines()[0].split(" - ")[0]
            version = " ".join(version.replace("nginx version:", "").replace("Version:", "").split())
            lines.append(version if peer.title.lower() in version.lower() else f"{peer.title} {version}")
    missing = [f"{peer.title} has no {lack}." for peer in peers for lack in sorted(peer.lacks)]
    return " ".join(["; ".join(lines) + ".", *missing])


def case_table(title: str, samples: Samples, titles: dict[str, str]) -> str:
    lines = [f"### {title}", ""]
    lines.append(
        head("server", "requests/s", "to nginx", "to the bare loop", "CPU each", "of its core", "p50", "p99", "memory")
    )
    for name, taken in samples.items():
        lines.append(
            row(
                titles.get(name, name),
                digits(median(sample.rate for sample in taken)),
                ratio(samples, name, NGINX, lambda sample: sample.rate),
                ratio(samples, name, BARE, lambda sample: sample.rate),
                middle(taken, lambda sample: sample.cpu, ",.1f") + " µs",
                middle(taken, lambda sample: sample.busy * 100, ".0f") + " %",
                middle(taken, milliseconds(lambda sample: sample.p50), ",.2f") + " ms",
                middle(taken, milliseconds(lambda sample: sample.p99), ",.2f") + " ms",
                middle(taken, lambda sample: sample.peak / 1024, ",.0f") + " MiB",
            )
        )
    return "\n".join(lines).replace("– ms", "–")


def summaries(results: dict[str, Samples], titles: dict[str, str]) -> list[str]:
    """Where each build of the server stands."""
    names = [name for name in (OURS, BEFORE) if any(name in samples for samples in results.values())]
    return [f"### {titles[name]}\n\n{summary(results, name)}" for name in names]


def summary(results: dict[str, Samples], name: str) -> str:
    """Where one server stands in each case."""
    lines = [
        head(
            "case",
            "requests/s to nginx",
            "to nginx with its log",
            "to the bare loop",
            "CPU to nginx",
            "CPU to the bare loop",
            "p99 to nginx",
        )
    ]
    for title, samples in results.items():
        columns: list[tuple[str, Get]] = [
            (NGINX, lambda sample: sample.rate),
            (LOGGED, lambda sample: sample.rate),
            (BARE, lambda sample: sample.rate),
            (NGINX, lambda sample: sample.cpu),
            (BARE, lambda sample: sample.cpu),
            (NGINX, lambda sample: sample.p99),
        ]
        lines.append(row(title, *(ratio(samples, name, base, get) for base, get in columns)))
    return "\n".join(lines)


def idle_table(found: dict[str, Idle], titles: dict[str, str]) -> str:
    lines = [f"### {HELD:,} idle connections", "", head("server", "before", "during", "each")]
    for name, memory in found.items():
        before, during = f"{memory.before / 1024:.1f} MiB", f"{memory.during / 1024:.1f} MiB"
        lines.append(row(titles.get(name, name), before, during, f"{memory.each:.1f} KiB"))
    return "\n".join(lines)


def cold_table(found: dict[str, list[float]], titles: dict[str, str], files: int) -> str:
    lines = [f"### A start among {files:,} files, to the first byte", "", head("server", "median", "least to most")]
    for name, times in found.items():
        spread = f"{min(times):.1f} to {max(times):.1f} ms"
        lines.append(row(titles.get(name, name), f"{median(times):.1f} ms", spread))
    return "\n".join(lines)


def cores_table(results: dict[str, Samples]) -> str:
    """What two cores give: see the README for what the ratio means."""
    lines = ["### Two cores", ""]
    lines.append(
        head(
            "case",
            "CPU each: one",
            "CPU each: two",
            "2 × one/two",
            "busiest thread",
            "scales by",
            "requests/s, two to one",
        )
    )
    for title, samples in results.items():
        one, two = samples["one core"], samples["two cores"]
        gains = [2 * a.cpu / b.cpu for a, b in zip(one, two, strict=True)]
        # No core does less than half of the work, and none less than the thread that has most.
        scales = [a.cpu / b.cpu / max(b.busiest, 1 / 2) for a, b in zip(one, two, strict=True)]
        lines.append(
            row(
                title,
                middle(one, lambda sample: sample.cpu, ".1f") + " µs",
                middle(two, lambda sample: sample.cpu, ".1f") + " µs",
                f"{median(gains):.2f} ({min(gains):.2f}–{max(gains):.2f})",
                middle(two, lambda sample: sample.busiest * 100, ".0f") + " %",
                f"{median(scales):.2f} ({min(scales):.2f}–{max(scales):.2f})",
                ratio(samples, "two cores", "one core", lambda sample: sample.rate),
            )
        )
    return "\n".join(lines)

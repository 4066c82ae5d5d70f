"""What was counted before, in recorded.toml, and what is said of the difference."""

import dataclasses
import pathlib
import subprocess
import tomllib

FILE = pathlib.Path(__file__).with_name("recorded.toml")

# By how much a count may differ from its record. Two counts of one program differ by less: see README.md.
TOLERANCE = 0.05

HEAD = """\
# Instructions per request, as `benches/instructions/run --record` counted them: see README.md. When one grows by more
# than 5 %, record them in the same change, and say why.
"""


@dataclasses.dataclass
class Verdict:
    """What is to be said of a count."""

    sentence: str
    fails: bool


@dataclasses.dataclass
class Records:
    """What is recorded, and by which compiler for which system."""

    compiler: str
    counts: dict

    @classmethod
    def read(cls):
        if not FILE.exists():
            return cls(compiler(), {})
        read = tomllib.loads(FILE.read_text())
        return cls(read["compiler"], read["instructions"])

    @staticmethod
    def write(counted):
        lines = [f"{name} = {count:_}" for name, count in counted.items()]
        FILE.write_text(f'{HEAD}compiler = "{compiler()}"\n\n[instructions]\n' + "\n".join(lines) + "\n")

    def table(self, counted):
        """What was counted beside what is recorded."""
        rows = [f"{'request':<14} {'instructions':>12} {'recorded':>12}"]
        for name, count in counted.items():
            was = self.counts.get(name)
            beside = f"{was:>12,} {count / was - 1:>+7.1%}" if was else f"{'-':>12}"
            rows.append(f"{name:<14} {count:>12,} {beside}")
        return "\n".join(rows)

    def judge(self, counted):
        """A verdict for each count that is not as recorded. Another compiler's counts are others, which is no fault."""
        if self.compiler != compiler():
            return [Verdict(f"note: recorded with {self.compiler}, counted with {compiler()}: nothing is compared", False)]
        missing = [Verdict(f"error: {name} is recorded and was not counted", True) for name in self.counts.keys() - counted]
        return missing + [verdict for name, count in counted.items() if (verdict := self.verdict(name, count))]

    def verdict(self, name, count):
        was = self.counts.get(name)
        if was is None:
            return Verdict(f"error: {name} is not recorded: {REMEDY}", True)
        change = count / was - 1
        if change > TOLERANCE:
            return Verdict(f"error: {name} takes {change:.1%} more instructions than recorded: {REMEDY}", True)
        if change < -TOLERANCE:
            return Verdict(f"note: {name} takes {-change:.1%} fewer instructions than recorded: {REMEDY}", False)
        return None


REMEDY = "run `benches/instructions/run --record` in the same change, and say why"


def compiler():
    """The compiler and the system that it compiles for, on one line."""
    said = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout.splitlines()
    facts = dict(line.split(": ", 1) for line in said[1:] if ": " in line)
    return f"{said[0]}, {facts['host']}"

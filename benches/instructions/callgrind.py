"""callgrind: the server under it, and what it has counted."""

import os
import re
import subprocess


def under(folder, lines):
    """The command that counts what it runs, by line too if that is wanted. What it writes is in the folder."""
    lines = "yes" if lines else "no"
    return ["valgrind", "--tool=callgrind", "--quiet", f"--vgdb-prefix={folder}/vgdb", f"--dump-line={lines}",
            f"--callgrind-out-file={folder}/profile"]


class Counter:
    """Asks a running callgrind."""

    # Threads whose work is no request's: jemalloc's, which gives memory back as time goes by.
    OTHERS = "background_thread_entry"

    def __init__(self, server):
        self.server = server

    def say(self, *command):
        self.server.rest()
        asked = subprocess.run(
            ["vgdb", f"--vgdb-prefix={self.server.folder}/vgdb", f"--pid={self.server.process.pid}", *command],
            capture_output=True, text=True, check=True)
        return asked.stdout

    def total(self):
        """Instructions so far."""
        said = self.say("status", "internal")
        # A thread's count comes before its stack.
        parts = re.split(r"^events-\d+: (\d+)$", said, flags=re.M)
        return sum(int(count) for count, stack in zip(parts[1::2], parts[2::2]) if self.OTHERS not in stack)

    def zero(self):
        """Begins again, for a profile."""
        self.say("zero")

    def profile(self):
        """Writes the profile since, and returns its file."""
        folder, before = self.server.folder, set(os.listdir(self.server.folder))
        self.say("dump")
        (name,) = {name for name in os.listdir(folder) if name.startswith("profile")} - before
        return folder / name

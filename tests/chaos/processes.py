"""A command as a process that can be killed and frozen at a moment of its work, seen in the files that it writes."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

Signature = tuple[int, int, int]
_LOOK_S = 0.001
NAP_S = 0.05


class Running:
    """A process whose output goes to a file: a pipe that nobody reads would stop it."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self.log = log
        self._from = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the harness, which ends it itself
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def said(self) -> str:
        """What it has written to standard output and error."""
        return self.log.read_bytes()[self._from :].decode(errors="replace")

    @property
    def ended(self) -> bool:
        """Whether it ended by itself."""
        return self.process.poll() is not None

    def kill(self) -> None:
        """kill -9, also of a frozen one; once it returns the process is gone."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """SIGSTOP."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)


@dataclass(frozen=True)
class Moment:
    """When to strike: after ``file`` changed up to ``changes`` times, and up to ``then_s`` seconds more."""

    name: str
    file: str
    changes: int
    then_s: float

    def wait(self, running: Running, folder: Path, chance: random.Random, most_s: float) -> bool:
        """Wait for it; False when it did not come within ``most_s``, or the process ended before."""
        changes = chance.randint(1, self.changes)
        path = folder / self.file
        seen = signature(path)
        until = time.monotonic() + most_s
        while changes and not running.ended and time.monotonic() < until:
            now = signature(path)
            if now not in (seen, None):
                seen = now
                changes -= 1
            else:
                time.sleep(_LOOK_S)
        if changes == 0 and self.then_s:
            time.sleep(chance.uniform(0, self.then_s))
        return changes == 0


def signature(path: Path) -> Signature | None:
    """Changes with every write of the file; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


COMMIT = Moment("in a commit", "store.duckdb.wal", 30, 0.0)
PUBLISH = Moment("while it published", "serving.duckdb.new", 2, 0.15)
PURGE = Moment("while it purged", "store.duckdb.purged", 2, 0.15)

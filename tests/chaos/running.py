"""An ingest that runs as a service does: a process of its own, asked over its own /metrics and /healthz."""

from __future__ import annotations

import http.client
import json
import math
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psutil

from ingest.store_file import STORE_NAME
from tests.chaos.world import ingest_command
from tests.support.broker import Broker

LONGEST_WAIT_S = 300.0
"""For what takes seconds on an idle machine: a bound for what hangs, not a measure."""
STILL_S = 120.0
"""A count that has not moved for so long will not move any more."""
_ADDRESS = re.compile(r"http://(\S+)/metrics")
_STOP_S = 60.0


class ChaosError(RuntimeError):
    """The harness itself cannot run; what the project breaks is an outcome, not an error."""


@contextmanager
def started_broker(folder: Path, *, advertised: Sequence[str] = ()) -> Iterator[Broker]:
    """A broker that serves, and is killed at the end."""
    broker = Broker(folder, advertised=advertised)
    # It is started again and again, and lives for minutes: half the work of the start would be compiling for days.
    broker.environment = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1"}
    with broker:
        yield broker


class RunningIngest:
    """``houselights ingest`` from ``source`` into ``store``, ended by ``stop``; its standard error in ``log``."""

    def __init__(self, source: str, store: Path, log: Path) -> None:
        self.log = log
        self.exit_code: int | None = None
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                ingest_command(source, store, "--listen", "127.0.0.1:0"),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the harness, which ends it itself
            )
        self._watched = psutil.Process(self._process.pid)
        if not until(lambda: _ADDRESS.search(self.said()) is not None or not self.alive):
            raise ChaosError(f"ingest says no address: {self.said()[-2000:]}")
        found = _ADDRESS.search(self.said())
        if found is None:
            raise ChaosError(f"ingest did not start: {self.said()[-2000:]}")
        self._address = found[1]

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def memory_bytes(self) -> int:
        """Resident, 0 when it has ended."""
        try:
            return int(self._watched.memory_info().rss)
        except psutil.NoSuchProcess:
            return 0

    def said(self) -> str:
        """All it has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def healthy(self) -> bool:
        """Whether /healthz answers 200."""
        return self._get("/healthz") is not None

    def health(self) -> tuple[int, dict[str, str]]:
        """Status and answer of /healthz. Raises OSError when it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{self._address}/healthz", timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def reaches(self, name: str, target: float) -> bool:
        """Whether the metric came up to ``target`` before it stood still or ingest ended."""
        return (
            counted_up(lambda: self.metrics().get(name, 0.0) if self.alive else math.inf, target)
            and self.alive
        )

    def metrics(self) -> dict[str, float]:
        """Every sample of /metrics by name and labels; empty when it does not answer."""
        lines = (self._get("/metrics") or "").splitlines()
        samples = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
        return {name.removeprefix("houselights_ingest_"): float(value) for name, value in samples}

    def stop(self) -> float:
        """Tell it to stop, as a supervisor would; the seconds it took."""
        began = time.monotonic()
        if self.alive:
            self._process.terminate()
        try:
            self.exit_code = self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        return time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.alive:
            self._process.kill()
        self._process.wait()

    def _get(self, path: str) -> str | None:
        try:
            with urllib.request.urlopen(f"http://{self._address}{path}", timeout=30) as answer:
                return str(answer.read().decode())
        except (OSError, http.client.HTTPException):
            return None


class Watch:
    """Asks an ingest about its health and memory now and then, from a thread, until the block ends."""

    def __init__(self, ingest: RunningIngest, store: Path, every_s: float = 0.5) -> None:
        """``store``: its folder; the database keeps pages of its file in memory, as many as there are."""
        self.unwell = 0
        """Times that /healthz did not answer 200."""
        self.asked = 0
        self.most_memory = 0
        """Resident bytes, at any time."""
        self.memory: list[int] = []
        """Resident bytes at each ``mark``, when nothing was to be done."""
        self.stored: list[int] = []
        """Bytes of the store's file and its log, at each ``mark``."""
        self._ingest = ingest
        self._store = store
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def mark(self) -> None:
        """Note how things stand now."""
        self.memory.append(self._ingest.memory_bytes)
        self.stored.append(sum(file.stat().st_size for file in self._store.glob(f"{STORE_NAME}*")))

    def end(self) -> None:
        """Ask no more: ingest is about to be stopped."""
        self._over.set()
        self._thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _run(self) -> None:
        while not self._over.wait(self._every_s):
            self.asked += 1
            self.unwell += not self._ingest.healthy()
            self.most_memory = max(self.most_memory, self._ingest.memory_bytes)


def until(come: Callable[[], bool], wait_s: float = LONGEST_WAIT_S, every_s: float = 0.2) -> bool:
    """Whether ``come`` came true within ``wait_s``."""
    deadline = time.monotonic() + wait_s
    while not come():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


def counted_up(count: Callable[[], float], target: float) -> bool:
    """Whether ``count`` reached ``target``; given up once it stands still."""
    best, moved_s = count(), time.monotonic()
    while best < target:
        time.sleep(0.2)
        now = count()
        if now > best:
            best, moved_s = now, time.monotonic()
        elif time.monotonic() - moved_s > STILL_S:
            return False
    return True

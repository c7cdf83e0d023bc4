"""Viewers' devices without cameras: real outboxes and publishers, whose messages come from a script.

A process of its own, as devices are. By hand, for four devices that begin with a line on standard input, and send
until it ends:

    python -m tests.chaos.devices --to HOST:PORT --outboxes FOLDER --connections 4
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from contract.messages import End, Message, Reactions, new_session_id
from edge_agent.outbox import Outbox
from edge_agent.publisher import KafkaPublisher
from tests.chaos.running import LONGEST_WAIT_S, ChaosError
from tests.chaos.world import whole_session

SAMPLES_EACH = 5
_READY = "ready"


@dataclass(frozen=True)
class Sent:
    """What devices made by session, and what is not sent."""

    generated: dict[str, int]
    left: int
    seconds: float
    """From the go to the last acknowledgement."""

    @property
    def samples(self) -> int:
        """Of all sessions."""
        return sum(self.generated.values())


class Devices:
    """The process of some devices, from outside. They connect and begin with ``go``."""

    def __init__(
        self,
        address: str,
        folder: Path,
        *,
        connections: int,
        devices_each: int = 1,
        messages: int | None = None,
        every_s: float = 0.0,
    ) -> None:
        """``connections``: each with an outbox of its own, for so many devices. ``messages``: of each device, None
        until ``finish``. ``every_s``: between two of a device; at 0 all lie in the outboxes before the go, as after a
        night without a network.
        """
        words = [
            "--to", address, "--outboxes", str(folder), "--connections", str(connections),
            "--devices-each", str(devices_each), "--every-s", str(every_s),
        ]  # fmt: skip
        if messages is not None:
            words += ["--messages", str(messages)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.devices", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_ready(self) -> None:
        """Until the outboxes lie there."""
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        if said != _READY:
            raise ChaosError(f"the devices did not start: {said!r}")

    def go(self) -> None:
        """Connect and send."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def finish(self) -> Sent:
        """No more messages but each session's end; waits until all is sent, or nothing moves for long."""
        try:
            said, _ = self._process.communicate(timeout=2 * LONGEST_WAIT_S)
        except subprocess.TimeoutExpired as error:
            self._process.kill()
            raise ChaosError("the devices hang") from error
        if self._process.returncode:
            raise ChaosError(f"the devices ended with {self._process.returncode}")
        return Sent(**json.loads(said))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


@dataclass
class _Outlet:
    """An outbox with its publisher, and the devices whose messages go through it."""

    outbox: Outbox
    publisher: KafkaPublisher
    scripts: dict[str, Iterator[Message]]
    generated: dict[str, int]

    def append(self) -> bool:
        """The next message of each device but the end; whether there was one."""
        for session, script in self.scripts.items():
            message = next(script)
            if isinstance(message, End):
                return False
            self.outbox.append(message)
            if isinstance(message, Reactions):
                self.generated[session] += len(message.samples)
        self.publisher.wake()
        return True

    def end(self) -> None:
        """The end of each device."""
        for session in self.scripts:
            self.outbox.append_end(session)


def _outlet(path: Path, address: str, devices: int, messages: int) -> _Outlet:
    outbox = Outbox(path)
    sessions = [new_session_id() for _ in range(devices)]
    return _Outlet(
        outbox,
        KafkaPublisher(outbox, address, flush_s=LONGEST_WAIT_S),
        {session: whole_session(session, messages, SAMPLES_EACH) for session in sessions},
        dict.fromkeys(sessions, 0),
    )


def _run(given: argparse.Namespace) -> Sent:
    given.outboxes.mkdir(parents=True, exist_ok=True)
    # Film time ends after a day; nobody lets this run so long.
    messages = given.messages if given.messages is not None else 24 * 3600 // SAMPLES_EACH
    outlets = [
        _outlet(given.outboxes / f"{number}.outbox", given.to, given.devices_each, messages)
        for number in range(given.connections)
    ]
    if not given.every_s:
        for outlet in outlets:
            while outlet.append():
                pass
            outlet.end()
    _say(_READY)
    sys.stdin.readline()
    began = time.monotonic()
    for outlet in outlets:
        outlet.publisher.start()
    if given.every_s:
        _live(outlets, given.every_s)
        for outlet in outlets:
            outlet.end()
    finishing = [threading.Thread(target=outlet.publisher.finish) for outlet in outlets]
    for thread in finishing:
        thread.start()
    for thread in finishing:
        thread.join()
    return Sent(
        {session: count for outlet in outlets for session, count in outlet.generated.items()},
        sum(outlet.outbox.left() for outlet in outlets),
        time.monotonic() - began,
    )


def _live(outlets: list[_Outlet], every_s: float) -> None:
    """Each device's next message, every ``every_s`` seconds, until standard input ends or the scripts do."""
    over = threading.Event()

    def until_told() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=until_told, daemon=True).start()
    due_s = time.monotonic()
    while not over.is_set() and all([outlet.append() for outlet in outlets]):  # noqa: C419  # each, not until one is over
        due_s = max(due_s + every_s, time.monotonic() - 1)
        over.wait(max(0.0, due_s - time.monotonic()))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Be the devices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", required=True)
    parser.add_argument("--outboxes", required=True, type=Path)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--devices-each", type=int, default=1)
    parser.add_argument("--messages", type=int)
    parser.add_argument("--every-s", type=float, default=0.1)
    _say(json.dumps(asdict(_run(parser.parse_args()))))


if __name__ == "__main__":
    main()

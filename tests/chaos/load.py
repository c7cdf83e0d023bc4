"""Devices that go on sending, whatever happens to who reads: a broker that is being filled.

They do what real ones do: send again what they are not sure of, withdraw, send late what they had made before; and
some of what they send is broken.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from kafka import KafkaProducer

from contract.messages import TOPIC, End, Reactions, Withdraw, encode, new_session_id
from tests.chaos.world import samples, start

DEVICES = 8
"""At once; when one is done another comes."""
MESSAGES_A_SECOND = 100
BURST_EVERY_S, BURST_MESSAGES = 3.0, 300
"""Devices whose network is back: batches of many sessions in one commit."""
SAMPLES = 5
"""A message, as the agent sends them."""
MOST_MESSAGES = 150
"""Of one device."""
WITHDRAWS = 5
"""Every so many-th device does, the first among them."""
_LATE = 3

Record = tuple[bytes, bytes]
"""Key and body."""


class Load:
    """A thread that fills a broker until ``finish``; then it is known what the store must hold."""

    def __init__(self, address: str, seed: int) -> None:
        self.records = 0
        """Sent, repeats included."""
        self.repeated = 0
        self.generated: dict[str, int] = {}
        """Sound samples of each session that did not withdraw, at seconds 0, 1, 2 and so on."""
        self.rejected = 0
        """Records that must be dead letters, each counted once however often it came; of no withdrawn session."""
        self.withdrawn: dict[str, str] = {}
        """A mark of each session that did, which its start and its broken messages hold."""
        self._chance = random.Random(seed)
        self._born = 0
        self._lives = [self._life() for _ in range(DEVICES)]
        self._over = threading.Event()
        self._trouble: BaseException | None = None
        self._producer: Any = KafkaProducer(
            bootstrap_servers=address,
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            compression_type="lz4",
        )
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._producer.close(timeout=5)

    def finish(self) -> None:
        """Let every device that is there send its last message, and return when the broker holds all.

        Raises RuntimeError when the broker did not take something: then there is nothing to compare with.
        """
        self._over.set()
        self._thread.join()
        for life in self._lives:
            for record in life:
                self._send(record)
        self._producer.flush()
        if self._trouble is not None:
            raise RuntimeError("the broker did not take what was sent") from self._trouble

    def _run(self) -> None:
        try:
            burst_at = time.monotonic() + BURST_EVERY_S
            while not self._over.wait(1 / MESSAGES_A_SECOND):
                self._next()
                if time.monotonic() >= burst_at:
                    for _ in range(BURST_MESSAGES):
                        self._next()
                    burst_at = time.monotonic() + BURST_EVERY_S
        except BaseException as error:  # noqa: BLE001  # told by `finish`, in the thread that asks
            self._trouble = error

    def _next(self) -> None:
        at = self._chance.randrange(DEVICES)
        record = next(self._lives[at], None)
        if record is None:
            self._lives[at] = self._life()
            record = next(self._lives[at])
        self._send(record)

    def _send(self, record: Record) -> None:
        key, body = record
        self._producer.send(TOPIC, key=key, value=body, timestamp_ms=0).add_errback(self._failed)
        self.records += 1

    def _failed(self, error: BaseException) -> None:
        self._trouble = error

    def _life(self) -> Iterator[Record]:
        """All that one device sends, in order; what it must leave in the store is noted before it is sent."""
        chance, session, mark = self._chance, new_session_id(), f"mark-{secrets.token_hex(16)}"
        leaves = self._born % WITHDRAWS == 0
        length = chance.randint(10, 40) if leaves else chance.randint(50, MOST_MESSAGES)
        self._born += 1
        if leaves:
            self.withdrawn[session] = mark
        else:
            self.generated[session] = 0
        key = session.encode()
        yield from self._perhaps_again(key, encode(start(session, mark)))
        broken = second = 0
        for seq in range(1, length + 1):
            if chance.random() < 0.02:
                broken += SAMPLES
                self.rejected += not leaves
                yield from self._perhaps_again(key, _broken(session, seq, mark))
            else:
                if not leaves:
                    self.generated[session] += SAMPLES
                yield from self._perhaps_again(key, encode(Reactions(session, seq, samples(second, SAMPLES))))
                second += SAMPLES
            if chance.random() < 0.005:
                self.rejected += 1
                yield secrets.token_bytes(8), b"junk " + secrets.token_bytes(8)
        if leaves:
            yield from self._perhaps_again(key, encode(Withdraw(session)))
            for seq in range(length + 1, length + 1 + _LATE):
                yield key, encode(Reactions(session, seq, samples(second + SAMPLES * seq, SAMPLES)))
        else:
            yield from self._perhaps_again(key, encode(End(session, length, second + broken, 0, 0)))

    def _perhaps_again(self, key: bytes, body: bytes) -> Iterator[Record]:
        yield key, body
        while self._chance.random() < 0.05:  # the device did not hear that the broker has it
            self.repeated += 1
            yield key, body


def _broken(session: str, seq: int, mark: str) -> bytes:
    """Reactions whose scores do not sum to 100, with a field that nobody knows."""
    sample = '{"t":0,"d":1000,"pass":0,"viewer":0,"n":1,"seen":100,"front":0,"p":[1,0,0,0,0,0,0]}'
    all_of_them = ",".join([sample] * SAMPLES)
    text = (
        f'{{"type":"reactions","session":"{session}","seq":{seq},"note":"{mark}","samples":[{all_of_them}]}}'
    )
    return text.encode()

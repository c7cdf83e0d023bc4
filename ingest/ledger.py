"""The ledger: whether every sample that a device made has a place.

Generated = stored + rejected + dropped + still in the outbox. What a device made is known from its end message. A
device that was lost for good sends none, and then nobody can know: closing the screening does not close the ledger of
such a session, it settles it as what it is, never ended.

A running ingest holds the store, so it leaves its ledger beside it at each publish, in ``ledger.json``, which only its
owner may read: it names sessions, and so does not belong into ``serving.duckdb``.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import duckdb
import msgspec

from ingest.errors import StoreError

LEDGER_NAME = "ledger.json"
_QUERY = (Path(__file__).with_name("sql") / "ledger.sql").read_text(encoding="utf-8")

State = Literal["closed", "running", "never_ended", "refused", "open"]
"""closed: every sample has a place. running: no end message yet, so nobody knows how many there were. never_ended: the
same once its screening was closed; an end that comes all the same, from an outbox days later, is taken. refused: its
start was never accepted, and all that came is a dead letter. open: samples are missing, or there are too many."""


@dataclass(frozen=True, slots=True)
class SessionLedger:
    """The samples of one session; ``generated`` is None until the device has said how many there were."""

    session: str
    screening: str | None
    """None when no start of the session was accepted."""
    generated: int | None
    stored: int
    rejected: int
    dropped: int
    in_outbox: int = 0
    heard_to_ms: int | None = None
    """End of the last window of film time that is stored of it."""
    over: bool = False
    """Whether its screening was closed."""

    @property
    def missing(self) -> int | None:
        """Samples that are nowhere; below 0, samples that are there twice. None while the session runs."""
        if self.generated is None:
            return None
        return self.generated - self.stored - self.rejected - self.dropped - self.in_outbox

    @property
    def closes(self) -> bool:
        """Whether every sample has a place."""
        return self.missing == 0

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to look for: it closes, or its device was lost and the screening is closed."""
        return self.closes or self.state == "never_ended"

    @property
    def state(self) -> State:
        """In a word."""
        if self.screening is None:
            return "refused"
        if self.missing is None:
            return "never_ended" if self.over else "running"
        return "closed" if self.closes else "open"


def ledgers(
    store: duckdb.DuckDBPyConnection, in_outbox: Mapping[str, int] | None = None
) -> list[SessionLedger]:
    """One ledger a session of the store.

    ``in_outbox``: samples not yet taken from the devices' outboxes, by session; see ``samples_in_outbox``.
    """
    waiting = in_outbox or {}
    return [
        SessionLedger(
            session, screening, generated, stored, rejected, dropped, waiting.get(session, 0), heard_to_ms
        )
        for session, screening, generated, stored, rejected, dropped, heard_to_ms in store.execute(
            _QUERY
        ).fetchall()
    ]


def of_closed(found: Iterable[SessionLedger], closed: Container[str]) -> list[SessionLedger]:
    """``found``, with those marked whose screening is one of ``closed``."""
    return [replace(one, over=one.screening is not None and one.screening in closed) for one in found]


def write_ledger(store_dir: Path, found: Iterable[SessionLedger]) -> None:
    """Leave the ledger beside the store, for readers while ingest holds it. Raises StoreError."""
    path = store_dir / LEDGER_NAME
    new = path.with_suffix(".new")
    try:
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(msgspec.json.encode(list(found)))
        new.replace(path)
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror or error}; free some space or check the folder's rights"
        ) from error


def read_ledger(store_dir: Path, in_outbox: Mapping[str, int] | None = None) -> list[SessionLedger]:
    """What a running ingest left at its last publish. Raises StoreError when there is none, or it is damaged."""
    path = store_dir / LEDGER_NAME
    waiting = in_outbox or {}
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[SessionLedger])
    except FileNotFoundError as error:
        raise StoreError(
            f"there is no ledger in {store_dir} yet: a running ingest writes it with its first publish; try again"
        ) from error
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(f"cannot read {path}: {error}; stop ingest, and run this again") from error
    return [replace(one, in_outbox=waiting.get(one.session, 0)) for one in found]

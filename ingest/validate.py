"""Is a record what the contract says, and does it belong here? Pure: bytes in, a message or a reason out."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from contract.errors import MessageError
from contract.messages import Message, Start, Withdraw, decode
from ingest.sources import Record

LONGEST_DETAIL = 500
"""A detail quotes what came; a hostile record must not make the store's row a page long."""
_SESSION = re.compile(r"[0-9a-f]{32}")


class ScreeningLike(Protocol):
    """What ingest needs of a screening of the catalogue."""

    @property
    def film(self) -> str:
        """Id of the film shown."""

    @property
    def cut(self) -> str:
        """Id of the cut shown."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A dead letter: the record, why, and what can still be told of it for the ledger.

    ``session``: whose it says it is, or None; ``samples``: how many it holds, 0 when that cannot be told.
    """

    record: Record
    reason: str
    detail: str
    session: str | None
    samples: int


def check(
    record: Record, screenings: Mapping[str, ScreeningLike], started: Container[str]
) -> Message | Rejected:
    """The message of ``record``, or why there is none.

    ``screenings``: the catalogue's, by id. ``started``: sessions whose start is stored or came earlier in the
    batch.
    """
    try:
        message = decode(record.value or b"")
    except MessageError as error:
        return reject(record, error.reason, error.detail)
    key = (record.key or b"").decode("ascii", errors="replace")
    if key != message.session:
        return reject(record, "wrong_key", f"the record's key must be its session, got key {key!r}")
    if isinstance(message, Start):
        screening = screenings.get(message.screening)
        if screening is None:
            return reject(record, "unknown_screening", f"no screening {message.screening!r} in the catalogue")
        if (message.film, message.cut) != (screening.film, screening.cut):
            return reject(
                record,
                "wrong_cut",
                f"screening {message.screening!r} shows {screening.film}/{screening.cut}, "
                f"the session says {message.film}/{message.cut}",
            )
    elif not isinstance(message, Withdraw) and message.session not in started:
        return reject(record, "unknown_session", "no start of this session was accepted before")
    return message


def reject(record: Record, reason: str, detail: str) -> Rejected:
    """The dead letter of ``record``, with what can be read of it without trusting it."""
    session, samples = _claims(record.value or b"")
    return Rejected(record, reason, detail[:LONGEST_DETAIL], session, samples)


def _claims(body: bytes) -> tuple[str | None, int]:
    try:
        content: Any = json.loads(body)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested past all reason
        return None, 0
    if not isinstance(content, dict):
        return None, 0
    session = content.get("session")
    known = isinstance(session, str) and _SESSION.fullmatch(session)
    samples = content.get("samples")
    counted = len(samples) if content.get("type") == "reactions" and isinstance(samples, list) else 0
    return (session if known else None), counted

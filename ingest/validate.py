"""Is a record what the contract says, and does it belong here? Pure: bytes in, a message or a reason out."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contract.errors import MessageError
from contract.messages import LONGEST_WINDOW_MS, Message, Reactions, Sample, Start, Withdraw, decode
from contract.randomised import Randomised
from ingest.join import is_invited
from ingest.sources import Record

SURE = 100
"""Percent: a randomised answer names one emotion."""
LONGEST_DETAIL = 500
"""A detail quotes what came; a hostile record must not make the store's row a page long."""
_SESSION = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Admission:
    """What ingest needs to know of a screening: what it shows, and who may come in.

    ``join_key``: of its invitations, None where everybody may join. ``duration_ms``: of the cut, None when unknown.
    """

    film: str
    cut: str
    open: bool = True
    join_key: bytes | None = None
    duration_ms: int | None = None
    randomised: Randomised | None = None
    """How sessions must answer; None for what was measured."""


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
    record: Record,
    screenings: Mapping[str, Admission],
    started: Container[str],
    shown: Mapping[str, Admission] | None = None,
) -> Message | Rejected:
    """The message of ``record``, or why there is none; the rest as ``belongs`` has it."""
    try:
        message = decode(record.value or b"")
    except MessageError as error:
        return reject(record, error.reason, error.detail)
    return belongs(record, message, screenings, started, shown)


def belongs(
    record: Record,
    message: Message,
    screenings: Mapping[str, Admission],
    started: Container[str],
    shown: Mapping[str, Admission] | None = None,
    span: tuple[int, int] | None = None,
) -> Message | Rejected:
    """``message``, which is what ``record`` says, or why it has no business here.

    ``screenings``: the catalogue's, by id. ``started``: sessions whose start is stored or came earlier in the
    batch. ``shown``: the screening of each of those that is still in the catalogue. ``span``: the last start and
    the longest length of its samples, where somebody knows them.
    """
    if record.key != message.session.encode():
        key = (record.key or b"").decode("ascii", errors="replace")
        return reject(record, "wrong_key", f"the record's key must be its session, got key {key!r}")
    if isinstance(message, Start):
        refusal = None if message.session in started else _refusal(message, screenings.get(message.screening))
        return reject(record, *refusal) if refusal else message
    if isinstance(message, Withdraw):
        return message
    if message.session not in started:
        return reject(record, "unknown_session", "no start of this session was accepted before")
    if isinstance(message, Reactions):
        admission = (shown or {}).get(message.session)
        last_ms, longest_ms = span or _span(message.samples)
        if admission is not None and admission.randomised is not None:
            unfit = _unfit(message.samples, admission.randomised)
            if unfit is not None:
                return reject(record, "bad_window", unfit)
        elif longest_ms > LONGEST_WINDOW_MS:
            return reject(
                record, "bad_window", f"a window lasts {LONGEST_WINDOW_MS} ms at most, got {longest_ms}"
            )
        if admission is not None and admission.duration_ms is not None and last_ms >= admission.duration_ms:
            detail = f"the cut is {admission.duration_ms} ms long, got a sample at {last_ms} ms"
            return reject(record, "past_the_end", detail)
    return message


def _refusal(start: Start, admission: Admission | None) -> tuple[str, str] | None:
    """Reason and detail why a new session is not let in, or None when it is."""
    name = start.screening
    if admission is None:
        return "unknown_screening", f"no screening {name!r} in the catalogue"
    if (start.film, start.cut) != (admission.film, admission.cut):
        return (
            "wrong_cut",
            f"screening {name!r} shows {admission.film}/{admission.cut}, the session says {start.film}/{start.cut}",
        )
    if not admission.open:
        return "screening_closed", f"screening {name!r} was closed before this session began"
    if admission.join_key is not None and not is_invited(start.join, admission.join_key, name):
        return (
            "not_invited",
            f"screening {name!r} is by invitation, and this session brought none signed for it",
        )
    if start.randomised != admission.randomised:
        told = [
            f"randomised ({how})" if how else "as measured"
            for how in (admission.randomised, start.randomised)
        ]
        return (
            "wrong_privacy",
            f"screening {name!r} takes answers {told[0]}, the session gives them {told[1]}",
        )
    return None


def _span(samples: Sequence[Sample]) -> tuple[int, int]:
    """The last start and the longest length."""
    return max([sample.t for sample in samples]), max([sample.d for sample in samples])


def _unfit(samples: Sequence[Sample], how: Randomised) -> str | None:
    """Why these are none of a session that answers so."""
    for one in samples:
        block, beside = divmod(one.t, how.block_ms)
        sure = one.p is None or max(one.p) == SURE
        if (
            one.d != how.block_ms
            or beside
            or block >= how.blocks
            or (one.viewer, one.pass_) != (0, 0)
            or not sure
        ):
            return (
                f"a randomised answer names one emotion or none, of viewer 0, pass 0, for one of {how.blocks} blocks "
                f"of {how.block_ms} ms; got t={one.t}, d={one.d}, viewer={one.viewer}, pass={one.pass_}"
            )
    return None


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

"""What a delivery does to the store, worked out before the store is touched. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from contract.messages import End, Message, Reactions, Sample, Start, Withdraw
from ingest.rate import SessionRate
from ingest.sources import Record
from ingest.validate import Admission, Rejected, check, reject

Row = tuple[int | str | None, ...]
"""session, viewer, pass, t_ms, d_ms, n, seen, front, then the seven scores or seven None."""
_NO_SCORES = (None,) * 7


@dataclass(slots=True)
class Batch:
    """The changes of one delivery, to be written in one transaction.

    Withdrawals come first when it is written: everything else here was made after them, or forgotten by them.
    """

    records: int = 0
    starts: dict[str, Start] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    last_seq: dict[str, int] = field(default_factory=dict)
    ends: dict[str, End] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    resent: int = 0
    """Records dropped because they came before."""
    forgotten: int = 0
    """Records dropped because their viewer has withdrawn."""


def plan(
    records: Sequence[Record],
    screenings: Mapping[str, Admission],
    last_seq: Mapping[str, int],
    withdrawn: Container[str],
    *,
    shown: Mapping[str, Admission] | None = None,
    rate: SessionRate | None = None,
) -> Batch:
    """The batch that ``records``, in their order, amount to.

    ``last_seq``: seq of the last reactions stored, for each session the store knows; 0 where only its start
    is. ``withdrawn``: sessions whose viewers took everything back. ``shown``: the screening of each session the store
    knows, where the catalogue has it. ``rate``: what a session may send, without an end when None.
    """
    batch = Batch(records=len(records), last_seq=dict(last_seq))
    in_sight = dict(shown or {})
    dead_letters: set[tuple[str, bytes]] = set()
    for record in records:
        found = check(record, screenings, batch.last_seq, in_sight)
        if isinstance(found, Reactions) and rate is not None and _floods(found, batch, rate):
            found = reject(record, "too_many", "more samples than a session can make: is this a device?")
        session = found.session
        if session is not None and (session in withdrawn or session in batch.withdrawn):
            batch.forgotten += 1
        elif isinstance(found, Rejected):
            _keep(batch, found, dead_letters)
        else:
            _accept(batch, found)
            if isinstance(found, Start) and found.screening in screenings:
                in_sight.setdefault(found.session, screenings[found.screening])
    batch.last_seq = _moved(batch.last_seq, last_seq)
    return batch


def plan_replay(
    records: Sequence[Record],
    screenings: Mapping[str, Admission],
    last_seq: Mapping[str, int],
    withdrawn: Container[str],
) -> tuple[Batch, list[int]]:
    """The batch that dead letters amount to by now, and the positions of those that it takes in.

    The others stay dead letters: they are still not what the contract says, or do not belong here, or a later message
    of their session is stored already, so nobody can tell them from a repeat.
    """
    batch = Batch(records=len(records), last_seq=dict(last_seq))
    taken: list[int] = []
    for position, record in enumerate(records):
        found = check(record, screenings, batch.last_seq)
        if isinstance(found, Rejected) or found.session in withdrawn:
            continue
        repeats = batch.resent
        _accept(batch, found)
        if batch.resent == repeats:
            taken.append(position)
    batch.last_seq = _moved(batch.last_seq, last_seq)
    return batch, taken


def _floods(message: Reactions, batch: Batch, rate: SessionRate) -> bool:
    repeat = message.seq <= batch.last_seq[message.session]
    return not repeat and not rate.take(message.session, len(message.samples))


def _moved(now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    return {session: seq for session, seq in now.items() if before.get(session) != seq}


def _keep(batch: Batch, letter: Rejected, dead_letters: set[tuple[str, bytes]]) -> None:
    """A dead letter, once: a re-sent one would count its samples twice in the session's ledger."""
    if letter.session is not None and letter.samples:
        identity = (letter.session, letter.record.value or b"")
        if identity in dead_letters:
            batch.resent += 1
            return
        dead_letters.add(identity)
    batch.rejected.append(letter)


def _accept(batch: Batch, message: Message) -> None:
    match message:
        case Start():
            if message.session in batch.last_seq:
                batch.resent += 1
            else:
                batch.starts[message.session] = message
                batch.last_seq[message.session] = 0
        case Reactions():
            if message.seq <= batch.last_seq[message.session]:
                batch.resent += 1
            else:
                batch.last_seq[message.session] = message.seq
                batch.rows += [_row(message.session, sample) for sample in message.samples]
        case End():
            batch.ends[message.session] = message
        case Withdraw():
            _forget(batch, message.session)


def _forget(batch: Batch, session: str) -> None:
    batch.withdrawn.add(session)
    batch.starts.pop(session, None)
    batch.ends.pop(session, None)
    batch.last_seq.pop(session, None)
    batch.rows = [row for row in batch.rows if row[0] != session]
    batch.rejected = [letter for letter in batch.rejected if letter.session != session]


def _row(session: str, sample: Sample) -> Row:
    return (
        session, sample.viewer, sample.pass_, sample.t, sample.d, sample.n, sample.seen, sample.front,
        *(sample.p if sample.p is not None else _NO_SCORES),
    )  # fmt: skip

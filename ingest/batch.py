"""What a delivery does to the store, worked out before the store is touched. Pure."""

from __future__ import annotations

import gc
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from contract.errors import MessageError
from contract.messages import End, Message, Reactions, Start, Withdraw
from ingest.columns import Columns, Reading, Rows, read
from ingest.rate import SessionRate
from ingest.sources import Record
from ingest.validate import Admission, Rejected, belongs, reject


@dataclass(slots=True)
class Batch:
    """The changes of one delivery, to be written in one transaction.

    Withdrawals come first when it is written: everything else here was made after them, or forgotten by them.
    """

    records: int = 0
    starts: dict[str, Start] = field(default_factory=dict)
    rows: Rows = field(default_factory=lambda: Columns([]).rows([]))
    last_seq: dict[str, int] = field(default_factory=dict)
    ends: dict[str, End] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    resent: int = 0
    """Records dropped because they came before."""
    forgotten: int = 0
    """Records dropped because their viewer has withdrawn."""

    @property
    def size_bytes(self) -> int:
        """About what its rows and dead letters take."""
        return self.rows.values.nbytes + sum(len(letter.record.value or b"") for letter in self.rejected)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's collector of circles: it would look at a delivery's objects over and over, and find none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
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
    taken: list[int] = []
    reading = read(records)
    for place, record in enumerate(records):
        found = _verdict(place, record, reading, screenings, batch.last_seq, in_sight)
        if isinstance(found, Reactions) and rate is not None and _floods(found, batch, rate):
            found = reject(record, "too_many", "more samples than a session can make: is this a device?")
        session = found.session
        if session is not None and (session in withdrawn or session in batch.withdrawn):
            batch.forgotten += 1
        elif isinstance(found, Rejected):
            _keep(batch, found, dead_letters)
        elif _accept(batch, found):
            taken.append(place)
            if isinstance(found, Start) and found.screening in screenings:
                in_sight.setdefault(found.session, screenings[found.screening])
    _settle(batch, reading, taken, last_seq)
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
    reading = read(records)
    for place, record in enumerate(records):
        found = _verdict(place, record, reading, screenings, batch.last_seq)
        if not isinstance(found, Rejected) and found.session not in withdrawn and _accept(batch, found):
            taken.append(place)
    _settle(batch, reading, taken, last_seq)
    return batch, taken


def _verdict(
    place: int,
    record: Record,
    reading: Reading,
    screenings: Mapping[str, Admission],
    started: Container[str],
    shown: Mapping[str, Admission] | None = None,
) -> Message | Rejected:
    found = reading.found[place]
    if isinstance(found, MessageError):
        return reject(record, found.reason, found.detail)
    return belongs(record, found, screenings, started, shown, reading.spans.get(place))


def _floods(message: Reactions, batch: Batch, rate: SessionRate) -> bool:
    repeat = message.seq <= batch.last_seq[message.session]
    return not repeat and not rate.take(message.session, len(message.samples))


def _settle(batch: Batch, reading: Reading, taken: Sequence[int], before: Mapping[str, int]) -> None:
    """The rows of what was taken in, and the seqs that moved."""
    positions = (reading.column_of[place] for place in taken if place in reading.column_of)
    batch.rows = reading.columns.rows(positions, left_out=batch.withdrawn)
    batch.last_seq = {session: seq for session, seq in batch.last_seq.items() if before.get(session) != seq}


def _keep(batch: Batch, letter: Rejected, dead_letters: set[tuple[str, bytes]]) -> None:
    """A dead letter, once: a re-sent one would count its samples twice in the session's ledger."""
    if letter.session is not None and letter.samples:
        identity = (letter.session, letter.record.value or b"")
        if identity in dead_letters:
            batch.resent += 1
            return
        dead_letters.add(identity)
    batch.rejected.append(letter)


def _accept(batch: Batch, message: Message) -> bool:
    """Take ``message`` into the batch; whether it was new."""
    session = message.session
    match message:
        case Start():
            if session in batch.last_seq:
                batch.resent += 1
                return False
            batch.starts[session] = message
            batch.last_seq[session] = 0
        case Reactions():
            if message.seq <= batch.last_seq[session]:
                batch.resent += 1
                return False
            batch.last_seq[session] = message.seq
        case End():
            batch.ends[session] = message
        case Withdraw():
            _forget(batch, session)
    return True


def _forget(batch: Batch, session: str) -> None:
    """Its rows are left out as the batch is settled."""
    batch.withdrawn.add(session)
    batch.starts.pop(session, None)
    batch.ends.pop(session, None)
    batch.last_seq.pop(session, None)
    batch.rejected = [letter for letter in batch.rejected if letter.session != session]

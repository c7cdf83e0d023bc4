from __future__ import annotations

from contract.messages import Message, Withdraw
from ingest.batch import Batch, plan
from ingest.validate import Admission
from tests.ingest.conftest import A, B, end, reactions, record, start

SCREENINGS = {"s": Admission("film", "cut")}


def planned(
    *found: Message | bytes, last_seq: dict[str, int] | None = None, withdrawn: frozenset[str] = frozenset()
) -> Batch:
    records = [record(message, offset) for offset, message in enumerate(found)]
    return plan(records, SCREENINGS, last_seq or {}, withdrawn)


def test_a_start_and_its_reactions_may_come_together() -> None:
    batch = planned(start(), reactions(1, 0, 1), end(1, 2))
    assert list(batch.starts) == [A]
    assert (batch.rows.sessions, batch.rows.of.tolist()) == ([A], [0, 0])
    assert batch.rows.values[:, 0].tolist() == [0, 0, 0, 1000, 5, 100, 90, 0, 0, 0, 30, 70, 0, 0]
    assert (len(batch.rows), batch.last_seq, batch.rejected, batch.resent) == (2, {A: 1}, [], 0)
    assert batch.ends[A].generated == 2


def test_what_came_before_is_dropped_and_counted() -> None:
    batch = planned(
        start(), reactions(4, 0), reactions(5, 1), reactions(5, 1), reactions(6, 2), last_seq={A: 4}
    )
    assert (len(batch.rows), batch.last_seq, batch.resent, batch.starts) == (2, {A: 6}, 3, {})


def test_a_session_that_did_not_move_is_not_written() -> None:
    assert planned(reactions(3, 0), last_seq={A: 3, B: 1}).last_seq == {}


def test_seq_may_jump_where_the_device_dropped_something() -> None:
    assert planned(start(), reactions(1, 0), reactions(9, 8)).last_seq == {A: 9}


def test_reactions_before_their_start_are_rejected() -> None:
    batch = planned(reactions(1, 0, 1), start())
    assert [(letter.reason, letter.samples) for letter in batch.rejected] == [("unknown_session", 2)]
    assert len(batch.rows) == 0


def test_a_dead_letter_sent_twice_counts_its_samples_once() -> None:
    batch = planned(reactions(1, 0), reactions(1, 0), b"junk", b"junk")
    assert [letter.reason for letter in batch.rejected] == ["unknown_session", "not_json", "not_json"]
    assert batch.resent == 1


def test_a_withdrawal_takes_back_what_came_with_it_and_what_comes_after() -> None:
    batch = planned(
        start(), reactions(1, 0), start(B), reactions(1, 0, session=B), Withdraw(A), reactions(2, 1), start()
    )
    assert batch.withdrawn == {A}
    assert list(batch.starts) == [B]
    assert batch.rows.sessions == [B]
    assert (batch.last_seq, batch.rejected, batch.forgotten) == ({B: 1}, [], 2)


def test_who_withdrew_earlier_stays_forgotten() -> None:
    batch = planned(
        start(),
        reactions(1, 0),
        b'{"session": "%s", "type": "reactions"}' % A.encode(),
        withdrawn=frozenset({A}),
    )
    assert (batch.starts, len(batch.rows), batch.rejected, batch.forgotten) == ({}, 0, [], 3)

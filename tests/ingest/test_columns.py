from __future__ import annotations

import gc
import json
import weakref
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import MessageError
from contract.messages import Message, decode
from ingest.columns import Columns, read
from ingest.sources import Record
from tests.ingest.conftest import A, B, end, reactions, record, start

scores = st.lists(st.integers(0, 100), min_size=7, max_size=7) | st.sampled_from(
    [[0, 0, 0, 30, 70, 0, 0], [100, 0, 0, 0, 0, 0, 0], [0] * 7]
)
samples = st.fixed_dictionaries(
    {
        "t": st.integers(0, 20).map(lambda halves: halves * 500),
        "d": st.sampled_from([1000, 2000, 1500]),
        "pass": st.integers(0, 2),
        "viewer": st.integers(0, 3),
        "n": st.integers(0, 2),
        "seen": st.integers(0, 100),
        "front": st.integers(0, 100),
    },
    optional={"p": scores},
)

BAD = {"t": 500, "d": 1000, "pass": 0, "viewer": 0, "n": 0, "seen": 0, "front": 0}


def body(seq: int, given_samples: list[dict[str, Any]]) -> bytes:
    return json.dumps({"type": "reactions", "session": A, "seq": seq, "samples": given_samples}).encode()


@given(st.lists(st.lists(samples, min_size=1, max_size=3), max_size=6))
def test_reading_many_gives_the_verdict_of_decoding_each(messages: list[list[dict[str, Any]]]) -> None:
    records = [Record("test", 0, seq, A.encode(), body(seq + 1, found)) for seq, found in enumerate(messages)]
    reading = read(records)
    assert [said(found) for found in reading.found] == [said(alone(one)) for one in records]


def alone(one: Record) -> Message | MessageError:
    try:
        return decode(one.value or b"")
    except MessageError as error:
        return error


def said(found: Message | MessageError) -> object:
    return (found.reason, found.detail) if isinstance(found, MessageError) else found


def test_rows_are_those_of_the_messages_asked_for() -> None:
    records = [record(start()), record(reactions(1, 0, 1)), record(b"junk"), record(end(1, 2)),
            record(reactions(1, 7, session=B)), record(reactions(2, 5, 6))]  # fmt: skip
    reading = read(records)
    assert reading.column_of == {1: 0, 4: 1, 5: 2}
    everything = reading.columns.rows([0, 1, 2])
    assert (everything.sessions, everything.of.tolist()) == ([A, B, A], [0, 0, 1, 2, 2])
    assert everything.values[2].tolist() == [0, 1000, 7000, 5000, 6000]
    some = reading.columns.rows([0, 2])
    assert (some.sessions, some.of.tolist(), some.values[2].tolist()) == (
        [A, A],
        [0, 0, 1, 1],
        [0, 1000, 5000, 6000],
    )
    assert reading.columns.rows([0, 1, 2], left_out={A}).values[2].tolist() == [7000]


def test_a_face_that_was_not_scored_has_no_scores() -> None:
    unscored = {"t": 0, "d": 1000, "pass": 0, "viewer": 2, "n": 0, "seen": 40, "front": 0}
    reading = read([Record("test", 0, 0, A.encode(), body(1, [unscored]))])
    rows = reading.columns.rows([0])
    assert rows.values[:, 0].tolist() == [2, 0, 0, 1000, 0, 40, 0, *[-1] * 7]


def test_of_nothing_there_are_no_rows() -> None:
    rows = Columns([]).rows([])
    assert len(rows) == 0
    assert rows.values.dtype == np.int32


def test_what_is_no_message_holds_nothing_once_it_is_dealt_with() -> None:
    reading = read(
        [record(b"junk"), record(start(), 1), record(reactions(1, 0), 2), record(body(1, [BAD]), 3)]
    )
    held = [weakref.ref(error) for error in reading.found if isinstance(error, MessageError)]
    gc.disable()
    try:
        del reading
        assert [error() for error in held] == [None, None]
    finally:
        gc.enable()

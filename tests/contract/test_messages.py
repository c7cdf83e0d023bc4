from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given

from contract.errors import ContractError, MessageError
from contract.messages import (
    MOST_SAMPLES,
    REASONS,
    Message,
    Reactions,
    Sample,
    Withdraw,
    decode,
    encode,
    new_session_id,
)
from tests.contract.strategies import messages

SESSION = "0" * 32
GOOD_SAMPLE: dict[str, Any] = {
    "t": 1000, "d": 1000, "pass": 0, "viewer": 0, "n": 3, "seen": 100, "front": 90,
    "p": [0, 0, 0, 90, 10, 0, 0],
}  # fmt: skip


def reactions(**changed: object) -> bytes:
    """A message of one sample, the sample with ``changed`` fields; None takes a field away."""
    sample = {name: value for name, value in (GOOD_SAMPLE | changed).items() if value is not None}
    return json.dumps({"type": "reactions", "session": SESSION, "seq": 1, "samples": [sample]}).encode()


@given(messages)
def test_a_message_survives_the_wire(message: Message) -> None:
    assert decode(encode(message)) == message


def test_fields_of_a_later_version_are_ignored() -> None:
    decoded = decode(json.dumps({"type": "withdraw", "session": SESSION, "colour": "blue"}).encode())
    assert decoded == Withdraw(SESSION)


def test_an_absent_p_is_not_written() -> None:
    sample = Sample(t=0, d=1000, pass_=0, viewer=0, n=0, seen=0, front=0)
    written = json.loads(encode(Reactions(session=SESSION, seq=1, samples=[sample])))["samples"][0]
    assert written == {"t": 0, "d": 1000, "pass": 0, "viewer": 0, "n": 0, "seen": 0, "front": 0}


def test_the_good_sample_of_this_file_is_good() -> None:
    assert isinstance(decode(reactions()), Reactions)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"", "not_json"),
        (b"hello", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b'{"type":"withdraw","session":"\xff"}', "not_json"),
        (b'{"type":"withdraw"', "not_json"),
        (b"\x00\x00\x00\x01{}", "not_json"),
        (
            b'{"type":"withdraw","session":"%s","x":%s%s}' % (SESSION.encode(), b"[" * 10**5, b"]" * 10**5),
            "not_json",
        ),
        (b"{}", "missing_field"),
        (b'{"type":"withdraw"}', "missing_field"),
        (b'{"type":"reactions","session":"%s","seq":1}' % SESSION.encode(), "missing_field"),
        (reactions(viewer=None), "missing_field"),
        (b"[]", "out_of_range"),
        (b"null", "out_of_range"),
        (b'{"type":"sing","session":"%s"}' % SESSION.encode(), "out_of_range"),
        (b'{"type":"withdraw","session":"me"}', "out_of_range"),
        (b'{"type":"reactions","session":"%s","seq":0,"samples":[]}' % SESSION.encode(), "out_of_range"),
        (b'{"type":"reactions","session":"%s","seq":1,"samples":[]}' % SESSION.encode(), "out_of_range"),
        (reactions(t=-1000), "out_of_range"),
        (reactions(t=1000.5), "out_of_range"),
        (reactions(t="1000"), "out_of_range"),
        (reactions(t=25 * 3600 * 1000), "out_of_range"),
        (reactions(seen=101), "out_of_range"),
        (reactions(p=[50, 50]), "out_of_range"),
        (reactions(p=[-1, 0, 0, 91, 10, 0, 0]), "out_of_range"),
        (reactions(p=[0.1, 0, 0, 0.9, 0, 0, 0]), "out_of_range"),
        (reactions(p=[0, 0, 0, 90, 9, 0, 0]), "bad_scores"),
        (reactions(p=[0, 0, 0, 90, 10, 1, 0]), "bad_scores"),
        (reactions(p=None), "bad_scores"),
        (reactions(n=0), "bad_scores"),
        (reactions(seen=50, front=60), "bad_scores"),
        (reactions(t=1500), "bad_window"),
        (reactions(d=999), "bad_window"),
    ],
)
def test_what_is_no_message_is_rejected_with_its_reason(record: bytes, reason: str) -> None:
    with pytest.raises(MessageError) as caught:
        decode(record)
    assert caught.value.reason == reason
    assert caught.value.reason in REASONS
    assert caught.value.detail
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ContractError)


def test_a_batch_has_a_largest_size() -> None:
    most = Reactions(session=SESSION, seq=1, samples=[Sample(0, 1000, 0, 0, 0, 0, 0)] * MOST_SAMPLES)
    assert decode(encode(most)) == most
    more = Reactions(session=SESSION, seq=1, samples=[*most.samples, most.samples[0]])
    with pytest.raises(MessageError, match=f"<= {MOST_SAMPLES}"):
        decode(encode(more))


def test_session_ids_are_128_bits_and_differ() -> None:
    ids = {new_session_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)

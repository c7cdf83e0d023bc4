from __future__ import annotations

import json
from typing import Any

import pytest

from contract.messages import REASONS, Withdraw, encode
from ingest.validate import LONGEST_DETAIL, Admission, Rejected, check
from tests.ingest.conftest import A, B, end, reactions, record, start

SCREENINGS = {"s": Admission("film", "cut")}


def changed(**fields: object) -> bytes:
    """A reactions message of two samples, with fields of its first sample changed; None removes one."""
    content: dict[str, Any] = json.loads(encode(reactions(1, 0, 1)))
    for name, value in fields.items():
        if value is None:
            del content["samples"][0][name]
        else:
            content["samples"][0][name] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize("message", [start(), reactions(1, 0, 1), end(1, 2), Withdraw(A)])
def test_a_sound_message_is_taken(message: Any) -> None:
    assert check(record(message), SCREENINGS, {A}) == message


@pytest.mark.parametrize(
    ("body", "reason", "samples"),
    [
        (b"\xff\xd8\xff\xe0 a picture", "not_json", 0),
        (b"", "not_json", 0),
        (None, "not_json", 0),
        (b"[" * 100_000, "out_of_range", 0),
        (b"[1]", "out_of_range", 0),
        (b'{"type": "start"}', "missing_field", 0),
        (b'{"type": "reactions", "session": "%s", "seq": 1}' % A.encode(), "missing_field", 0),
        (changed(seen=None), "missing_field", 2),
        (changed(t=-1000), "out_of_range", 2),
        (changed(p=[0, 0, 0, 30, 60, 0, 0]), "bad_scores", 2),
        (changed(p=[0, 0, 0, 101, 0, 0, 0]), "out_of_range", 2),
        (changed(p=[0.5, 0, 0, 99.5, 0, 0, 0]), "out_of_range", 2),
        (changed(p=None), "bad_scores", 2),
        (changed(front=100, seen=50), "bad_scores", 2),
        (changed(t=1500), "bad_window", 2),
    ],
)
def test_what_is_no_message_is_rejected_with_its_samples_counted(
    body: bytes | None, reason: str, samples: int
) -> None:
    found = check(record(body), SCREENINGS, {A})
    assert isinstance(found, Rejected)
    assert (found.reason, found.samples) == (reason, samples)
    assert found.session == (A if samples or (body and A.encode() in body) else None)
    assert found.detail
    assert len(found.detail) <= LONGEST_DETAIL


@pytest.mark.parametrize(
    ("found", "reason", "detail"),
    [
        (
            check(record(start(screening="x")), SCREENINGS, ()),
            "unknown_screening",
            "no screening 'x' in the catalogue",
        ),
        (
            check(record(start(cut="old")), SCREENINGS, ()),
            "wrong_cut",
            "screening 's' shows film/cut, the session says film/old",
        ),
        (check(record(start(), key=B), SCREENINGS, ()), "wrong_key", f"got key '{B}'"),
        (check(record(Withdraw(A), key=B), SCREENINGS, {A}), "wrong_key", "must be its session"),
        (check(record(start(), key=""), SCREENINGS, ()), "wrong_key", "got key ''"),
        (check(record(reactions(1, 0)), SCREENINGS, {B}), "unknown_session", "no start of this session"),
        (check(record(end(0, 0)), SCREENINGS, ()), "unknown_session", "no start of this session"),
    ],
)
def test_what_does_not_belong_here_is_rejected(found: object, reason: str, detail: str) -> None:
    assert isinstance(found, Rejected)
    assert found.reason == reason
    assert detail in found.detail
    assert found.session == A


def test_every_reason_is_one_of_the_contracts() -> None:
    assert {"unknown_screening", "wrong_cut", "wrong_key", "unknown_session"} < set(REASONS)

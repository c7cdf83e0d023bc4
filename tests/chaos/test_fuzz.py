"""The fuzzer makes what it says: each message is refused for a reason that fits, without a broker in between."""

from __future__ import annotations

import random

import pytest

from contract.messages import REASONS
from ingest.sources import Record
from ingest.validate import Admission, Rejected, check
from tests.chaos.fuzz import UNPACKED_BYTES, Malformed, Targets, malformed

SESSIONS, TIMED = ["a" * 32, "b" * 32], ["c" * 32]
TARGETS = Targets(SESSIONS, TIMED, 60_000, "chaos", "closed", "invited")
SCREENINGS = {
    "chaos": Admission("film", "cut"),
    "closed": Admission("film", "cut", open=False),
    "invited": Admission("film", "cut", join_key=b"k" * 32),
    "timed": Admission("film", "timed", duration_ms=TARGETS.duration_ms),
}


def checked(wrong: Malformed) -> object:
    record = Record("test", 0, 0, wrong.key, wrong.value)
    shown = dict.fromkeys(TIMED, SCREENINGS["timed"])
    return check(record, SCREENINGS, {*SESSIONS, *TIMED}, shown)


@pytest.mark.parametrize("seed", range(4))
def test_every_one_is_refused_for_a_reason_that_fits(seed: int) -> None:
    found = set()
    for wrong in malformed(TARGETS, 2_500, 3, random.Random(seed)):
        refused = checked(wrong)
        assert isinstance(refused, Rejected), wrong
        assert refused.reason in wrong.reasons, (wrong, refused.detail)
        found.add(refused.reason)
    assert found == set(REASONS) - {"too_many"}  # that one is not the message's own fault


def test_the_same_seed_makes_the_same_messages_and_no_two_with_samples_are_alike() -> None:
    once = list(malformed(TARGETS, 2_000, 2, random.Random(1)))
    assert once == list(malformed(TARGETS, 2_000, 2, random.Random(1)))
    with_samples = [wrong.value for wrong in once if wrong.value and b'"samples"' in wrong.value]
    assert len(set(with_samples)) == len(with_samples) > 500


def test_some_are_large() -> None:
    sizes = sorted(len(wrong.value or b"") for wrong in malformed(TARGETS, 200, 20, random.Random(2)))
    assert sizes[-20] > 100_000
    assert sizes[-1] > UNPACKED_BYTES
    assert sizes[-21] < 100_000

"""What a device may not do: come unasked, come too late, send what no film has, send without end."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
import pytest

from analytics.catalogue import Catalogue, Cut, Screening
from contract.messages import REASONS, Message, Reactions, Sample, Start
from contract.randomised import Randomised
from contract.setting import SETTINGS, Setting, declared, randomised_by
from ingest.batch import Batch, plan
from ingest.join import invitation, is_invited
from ingest.rate import SessionRate
from ingest.service import admissions
from ingest.validate import Admission
from tests.ingest.conftest import A, B, end, reactions, record, start

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def taken(admission: Admission, *found: Message, rate: SessionRate | None = None) -> Batch:
    records = [record(message, offset) for offset, message in enumerate(found)]
    return plan(records, {"s": admission}, {}, set(), rate=rate)


def reasons(batch: Batch) -> list[str]:
    found = [letter.reason for letter in batch.rejected]
    assert set(found) <= set(REASONS)
    return found


def joining(join: str) -> Start:
    return msgspec.structs.replace(start(), join=join)


def test_a_closed_screening_takes_no_new_session_and_lets_the_others_end() -> None:
    closed = Admission("film", "cut", open=False)
    assert reasons(taken(closed, start(), reactions(1, 0))) == ["screening_closed", "unknown_session"]
    begun = plan([record(start()), record(reactions(3, 2)), record(end(3, 3))], {"s": closed}, {A: 2}, set())
    assert (reasons(begun), len(begun.rows), begun.resent) == ([], 1, 1)


@pytest.mark.parametrize(
    "join",
    [
        "",
        "h1",
        "h1..",
        "nonsense",
        "h1.é.é",
        invitation(OTHER_KEY, "s"),
        invitation(KEY, "another screening"),
        invitation(KEY, "s")[:-1],
        invitation(KEY, "s").replace("h1.", "h2."),
        invitation(KEY, "s", "work").replace("work", "home"),
        invitation(KEY, "t.s", "home").replace("home", "home.t"),
        invitation(KEY, "s", "home").replace("home", "palace"),
    ],
    ids=itertools.count(),  # invitations are random, and processes that share the tests must name them alike
)
def test_who_brings_no_invitation_of_this_screening_stays_out(join: str) -> None:
    by_invitation = Admission("film", "cut", join_key=KEY)
    assert reasons(taken(by_invitation, joining(join))) == ["not_invited"]


RANDOMISED = Randomised(800, 600_000, 12)


@pytest.mark.parametrize(
    ("asked", "said"), [(RANDOMISED, None), (None, RANDOMISED), (RANDOMISED, Randomised(900, 600_000, 12))]
)
def test_a_session_answers_as_its_screening_asks_or_stays_out(
    asked: Randomised | None, said: Randomised | None
) -> None:
    admission = Admission("film", "cut", randomised=asked)
    assert reasons(taken(admission, msgspec.structs.replace(start(), randomised=said))) == ["wrong_privacy"]
    assert reasons(taken(admission, msgspec.structs.replace(start(), randomised=asked))) == []


def test_in_a_randomised_screening_nothing_else_is_taken_and_elsewhere_no_answers() -> None:
    happy = (0, 0, 0, 100, 0, 0, 0)
    answer = Sample(t=600_000, d=600_000, pass_=0, viewer=0, n=1, seen=100, front=100, p=happy)
    unread = Sample(t=0, d=600_000, pass_=0, viewer=0, n=0, seen=0, front=0)
    measured = msgspec.structs.replace(answer, d=1000)
    beside = msgspec.structs.replace(answer, t=60_000)
    soft = msgspec.structs.replace(answer, p=(0, 0, 0, 90, 10, 0, 0))
    behind = msgspec.structs.replace(answer, t=12 * 600_000)
    another = msgspec.structs.replace(answer, viewer=1)
    again = msgspec.structs.replace(answer, pass_=1)

    def refused(asked: Randomised | None, *samples: Sample) -> list[str]:
        admission = Admission("film", "cut", randomised=asked)
        begun = msgspec.structs.replace(start(), randomised=asked)
        return reasons(taken(admission, begun, Reactions(A, 1, list(samples))))

    assert refused(RANDOMISED, answer, unread) == refused(None, measured) == []
    for one in (measured, beside, soft, behind, another, again):
        assert refused(RANDOMISED, answer, one) == ["bad_window"]
    assert refused(None, measured, answer) == ["bad_window"]


@pytest.mark.parametrize("setting", [None, "home"])
def test_an_invitation_says_how_answers_are_randomised(setting: Setting | None) -> None:
    join = invitation(KEY, "s", setting, RANDOMISED)
    assert (declared(join), randomised_by(join)) == (setting, RANDOMISED)
    assert is_invited(join, KEY, "s")
    assert not is_invited(join.replace("800", "900"), KEY, "s")
    assert randomised_by(invitation(KEY, "s", setting)) is None


def test_who_is_invited_comes_in_and_no_two_invitations_are_the_same() -> None:
    first, second = invitation(KEY, "s"), invitation(KEY, "s")
    assert first != second
    assert is_invited(second, KEY, "s")
    batch = taken(Admission("film", "cut", join_key=KEY), joining(first))
    assert list(batch.starts) == [A]


@pytest.mark.parametrize("setting", SETTINGS)
def test_an_invitation_says_where_the_audience_watches(setting: Setting) -> None:
    join = invitation(KEY, "s", setting)
    assert declared(join) == setting
    assert is_invited(join, KEY, "s")
    assert not is_invited(join, KEY, "t")


@pytest.mark.parametrize(
    "join", ["", "h2", "h2.", "h2.palace.1.2", "h3.work.1.2", invitation(KEY, "work")], ids=itertools.count()
)
def test_what_names_no_setting_is_heard_to_name_none(join: str) -> None:
    assert declared(join) is None


def test_what_lies_past_the_cuts_end_is_refused_also_of_a_session_of_an_earlier_run() -> None:
    short = Admission("film", "cut", duration_ms=5000)
    batch = taken(short, start(), reactions(1, 0, 4), reactions(2, 3, 5), reactions(3, 2))
    assert (reasons(batch), len(batch.rows)) == (["past_the_end"], 3)
    later = plan([record(reactions(9, 5))], {}, {A: 8}, set(), shown={A: short})
    assert reasons(later) == ["past_the_end"]


def test_a_flood_is_refused_until_time_has_passed_and_only_of_the_session_that_floods() -> None:
    now = [0.0]
    rate = SessionRate(burst=5, samples_a_second=1, now_s=lambda: now[0])
    everybody = Admission("film", "cut")
    found: list[Message] = [
        start(),
        reactions(1, 0, 1, 2),
        reactions(2, 3, 4, 5),
        start(B),
        reactions(1, 0, session=B),
    ]
    batch = taken(everybody, *found, rate=rate)
    assert (reasons(batch), len(batch.rows)) == (["too_many"], 4)
    now[0] = 1.0
    again = plan([record(reactions(3, 3, 4, 5))], {"s": everybody}, {A: 2}, set(), rate=rate)
    assert (reasons(again), len(again.rows)) == ([], 3)


def test_a_repeat_costs_nothing_of_the_rate() -> None:
    rate = SessionRate(burst=2, samples_a_second=0)
    batch = taken(Admission("film", "cut"), start(), *[reactions(1, 0, 1)] * 9, reactions(2, 2), rate=rate)
    assert (batch.resent, reasons(batch)) == (8, ["too_many"])


def test_the_rate_forgets_sessions_that_rest() -> None:
    now = [0.0]
    rate = SessionRate(burst=2, samples_a_second=1, now_s=lambda: now[0])
    for number in range(10_001):
        now[0] = number / 1000
        assert rate.take(f"{number:032x}", 1)
    assert len(rate._left) < 2_000


def test_the_catalogue_says_who_may_come(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    catalogue.save_cut(Cut("film", "cut", duration_ms=60_000))
    catalogue.save_screening(Screening("s", "film", "cut"))
    catalogue.save_screening(Screening("over", "film", "other", open=False))
    key = catalogue.make_join_key("s")
    assert catalogue.make_join_key("s") == key
    assert (tmp_path / "catalogue" / "join" / "s.json").stat().st_mode & 0o077 == 0
    assert admissions(catalogue) == {
        "s": Admission("film", "cut", True, key, 60_000),
        "over": Admission("film", "other", open=False),
    }

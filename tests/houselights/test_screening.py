"""``houselights screening``: who may come, from the organiser's side to the store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analytics.catalogue import Catalogue
from contract.messages import Reactions, Sample, Start
from contract.randomised import Randomised
from contract.setting import declared, randomised_by
from edge_agent.outbox import Outbox
from edge_agent.randomised_answers import Answers
from tests.support.command import done, houselights, refused

WHAT = ("--film", "reel", "--cut", "rough")


def _reasons(store: Path, tmp_path: Path, join: str = "") -> list[str]:
    """Why a session that begins now is refused, if it is."""
    path = tmp_path / "viewer.outbox"
    with Outbox(path) as outbox:
        outbox.append(Start("a" * 32, "friday", "reel", "rough", 1, "en", "0.1", "bundled", 0, join=join))
    done(houselights("ingest", "--from", f"outbox:{path}", "--store", store, "--once"))
    letters = json.loads(done(houselights("deadletters", "list", "--store", store, "--json")))
    return [letter["reason"] for letter in letters]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    done(houselights("screening", "create", "friday", *WHAT, "--store", folder, "--minutes", "1.5"))
    return folder


def test_a_closed_screening_refuses_and_an_opened_one_takes_what_was_refused(
    store: Path, tmp_path: Path
) -> None:
    done(houselights("screening", "close", "friday", "--store", store))
    assert _reasons(store, tmp_path) == ["screening_closed"]
    done(houselights("screening", "open", "friday", "--store", store))
    assert "1 of 1 dead letters taken in" in done(houselights("deadletters", "replay", "--store", store))
    assert "no dead letters" in done(houselights("deadletters", "list", "--store", store))


def test_from_the_first_invitation_on_only_the_invited_come_in(store: Path, tmp_path: Path) -> None:
    printed = done(houselights("screening", "invite", "friday", "--store", store, "--count", "3")).split()
    assert len(set(printed)) == 3
    assert _reasons(store, tmp_path) == ["not_invited"]
    assert _reasons(store, tmp_path, printed[2]) == ["not_invited"]  # the one from before


def test_the_setting_is_kept_and_said_in_every_invitation(store: Path, tmp_path: Path) -> None:
    done(houselights("screening", "create", "friday", *WHAT, "--store", store, "--setting", "home"))
    join = done(houselights("screening", "invite", "friday", "--store", store)).strip()
    assert declared(join) == "home"
    assert _reasons(store, tmp_path, join) == []


@pytest.mark.parametrize("setting", ["work", "education"])
def test_at_work_and_in_education_no_session_is_taken(store: Path, tmp_path: Path, setting: str) -> None:
    said = done(houselights("screening", "create", "friday", *WHAT, "--store", store, "--setting", setting))
    assert f"declared as {setting}" in said
    assert "forbids emotion recognition" in refused(
        houselights("screening", "open", "friday", "--store", store)
    )
    join = done(houselights("screening", "invite", "friday", "--store", store)).strip()
    assert declared(join) == setting
    assert _reasons(store, tmp_path, join) == ["screening_closed"]


def test_the_length_of_the_cut_is_kept(store: Path) -> None:
    assert [cut.duration_ms for cut in Catalogue(store).cuts("reel")] == [90_000]


def test_a_screening_that_is_not_there_names_those_that_are(store: Path) -> None:
    assert "there are: friday" in refused(houselights("screening", "close", "monday", "--store", store))


def test_randomised_answers_are_announced_with_what_they_cost_and_said_in_invitations(store: Path) -> None:
    create = ("screening", "create", "hall", *WHAT, "--store", store)
    said = done(houselights(*create, "--local-epsilon", "8", "--block-minutes", "1"))
    assert "--randomised 8:1:2; each answers for 2 of 2 blocks of 1 minutes" in said
    how = Randomised(800, 60_000, 2)
    assert f"   50 devices  ±{100 * (how.error(50) or 0):.0f} points" in said
    join = done(houselights("screening", "invite", "hall", "--store", store)).strip()
    assert randomised_by(join) == how
    assert "create another one without --local-epsilon" in refused(houselights(*create))
    unknown = ("screening", "create", "other", "--film", "other", "--cut", "rough", "--store", store)
    assert "give --minutes" in refused(houselights(*unknown, "--local-epsilon", "5"))


def test_randomised_answers_come_from_devices_to_the_published_table(store: Path, tmp_path: Path) -> None:
    """Forty viewers who were happy in the first minute and sad in the second."""
    how = Randomised(2000, 60_000, 2)
    create = ("screening", "create", "hall", *WHAT, "--store", store)
    done(houselights(*create, "--local-epsilon", "20", "--block-minutes", "1"))
    path = tmp_path / "viewers.outbox"
    with Outbox(path) as outbox:
        for viewer in range(40):
            session = f"{viewer:032x}"
            outbox.append(
                Start(session, "hall", "reel", "rough", 1, "en", "0.1", "bundled", 0, randomised=how)
            )
            answers = Answers(how)
            seconds = [
                (at, (0, 0, 0, 90, 10, 0, 0) if at < 60 else (0, 0, 0, 0, 10, 90, 0)) for at in range(90)
            ]
            said = answers.take([Sample(1000 * at, 1000, 0, 0, 4, 100, 100, p) for at, p in seconds], 90_000)
            outbox.append(Reactions(session, 1, said + answers.rest()))
            outbox.append_end(session)
    done(houselights("ingest", "--from", f"outbox:{path}", "--store", store, "--once"))
    sql = "SELECT t_ms, answer, viewers, share_low > 0.7 AS surely FROM randomised_reaction WHERE share > 0.5"
    found = json.loads(done(houselights("query", "--store", store, "--json", sql)))
    assert [tuple(row.values()) for row in found] == [(0, "happy", 40, True), (60_000, "sad", 40, True)]

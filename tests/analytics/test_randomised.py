"""Randomised answers, put right: through a real publish, against shares that are known."""

from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest

from analytics.catalogue import Screening
from contract.emotions import EMOTIONS
from contract.randomised import ANSWERS, NOT_READ, Randomised
from tests.analytics.conftest import FilledStore, happy

HOW = Randomised(250, 60_000, 1000)  # one answer of a session
BLOCKS, ANSWERS_EACH = 200, 120


def answer(store: FilledStore, rows: list[tuple[str, int, str]]) -> None:
    """``rows``: session, block and answer."""
    sessions = sorted({session for session, _, _ in rows})
    store.connection.execute(
        """
        INSERT INTO session
        SELECT unnest(?), 'r', 'film', 'cut', 'm', '1', 1, 'en', 0, false, 0, 0, 0, 0, true
        """,
        [sessions],
    )
    reactions = [
        (
            *(session, 0, 0, HOW.block_ms * block, HOW.block_ms),
            *((0, 0, 0) if said == NOT_READ else (1, 100, 100)),
            *(None if said == NOT_READ else 100 * (one == said) for one in EMOTIONS),
        )
        for session, block, said in rows
    ]
    columns = [list(column) for column in zip(*reactions, strict=True)]
    store.connection.execute(
        f"INSERT INTO reaction SELECT {', '.join(['unnest(?)'] * len(columns))}", columns
    )


def test_shares_are_right_on_the_whole_and_their_intervals_hold(store: FilledStore) -> None:
    chance = np.random.default_rng(11)
    store.catalogue.save_screening(Screening("r", "film", "cut", 5, randomised=HOW))
    shares = chance.dirichlet([0.5] * len(ANSWERS), BLOCKS)
    rows = []
    for block in range(BLOCKS):
        true = chance.choice(len(ANSWERS), ANSWERS_EACH, p=shares[block])
        lies = chance.random(ANSWERS_EACH) >= HOW.truth
        said = np.where(lies, (true + chance.integers(1, len(ANSWERS), ANSWERS_EACH)) % len(ANSWERS), true)
        rows += [(f"{block}-{viewer}", block, ANSWERS[one]) for viewer, one in enumerate(said.tolist())]
    answer(store, rows)
    store.publish()
    found = store.sql(
        "SELECT t_ms // d_ms, answer, viewers, share, share_low, share_high, epsilon FROM randomised_reaction"
    )
    assert len(found) == BLOCKS * len(ANSWERS)
    assert {(row[2], row[6]) for row in found} == {(ANSWERS_EACH, 2.5)}
    truth = np.array([shares[block, ANSWERS.index(said)] for block, said, *_ in found])
    share, low, high = (np.array([row[place] for row in found]) for place in (3, 4, 5))
    assert np.mean(share - truth) == pytest.approx(
        0, abs=1e-6
    )  # each block's shares sum to one, as the truth's do
    assert abs(np.corrcoef(share - truth, truth)[0, 1]) < 0.05, "no share is pulled to the middle"
    assert 0.93 < np.mean((low <= truth) & (truth <= high)) < 0.99
    totals = [sum(row[3] for row in found if row[0] == block) for block in range(BLOCKS)]
    assert totals == pytest.approx([1] * BLOCKS, abs=1e-5)


def test_few_answers_are_withheld_and_no_other_figure_is_made_of_them(store: FilledStore) -> None:
    store.catalogue.save_screening(Screening("r", "film", "cut", 5, randomised=HOW))
    answer(
        store,
        [(f"{block}-{one}", block, "happy") for block, many in ((0, 5), (1, 4)) for one in range(many)],
    )
    store.session("measured")
    store.reaction("measured", 0, happy(50))
    store.publish()
    assert store.sql("SELECT DISTINCT t_ms, viewers FROM randomised_reaction") == [(0, 5)]
    assert store.sql("SELECT what, reason, cells, viewers_most FROM left_out WHERE screening = 'r'") == [
        ("block", "fewer_than_k", 1, 4)
    ]
    assert store.sql("SELECT DISTINCT screening FROM second_summary") == [("s",)]
    assert store.sql("SELECT sessions, viewers FROM screening WHERE screening = 'r'") == [(9, 0)]


def test_of_a_session_the_first_answer_for_a_block_counts_and_no_more_than_it_was_asked_for(
    store: FilledStore,
) -> None:
    store.catalogue.save_screening(Screening("r", "film", "cut", 1, randomised=HOW))
    answer(store, [("a", 3, "happy"), ("a", 3, "sad"), ("a", 1, "fear"), ("b", 3, "neutral")])
    store.publish()
    assert store.sql("SELECT t_ms // d_ms, answer, viewers FROM randomised_reaction WHERE named = 1") == [
        (3, "happy", 2),
        (3, "neutral", 2),
    ]


def test_they_are_taken_over_while_nothing_changes_and_follow_what_does(store: FilledStore) -> None:
    shown = Screening("r", "film", "cut", 2, randomised=HOW)
    store.catalogue.save_screening(shown)
    answer(store, [(f"{viewer}", 0, random.choice(ANSWERS)) for viewer in range(9)])
    store.publish()
    before = store.sql("FROM randomised_reaction")
    assert store.publish().taken_over == 1
    assert store.sql("FROM randomised_reaction") == before
    store.catalogue.save_screening(msgspec.structs.replace(shown, k=10))
    store.publish()
    assert store.sql("FROM randomised_reaction") == []

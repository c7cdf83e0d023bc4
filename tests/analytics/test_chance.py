"""Audiences of which everything is known, through a real publish: what is not there is not found, what is planted is.

Viewers are those of edge_agent/simulated_audience.py, whose noise lasts from second to second.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analytics.arc import NO_ARC
from edge_agent.simulated_audience import Cue, Lull
from tests.analytics.conftest import FilledStore, filled_store
from tests.analytics.made_audience import watch

FILMS, VIEWERS, SECONDS = 60, 10, 150
CHANCE = 8
"""5% of 60 films are 3; more than 8 would be seen in one run of a thousand (binomial)."""
LAUGH, JUMP, TEARS, SPLIT, DIP = 40, 90, 130, 180, 220
PLANTED_FILMS = 8
MOVING = (
    Cue("happy", LAUGH, LAUGH + 6, 3.0),
    Cue("surprise", JUMP, JUMP + 2, 4.5),
    Cue("sad", TEARS, TEARS + 15, 3.0),
)


def test_films_that_move_nobody_show_nothing_in_nineteen_of_twenty(store: FilledStore) -> None:
    for film in range(FILMS):
        watch(store, f"null{film}", VIEWERS, SECONDS, seed=1000 + film)
    store.publish()
    found = "FROM screening_summary WHERE screening LIKE 'null%'"
    assert store.sql(f"SELECT count(*), min(viewers) {found}") == [(FILMS, VIEWERS)]
    ((flagged,),) = store.sql("SELECT count(DISTINCT screening) FROM moment")
    ((in_step,),) = store.sql(f"SELECT count(*) FILTER (synchrony_p <= 0.05) {found}")
    ((arcs,),) = store.sql(f"SELECT count(*) FILTER (arc <> '{NO_ARC}') {found}")
    assert max(flagged, in_step, arcs) <= CHANCE


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FilledStore]:
    with filled_store(tmp_path_factory.mktemp("planted")) as store:
        for film in range(PLANTED_FILMS):
            watch(
                *(store, f"film{film}", 24, 260),
                seed=film,
                cues=[*MOVING, Cue("happy", SPLIT, SPLIT + 8, 3.0)],
                others_cues=[*MOVING, Cue("sad", SPLIT, SPLIT + 8, 3.0)],
                lulls=[Lull(DIP, DIP + 15, 0.7)],
            )
        store.publish()
        yield store


@pytest.mark.parametrize(
    ("kind", "begins"), [("laugh", LAUGH), ("jump", JUMP), ("tears", TEARS), ("split", SPLIT), ("dip", DIP)]
)
def test_what_is_planted_is_found_where_it_was_planted(planted: FilledStore, kind: str, begins: int) -> None:
    ((found,),) = planted.sql(
        f"SELECT count(DISTINCT screening) FROM moment WHERE kind = '{kind}' "
        f"AND start_ms BETWEEN {1000 * (begins - 3)} AND {1000 * (begins + 5)}"
    )
    assert found == PLANTED_FILMS


def test_next_to_nothing_else_is_found(planted: FilledStore) -> None:
    """The split is tears and a laugh, too, and a jump where the faces turn quickly."""
    begun = [LAUGH, JUMP, TEARS, SPLIT, DIP]
    rows = planted.sql("SELECT start_ms FROM moment")
    elsewhere = [start for (start,) in rows if not any(-3 <= start / 1000 - one <= 20 for one in begun)]
    assert len(elsewhere) <= 2


def test_a_film_that_moves_its_audience_moves_it_together(planted: FilledStore) -> None:
    rows = planted.sql("SELECT synchrony, synchrony_chance, synchrony_p FROM screening_summary")
    assert len(rows) == PLANTED_FILMS
    for value, chance, p in rows:
        assert value > chance
        assert p <= 0.005

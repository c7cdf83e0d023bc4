"""The demo on embedded defaults, and through a broker."""

from __future__ import annotations

import json
from pathlib import Path

from houselights.demo_film import AUDIENCE, SCENES, SECONDS
from tests.support.broker import Broker
from tests.support.command import done, houselights


def _count(store: Path, sql: str) -> int:
    (row,) = json.loads(done(houselights("query", "--store", store, "--json", sql)))
    (value,) = row.values()
    return int(value)


def test_the_demo_prints_its_scene_table_and_leaves_a_store_to_query(tmp_path: Path) -> None:
    store = tmp_path / "store"
    said = done(houselights("demo", "--no-dashboard", "--store", store))
    for scene in SCENES:
        assert scene.name in said
    assert "40 of 41 viewers are simulated" in said
    assert _count(store, "select count(*) from scene_reaction") == len(SCENES) * 7
    assert _count(store, "select min(viewers) from scene_summary") == AUDIENCE + 1
    assert _count(store, "select simulated_viewers from screening") == AUDIENCE
    assert _count(store, "select seconds from screening") == SECONDS


def test_the_joke_is_the_scene_that_made_most_viewers_happy(tmp_path: Path) -> None:
    store = tmp_path / "store"
    done(houselights("demo", "--no-dashboard", "--store", store))
    sql = "select scene from scene_reaction where emotion = 'happy' order by showing desc limit 2"
    rows = json.loads(done(houselights("query", "--store", store, "--json", sql)))
    assert {row["scene"] for row in rows} == {2, 6}


def test_the_demo_goes_through_a_broker_and_a_second_one_adds_a_screening(
    tmp_path: Path, private_broker: Broker
) -> None:
    store, kafka = tmp_path / "store", private_broker.start().address
    for _ in range(2):
        done(houselights("demo", "--no-dashboard", "--store", store, "--kafka", kafka))
    assert _count(store, "select count(*) from screening where viewers = 41") == 2

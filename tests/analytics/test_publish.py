"""Rows in, cells out, through a real DuckDB file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analytics.catalogue import Cut, Scene, Screening
from analytics.errors import CatalogueError, StoreError
from analytics.publish import publish
from analytics.statistics import wilson
from contract.emotions import EMOTIONS
from tests.analytics.conftest import NEUTRAL, FilledStore, happy

Fill = Callable[..., None]
A, B = "a" * 32, "b" * 32


def test_a_second_counts_viewers_who_rise_above_their_own_median(store: FilledStore, audience: Fill) -> None:
    audience(4, {(0, 3): happy(80), (1, 3): happy(20), (2, 3): happy(19)})
    store.publish()
    low, high = wilson(2, 4)
    assert store.sql(
        "SELECT d_ms, viewers, showing, share, share_low, share_high, mean FROM second_reaction "
        "WHERE t_ms = 3000 AND emotion = 'happy'"
    ) == [(1000, 4, 2, 0.5, pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6), 29.75)]
    assert store.sql("SELECT viewers, valence, attention FROM second_summary WHERE t_ms = 3000") == [
        (4, 0.2975, 100.0)
    ]


def test_a_face_that_always_smiles_shows_nothing(store: FilledStore, audience: Fill) -> None:
    audience(1, {(0, second): happy(70) for second in range(10)})
    store.publish()
    assert store.sql("SELECT DISTINCT showing, share_low FROM second_reaction WHERE emotion = 'happy'") == [
        (0, 0.0)
    ]


def test_every_second_has_the_seven_emotions_in_order(store: FilledStore, audience: Fill) -> None:
    audience(1)
    store.publish()
    found = store.sql("SELECT emotion FROM second_reaction WHERE t_ms = 0")
    assert tuple(emotion for (emotion,) in found) == EMOTIONS


@pytest.mark.parametrize(
    ("seconds_happy", "seconds_scored", "showing"),
    [([0], 5, 0), ([0, 3], 5, 1), ([0], 1, 1), ([], 1, 0)],
    ids=["one second of five is a flicker", "two seconds", "the only second", "none"],
)
def test_a_viewer_shows_an_emotion_in_a_scene(
    store: FilledStore, seconds_happy: list[int], seconds_scored: int, showing: int
) -> None:
    store.session(A)
    for second in range(10):
        if second < seconds_scored or second >= 5:  # scene One is seconds 0 to 4
            store.reaction(A, second * 1000, happy(80) if second in seconds_happy else NEUTRAL)
    store.publish()
    found = store.sql("SELECT viewers, showing FROM scene_reaction WHERE scene = 1 AND emotion = 'happy'")
    assert found == [(1, showing)]


def test_the_viewer_is_the_unit_not_the_second(store: FilledStore) -> None:
    """Ten seconds of one viewer weigh as much as one second of another."""
    for session in (A, B):
        store.session(session)
    for second in range(5):
        store.reaction(A, second * 1000, happy(90))
    store.reaction(B, 0, happy(10))
    store.publish()
    assert store.sql("SELECT viewers, mean FROM scene_reaction WHERE scene = 1 AND emotion = 'happy'") == [
        (2, 50.0)
    ]
    assert store.sql("SELECT viewers, valence FROM scene_summary WHERE scene = 1") == [(2, 0.5)]


def test_strongest_is_the_largest_rise_not_the_largest_score(store: FilledStore, audience: Fill) -> None:
    audience(2, {(viewer, second): happy(30) for viewer in (0, 1) for second in range(5)})
    store.publish()
    assert store.sql("SELECT scene, strongest, valence FROM scene_summary") == [
        (1, "happy", 0.3),
        (2, "neutral", 0.0),
    ]


def test_intervals_of_a_scene_surround_its_mean_and_one_viewer_has_none(
    store: FilledStore, audience: Fill
) -> None:
    audience(6, {(viewer, 7): happy(10 * viewer) for viewer in range(6)})
    store.session(A)
    store.reaction(A, 1000, NEUTRAL)
    store.catalogue.save_scenes("film", "cut", [Scene("Two", 5000, 10_000), Scene("Late", 10_000, 11_000)])
    store.reaction(A, 10_000, NEUTRAL)
    store.publish()
    ((mean, low, high),) = store.sql(
        "SELECT mean, mean_low, mean_high FROM scene_reaction WHERE scene = 1 AND emotion = 'happy'"
    )
    assert mean == 5.0
    assert 0 <= low < mean < high <= 10
    ((valence, valence_low, valence_high),) = store.sql(
        "SELECT valence, valence_low, valence_high FROM scene_summary WHERE scene = 1"
    )
    assert valence_low < valence < valence_high
    assert store.sql("SELECT DISTINCT viewers, mean_low, mean_high FROM scene_reaction WHERE scene = 2") == [
        (1, None, None)
    ]


def test_only_the_first_viewing_counts(store: FilledStore) -> None:
    store.session(A)
    store.reaction(A, 0, NEUTRAL)
    store.reaction(A, 0, happy(100), pass_=1)
    store.reaction(A, 1000, happy(100), pass_=1)
    store.publish()
    assert store.sql("SELECT t_ms, mean FROM second_reaction WHERE emotion = 'happy'") == [(0, 0.0)]


def test_pieces_of_a_second_are_one_viewer_weighted_by_frames(store: FilledStore) -> None:
    store.session(A)
    store.reaction(A, 0, happy(100), n=1)
    store.reaction(A, 0, happy(0), n=3)
    store.publish()
    assert store.sql("SELECT viewers, mean FROM second_reaction WHERE emotion = 'happy'") == [(1, 25.0)]


def test_a_long_window_speaks_for_each_of_its_seconds(store: FilledStore) -> None:
    store.session(A)
    store.reaction(A, 4000, happy(50), d_ms=3000)
    store.publish()
    assert store.sql("SELECT t_ms, d_ms FROM second_summary") == [(4000, 1000), (5000, 1000), (6000, 1000)]
    assert store.sql("SELECT scene FROM scene_summary") == [(1,), (2,)]


def test_a_second_between_two_scenes_belongs_to_the_one_with_its_middle(store: FilledStore) -> None:
    store.catalogue.save_scenes(
        "film", "cut", [Scene("A", 0, 1500), Scene("B", 1500, 2400), Scene("C", 2400, 3000)]
    )
    store.session(A)
    for second, percent in enumerate((10, 20, 40)):
        store.reaction(A, second * 1000, happy(percent))
    store.publish()
    assert store.sql("SELECT scene, mean FROM scene_reaction WHERE emotion = 'happy'") == [
        (1, 10.0),
        (2, 20.0),
        (3, 40.0),
    ]


def test_who_turned_away_counts_for_attention_but_not_as_scored(store: FilledStore, audience: Fill) -> None:
    audience(3)
    store.session(A)
    for second in range(10):
        turned = second < 5  # in the whole of scene One
        store.reaction(A, second * 1000, None if turned else NEUTRAL, front=0 if turned else 100)
    store.publish()
    assert store.sql("SELECT viewers, attention FROM second_summary WHERE t_ms = 0") == [(3, 75.0)]
    assert store.sql("SELECT viewers, attention FROM scene_summary WHERE scene = 1") == [(3, 75.0)]
    assert store.sql("SELECT sessions, viewers, seconds FROM screening") == [(4, 4, 10)]


@pytest.mark.parametrize(
    ("k", "published", "left_out"),
    [
        (1, [0, 1000, 2000], []),
        (2, [0, 1000], [("second", "fewer_than_k", 1, 1)]),
        # Second 0 would show the two who stayed: the scene's three minus the one who was there for second 0 alone.
        (3, [], [("second", "differencing", 1, None), ("second", "fewer_than_k", 2, 2)]),
        (4, [], [("scene", "fewer_than_k", 1, 3), ("second", "fewer_than_k", 3, 3)]),
    ],
)
def test_cells_under_k_are_left_out_and_counted(
    store: FilledStore, k: int, published: list[int], left_out: list[tuple[str, str, int, int | None]]
) -> None:
    for viewer in range(3):  # three viewers in second 0, two in second 1, one in second 2
        store.session(f"{viewer:032x}")
        for second in range(3 - viewer):
            store.reaction(f"{viewer:032x}", second * 1000)
    store.catalogue.save_screening(Screening("s", "film", "cut", k))
    report = store.publish()
    assert [t for (t,) in store.sql("SELECT t_ms FROM second_summary")] == published
    assert [t for (t,) in store.sql("SELECT DISTINCT t_ms FROM second_reaction ORDER BY 1")] == published
    assert store.sql("SELECT what, reason, cells, viewers_most FROM left_out") == left_out
    assert report.left_out == sum(cells for _, _, cells, _ in left_out)
    assert store.sql("SELECT viewers, k FROM screening") == [(3, k)]


def test_k_is_five_unless_the_screening_says_otherwise(store: FilledStore, audience: Fill) -> None:
    store.catalogue.save_screening(Screening("s", "film", "cut"))
    audience(4)
    assert store.publish().scenes == 0
    store.session(A)
    for second in range(10):
        store.reaction(A, second * 1000)
    assert store.publish().scenes == 2


def test_seats_of_one_device_are_viewers_of_their_own(store: FilledStore) -> None:
    store.session(A, simulated=True)
    store.session(B, ended=False)
    for seat in (0, 1):
        store.reaction(A, 0, viewer=seat)
    store.reaction(B, 0)
    store.publish()
    assert store.sql("SELECT sessions, viewers, simulated_viewers, running FROM screening") == [
        (2, 3, 2, True)
    ]


def test_a_changed_scene_list_is_computed_again(store: FilledStore, audience: Fill) -> None:
    audience(2, {(0, 9): happy(100), (1, 9): happy(100)})
    store.publish()
    first = store.serving.version()
    store.catalogue.save_scenes("film", "cut", [Scene("All", 0, 9000), Scene("End", 9000, 10_000)])
    store.publish()
    assert store.serving.version() != first
    assert store.sql(
        "SELECT name, mean FROM scene JOIN scene_reaction USING (scene) WHERE emotion = 'happy'"
    ) == [
        ("All", 0.0),
        ("End", 100.0),
    ]


def test_without_scenes_the_seconds_are_published(store: FilledStore, audience: Fill) -> None:
    store.catalogue.save_scenes("film", "cut", [])
    audience(2)
    report = store.publish()
    assert (report.seconds, report.scenes) == (10, 0)
    assert store.serving.query("scenes", screening="s") == []


def test_an_empty_store_with_an_empty_catalogue_is_published(tmp_path: Path, store: FilledStore) -> None:
    bare = tmp_path / "bare"
    report = publish(store.connection, bare)
    assert (report.screenings, report.seconds, report.scenes, report.left_out) == (0, 0, 0, 0)


def test_a_screening_of_a_cut_nobody_described_is_published_all_the_same(store: FilledStore) -> None:
    store.catalogue.save_screening(Screening("other", "film2", "cut2"))
    store.publish()
    assert store.sql("SELECT film, title FROM film") == [("film", "The Film"), ("film2", "film2")]
    assert store.sql("SELECT cut, frame_rate, start_timecode FROM cut WHERE film = 'film2'") == [
        ("cut2", "24", "00:00:00:00")
    ]


def test_sessions_of_another_cut_than_the_screening_shows_are_no_viewers(
    store: FilledStore, audience: Fill
) -> None:
    audience(2)
    store.catalogue.save_cut(Cut("film", "recut"))
    store.catalogue.save_screening(Screening("s", "film", "recut", 1))
    assert store.publish().seconds == 0
    assert store.sql("SELECT cut, sessions, viewers FROM screening") == [("recut", 0, 0)]


def test_two_screenings_do_not_mix(store: FilledStore, audience: Fill) -> None:
    audience(2, {(0, 0): happy(50), (1, 0): happy(50)})
    store.catalogue.save_screening(Screening("t", "film", "cut", 1))
    store.session(A, screening="t")
    store.reaction(A, 0, NEUTRAL)
    store.publish()
    assert store.sql(
        "SELECT screening, viewers, mean FROM second_reaction WHERE t_ms = 0 AND emotion = 'happy'"
    ) == [
        ("s", 2, 50.0),
        ("t", 1, 0.0),
    ]


def test_the_same_store_gives_the_same_figures(store: FilledStore, audience: Fill) -> None:
    audience(7, {(viewer, viewer): happy(10 * viewer + 3) for viewer in range(7)})
    figures = []
    for _ in range(2):
        store.publish()
        figures.append(
            [
                store.sql(f"SELECT * FROM {table}")
                for table in ("second_reaction", "scene_reaction", "scene_summary")
            ]
        )
    assert figures[0] == figures[1]


def test_nothing_but_the_new_file_is_left(store: FilledStore, audience: Fill) -> None:
    audience(1)
    (store.folder / "serving.duckdb.new").write_bytes(b"left by a crash")
    (store.folder / "serving.duckdb.new.wal").write_bytes(b"left by a crash")
    store.publish()
    assert sorted(path.name for path in store.folder.glob("serving*")) == ["serving.duckdb"]
    assert store.connection.execute(
        "SELECT database_name FROM duckdb_databases() WHERE NOT internal"
    ).fetchall() == [("store",)]


def test_a_reader_keeps_the_old_file_and_the_next_one_sees_the_new(
    store: FilledStore, audience: Fill
) -> None:
    audience(1)
    store.publish()
    with store.serving._open() as reader:
        before = reader.execute("SELECT version FROM published").fetchall()
        report = store.publish()
        assert reader.execute("SELECT version FROM published").fetchall() == before
        assert store.serving.version() == report.version != before[0][0]


def test_a_failed_publish_leaves_the_old_file_and_can_be_repeated(store: FilledStore, audience: Fill) -> None:
    audience(1)
    version = store.publish().version
    store.connection.execute("ALTER TABLE reaction RENAME TO hidden")
    with pytest.raises(StoreError, match=r"cannot publish into .*reaction"):
        store.publish()
    assert store.serving.version() == version
    store.connection.execute("ALTER TABLE hidden RENAME TO reaction")
    assert store.publish().version == store.serving.version() != version


def test_a_damaged_catalogue_stops_the_publish_not_the_store(store: FilledStore) -> None:
    version = store.publish().version
    (store.folder / "catalogue" / "screening" / "s.json").write_text("{}")
    with pytest.raises(CatalogueError, match=r"s\.json"):
        store.publish()
    assert store.serving.version() == version


def test_a_store_that_no_process_holds_is_published_by_its_path(store: FilledStore, audience: Fill) -> None:
    audience(1)
    store.connection.close()
    report = publish(store.folder / "store.duckdb", store.folder)
    assert report.version == store.serving.version()
    store.connection = duckdb.connect(str(store.folder / "store.duckdb"))


def test_a_store_that_is_not_one_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "store.duckdb").write_bytes(b"x" * 10_000)
    with pytest.raises(StoreError, match="not a valid DuckDB database file") as caught:
        publish(tmp_path / "store.duckdb", tmp_path)
    assert "\n" not in str(caught.value)


def test_names_with_quotes_and_other_scripts_are_only_names(store: FilledStore, audience: Fill) -> None:
    store.catalogue.save_scenes(
        "film", "cut", [Scene("O'Brien\"; DROP TABLE scene; --", 0, 5000), Scene("雨", 5000, 9000)]
    )
    audience(1)
    store.publish()
    assert [row["name"] for row in store.serving.query("scenes", screening="s")] == [
        "O'Brien\"; DROP TABLE scene; --",
        "雨",
    ]

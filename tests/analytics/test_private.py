"""Private releases: what bounds a viewer, what the noise is, and what is accounted for."""

from __future__ import annotations

import csv
import subprocess
import sys
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.catalogue import Scene, Screening
from analytics.errors import AnalyticsError, CatalogueError, PrivacyBudgetError, StoreError
from analytics.private.budget import BUDGET_NAME, Release, read_budget, spend
from analytics.private.contributions import GROUPS, UNIT, Group, contributions, longest, sums
from analytics.private.figures import private_figures
from analytics.private.noise import DELTA, Noise
from analytics.private.release import TABLE_NAME, plan, release
from analytics.viewer_figures import MEASURES, ViewerFigures
from contract.emotions import EMOTIONS
from tests.analytics.conftest import FilledStore, happy


def made(seed: int, viewers: int = 6, scenes: int = 4, most: float = 100) -> ViewerFigures:
    random = np.random.default_rng(seed)
    values = np.full((viewers, scenes, len(MEASURES)), np.nan)
    values[..., :7] = random.dirichlet(np.full(7, 0.3), (viewers, scenes)) * most
    values[..., 7], values[..., 8] = 0, random.uniform(0, most, (viewers, scenes))
    scored = random.random((viewers, scenes)) < 0.8
    values[~scored, :8] = np.nan
    return ViewerFigures(values, scored, (random.random((viewers, scenes, 7)) < 0.7) & scored[..., None])


@given(seed=st.integers(0, 2**32 - 1), most=st.sampled_from([1.0, 100.0, 1e6]))
def test_no_viewer_moves_the_sums_further_than_the_bound(seed: int, most: float) -> None:
    """Whatever a device sent, scores of a million among it: the sums with and without each viewer."""
    groups: list[Group] = [group for number, group in enumerate(GROUPS) if seed >> number & 1 or number == 0]
    figures = made(seed, most=most)
    whole = sums(figures, groups)
    for left_out in range(6):
        others = np.arange(6) != left_out
        without = sums(
            ViewerFigures(figures.values[others], figures.scored[others], figures.showing[others]), groups
        )
        moved = np.linalg.norm((whole.totals - without.totals).astype(float))
        assert moved <= whole.length == longest(4, len(groups))


def test_a_viewer_adds_what_the_figures_say() -> None:
    values = np.full((1, 1, len(MEASURES)), np.nan)
    values[0, 0] = [0, 0, 0, 62.5, 37.5, 0, 0, 0.625, 80]
    showing = np.zeros((1, 1, 7), bool)
    showing[0, 0, [0, 1, 3, 4, 6]] = True
    each = contributions(ViewerFigures(values, np.ones((1, 1), bool), showing), GROUPS)[0, 0]
    assert each[0] == UNIT
    assert each[1:8].tolist() == [0, 0, 0, 625, 375, 0, 0]
    # The three of the five with the highest scores; of equals the first.
    assert (each[8:15] > 0).tolist() == [True, False, False, True, True, False, False]
    assert np.linalg.norm(each[8:15].astype(float)) <= UNIT
    assert each[15] == 800


def test_noise_is_gaussian_with_the_scale_it_says() -> None:
    noise = Noise(longest(10, 2), 2.0)
    drawn = noise.add(np.zeros(20_000, np.int64)) / noise.scale
    assert abs(drawn.mean()) < 4 / sqrt(20_000)
    assert stats.kstest(drawn, "norm").pvalue > 1e-4
    assert np.mean(np.abs(drawn) <= 1.959964) == pytest.approx(0.95, abs=0.008)


def test_two_releases_of_one_thing_differ() -> None:
    noise = Noise(longest(4, 2), 1.0)
    first, second = (noise.add(np.zeros((4, 8), np.int64)) for _ in range(2))
    assert first.shape == (4, 8)
    assert (first != second).any()


@pytest.mark.parametrize("epsilon", [0.1, 1.0, 8.0])
def test_the_scale_keeps_the_promise_by_an_account_of_its_own(epsilon: float) -> None:
    """The Gaussian mechanism's exact delta (Balle and Wang 2018), which no conversion is tighter than."""
    length = longest(12, 3)
    noise = Noise(length, epsilon)
    assert noise.epsilon <= epsilon
    ratio = length / noise.scale
    exact = stats.norm.cdf(ratio / 2 - epsilon / ratio) - exp(epsilon) * stats.norm.cdf(
        -ratio / 2 - epsilon / ratio
    )
    assert exact <= DELTA
    # And wastes little: the textbook's conversion of zero-concentrated privacy would ask for as much or more.
    rho = ratio**2 / 2
    assert epsilon <= rho + 2 * sqrt(rho * log(1 / DELTA))


def test_the_error_says_how_far_off_figures_are() -> None:
    """A made audience whose figures are known, released 200 times: 95 of 100 intervals hold the truth."""
    figures = made(4, viewers=400, scenes=3)
    groups: tuple[Group, ...] = ("viewers", "mean", "share")
    exact, noise = sums(figures, groups), Noise(longest(3, 3), 4.0)
    truth = private_figures(exact.totals, groups, 0.0)
    held = []
    for _ in range(200):
        for told, right in zip(
            private_figures(noise.add(exact.totals), groups, noise.scale), truth, strict=True
        ):
            assert told.value is not None
            assert told.error is not None
            assert right.value is not None
            held.append(abs(told.value - right.value) <= told.error)
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)


def test_a_share_of_noise_is_not_told() -> None:
    found = private_figures(np.array([[900, 500, 0, 0, 0, 0, 0, 0]]), ("viewers", "mean"), 1000.0)
    assert [one.figure for one in found] == ["viewers", *["mean"] * 7]
    assert (found[0].value, found[0].error) == (0.9, 2.0)
    assert {(one.value, one.error) for one in found[1:]} == {(None, None)}


def cost(epsilon: float) -> Release:
    return Release("2026-03-01", ["viewers"], epsilon, DELTA)


def test_releases_add_up_until_the_budget_is_spent(tmp_path: Path) -> None:
    assert spend(tmp_path, "s", cost(1.0), 3.0).left == 2.0
    assert spend(tmp_path, "s", cost(2.0)).left == 0.0
    with pytest.raises(PrivacyBudgetError, match="3 of 3 are spent"):
        spend(tmp_path, "s", cost(0.1))
    assert spend(tmp_path, "t", cost(0.1)).budget == 8.0
    assert [one.epsilon for one in read_budget(tmp_path)["s"].releases] == [1.0, 2.0]


def test_a_budget_is_lowered_and_never_raised(tmp_path: Path) -> None:
    spend(tmp_path, "s", cost(1.0), 4.0)
    with pytest.raises(PrivacyBudgetError, match="not raised"):
        spend(tmp_path, "s", cost(1.0), 5.0)
    assert spend(tmp_path, "s", cost(1.0), 2.5).left == 0.5
    with pytest.raises(PrivacyBudgetError, match=r"0\.5 left"):
        spend(tmp_path, "s", cost(1.0))


def test_a_ledger_that_cannot_be_read_allows_nothing(tmp_path: Path) -> None:
    (tmp_path / BUDGET_NAME).write_text('{"s": ')
    with pytest.raises(PrivacyBudgetError, match="no release is safe"):
        spend(tmp_path, "s", cost(1.0))


@pytest.fixture
def shown(store: FilledStore) -> FilledStore:
    store.connection.execute("BEGIN")
    for viewer in range(30):
        store.session(f"{viewer:032x}")
        for second in range(10):
            store.reaction(
                f"{viewer:032x}", second * 1000, happy(80 if second in (6, 7) and viewer < 20 else 0)
            )
    store.connection.execute("COMMIT")
    return store


def test_a_release_says_what_the_published_tables_say_but_for_noise(
    shown: FilledStore, tmp_path: Path
) -> None:
    wanted = plan(shown.folder, "s", 20.0, ["mean", "share"])
    found, spent = release(shown.connection, shown.folder, wanted, tmp_path / "out", 20.0)
    shown.publish()
    exact = {
        (scene, emotion): (share, mean)
        for scene, emotion, share, mean in shown.sql("SELECT scene, emotion, share, mean FROM scene_reaction")
    }
    for one in found:
        if one.figure != "viewers":
            assert one.emotion in EMOTIONS
            assert one.value is not None
            assert one.error is not None
            truth = exact[one.scene, one.emotion][0 if one.figure == "share" else 1]
            assert abs(one.value - truth) <= 3.5 * one.error
    assert spent.left == 0
    with (tmp_path / "out" / TABLE_NAME).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found) == 2 * 15
    assert rows[0]["name"] == "One"
    readme = (tmp_path / "out" / "README.md").read_text()
    assert "epsilon 20 of 20" in readme
    assert "$" not in readme
    with pytest.raises(PrivacyBudgetError):
        release(shown.connection, shown.folder, wanted, tmp_path / "again")
    assert list((tmp_path / "again").iterdir()) == []


def test_what_others_watched_lets_no_viewer_in_or_out(shown: FilledStore, tmp_path: Path) -> None:
    """A viewer of one second of a long film counts in no published figure; in a release each stands for himself."""
    shown.session("f" * 32)
    shown.reaction("f" * 32, 0)
    wanted = plan(shown.folder, "s", 20.0, ["share"])
    found, _ = release(shown.connection, shown.folder, wanted, tmp_path / "out", 20.0)
    viewers = [one for one in found if one.figure == "viewers"]
    assert viewers[0].value == pytest.approx(31, abs=3.5 * (viewers[0].error or 0))


def test_what_cannot_be_released_is_said(shown: FilledStore, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there are: s"):
        plan(shown.folder, "nobody", 1.0, ["share"])
    shown.catalogue.save_screening(Screening("empty", "film", "cut"))
    with pytest.raises(StoreError, match="nobody came"):
        release(shown.connection, shown.folder, plan(shown.folder, "empty", 1.0, []), tmp_path / "out")
    assert read_budget(shown.folder) == {}
    wanted = plan(shown.folder, "s", 1.0, ["share"])
    shown.catalogue.save_scenes("film", "cut", [Scene("All", 0, 10_000)])
    with pytest.raises(AnalyticsError, match="changed meanwhile"):
        release(shown.connection, shown.folder, wanted, tmp_path / "out")
    shown.catalogue.save_scenes("film", "cut", [])
    with pytest.raises(CatalogueError, match="no scenes"):
        plan(shown.folder, "s", 1.0, ["share"])


def test_without_opendp_it_is_said_what_to_install() -> None:
    """In a process of its own that finds no OpenDP."""
    text = (
        "import sys; sys.modules['opendp'] = None; sys.modules['opendp.prelude'] = None\n"
        "from analytics.private.noise import Noise\nfrom analytics.errors import MissingLibraryError\n"
        "try:\n    Noise(1.0, 1.0)\nexcept MissingLibraryError as error:\n    print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
    assert "houselights[dp]" in said

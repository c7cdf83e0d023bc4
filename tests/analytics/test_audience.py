"""An audience's figures, held against counting window by window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import mean, median, stdev
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.audience import Shown, audience
from analytics.audience_figures import audience_figures, scene_seconds
from analytics.scene_figures import scene_cells, scene_steps
from analytics.viewer_seconds import Columns, viewer_seconds
from contract.emotions import EMOTIONS

SCENES_MS = np.array([[0, 2500], [2500, 4000], [4000, 9000]])


class Window(NamedTuple):
    """Of the contract; ``p`` is all zeros where ``n`` is 0."""

    viewer: int
    second: int
    lasts: int
    n: int
    front: int
    p: tuple[int, ...]


@st.composite
def windows(draw: st.DrawFn) -> list[Window]:
    """Few viewers and seconds, so that they meet; some windows in pieces, some that last."""
    percent = st.integers(0, 100)
    one = st.builds(
        lambda viewer, second, lasts, n, front, p: Window(
            viewer, second, lasts, n, front, p if n else (0,) * 7
        ),
        *(st.integers(3, 6), st.integers(0, 7), st.sampled_from([1, 1, 1, 3]), st.integers(0, 4), percent),
        st.tuples(*(percent,) * 7),
    )
    return draw(st.lists(one, min_size=1, max_size=40))


def columns(of: Iterable[Window]) -> Columns:
    rows = list(of)
    fields: dict[str, list[int]] = {
        "viewer_id": [row.viewer for row in rows],
        "t_ms": [1000 * row.second for row in rows],
        "d_ms": [1000 * row.lasts for row in rows],
        "n": [row.n for row in rows],
        "seen": [row.front for row in rows],
        "front": [row.front for row in rows],
        **{emotion: [row.p[place] for row in rows] for place, emotion in enumerate(EMOTIONS)},
    }
    whole = {name: np.array(values, np.int32) for name, values in fields.items()}
    return whole | {name: whole[name].astype(np.uint8) for name in ("n", "seen", "front", *EMOTIONS)}


class Second(NamedTuple):
    front: float
    p: tuple[float, ...] | None
    """None where the face was not scored."""


def by_hand(of: Iterable[Window]) -> dict[tuple[int, int], Second]:
    """By viewer and second."""
    pieces = defaultdict(list)
    for one in of:
        for later in range(one.lasts):
            pieces[one.viewer, one.second + later].append(one)
    return {
        key: Second(
            mean(one.front for one in some),
            tuple(
                sum(one.n * one.p[place] for one in some) / sum(one.n for one in some) for place in range(7)
            )
            if any(one.n for one in some)
            else None,
        )
        for key, some in pieces.items()
    }


def valence(p: tuple[float, ...]) -> float:
    named = dict(zip(EMOTIONS, p, strict=True))
    return (named["happy"] - sum(named[name] for name in ("angry", "disgust", "fear", "sad"))) / 100


def mean_or_nan(values: Iterable[float]) -> float:
    there = list(values)
    return mean(there) if there else np.nan


def close(values: Any) -> Any:
    return pytest.approx(values, abs=1e-9, nan_ok=True)


@given(windows())
def test_film_seconds_are_means_over_viewers(some: list[Window]) -> None:
    seconds = viewer_seconds(columns(some))
    found, _ = audience_figures(seconds, scene_seconds(seconds.t_ms, *SCENES_MS.T))
    whole = by_hand(some)
    assert (seconds.t_ms // 1000).tolist() == sorted({second for _, second in whole})
    own = {
        viewer: [median(values) for values in zip(*scores, strict=True)]
        for viewer in seconds.viewers.tolist()
        if (scores := [one.p for (who, _), one in whole.items() if who == viewer and one.p])
    }
    for place, second in enumerate((seconds.t_ms // 1000).tolist()):
        there = {who: one for (who, when), one in whole.items() if when == second}
        scored = {who: one.p for who, one in there.items() if one.p}
        assert found.viewers[place] == len(scored)
        assert found.attention[place] == close(mean(one.front for one in there.values()))
        felt = [valence(p) for p in scored.values()]
        assert found.valence[place] == close(mean_or_nan(felt))
        assert found.valence_sd[place] == pytest.approx(
            stdev(felt) if len(felt) > 1 else np.nan, abs=1e-7, nan_ok=True
        )
        for emotion in range(7):
            assert found.means[emotion, place] == close(mean_or_nan(p[emotion] for p in scored.values()))
            showing = sum(p[emotion] >= own[who][emotion] + 20 - 1e-9 for who, p in scored.items())
            assert found.showing[emotion, place] == showing


@given(windows())
def test_scenes_are_means_over_viewers_of_their_own_seconds(some: list[Window]) -> None:
    seconds = viewer_seconds(columns(some))
    _, viewers = audience_figures(seconds, scene_seconds(seconds.t_ms, *SCENES_MS.T))
    cells, steps, whole = scene_cells(viewers), scene_steps(viewers), by_hand(some)
    strongest: dict[tuple[int, int], int] = {}
    for scene, (begin, end) in enumerate(SCENES_MS.tolist()):
        means = []
        for row, viewer in enumerate(seconds.viewers.tolist()):
            everywhere = [one.p for (who, _), one in whole.items() if who == viewer and one.p]
            there = [
                one
                for (who, when), one in whole.items()
                if who == viewer and begin <= 1000 * when + 500 < end
            ]
            scored = [one.p for one in there if one.p]
            assert viewers.sampled[row, scene] == len(there)
            assert viewers.seconds[row, scene] == len(scored)
            assert viewers.attention[row, scene] == close(mean_or_nan(one.front for one in there))
            if not scored:
                assert np.isnan(viewers.valence[row, scene])
                assert not viewers.showing[:, row, scene].any()
                continue
            mine = [mean(values) for values in zip(*scored, strict=True)]
            rises = [
                one - mean(all_of) for one, all_of in zip(mine, zip(*everywhere, strict=True), strict=True)
            ]
            assert viewers.means[:, row, scene].tolist() == close(mine)
            assert viewers.rises[:, row, scene].tolist() == close(rises)
            assert viewers.valence[row, scene] == close(mean(map(valence, scored)))
            assert viewers.valence_rise[row, scene] == close(
                mean(map(valence, scored)) - mean(map(valence, everywhere))
            )
            for emotion in range(7):
                own = median(p[emotion] for p in everywhere)
                shown = sum(p[emotion] >= own + 20 - 1e-9 for p in scored)
                assert viewers.showing[emotion, row, scene] == (shown >= min(2, len(scored)))
            strongest[viewer, scene] = int(np.round(rises, 6).argmax())
            means.append(mine)
        assert cells.viewers[scene] == len(means)
        assert cells.means[:, scene].tolist() == close(np.mean(means, 0).tolist() if means else [np.nan] * 7)
    for scene in range(len(SCENES_MS) - 1):
        for one in range(7):
            for other in range(7):
                went = sum(
                    strongest.get((viewer, scene)) == one and strongest.get((viewer, scene + 1)) == other
                    for viewer in seconds.viewers.tolist()
                )
                assert steps[scene, one, other] == went


def test_nobody_usable_leaves_no_figures() -> None:
    """The only viewer's face was found too seldom."""
    face = Window(4, 0, 1, 4, 10, (0, 0, 0, 60, 40, 0, 0))
    found = audience(Shown(0, "s", 1, False, SCENES_MS), columns([face]))
    assert found.scored_viewers.tolist() == [4]
    assert found.unusable == [(4, "too_little_face")]
    assert found.seconds.there.size == 0
    assert found.by_second.viewers.size == 0
    assert found.by_scene.means.shape == (7, 0, 3)
    everyone = audience(Shown(0, "s", 1, False, SCENES_MS), columns([face]), judged=False)
    assert everyone.by_second.viewers.tolist() == [1]

from __future__ import annotations

import numpy as np
import pytest

from contract.emotions import EMOTIONS
from contract.messages import End, Reactions, Start, decode, encode, new_session_id
from edge_agent.simulated_audience import Cue, Lull, Screening, simulate_session

_FILM = Screening(
    "friday", "reel", "rough", 40, [Cue("happy", 10, 20, 3.0), Cue("sad", 25, 35, 3.0, split=True)]
)


def _scores(viewers: int = 60) -> np.ndarray:
    """(viewers, seconds, 7) percents; seconds without a face are NaN."""
    rows = np.full((viewers, _FILM.seconds, 7), np.nan)
    for viewer in range(viewers):
        for message in simulate_session(_FILM, new_session_id(), viewer, seed=3):
            if isinstance(message, Reactions):
                for sample in message.samples:
                    if sample.p is not None:
                        rows[viewer, sample.t // 1000] = sample.p
    return rows


def test_a_session_is_whole_and_says_it_is_simulated() -> None:
    messages = list(simulate_session(_FILM, new_session_id(), 0, seed=3))
    assert isinstance(messages[0], Start)
    assert messages[0].simulated
    reactions = [message for message in messages if isinstance(message, Reactions)]
    assert [message.seq for message in reactions] == list(range(1, len(reactions) + 1))
    assert [sample.t for message in reactions for sample in message.samples] == [s * 1000 for s in range(40)]
    end = messages[-1]
    assert isinstance(end, End)
    assert (end.generated, end.seq) == (40, len(reactions))
    assert [decode(encode(message)) for message in messages] == messages


def test_the_audience_laughs_where_the_film_is_funny_and_rests_elsewhere() -> None:
    happy = np.nanmean(_scores()[:, :, EMOTIONS.index("happy")], axis=0)
    assert happy[13:19].mean() > happy[:9].mean() + 30
    assert np.nanmean(_scores()[:, :9, EMOTIONS.index("neutral")]) > 40


def test_a_splitting_scene_splits_the_room() -> None:
    sad = np.nanmean(_scores()[:, 28:35, EMOTIONS.index("sad")], axis=1)
    assert np.nanmean(sad[0::2]) > np.nanmean(sad[1::2]) + 30


def test_the_same_seed_draws_the_same_audience() -> None:
    np.testing.assert_array_equal(_scores(5), _scores(5))


@pytest.mark.parametrize("index", range(3))
def test_viewers_differ(index: int) -> None:
    scores = _scores(4)
    assert not np.array_equal(np.nan_to_num(scores[index]), np.nan_to_num(scores[index + 1]))


def test_viewers_turn_away_in_a_lull() -> None:
    dull = Screening("friday", "reel", "rough", 40, [], [Lull(20, 40, 0.5)])
    front: dict[bool, list[int]] = {True: [], False: []}
    for viewer in range(30):
        for message in simulate_session(dull, new_session_id(), viewer, seed=1):
            if isinstance(message, Reactions):
                for sample in message.samples:
                    front[sample.t >= 20_000].append(sample.front)
    assert np.mean(front[True]) < 0.7 * np.mean(front[False])

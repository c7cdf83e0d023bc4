from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.training.dataset.decide import NEAR_DUPLICATE, NEAR_OTHER_SPLIT, decide
from edge_agent.training.dataset.duplicates import differing_bits, hashes_of
from edge_agent.training.dataset.faces import Sighting
from edge_agent.training.dataset.settings import DatasetSettings

SETTINGS = DatasetSettings(near_bits=1, link_bits=3)


def sighting(shot: int, code: int, sharpness: float = 500.0, unusable: str | None = None) -> Sighting:
    return Sighting(
        film_ms=shot * 1000,
        shot=shot,
        box=(0, 0, 50, 60),
        face_px=57,
        probability=0.999,
        front=True,
        inside=1.0,
        contrast=200.0,
        sharpness=sharpness,
        hash=f"{code:036x}",
        unusable=unusable,
    )


def far_apart(n: int) -> list[int]:
    """Hashes that differ in many bits."""
    draw = np.random.default_rng(n)
    return [int.from_bytes(draw.bytes(18), "big") for _ in range(n)]


def test_an_unusable_face_keeps_its_reason_and_counts_for_nothing() -> None:
    one, *_ = decide([[sighting(0, 0, unusable="too small"), sighting(1, 0)]], SETTINGS)
    assert (one.why, one.like, one.group, one.split) == ("too small", None, None, None)
    assert decide([[sighting(0, 0, unusable="flat")]], SETTINGS)[0].why == "flat"
    assert decide([], SETTINGS) == []


def test_a_repeat_in_another_film_is_dropped_and_names_the_sharper_one() -> None:
    decisions = decide([[sighting(0, 7, 400.0)], [sighting(0, 7, 600.0)]], SETTINGS)
    assert [one.why for one in decisions] == [NEAR_DUPLICATE, None]
    assert decisions[0].like == 1
    assert decisions[0].group == decisions[1].group  # the scene that film and trailer share


def test_a_dropped_repeat_still_ties_its_shot_to_the_other() -> None:
    """Else the rest of either shot, the same scene, could lie in two splits."""
    codes = far_apart(30)
    film = [sighting(shot, code) for shot, code in enumerate(codes)]
    film += [sighting(29, codes[0], 100.0)]
    decisions = decide([film], SETTINGS)
    assert decisions[30].why == NEAR_DUPLICATE
    assert decisions[29].split == decisions[0].split
    assert decisions[29].group == decisions[0].group


def test_whole_films_stay_together_when_asked_to_even_if_they_share_pictures() -> None:
    codes = far_apart(40)
    films = [[sighting(n % 5, code) for n, code in enumerate(codes[first::4])] for first in range(4)]
    films[1].append(sighting(2, codes[0] ^ 0b111))  # near film 0's first face, and not the same
    decisions = decide(films, replace(SETTINGS, together="film"))
    splits: list[set[int]] = []
    start = 0
    for film in films:
        splits.append({one.split for one in decisions[start : start + len(film)] if one.split is not None})
        start += len(film)
    assert all(len(of_film) == 1 for of_film in splits)
    near = [one for one in decisions if one.why == NEAR_OTHER_SPLIT]
    assert len(near) == (splits[0] != splits[1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1023), st.integers(200, 300)), max_size=25),
        max_size=4,
    ),
    st.sampled_from(["shot", "film"]),
    st.integers(0, 3),
)
def test_nothing_leaks(films: list[list[tuple[int, int, int]]], together: str, seed: int) -> None:
    asked = DatasetSettings(near_bits=1, link_bits=2, together=together, seed=seed)  # type: ignore[arg-type]
    seen = [[sighting(shot, code, sharp) for shot, code, sharp in sorted(film)] for film in films]
    decisions = decide(seen, asked)
    assert decisions == decide(seen, asked)
    every = [(number, one) for number, film in enumerate(seen) for one in film]
    assert len(decisions) == len(every)

    kept = [position for position, one in enumerate(decisions) if one.why is None]
    codes = hashes_of([every[position][1].hash for position in kept])
    bits = differing_bits(codes, codes)
    split = np.array([decisions[position].split for position in kept])
    assert (bits[split[:, None] != split[None, :]] > 2).all()
    assert (bits[~np.eye(len(kept), dtype=bool)] > 1).all()

    of_unit: dict[object, set[int | None]] = {}
    for position in kept:
        number, one = every[position]
        of_unit.setdefault(number if together == "film" else (number, one.shot), set()).add(
            decisions[position].split
        )
    assert all(len(splits) == 1 for splits in of_unit.values())
    for decision in decisions:
        if decision.like is not None:
            assert decision.why in {NEAR_DUPLICATE, NEAR_OTHER_SPLIT}
            assert decision.split is None

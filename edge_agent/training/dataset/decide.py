"""What becomes of every face: kept or dropped and why, and its split. No pictures here, only what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge_agent.training.dataset.duplicates import duplicate_of, hashes_of, linked, near_other_split
from edge_agent.training.dataset.faces import Sighting
from edge_agent.training.dataset.settings import SHARES, DatasetSettings
from edge_agent.training.dataset.split import split_groups

NEAR_DUPLICATE = "near-duplicate"
NEAR_OTHER_SPLIT = "near another split"


@dataclass(frozen=True)
class Decision:
    """What becomes of one face.

    why: None when it is kept, else the reason it is dropped. like: position of the face it repeats or is too near
    to. group: what is never torn apart, numbered from 0; None for an unusable face. split: position in ``SPLITS``;
    None for a dropped face.
    """

    why: str | None
    like: int | None = None
    group: int | None = None
    split: int | None = None


def decide(films: Sequence[Sequence[Sighting]], settings: DatasetSettings) -> list[Decision]:
    """A decision for each face of each film, film after film; ``Decision.like`` counts in the same order.

    1. A near-duplicate of a sharper face is dropped, wherever in the films that face is.
    2. Shots that show near pictures become one group (``linked``), or each film is a group of its own.
    3. Groups go to splits whole.
    4. Whatever is still near a face of a later split (only between films) is dropped.
    """
    sightings = [sighting for film in films for sighting in film]
    usable = np.array([n for n, sighting in enumerate(sightings) if sighting.unusable is None], np.intp)
    decisions = [Decision(sighting.unusable) for sighting in sightings]
    if not len(usable):
        return decisions
    film_of, shot_of = _origins(films)
    hashes = hashes_of([sightings[n].hash for n in usable])
    sharpness = np.array([sightings[n].sharpness for n in usable], np.float64)

    repeats = duplicate_of(hashes, sharpness, settings.near_bits)
    group = film_of[usable]
    if settings.together == "shot":
        shots = shot_of[usable]
        group = linked(hashes, shots, group, settings.link_bits, settings.near_bits)[shots]
    kept = np.nonzero(repeats < 0)[0]
    split = _splits(group[kept], settings.seed)
    near = near_other_split(hashes[kept], split, settings.link_bits)

    for position in np.nonzero(repeats >= 0)[0]:
        like = int(usable[repeats[position]])
        decisions[usable[position]] = Decision(NEAR_DUPLICATE, like=like, group=int(group[position]))
    for position, other, in_split in zip(kept, near, split, strict=True):
        decisions[usable[position]] = (
            Decision(None, group=int(group[position]), split=int(in_split))
            if other < 0
            else Decision(NEAR_OTHER_SPLIT, like=int(usable[kept[other]]), group=int(group[position]))
        )
    return decisions


def _origins(films: Sequence[Sequence[Sighting]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Film and shot of every face; shots are counted through all films."""
    film_of: list[int] = []
    shot_of: list[int] = []
    first_shot = 0
    for number, film in enumerate(films):
        film_of += [number] * len(film)
        shot_of += [first_shot + sighting.shot for sighting in film]
        first_shot += 1 + max((sighting.shot for sighting in film), default=-1)
    return np.array(film_of, np.intp), np.array(shot_of, np.intp)


def _splits(groups: NDArray[np.intp], seed: int) -> NDArray[np.intp]:
    """The split of each face, given its group."""
    _, number, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    splits: NDArray[np.intp] = split_groups(sizes, SHARES, seed)[number]
    return splits

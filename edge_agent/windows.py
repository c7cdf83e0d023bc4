"""Sampled frames become samples: one for each viewer and whole film second."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from contract.messages import WINDOW_MS, Sample

Percents = tuple[int, int, int, int, int, int, int]
_Key = tuple[int, int]  # pass, window start in film ms


@dataclass(frozen=True, eq=False)
class Sighting:
    """One face in one sampled frame.

    track: number from ``seats``. front: turned to the screen.
    scores: (7,) shares that sum to 1, in the order of EMOTIONS; None when the face was found and not
    classified.
    """

    track: int
    front: bool
    scores: NDArray[np.float32] | None


@dataclass
class _Cell:
    """What one window holds of one track."""

    seen: int = 0
    front: int = 0
    n: int = 0
    sum: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(EMOTIONS)))


class Windows:
    """Accumulates the frames of the running film second [t, t + 1000) of one pass."""

    def __init__(self) -> None:
        self._key: _Key | None = None
        self._frames = 0
        self._cells: dict[int, _Cell] = {}
        self._held: dict[
            int, list[tuple[_Key, int, _Cell]]
        ] = {}  # closed windows of tracks without a seat yet
        self._known: set[int] = set()
        self._closed: set[_Key] = set()

    @property
    def seconds(self) -> int:
        """Windows so far that hold at least one sampled frame, of all passes."""
        return len(self._closed) + (self._key is not None)

    def add(
        self,
        film_ms: int,
        pass_: int,
        sightings: Sequence[Sighting],
        viewers: Mapping[int, int],
        waiting: Collection[int] = (),
    ) -> list[Sample]:
        """Take in one sampled frame, and give the samples that are complete with it.

        ``viewers`` and ``waiting`` are those of ``seats`` after this frame. A track that has just become a
        viewer brings its earlier frames along. A frame of a second that is closed already (a clock that
        stepped back a little) is left out: a window is given once.
        """
        key = (pass_, film_ms - film_ms % WINDOW_MS)
        if key in self._closed:
            return []
        samples = self.flush(viewers) if self._key not in (None, key) else []
        self._key = key
        self._frames += 1
        for sighting in sightings:
            cell = self._cells.setdefault(sighting.track, _Cell())
            cell.seen += 1
            cell.front += sighting.front
            if sighting.scores is not None:
                cell.n += 1
                cell.sum += sighting.scores
        self._held = {
            track: held for track, held in self._held.items() if track in viewers or track in waiting
        }
        return samples + self._seated(viewers)

    def flush(self, viewers: Mapping[int, int]) -> list[Sample]:
        """Close the running window, as at the end of a film: a sample for every viewer, seen in it or not."""
        if self._key is None:
            return []
        samples = self._seated(viewers)
        for track, viewer in viewers.items():
            samples.append(_sample(self._key, self._frames, viewer, self._cells.pop(track, _Cell())))
        for track, cell in self._cells.items():
            self._held.setdefault(track, []).append((self._key, self._frames, cell))
        self._closed.add(self._key)
        self._key, self._frames, self._cells = None, 0, {}
        return samples

    def _seated(self, viewers: Mapping[int, int]) -> list[Sample]:
        """The closed windows of tracks that have become viewers since."""
        samples: list[Sample] = []
        for track, viewer in viewers.items():
            if track not in self._known:
                self._known.add(track)
                samples.extend(
                    _sample(key, frames, viewer, cell) for key, frames, cell in self._held.pop(track, [])
                )
        return samples


def _sample(key: _Key, frames: int, viewer: int, cell: _Cell) -> Sample:
    return Sample(
        t=key[1],
        d=WINDOW_MS,
        pass_=key[0],
        viewer=viewer,
        n=cell.n,
        seen=_percent(cell.seen, frames),
        front=_percent(cell.front, frames),
        p=whole_percents(cell.sum) if cell.n else None,
    )


def _percent(count: int, of: int) -> int:
    """Rounded half up, in integers: keeps order, so front never exceeds seen."""
    return (200 * count + of) // (2 * of)


def whole_percents(shares: Sequence[float] | NDArray[np.floating]) -> Percents:
    """Seven shares, in any unit, as whole percents that sum to exactly 100 (largest remainder).

    Raises ValueError when they are not seven finite numbers, none negative, with a sum above zero. Of equal remainders
    the first gets the percent.
    """
    values = np.asarray(shares, dtype=np.float64)
    if (
        values.shape != (len(EMOTIONS),)
        or not np.isfinite(values).all()
        or (values < 0).any()
        or values.sum() <= 0
    ):
        raise ValueError(
            f"expected {len(EMOTIONS)} shares, none negative and not all zero, got {values.tolist()}"
        )
    # Divided by the largest first: a sum of tiny or huge numbers would lose them.
    exact = values / values.max()
    exact = exact * (100 / exact.sum())
    whole = np.floor(exact).astype(int)
    short = 100 - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return cast("Percents", tuple(whole.tolist()))

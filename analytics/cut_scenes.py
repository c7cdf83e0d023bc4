"""A cut's scenes, opened to be looked at and changed: in the timecodes of its edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.catalogue import Catalogue, Cut, Scene, Shot
from analytics.errors import CatalogueError
from analytics.scene_edit import snap
from analytics.scene_list import film_ms
from contract.film_time import FrameRate, format_timecode, ms_to_frame, parse_timecode


@dataclass(frozen=True)
class CutScenes:
    """As they stood in the catalogue when they were opened."""

    catalogue: Catalogue
    cut: Cut
    scenes: list[Scene]
    shots: list[Shot]
    """Empty where nobody has looked for any."""
    rate: FrameRate
    first_frame: int
    """Of the cut, counted from 00:00:00:00."""

    @classmethod
    def open(cls, store_dir: str | Path, film: str, cut: str) -> CutScenes:
        """Raises CatalogueError where there is no such cut."""
        catalogue = Catalogue(store_dir)
        known = next((known for known in catalogue.cuts(film) if known.id == cut), None)
        if known is None:
            there = ", ".join(
                f"{one.id}/{other.id}" for one in catalogue.films() for other in catalogue.cuts(one.id)
            )
            raise CatalogueError(f"no cut {film}/{cut} in {store_dir}; there are: {there or 'none yet'}")
        rate = FrameRate.parse(known.frame_rate)
        first = parse_timecode(known.start_timecode, rate)
        shots = catalogue.shots(film, cut).shots
        return cls(catalogue, known, catalogue.scenes(film, cut), shots, rate, first)

    def timecode(self, at_ms: int) -> str:
        """Of the frame at ``at_ms``."""
        return format_timecode(self.first_frame + ms_to_frame(at_ms, self.rate), self.rate)

    def span(self, scene: Scene) -> str:
        """Where a scene begins and ends, in timecodes."""
        return f"{self.timecode(scene.start_ms)} to {self.timecode(scene.end_ms)}"

    def moment(self, text: str, where: str) -> int:
        """Milliseconds of a timecode or of seconds that a person gave: at a shot near it, else at its frame.

        ``where`` begins the message of a SceneListError for what is neither.
        """
        return snap(film_ms(where, text.strip(), self.rate, self.first_frame), self.shots, self.rate)

    def save(self, scenes: Sequence[Scene]) -> CutScenes:
        """The cut with these scenes, in the catalogue and here. Raises CatalogueError."""
        self.catalogue.save_scenes(self.cut.film, self.cut.id, scenes)
        return replace(self, scenes=list(scenes))

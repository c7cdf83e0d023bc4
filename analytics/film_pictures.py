"""A small picture of each shot of a cut, in the catalogue: ``thumbnails/FILM/CUT/NNN.jpg``, NNN its number from 1.

Pictures of the film, never of its viewers. A scene is shown by one of its shots, so that scenes may be joined, split
and moved without a picture being made again.
"""

from __future__ import annotations

import shutil
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

from analytics.catalogue import Catalogue, Scene, Shot
from analytics.errors import CatalogueError


def thumbnails_folder(catalogue: Catalogue, film: str, cut: str) -> Path:
    """Where a cut's pictures lie, or would lie; ids are the catalogue's."""
    return catalogue.folder / "thumbnails" / film / cut


def save_thumbnails(catalogue: Catalogue, film: str, cut: str, pictures: Iterable[bytes]) -> None:
    """Replaces the pictures (JPEG, one a shot, in film order) of a cut together. Raises CatalogueError."""
    folder = thumbnails_folder(catalogue, film, cut)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{cut}-"))
        try:
            for number, picture in enumerate(pictures, start=1):
                (made / f"{number:03}.jpg").write_bytes(picture)
            made.chmod(0o755)
            shutil.rmtree(folder, ignore_errors=True)
            made.replace(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise CatalogueError(f"cannot write {folder}: {error.strerror or error}") from error


def shot_thumbnail(catalogue: Catalogue, film: str, cut: str, shot: int) -> Path | None:
    """The picture of a shot, counted from 0; None where there is none."""
    path = thumbnails_folder(catalogue, film, cut) / f"{shot + 1:03}.jpg"
    return path if path.is_file() else None


def scene_thumbnail(
    catalogue: Catalogue, film: str, cut: str, scene: Scene, shots: Sequence[Shot]
) -> Path | None:
    """The picture that stands for a scene; None where there is none."""
    shot = scene_shot(scene, shots)
    return None if shot is None else shot_thumbnail(catalogue, film, cut, shot)


def scene_shot(scene: Scene, shots: Sequence[Shot]) -> int | None:
    """The place of the shot that fills most of a scene, the first of equals; None where none reaches into it.

    ``shots`` are in film order and do not overlap.
    """
    first = bisect_right(shots, scene.start_ms, key=lambda shot: shot.end_ms)
    end = bisect_left(shots, scene.end_ms, key=lambda shot: shot.start_ms)

    def inside(place: int) -> int:
        return min(scene.end_ms, shots[place].end_ms) - max(scene.start_ms, shots[place].start_ms)

    return max(range(first, end), key=inside, default=None)


def shots_of(scene: Scene, shots: Sequence[Shot]) -> list[int]:
    """The places of the shots that begin within a scene, after its first frame: where it may be split."""
    return [place for place, shot in enumerate(shots) if scene.start_ms < shot.start_ms < scene.end_ms]

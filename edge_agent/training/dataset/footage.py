"""Reads a film once: its shots, and every face in the frames that are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.faces import Face, FaceFinder, crop, is_front
from edge_agent.film.shots import Shot, ShotDetector
from edge_agent.opencv import open_quietly
from edge_agent.pacing import AsFastAsItGoes
from edge_agent.training.dataset import picture
from edge_agent.training.dataset.faces import Sighting, share_inside, why_unusable
from edge_agent.training.dataset.settings import SIDE_PX, DatasetSettings
from edge_agent.training.dataset.upright import UprightCheck
from edge_agent.video_file import FileSource

Progress = Callable[[int, int | None, int], None]
"""Told frames read so far, frames the file claims to have (None when it does not say), faces found so far."""


@dataclass(frozen=True)
class FilmReading:
    """What was seen in a film.

    width, height: of its upright frames, pixels. frames: decoded. damaged: not decodable. looked_at: searched for
    faces. turned: degrees counter-clockwise by which the file's frames had to be turned to stand upright.
    """

    width: int
    height: int
    frames: int
    damaged: int
    looked_at: int
    length_ms: int
    turned: int
    shots: list[Shot]
    sightings: list[Sighting]


def read_film(
    path: Path, finder: FaceFinder, settings: DatasetSettings, progress: Progress = lambda *_: None
) -> tuple[FilmReading, NDArray[np.uint8]]:
    """The film's reading, and the pictures (n, 48, 48) uint8 of its usable faces, in their order.

    A film whose faces all lie on their side, or on their head, is read again, turned. Raises SourceError when
    ``path`` is no film that can be read.
    """
    upright = UprightCheck(finder)
    reading, pictures = _read(path, finder, settings, progress, 0, upright.look)
    if turned := upright.turn_needed():
        return _read(path, finder, settings, progress, turned, lambda *_: None)
    return reading, pictures


def _read(
    path: Path,
    finder: FaceFinder,
    settings: DatasetSettings,
    progress: Progress,
    turned: int,
    looked: Callable[[NDArray[np.uint8], list[Face]], None],
) -> tuple[FilmReading, NDArray[np.uint8]]:
    source = FileSource(path, AsFastAsItGoes())
    claimed = claimed_frames(path)
    detector = ShotDetector()
    sightings: list[Sighting] = []
    pictures: list[NDArray[np.uint8]] = []
    frames = looked_at = film_ms = width = height = 0
    slot = -1
    try:
        while (frame := source.grab()) is not None:
            image = np.ascontiguousarray(np.rot90(frame.image, turned // 90)) if turned else frame.image
            height, width = image.shape[:2]
            film_ms = frame.captured_ns // 1_000_000
            frames += 1
            detector.look(image, film_ms)
            if (now := int(film_ms * settings.rate_hz / 1000)) != slot:
                slot = now
                looked_at += 1
                faces = finder.find(image)
                looked(image, faces)
                seen = [_sighting(image, face, film_ms, settings) for face in faces]
                for sighting, cut in sorted(
                    seen, key=lambda pair: pair[0].box
                ):  # a finder's order means nothing
                    sightings.append(sighting)
                    if sighting.unusable is None:
                        pictures.append(cut)
            progress(frames, claimed, len(sightings))
    finally:
        source.close()
    # Until the end of the last frame, which is taken to be as long as the others.
    length_ms = round(film_ms * frames / (frames - 1)) if frames > 1 else 1
    shots = detector.shots(length_ms)
    starts = [shot.start_ms for shot in shots]
    sightings = [replace(one, shot=bisect_right(starts, one.film_ms) - 1) for one in sightings]
    return (
        FilmReading(width, height, frames, source.skipped, looked_at, length_ms, turned, shots, sightings),
        np.stack(pictures) if pictures else np.zeros((0, SIDE_PX, SIDE_PX), np.uint8),
    )


def claimed_frames(path: Path) -> int | None:
    """How many frames the file says it has; None when it does not."""
    capture = open_quietly(str(path))
    claimed = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    capture.release()
    return int(claimed) if 0 < claimed < 1e7 else None


def _sighting(
    image: NDArray[np.uint8], face: Face, film_ms: int, settings: DatasetSettings
) -> tuple[Sighting, NDArray[np.uint8]]:
    """The face with its picture; its shot is not known before the film has been read."""
    cut = crop(image, face.box)
    grey = picture.grey_square(cut)
    stretched = picture.stretched(grey)
    inside = share_inside(face.box, image.shape[1], image.shape[0])
    contrast = picture.contrast(grey)
    sharpness = picture.sharpness(stretched)
    sighting = Sighting(
        film_ms=film_ms,
        shot=0,
        box=_whole(face.box),
        face_px=len(cut),
        probability=round(face.probability, 4),
        front=is_front(face.landmarks),
        inside=round(inside, 3),
        contrast=round(contrast, 1),
        sharpness=round(sharpness, 1),
        hash=picture.perceptual_hash(grey),
        unusable=why_unusable(
            face_px=len(cut),
            smallest_px=settings.smallest_kept_px,
            probability=face.probability,
            inside=inside,
            contrast=contrast,
            sharpness=sharpness,
        ),
    )
    return sighting, picture.normalised(grey, settings.contrast)


def _whole(box: NDArray[np.float32]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(float(edge)) for edge in box)
    return left, top, right, bottom

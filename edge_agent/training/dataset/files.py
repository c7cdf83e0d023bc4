"""Writes a decided data set: ``faces/SPLIT/ID.png``, ``faces.csv``, ``faces.npz``, ``augmentation.png``, manifest."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from edge_agent.training.dataset.decide import Decision
from edge_agent.training.dataset.faces import Sighting
from edge_agent.training.dataset.manifest import Film, manifest
from edge_agent.training.dataset.settings import SPLITS, DatasetSettings
from edge_agent.training.dataset.sheet import augmentation_sheet

COLUMNS = (
    *("id", "label", "film", "shot", "film_ms", "split", "decision", "why", "like", "file"),
    *("face_px", "sharpness", "contrast", "probability", "front", "left", "top", "right", "bottom"),
    *("group", "hash"),
)
"""Of ``faces.csv``. label: empty. shot: from 1. like: id of the face it repeats or is too near to. front: 1 when the
face is turned to the camera. left to bottom: the face in the film's upright frame, pixels."""


@dataclass(frozen=True, eq=False)
class _Row:
    id: str
    film: Film
    sighting: Sighting
    decision: Decision
    picture: NDArray[np.uint8] | None

    @property
    def split(self) -> str:
        return "" if self.decision.split is None else SPLITS[self.decision.split]

    @property
    def file(self) -> str:
        return f"faces/{self.split}/{self.id}.png" if self.split else ""


def write_files(
    out: Path, films: Sequence[Film], decisions: Sequence[Decision], settings: DatasetSettings
) -> None:
    """Write everything into ``out``, the manifest last; some faces must have been kept.

    ``decisions``: of all sightings of all films, in their order.
    """
    rows = list(_rows(films, decisions))
    kept = [row for row in rows if row.decision.why is None]
    shutil.rmtree(out / "faces", ignore_errors=True)  # of a run that was interrupted while it wrote
    for split in SPLITS:
        (out / "faces" / split).mkdir(parents=True)
    for row in kept:
        Image.fromarray(_picture(row)).save(out / row.file)
    _write_csv(out / "faces.csv", rows)
    np.savez_compressed(
        out / "faces.npz",
        images=np.stack([_picture(row) for row in kept]),
        split=np.array([row.decision.split for row in kept], np.uint8),
        id=np.array([row.id for row in kept]),
    )
    _write_sheet(out / "augmentation.png", kept, settings.seed)
    of_films: list[list[Decision]] = []
    start = 0
    for film in films:
        end = start + (len(film.reading.sightings) if film.reading else 0)
        of_films.append(list(decisions[start:end]))
        start = end
    text = json.dumps(manifest(films, of_films, settings), indent=1, ensure_ascii=False)
    half = out / "manifest.json.part"
    half.write_text(text + "\n", encoding="utf-8")
    half.replace(out / "manifest.json")


def _rows(films: Sequence[Film], decisions: Sequence[Decision]) -> Iterator[_Row]:
    number = 0
    for film in films:
        if film.reading is None or film.pictures is None:
            continue
        pictures = iter(film.pictures)
        for sighting in film.reading.sightings:
            picture = next(pictures) if sighting.unusable is None else None
            yield _Row(_id(number), film, sighting, decisions[number], picture)
            number += 1


def _write_csv(path: Path, rows: Sequence[_Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            seen, decision = row.sighting, row.decision
            writer.writerow(
                {
                    "id": row.id,
                    "label": "",
                    "film": row.film.name,
                    "shot": seen.shot + 1,
                    "film_ms": seen.film_ms,
                    "split": row.split,
                    "decision": "kept" if decision.why is None else "dropped",
                    "why": decision.why,
                    "like": None if decision.like is None else _id(decision.like),
                    "file": row.file,
                    "face_px": seen.face_px,
                    "sharpness": seen.sharpness,
                    "contrast": seen.contrast,
                    "probability": seen.probability,
                    "front": int(seen.front),
                    **dict(zip(("left", "top", "right", "bottom"), seen.box, strict=True)),
                    "group": decision.group,
                    "hash": seen.hash,
                }
            )


def _write_sheet(path: Path, kept: Sequence[_Row], seed: int) -> None:
    shown = [row for row in kept if row.split == SPLITS[0]] or kept
    films = len({row.film.name for row in kept})
    counts = ", ".join(f"{sum(row.split == split for row in kept):,} {split}" for split in SPLITS)
    captions = [
        (row.film.name, f"{_clock(row.sighting.film_ms)}, {row.sighting.face_px} px") for row in shown
    ]
    augmentation_sheet(
        np.stack([_picture(row) for row in shown]),
        captions,
        f"{len(kept):,} faces of {films} film{'' if films == 1 else 's'}",
        f"{counts}. Not labelled yet.",
        seed,
    ).save(path)


def _picture(row: _Row) -> NDArray[np.uint8]:
    assert row.picture is not None  # noqa: S101 - a kept face is a usable one
    return row.picture


def _id(number: int) -> str:
    return f"{number:06d}"


def _clock(film_ms: int) -> str:
    seconds, ms = divmod(film_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms // 100}"

"""From raw footage to a data set that waits for its labels: the order of the steps, and what a failure costs.

1. Each film is read on its own (``footage``); its reading is kept at once, so an interrupted run goes on where it was.
2. All faces are decided together (``decide``): near-duplicates, groups of shots, splits.
3. The files are written, the manifest last (``files``). A folder with a manifest is complete and never
   touched again: labels may be in it.

A film that fails costs only its own faces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import cv2

from edge_agent.errors import DatasetError, EdgeError
from edge_agent.faces import FaceFinder
from edge_agent.training.dataset.decide import decide
from edge_agent.training.dataset.files import write_files
from edge_agent.training.dataset.folder import DatasetFolder, fingerprint
from edge_agent.training.dataset.footage import Progress, read_film
from edge_agent.training.dataset.manifest import Film, Summary, shares_missed, summarise, why_nothing
from edge_agent.training.dataset.settings import DatasetSettings


@dataclass(frozen=True)
class DatasetReport:
    """What came of it.

    ``summary.kept`` is 0 when no face could be used: then nothing was written. warning: why, or that the shares were
    missed; None when all is well.
    """

    summary: Summary
    films_read: int
    films_failed: int
    warning: str | None


class Watcher:
    """Told what happens; does nothing with it. Override what you want to show."""

    def film_begins(self, name: str, number: int, films: int) -> Progress:
        """The ``number``-th of ``films`` (from 1) is about to be read; the answer is told how far it is."""
        del name, number, films
        return lambda *_: None

    def film_done(self, film: Film, *, kept_from_before: bool) -> None:
        """``film`` was read now, or by an interrupted run before; or it failed."""

    def comparing(self, faces: int) -> None:
        """All films are read, and ``faces`` are about to be compared, each with each."""


def build_dataset(
    paths: Sequence[Path],
    out: Path,
    settings: DatasetSettings,
    finder: FaceFinder,
    watcher: Watcher | None = None,
) -> DatasetReport:
    """Make a data set of the films ``paths`` in the folder ``out``.

    Raises DatasetError when ``out`` cannot be used, or when not one film could be read.
    """
    watcher = watcher or Watcher()
    folder = DatasetFolder(out)
    films = _read_all(paths, folder, settings, finder, watcher)
    failed = sum(film.reading is None for film in films)
    if failed == len(films):
        folder.give_up()
        raise DatasetError(f"not one of {len(films)} films could be read; nothing was written to {out}")
    sightings = [film.reading.sightings for film in films if film.reading is not None]
    watcher.comparing(sum(map(len, sightings)))
    decisions = decide(sightings, settings)
    summary = summarise(decisions)
    if summary.kept:
        try:
            write_files(out, films, decisions, settings)
        except OSError as error:
            raise DatasetError(
                f"{out} cannot be written ({error.strerror}); make room and run this again: no film need be read again"
            ) from error
        folder.finish()
    else:
        folder.give_up()
    warning = (
        shares_missed(summary, settings) if summary.kept else why_nothing(list(chain(*sightings)), settings)
    )
    return DatasetReport(summary, films_read=len(films) - failed, films_failed=failed, warning=warning)


def _read_all(
    paths: Sequence[Path],
    folder: DatasetFolder,
    settings: DatasetSettings,
    finder: FaceFinder,
    watcher: Watcher,
) -> list[Film]:
    """Every film, read or failed. What cannot even be opened is told before hours go into the others."""
    films = _openable(paths)
    for film in films:
        if film.failed is not None:
            watcher.film_done(film, kept_from_before=False)
    for position, (path, film) in enumerate(zip(paths, films, strict=True)):
        if film.fingerprint is None or film.failed is not None:
            continue
        kept = folder.kept_reading(film.fingerprint, settings)
        if kept is None:
            progress = watcher.film_begins(film.name, position + 1, len(films))
            try:
                reading, pictures = read_film(path, finder, settings, progress)
            # Torch says RuntimeError when memory runs out, OpenCV has an error of its own.
            except (EdgeError, OSError, RuntimeError, cv2.error) as error:
                films[position] = replace(film, failed=_one_line(error, path, film.name))
                watcher.film_done(films[position], kept_from_before=False)
                continue
            folder.keep_reading(film.fingerprint, settings, reading, pictures)
        else:
            reading, pictures = kept
        films[position] = replace(film, reading=reading, pictures=pictures)
        watcher.film_done(films[position], kept_from_before=kept is not None)
    return films


def _openable(paths: Sequence[Path]) -> list[Film]:
    """The films by name and content; those that cannot be opened, or are there already, as failed."""
    films: list[Film] = []
    names: Counter[str] = Counter()
    seen: dict[str, str] = {}
    for path in paths:
        plain = path.name.encode("utf-8", "replace").decode()  # a name of bytes that are no text
        names[plain] += 1
        name = plain if names[plain] == 1 else f"{plain} ({names[plain]})"
        try:
            content = fingerprint(path)
        except DatasetError as error:
            films.append(Film(name, None, failed=_one_line(error, path, name)))
            continue
        twin = seen.setdefault(content, name)
        films.append(
            Film(
                name,
                content,
                failed=None if twin == name else f"{name} is the same footage as {twin}, used once",
            )
        )
    return films


def _one_line(error: Exception, path: Path, name: str) -> str:
    """What went wrong, without the path: the manifest goes to others."""
    lines = str(error).replace(str(path), name).strip().splitlines()
    line = lines[0] if lines else type(error).__name__
    return line if name in line else f"{name} cannot be read to its end ({line})"

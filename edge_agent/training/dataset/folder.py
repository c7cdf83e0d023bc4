"""The folder a data set is made in: what may be written where, and what an interrupted run left.

DIR/.unfinished/FILM-SETTINGS.npz   a film that has been read whole; gone when the data set is complete
DIR/faces/SPLIT/ID.png              files
DIR/faces.csv, faces.npz, augmentation.png
DIR/manifest.json                   written last: a folder that has one is complete
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
import zlib
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from edge_agent.errors import DatasetError
from edge_agent.training.dataset.footage import FilmReading
from edge_agent.training.dataset.settings import DatasetSettings

_FINGERPRINT_BYTES = 1 << 20  # of the beginning and of the end; a two-hour film is not read for it
_READING_VERSION = 1  # of what a reading is made of; another one makes old readings of no use

_NOT_THERE_OR_NOT_WHOLE = (
    *(OSError, EOFError, KeyError, ValueError),
    *(msgspec.MsgspecError, zipfile.BadZipFile, zlib.error),
)


def fingerprint(film: Path) -> str:
    """Names a film's content: 16 hexadecimal digits of its size, first and last megabyte. Raises DatasetError."""
    try:
        with film.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            digest = hashlib.sha256(str(size).encode())
            file.seek(0)
            digest.update(file.read(_FINGERPRINT_BYTES))
            file.seek(max(0, size - _FINGERPRINT_BYTES))
            digest.update(file.read(_FINGERPRINT_BYTES))
    except OSError as error:
        raise DatasetError(f"{film} cannot be read ({error.strerror}); check the path") from error
    return digest.hexdigest()[:16]


class DatasetFolder:
    """``DIR``, claimed for one data set."""

    def __init__(self, path: Path) -> None:
        """Raises DatasetError unless ``path`` is new, empty, or what an interrupted run left."""
        self.path = path
        self._readings = path / ".unfinished"
        if (path / "manifest.json").exists():
            raise DatasetError(
                f"{path} already holds a data set, perhaps with labels; give another --out, or remove it yourself"
            )
        try:
            if not self._readings.is_dir() and path.exists() and any(path.iterdir()):
                raise DatasetError(
                    f"{path} is not empty and no unfinished data set; give a new folder with --out"
                )
            self._new = not path.exists()
            self._readings.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatasetError(
                f"{path} cannot be made or written ({error.strerror}); give another --out"
            ) from error

    def kept_reading(
        self, film: str, settings: DatasetSettings
    ) -> tuple[FilmReading, NDArray[np.uint8]] | None:
        """What ``keep_reading`` kept of the film with that fingerprint, under settings that read it alike."""
        try:
            # numpy leaves a file that it opened itself open when it is no whole archive.
            with self._of(film, settings).open("rb") as file, np.load(file, allow_pickle=False) as archive:
                reading = msgspec.json.decode(archive["reading"].tobytes(), type=FilmReading)
                return reading, archive["pictures"]
        except _NOT_THERE_OR_NOT_WHOLE:
            return None

    def keep_reading(
        self, film: str, settings: DatasetSettings, reading: FilmReading, pictures: NDArray[np.uint8]
    ) -> None:
        """Keep what hours may have gone into, so that an interrupted run goes on with the next film.

        Raises DatasetError when the disk is full.
        """
        path = self._of(film, settings)
        half = path.with_suffix(".part")
        try:
            with half.open("wb") as file:
                text = np.frombuffer(msgspec.json.encode(reading), np.uint8)
                np.savez_compressed(file, reading=text, pictures=pictures)
            half.replace(path)
        except OSError as error:
            raise DatasetError(
                f"{path} cannot be written ({error.strerror}); make room and run this again, "
                "it goes on with this film"
            ) from error

    def finish(self) -> None:
        """The manifest has been written: nothing is unfinished any more."""
        shutil.rmtree(self._readings)

    def give_up(self) -> None:
        """Nothing came of it: leave no folder behind that was not there."""
        shutil.rmtree(self._readings)
        if self._new:
            self.path.rmdir()

    def _of(self, film: str, settings: DatasetSettings) -> Path:
        how = (_READING_VERSION, settings.rate_hz, settings.min_face_px, settings.contrast)
        return self._readings / f"{film}-{hashlib.sha256(repr(how).encode()).hexdigest()[:8]}.npz"

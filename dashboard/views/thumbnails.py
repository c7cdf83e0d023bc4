"""Pictures of scenes for the pages, out of the catalogue: none where nobody has looked for the film's shots."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import streamlit as st
from PIL import Image

from analytics.catalogue import Catalogue, Scene
from analytics.errors import AnalyticsError
from analytics.film_pictures import scene_thumbnail
from dashboard.data import Choice
from dashboard.frames import Row
from dashboard.pictures import HEIGHT_PX, WIDTH_PX

_SHARP = 2
"""Pixels of a picture to one of the page: screens have two or more."""
_QUALITY = 70


def picture_paths(store_dir: Path, choice: Choice, scenes: Iterable[Row]) -> dict[int, Path]:
    """The picture of each of ``scenes`` (scene, name, start_ms, end_ms) that has one, by number."""
    catalogue = Catalogue(store_dir)
    try:
        shots = catalogue.shots(choice.film, choice.cut).shots
    except AnalyticsError:  # a file that is broken: the figures need no picture
        return {}
    found = {}
    for row in scenes if shots else ():
        scene = Scene(str(row["name"]), int(row["start_ms"]), int(row["end_ms"]))
        path = scene_thumbnail(catalogue, choice.film, choice.cut, scene, shots)
        if path is not None:
            found[int(row["scene"])] = path
    return found


def picture(path: Path, width: Literal["stretch"] | int, alt: str) -> None:
    """Draws one; nothing where the file is gone meanwhile, or holds no picture."""
    with suppress(OSError):
        st.image(path, width=width, alt=alt)


def small_pictures(paths: dict[int, Path]) -> dict[int, str]:
    """Each as an address that holds it, small enough for a lane of the timeline: 3 kB."""
    found = {}
    for scene, path in paths.items():
        try:
            found[scene] = _small(str(path), path.stat().st_mtime_ns)
        except OSError:  # gone meanwhile, or no picture
            continue
    return found


@st.cache_data(show_spinner=False, max_entries=2_000)
def _small(path: str, changed_ns: int) -> str:
    del changed_ns  # a part of the key only
    with Image.open(path) as picture:
        small = picture.convert("RGB")
    small.thumbnail((WIDTH_PX * _SHARP, HEIGHT_PX * _SHARP))
    jpeg = io.BytesIO()
    small.save(jpeg, "JPEG", quality=_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.getvalue()).decode()

"""What of a viewer's device works before a film, and what to do about the rest."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from contract.broker_probe import reach
from contract.errors import BrokerError
from edge_agent.camera import CameraSource
from edge_agent.classifier import Classifier
from edge_agent.contrast import readable
from edge_agent.errors import EdgeError
from edge_agent.faces import SMALLEST_READABLE_PX, by_size, crop_side
from edge_agent.forget import kept_in
from edge_agent.light import light
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.pacing import AsFastAsItGoes
from edge_agent.settings import AgentSettings
from edge_agent.sources import FrameSource
from edge_agent.video_file import FileSource
from edge_agent.wiring import open_player

_WARM_UP_S = 1.0
"""A camera's first pictures are darker than those that follow."""
_PLAYER_S = 2.0
_BROKER_S = 5.0
_LEAST_FREE_MB = 500
"""For an outbox at its cap, and SQLite's log beside it."""


@dataclass(frozen=True)
class Check:
    """One part. said: what was found, or what to do."""

    part: str
    works: bool
    said: str


def examine(settings: AgentSettings) -> Iterator[Check]:
    """A check of each part that a run with ``settings`` needs, as they come."""
    torch.set_num_threads(settings.threads)
    picture: NDArray[np.uint8] | None = None
    try:
        picture = _picture(settings)
    except EdgeError as error:
        yield Check("camera", works=False, said=str(error))
    else:
        height, width = picture.shape[:2]
        yield Check("camera", works=True, said=f"{settings.source} gives pictures of {width}x{height}")
        yield _light(picture)
    yield from _model(settings, picture)
    yield from _player(settings)
    yield from _broker(settings)
    yield _outbox(settings.outbox)


def _picture(settings: AgentSettings) -> NDArray[np.uint8]:
    source: FrameSource
    if settings.camera is not None:
        source = CameraSource.open(settings.camera)
        time.sleep(_WARM_UP_S)
    else:
        source = FileSource(Path(settings.source).expanduser(), AsFastAsItGoes())
    try:
        frame = source.grab()
    finally:
        source.close()
    assert frame is not None  # noqa: S101 - both are refused on opening when there is none
    return frame.image


def _light(picture: NDArray[np.uint8]) -> Check:
    said = {
        "covered": "the picture is black: take the lid or the finger off the camera",
        "dark": "it is too dark to read faces well: put a lamp in front of you, not behind you",
        "glaring": "there is too much light on the face: turn away from the lamp",
        "good": "there is light enough",
    }
    found = light(picture)
    return Check("light", found == "good", said[found])


def _model(settings: AgentSettings, picture: NDArray[np.uint8] | None) -> Iterator[Check]:
    if picture is not None:
        faces = by_size(MtcnnFinder().find(readable(picture)))
        if not faces:
            yield Check(
                "face", works=False, said="no face is seen: sit in front of the camera, and look at it"
            )
        elif (side := crop_side(faces[0].box)) < SMALLEST_READABLE_PX:
            yield Check(
                "face",
                works=False,
                said=f"the largest face is {side} pixels wide, and is read from {SMALLEST_READABLE_PX}: come nearer",
            )
        else:
            yield Check("face", works=True, said=f"{len(faces)} seen, the largest {side} pixels wide")
    try:
        classifier = Classifier.load(settings.model, settings.engine)
    except EdgeError as error:
        yield Check("model", works=False, said=str(error))
        return
    crops = [np.full((96, 96, 3), 128, np.uint8)]
    classifier.scores(crops)
    begun = time.perf_counter()
    classifier.scores(crops)
    took_ms = (time.perf_counter() - begun) * 1000
    yield Check(
        "model",
        works=True,
        said=f"{classifier.model_id} scores a face in {took_ms:.0f} ms ({settings.engine})",
    )


def _player(settings: AgentSettings) -> Iterator[Check]:
    try:
        player = open_player(settings)
    except EdgeError as error:
        yield Check("player", works=False, said=str(error))
        return
    if player is None:
        return
    try:
        deadline = time.monotonic() + _PLAYER_S
        while (state := player.clock.state_at(time.monotonic_ns())) not in {"playing", "paused"}:
            if time.monotonic() > deadline:
                said = f"it has {player.film.name} open, and is {state}: start the film in it"
                yield Check("player", works=False, said=said)
                return
            time.sleep(0.05)
        yield Check("player", works=True, said=f"it has {player.film.name} open, and is {state}")
    finally:
        player.close()


def _broker(settings: AgentSettings) -> Iterator[Check]:
    if settings.bootstrap is None:
        return
    try:
        reach(settings.bootstrap, settings.access, _BROKER_S)
    except BrokerError as error:
        yield Check("broker", works=False, said=str(error))
    else:
        yield Check("broker", works=True, said=f"{settings.bootstrap} answers, and lets this device in")


def _outbox(path: Path) -> Check:
    folder = path.expanduser().resolve().parent
    try:
        free_mb = shutil.disk_usage(folder).free // 1_000_000
        waits = kept_in(path).samples if path.exists() else 0
    except OSError as error:
        said = f"{folder} cannot be used ({error.strerror or error}); name another file with --outbox"
        return Check("outbox", works=False, said=said)
    except EdgeError as error:
        return Check("outbox", works=False, said=str(error))
    if free_mb < _LEAST_FREE_MB:
        said = f"{free_mb} MB are free in {folder}: free {_LEAST_FREE_MB} for a long time without a network"
        return Check("outbox", works=False, said=said)
    return Check(
        "outbox", works=True, said=f"{waits} samples wait in {path}" if waits else f"{path} is free to use"
    )

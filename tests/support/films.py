"""Films made for a test, with cuts where the test says: real files, encoded by FFmpeg (PyAV)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

SIZE = (240, 320)  # height, width


def picture(look: int, frame: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 RGB: a lit wall, furniture and a thing that moves; another for each ``look``."""
    random = np.random.default_rng(look)
    height, width = size
    wall = random.integers(30, 226, 3)
    light = np.linspace(0.6, 1.1, width)[None, :, None]
    image = np.clip(wall[None, None, :] * light * np.ones((height, 1, 1)), 0, 255)
    for _ in range(6):
        top, left = int(random.integers(0, height - 20)), int(random.integers(0, width - 20))
        image[top : top + int(random.integers(20, 90)), left : left + int(random.integers(20, 90))] = (
            random.integers(0, 256, 3)
        )
    at = (frame * 3 + look * 17) % (width - 24)
    image[height // 2 : height // 2 + 24, at : at + 24] = random.integers(0, 256, 3)
    # A grain, as no two frames of a camera are the same.
    return np.clip(image + np.random.default_rng(frame).normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def make_film(
    path: Path,
    shots: Sequence[tuple[int, int]],
    rate: str = "25",
    *,
    timecode: str | None = None,
    size: tuple[int, int] = SIZE,
    stamps: Sequence[int] | None = None,
    codec: str = "libx264",
    preset: str = "ultrafast",
) -> Path:
    """A film of ``shots``: pairs of (look, frames). ``stamps``: times of the frames, ms, where they are not steady.

    ``preset``: x264's; from ``veryfast`` on, frames are stored in another order than they are shown (B-frames).
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate))
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = size
        stream.pix_fmt = "yuv420p"
        if codec == "libx264":
            stream.options = {"preset": preset, "g": "12"}
        if stamps is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if timecode:
            container.metadata["timecode"] = timecode
            stream.metadata["timecode"] = timecode
        number = 0
        for look, frames in shots:
            for _ in range(frames):
                frame = av.VideoFrame.from_ndarray(picture(look, number, size), format="rgb24")
                if stamps is not None:
                    frame.pts, frame.time_base = stamps[number], Fraction(1, 1000)
                container.mux(stream.encode(frame))
                number += 1
        container.mux(stream.encode(None))
    return path


def make_sound(path: Path, seconds: int = 1) -> Path:
    """A tone, and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        tone = np.sin(np.arange(48_000 * seconds) * 0.05).astype(np.float32)[None]
        for start in range(0, tone.shape[1], 1024):
            frame = av.AudioFrame.from_ndarray(tone[:, start : start + 1024], format="fltp", layout="mono")
            frame.rate, frame.pts = 48_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path

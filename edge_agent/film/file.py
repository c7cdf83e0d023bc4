"""A film's file, read once from its first frame to its last, through FFmpeg (PyAV).

What cannot be decoded is passed over and counted; times are the file's own, so that neither damage nor a frame rate
that varies moves anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error
import av.stream
from av.container import InputContainer
from av.video.frame import VideoFrame

from edge_agent.errors import FilmError

_TRY = "give the film as MP4, MOV, MKV or another format that FFmpeg reads"


class FilmFile:
    """A film that is open for reading; a context manager."""

    def __init__(self, path: Path) -> None:
        """Open ``path``. Raises FilmError where there is no film in it."""
        self.path = path
        self.damaged = 0
        """Packets and frames that could not be decoded so far."""
        try:
            if path.is_dir():
                raise FilmError(f"{path} is a folder: give the film's file")
            if path.stat().st_size == 0:
                raise FilmError(f"{path} is empty: {_TRY}")
            # An opened file, not a name: FFmpeg would take some names for addresses.
            self._opened = path.open("rb")
        except OSError as error:
            raise FilmError(f"cannot read {path}: {error.strerror or error}") from error
        try:
            self._container: InputContainer = av.open(self._opened, mode="r")
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self._opened.close()
            raise FilmError(f"{path} is no film that can be opened: {_TRY}") from error
        cover = av.stream.Disposition.attached_pic
        pictures = [one for one in self._container.streams.video if not one.disposition & cover]
        if not pictures:
            self.close()
            raise FilmError(f"{path} holds sound and no picture: give the film with its picture")
        self._stream = pictures[0]
        self._stream.thread_type = "AUTO"

    @property
    def rates(self) -> tuple[Fraction, ...]:
        """Frames a second as the file states them, likeliest first: often wrong by a little, or by half."""
        stated = (self._stream.average_rate, self._stream.guessed_rate)
        return tuple(Fraction(rate.numerator, rate.denominator) for rate in stated if rate)

    @property
    def length_s(self) -> float | None:
        """As the file claims; None where it claims nothing."""
        length = self._container.duration
        return length / av.time_base if length and length > 0 else None

    @property
    def start_timecode(self) -> str | None:
        """The timecode of the first frame, as written into the file by an editing program or a camera."""
        for metadata in (self._stream.metadata, self._container.metadata):
            if metadata.get("timecode"):
                return metadata["timecode"]
        others = (stream.metadata.get("timecode") for stream in self._container.streams)
        return next((timecode for timecode in others if timecode), None)

    @property
    def pixel_aspect(self) -> Fraction:
        """Width of a pixel to its height: not 1 in anamorphic and old television material."""
        aspect = self._stream.sample_aspect_ratio
        return Fraction(aspect.numerator, aspect.denominator) if aspect else Fraction(1)

    def frames(self) -> Iterator[tuple[VideoFrame, Fraction, Fraction]]:
        """Each frame with its time from the first one and the length it states (0: none), seconds.

        Times always rise: a frame that stands before the one that came before it is passed over as damaged.
        """
        rate = next(iter(self.rates), Fraction(25))
        first: Fraction | None = None
        last = Fraction(-1)
        for frame in self._decoded():
            base = Fraction(frame.time_base or 1 / rate)
            if first is None:
                first = frame.pts * base if frame.pts is not None else Fraction(0)
            # Streams without containers carry no times: there a frame follows a frame.
            at = (
                frame.pts * base - first
                if frame.pts is not None
                else last + 1 / rate
                if last >= 0
                else Fraction(0)
            )
            if at <= last:
                self.damaged += 1
                continue
            last = at
            yield frame, at, (frame.duration or 0) * base

    def _decoded(self) -> Iterator[VideoFrame]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError:  # the file ends amid something, or its index leads nowhere
                self.damaged += 1
                return
            try:
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame):
                        self.damaged += frame.is_corrupt
                        yield frame
            except av.error.FFmpegError:
                self.damaged += 1

    def close(self) -> None:
        """Close the file."""
        if hasattr(self, "_container"):
            self._container.close()
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

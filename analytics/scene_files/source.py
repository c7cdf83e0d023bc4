"""One file of scenes, opened: its first bytes, and its text where it has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from analytics.errors import SceneListError
from analytics.scene_files.model import Note
from analytics.scene_files.text import decode, lines_of
from contract.film_time import FrameRate

LARGEST_TEXT = 256 * 2**20
"""Bytes; the timeline of a feature film, with every filter written out, stays below a fifth of it."""
BUNDLED = "Info.fcpxml"
"""What Final Cut's .fcpxmld folders hold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person, or the catalogue, says about the cut; None where nobody has."""

    rate: FrameRate | None = None
    start_timecode: str | None = None
    end_timecode: str | None = None
    duration_ms: int | None = None


@dataclass(frozen=True)
class Source:
    """A file that readers read. Raises SceneListError where it cannot be."""

    path: Path
    guessed: list[Note] = field(default_factory=list)
    """What had to be guessed to read its text."""

    @cached_property
    def file(self) -> Path:
        """The file itself: Final Cut's bundles are folders."""
        return self.path / BUNDLED if (self.path / BUNDLED).is_file() else self.path

    @cached_property
    def head(self) -> bytes:
        """The first 4 KiB."""
        if self.path.is_dir() and self.file == self.path:
            raise self.error("this is a folder; give the file that your editing program exported")
        try:
            with self.file.open("rb") as opened:
                return opened.read(4096)
        except OSError as error:
            raise SceneListError(f"cannot read {self.path}: {error.strerror or error}") from error

    @cached_property
    def text(self) -> str:
        """The whole file as text, without a byte-order mark."""
        try:
            if self.file.stat().st_size > LARGEST_TEXT:
                raise self.error(f"more than {LARGEST_TEXT >> 20} MiB of text: this is no list of scenes")
            data = self.file.read_bytes()
        except OSError as error:
            raise SceneListError(f"cannot read {self.path}: {error.strerror or error}") from error
        decoded = decode(data)
        if decoded is None:
            raise self.error(
                "neither text nor a film with chapters: export an EDL, XML, OTIO or a list of markers"
            )
        self.guessed.extend(decoded[1])
        return decoded[0]

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines; the first one is ``lines[0]`` here and line 1 in messages."""
        return lines_of(self.text)

    def error(self, text: str, line: int | None = None) -> SceneListError:
        """What to raise for a file that cannot be read on."""
        return SceneListError(f"{self.path}{'' if line is None else f', line {line}'}: {text}")

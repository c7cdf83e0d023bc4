"""The film that the page plays: a file of this machine, or an address."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from edge_agent.errors import FilmError

FilmKind = Literal["file", "address", "stream"]
"""A stream comes in parts: HLS or DASH."""
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
"""What goes into a header as it stands."""
_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mkv": "video/x-matroska",
    ".mpd": "application/dash+xml",
}
_STREAMS = (".m3u8", ".mpd")


@dataclass(frozen=True)
class ShownFilm:
    """path: None for an address. origin: scheme, host and port of an address. media_type: by its name, or empty."""

    title: str
    kind: FilmKind
    path: Path | None = None
    url: str | None = None
    origin: str | None = None
    media_type: str = ""

    @classmethod
    def named(cls, text: str) -> ShownFilm:
        """From what a person gave: a path, or an http(s) address. Raises FilmError."""
        if "://" in text:
            return _at_address(text)
        path = Path(text).expanduser()
        try:
            with path.open("rb"):
                pass
        except OSError as error:
            raise FilmError(
                f"{path} cannot be read ({error.strerror}); give the film's file or its https:// address"
            ) from error
        if path.suffix.lower() in _STREAMS:
            raise FilmError(f"{path} only lists the parts of a stream; give the stream's https:// address")
        return cls(path.stem, "file", path=path.resolve(), media_type=_media_type(path.name))


def _at_address(text: str) -> ShownFilm:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise FilmError(f"{text} is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not host or not _HOST.fullmatch(host):
        raise FilmError(f"a film is a file or an http(s) address, got {text}")
    if parts.username is not None:
        raise FilmError("a film's address with a name and password in it would be shown; give one without")
    name = unquote(parts.path.rsplit("/", 1)[-1])
    bracketed = f"[{host}]" if ":" in host else host
    return ShownFilm(
        Path(name).stem or host,
        "stream" if name.lower().endswith(_STREAMS) else "address",
        url=text,
        origin=f"{parts.scheme}://{bracketed}" + (f":{port}" if port else ""),
        media_type=_media_type(name),
    )


def _media_type(name: str) -> str:
    return _TYPES.get(Path(name).suffix.lower()) or mimetypes.guess_type(name)[0] or ""

"""The player that ``--clock`` names. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PLAYERS = "mpv:SOCKET, vlc:HOST:PORT or mpris:NAME"
_MPV = re.compile(r"mpv:(.+)")
_VLC = re.compile(r"vlc:(\[[0-9A-Fa-f:.]+\]|[^\s:/,]+):(\d{1,5})")

_MPRIS = re.compile(r"mpris:([A-Za-z0-9_.-]+)")


@dataclass(frozen=True)
class MpvAt:
    """The socket that mpv listens at."""

    socket: Path


@dataclass(frozen=True)
class VlcAt:
    """Where VLC's web interface listens."""

    host: str
    port: int


@dataclass(frozen=True)
class MprisAt:
    """What a player calls itself on the session bus."""

    name: str


PlayerAt = MpvAt | VlcAt | MprisAt


def player_at(clock: str | None) -> PlayerAt | None:
    """None when ``clock`` names no player."""
    if match := _MPV.fullmatch(clock or ""):
        return MpvAt(Path(match[1]).expanduser())
    if (match := _VLC.fullmatch(clock or "")) and 0 < int(match[2]) < 65536:
        return VlcAt(match[1].strip("[]"), int(match[2]))
    if match := _MPRIS.fullmatch(clock or ""):
        return MprisAt(match[1])
    return None

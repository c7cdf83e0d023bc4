"""Figures that need no computing: those of a screening of which nothing changed since the last publish.

Beside ``serving.duckdb`` lies ``published.json``: which publish that file is, and a fingerprint of everything that each
screening's figures came from. The next publish takes the rows of a screening over where its fingerprint is the same.

The fingerprint is a digest of

- the screening's sessions and every window they sent: of the rows themselves, not of notes about changes to them, so
  that no way to change a store goes unseen, be it by hand or a backup put back and written on;
- its film, cut, k, cohort and how its answers are randomised, the cut's length, the times of its scenes, its subtitles;
- whether it is settled;
- the program: its SQL, its source, and the versions of DuckDB and NumPy.

A second fingerprint leaves out scenes and subtitles: where it alone is the same, the figures that were held against
chance are taken over, and the others computed.

A screening settles when nearly all its sessions have ended: from then on it is drawn what chance would show. That takes
seconds, so a publish that others wait for settles a few at a time, the newest first; the others stay until a later one
as they were while they ran.

Nothing can be read from them: the serving wall holds. Whatever leaves room for doubt is computed: no
``published.json``, one of another publish, one that cannot be read, and a screening without sessions, whose figures may
come from ``final.duckdb``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import msgspec
import numpy as np

from analytics.catalogue import Screening
from analytics.laid_in import Read
from analytics.serving import SQL_DIR

STATE_NAME = "published.json"
SETTLED = 0.9
"""Share of a screening's sessions that have ended from which on it is drawn what chance would show: that takes seconds,
and while an audience watches there is a publish every few. Not all: one device that broke off must not hold it up."""
SETTLED_AT_ONCE = 400_000
"""Windows of the screenings that a running ingest settles in one publish, a second or two of drawing; one screening
with more is settled alone."""


class Published(msgspec.Struct, frozen=True):
    """What ``published.json`` holds."""

    version: str
    """Of the serving file that it belongs to."""
    fingerprints: dict[str, str]
    """By screening."""
    chance: dict[str, str]
    """By screening, of what alone decides how its figures stand against chance; that is the slow part."""
    comparisons: dict[str, str] = {}
    """Of what each comparison was made, by the pair of audiences."""


def read_state(folder: Path) -> Published | None:
    """None where there is none that can be trusted."""
    try:
        return msgspec.json.decode((folder / STATE_NAME).read_bytes(), type=Published)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def forget_state(folder: Path) -> None:
    """The next publish computes everything. Raises OSError."""
    (folder / STATE_NAME).unlink(missing_ok=True)


def write_state(folder: Path, state: Published) -> None:
    """Raises OSError. Not flushed to disk: what a power cut leaves of it is not believed."""
    new = folder / f"{STATE_NAME}.new"
    new.write_bytes(msgspec.json.encode(state) + b"\n")
    new.replace(folder / STATE_NAME)


@dataclass(frozen=True, slots=True)
class Now:
    """What the figures are to be made of, now."""

    fingerprints: dict[str, str]
    """By screening that somebody came to, as in Published."""
    chance: dict[str, str]
    settled: frozenset[str]
    waiting: int
    """Screenings that could be settled, and are left to a later publish."""


def look(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Read,
    before: Mapping[str, str],
    settled_at_once: int | None = None,
) -> Now:
    """The catalogue's screenings as they are stored; the table ``seat`` is made.

    ``before``: ``Published.chance`` of the last publish. ``settled_at_once``: windows of the screenings to settle, all
    by default.
    """
    text = (SQL_DIR / "publish" / "stored.sql").read_text(encoding="utf-8")
    stored = {row[0]: _Stored(*row[1:]) for row in connection.execute(text).fetchall()}
    came = [one for one in catalogue.screenings if one.id in stored]
    over = {one.id for one in came if not one.open or stored[one.id].ended >= SETTLED}
    chance = _chance(came, stored, over)
    new = sorted(over - unchanged(before, chance), key=lambda screening: stored[screening].last_row)
    if settled_at_once is not None:
        windows = 0
        while new and (not windows or windows + stored[new[-1]].windows <= settled_at_once):
            windows += max(1, stored[new.pop()].windows)
        over.difference_update(new)
        chance = _chance(came, stored, over)
    else:
        new = []
    lengths = {(cut.film, cut.id): cut.duration_ms for cut in catalogue.cuts}
    found: dict[str, str] = {}
    for one in came:
        cut = (one.film, one.cut)
        times = [(scene.start_ms, scene.end_ms) for scene in catalogue.scenes[cut]]
        found[one.id] = _digest(
            found.get(one.id),
            chance[one.id],
            one.cohort,
            times,
            catalogue.subtitles[cut],
            lengths.get(cut),
        )
    return Now(found, chance, frozenset(over), len(new))


@dataclass(frozen=True, slots=True)
class _Stored:
    """A row of ``sql/publish/stored.sql``."""

    digest: str
    ended: float
    windows: int
    last_row: int


def _chance(
    screenings: Sequence[Screening], stored: Mapping[str, _Stored], settled: Container[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in screenings:
        # Two files that give themselves the same id make one fingerprint of both.
        parts = (one.id, one.film, one.cut, one.k, one.randomised, one.id in settled, stored[one.id].digest)
        found[one.id] = _digest(found.get(one.id), _program(), *parts)
    return found


def _digest(*parts: object) -> str:
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def unchanged(before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """Screenings that may be taken over."""
    return frozenset(screening for screening, one in now.items() if before.get(screening) == one)


@cache
def _program() -> str:
    """A digest of all that makes figures from rows, and of what does not: better too much than a file forgotten."""
    digest = hashlib.sha256(f"{duckdb.__version__} {np.__version__}".encode())
    here = Path(__file__).parent
    for path in sorted([*here.rglob("*.py"), *(SQL_DIR / "publish").glob("*.sql")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()

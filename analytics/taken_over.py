"""Figures that need no computing: those of a screening of which nothing changed since the last publish.

Beside ``serving.duckdb`` lies ``published.json``: which publish that file is, and a fingerprint of everything that each
screening's figures came from. The next publish takes the rows of a screening over where its fingerprint is the same.

The fingerprint is a digest of

- the screening's sessions and every window they sent: of the rows themselves, not of notes about changes to them, so
  that no way to change a store goes unseen, be it by hand or a backup put back and written on;
- its film, cut, k and cohort, the cut's length, the times of its scenes, its subtitles;
- whether it is settled;
- the program: its SQL, its source, and the versions of DuckDB and NumPy.

A second fingerprint leaves out scenes and subtitles: where it alone is the same, the figures that were held against
chance are taken over, and the others computed.

Nothing can be read from them: the serving wall holds. Whatever leaves room for doubt is computed: no
``published.json``, one of another publish, one that cannot be read, and a screening without sessions, whose figures may
come from ``final.duckdb``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import duckdb
import msgspec
import numpy as np

from analytics.laid_in import Read
from analytics.serving import SQL_DIR

STATE_NAME = "published.json"
SETTLED = 0.9
"""Share of a screening's sessions that have ended from which on it is drawn what chance would show: that takes seconds,
and while an audience watches there is a publish every few. Not all: one device that broke off must not hold it up."""


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


def fingerprints(
    connection: duckdb.DuckDBPyConnection, catalogue: Read
) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Of the catalogue's screenings that somebody came to, as in Published; and which of them are settled.

    The table ``seat`` is made.
    """
    text = (SQL_DIR / "publish" / "stored.sql").read_text(encoding="utf-8")
    stored = {screening: (digest, ended) for screening, digest, ended in connection.execute(text).fetchall()}
    lengths = {(cut.film, cut.id): cut.duration_ms for cut in catalogue.cuts}
    found: dict[str, str] = {}
    chance: dict[str, str] = {}
    settled: set[str] = set()
    for one in catalogue.screenings:
        if one.id in stored:
            digest, ended = stored[one.id]
            if not one.open or ended >= SETTLED:
                settled.add(one.id)
            cut = (one.film, one.cut)
            times = [(scene.start_ms, scene.end_ms) for scene in catalogue.scenes[cut]]
            # Two files that give themselves the same id make one fingerprint of both.
            chance[one.id] = _digest(
                chance.get(one.id), _program(), one.id, *cut, one.k, one.id in settled, digest
            )
            found[one.id] = _digest(
                found.get(one.id),
                chance[one.id],
                one.cohort,
                times,
                catalogue.subtitles[cut],
                lengths.get(cut),
            )
    return found, chance, frozenset(settled)


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

"""Films, cuts, scenes and screenings: small JSON files beside the store, written whole.

    catalogue/film/FILM.json   cut/FILM/CUT.json   scenes/FILM/CUT.json   subtitles/FILM/CUT.json
              screening/SCREENING.json   comparison/FIRST~SECOND.json
              join/SCREENING.json: a secret that only its owner may read; there for screenings by invitation
              shots/FILM/CUT.json, thumbnails/FILM/CUT/NNN.jpg: what was found in the film (film_pictures.py)

Files, not tables: naming a scene must never wait for the ingest process, which holds the store's lock.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from analytics.errors import CatalogueError
from contract.errors import TimecodeError
from contract.film_time import FrameRate, format_timecode, parse_timecode
from contract.randomised import Randomised
from contract.setting import Setting

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""The contract's pattern for ids: safe as a file name, so an id can never lead out of the folder."""
DEFAULT_K = 5

FilmMs = Annotated[int, Meta(ge=0)]


class Film(Struct, frozen=True):
    """A film, whatever its cut."""

    id: str
    title: Annotated[str, Meta(min_length=1)]


class Cut(Struct, frozen=True):
    """One edit of a film; ``start_timecode`` is the timecode of its first frame."""

    film: str
    id: str
    frame_rate: str = "24"
    start_timecode: str = "00:00:00:00"
    duration_ms: Annotated[int, Meta(ge=1)] | None = None
    """None when nobody has said; then no reaction is too late to be of this cut."""


class Scene(Struct, frozen=True):
    """A stretch [start_ms, end_ms) of a cut, milliseconds from its first frame."""

    name: Annotated[str, Meta(min_length=1)]
    start_ms: FilmMs
    end_ms: FilmMs


class Subtitle(Struct, frozen=True):
    """What is on screen during [start_ms, end_ms), in one line; milliseconds from the first frame of the cut."""

    start_ms: FilmMs
    end_ms: FilmMs
    text: Annotated[str, Meta(min_length=1)]


class Shot(Struct, frozen=True):
    """A stretch [start_ms, end_ms) of a cut between two edits."""

    start_ms: FilmMs
    end_ms: FilmMs


class FoundShots(Struct, frozen=True):
    """What was found in a cut's film: its shots, in film order, and the scenes that were made of them, if any."""

    shots: list[Shot]
    scenes: list[Scene] = []
    """As they were proposed: a list that still is the same has been changed by nobody."""


class Screening(Struct, frozen=True):
    """One showing of a cut to an audience; no figure stands for fewer than ``k`` viewers."""

    id: str
    film: str
    cut: str
    k: Annotated[int, Meta(ge=1)] = DEFAULT_K
    open: bool = True
    """Whether new sessions are taken. Those that began before it was closed go on to their end."""
    closed_on: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    """Day on which it was closed; per-viewer rows are kept so many days from then."""
    cohort: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """What its audience has in common, such as students: screenings of one cohort are pooled to be compared."""
    setting: Setting | None = None
    """Where its audience watches, as the organiser declares it."""
    randomised: Randomised | None = None
    """How its viewers' devices randomise what they answer; None where they tell what was measured."""


class Comparison(Struct, frozen=True):
    """Two screenings of one film that are to be compared, however many the film has."""

    first: str
    second: str


class JoinKey(Struct, frozen=True):
    """The organiser's secret of one screening, which signs its invitations."""

    screening: str
    key: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


_Entry = TypeVar("_Entry", Film, Cut, list[Scene], list[Subtitle], FoundShots, Screening, JoinKey, Comparison)


class Catalogue:
    """The catalogue of one store directory. A folder that is not there yet is an empty catalogue."""

    def __init__(self, store_dir: str | Path) -> None:
        self.folder = Path(store_dir) / "catalogue"

    def films(self) -> list[Film]:
        """All films, by id."""
        return [_read(path, Film) for path in _files(self.folder / "film")]

    def cuts(self, film: str) -> list[Cut]:
        """The cuts of a film, by id; none for a film that is not there."""
        return [_read(path, Cut) for path in _files(self.folder / "cut" / _slug("film", film))]

    def scenes(self, film: str, cut: str) -> list[Scene]:
        """The scenes of a cut, in film order; none when nobody has named any."""
        path = self._scenes_path(film, cut)
        return _read(path, list[Scene]) if path.exists() else []

    def subtitles(self, film: str, cut: str) -> list[Subtitle]:
        """The subtitles of a cut, in film order; none when nobody has given any."""
        path = self._subtitles_path(film, cut)
        return _read(path, list[Subtitle]) if path.exists() else []

    def shots(self, film: str, cut: str) -> FoundShots:
        """What was found in a cut's film; no shots when nobody has looked."""
        path = self._shots_path(film, cut)
        return _read(path, FoundShots) if path.exists() else FoundShots([])

    def screenings(self) -> list[Screening]:
        """All screenings, by id."""
        return [_read(path, Screening) for path in _files(self.folder / "screening")]

    def screening(self, screening_id: str) -> Screening | None:
        """One screening, or None when it is not in the catalogue."""
        path = self.folder / "screening" / f"{_slug('screening', screening_id)}.json"
        return _read(path, Screening) if path.exists() else None

    def save_film(self, film: Film) -> None:
        """Writes or replaces a film."""
        _write(self.folder / "film" / f"{_slug('film', film.id)}.json", film, Film)

    def save_cut(self, cut: Cut) -> None:
        """Writes or replaces a cut."""
        _write(self.folder / "cut" / _slug("film", cut.film) / f"{_slug('cut', cut.id)}.json", cut, Cut)

    def save_scenes(self, film: str, cut: str, scenes: Sequence[Scene]) -> None:
        """Replaces the scene list of a cut; figures follow at the next publish.

        Raises CatalogueError when scenes are not in film order, overlap, are empty or share a name.
        """
        check_scenes(scenes)
        _write(self._scenes_path(film, cut), list(scenes), list[Scene])

    def save_subtitles(self, film: str, cut: str, subtitles: Sequence[Subtitle]) -> None:
        """Replaces the subtitles of a cut; moments follow at the next publish."""
        ordered = sorted(subtitles, key=lambda one: (one.start_ms, one.end_ms))
        _write(self._subtitles_path(film, cut), ordered, list[Subtitle])

    def save_shots(self, film: str, cut: str, found: FoundShots) -> None:
        """Replaces what was found in a cut's film."""
        _write(self._shots_path(film, cut), found, FoundShots)

    def save_screening(self, screening: Screening) -> None:
        """Writes or replaces a screening."""
        _slug("film", screening.film)
        _slug("cut", screening.cut)
        path = self.folder / "screening" / f"{_slug('screening', screening.id)}.json"
        _write(path, screening, Screening)

    def comparisons(self) -> list[Comparison]:
        """The comparisons asked for, by their screenings' ids."""
        return [_read(path, Comparison) for path in _files(self.folder / "comparison")]

    def save_comparison(self, comparison: Comparison) -> None:
        """Asks for a comparison. Raises CatalogueError unless both are screenings of one film."""
        films = []
        for screening_id in (comparison.first, comparison.second):
            found = self.screening(screening_id)
            if found is None:
                there = ", ".join(one.id for one in self.screenings()) or "none yet"
                raise CatalogueError(f"no screening {screening_id!r} in the catalogue; there are: {there}")
            films.append(found.film)
        if comparison.first == comparison.second:
            raise CatalogueError(f"expected two screenings, got {comparison.first!r} twice")
        if films[0] != films[1]:
            raise CatalogueError(
                f"{comparison.first!r} showed {films[0]!r} and {comparison.second!r} showed {films[1]!r}: only "
                "screenings of one film share scenes that can be compared"
            )
        _write(self._comparison_path(comparison), comparison, Comparison)

    def remove_comparison(self, comparison: Comparison) -> bool:
        """Whether it was there."""
        path = self._comparison_path(comparison)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def join_key(self, screening_id: str) -> bytes | None:
        """The secret that signs a screening's invitations; None when everybody may join."""
        path = self.folder / "join" / f"{_slug('screening', screening_id)}.json"
        return bytes.fromhex(_read(path, JoinKey).key) if path.exists() else None

    def make_join_key(self, screening_id: str) -> bytes:
        """The screening's secret, made if there is none yet: from then on only the invited may join."""
        known = self.join_key(screening_id)
        if known is None:
            known = secrets.token_bytes(32)
            path = self.folder / "join" / f"{_slug('screening', screening_id)}.json"
            _write(path, JoinKey(screening_id, known.hex()), JoinKey, mode=0o600)
        return known

    def stamp(self) -> tuple[tuple[str, int, int, int], ...]:
        """Changes whenever a file of the catalogue does; cheap enough to ask at every batch."""
        found = []
        for path in sorted(self.folder.glob("**/*.json")):
            try:
                status = path.stat()
            except (
                FileNotFoundError
            ):  # replaced or removed between the listing and here: a change, seen next time
                continue
            found.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(found)

    def _shots_path(self, film: str, cut: str) -> Path:
        return self.folder / "shots" / _slug("film", film) / f"{_slug('cut', cut)}.json"

    def _comparison_path(self, comparison: Comparison) -> Path:
        # No id holds a tilde.
        name = "~".join(_slug("screening", one) for one in (comparison.first, comparison.second))
        return self.folder / "comparison" / f"{name}.json"

    def _scenes_path(self, film: str, cut: str) -> Path:
        return self.folder / "scenes" / _slug("film", film) / f"{_slug('cut', cut)}.json"

    def _subtitles_path(self, film: str, cut: str) -> Path:
        return self.folder / "subtitles" / _slug("film", film) / f"{_slug('cut', cut)}.json"


def ensure_cut(
    catalogue: Catalogue,
    film: str,
    cut: str,
    *,
    title: str | None = None,
    frame_rate: str | None = None,
    start_timecode: str | None = None,
    duration_ms: int | None = None,
) -> Cut:
    """The cut as it now stands in the catalogue.

    It is made when new, changed where something else is given, and left alone otherwise.
    Raises CatalogueError for a frame rate or a start timecode that does not exist.
    """
    known_film = next((known for known in catalogue.films() if known.id == film), None)
    wanted_film = Film(film, title or (known_film.title if known_film else film))
    known = next((known for known in catalogue.cuts(film) if known.id == cut), None) or Cut(film, cut)
    try:
        rate = FrameRate.parse(frame_rate or known.frame_rate)
        # A drop-frame cut without a start of its own begins at its own zero, written with a semicolon.
        start = start_timecode or (known.start_timecode if frame_rate is None else None)
        frame = parse_timecode(start, rate) if start else _same_label(known.start_timecode, rate)
    except TimecodeError as error:
        raise CatalogueError(f"cut {cut!r} of {film!r}: {error}") from error
    wanted = Cut(film, cut, str(rate), format_timecode(frame, rate), duration_ms or known.duration_ms)
    if wanted_film != known_film:
        catalogue.save_film(wanted_film)
    if wanted not in catalogue.cuts(film):
        catalogue.save_cut(wanted)
    return wanted


def _same_label(timecode: str, rate: FrameRate) -> int:
    """The frame with the same label in ``rate``, whose separator may differ."""
    return parse_timecode(timecode[:8] + (";" if rate.drop_frame else ":") + timecode[9:], rate)


def check_scenes(scenes: Sequence[Scene]) -> None:
    """Raises CatalogueError for scenes that cannot be one list.

    They stand in film order, do not overlap, last, and have names of their own.
    """
    seen: dict[str, int] = {}
    for number, scene in enumerate(scenes, start=1):
        if scene.end_ms <= scene.start_ms:
            raise CatalogueError(
                f"scene {number} {scene.name!r} ends at {scene.end_ms} ms, not after its start at "
                f"{scene.start_ms} ms: swap or correct its times"
            )
        if scene.name in seen:
            raise CatalogueError(
                f"scenes {seen[scene.name]} and {number} are both called {scene.name!r}: rename one"
            )
        seen[scene.name] = number
        if number > 1 and scene.start_ms < scenes[number - 2].end_ms:
            before = scenes[number - 2]
            raise CatalogueError(
                f"scene {number} {scene.name!r} starts at {scene.start_ms} ms, before {before.name!r} ends "
                f"at {before.end_ms} ms: list scenes in film order and let none overlap"
            )


def _slug(what: str, slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise CatalogueError(
            f"{what} id {slug!r} is not usable: expected 1 to 64 letters, digits, dots, dashes or "
            "underscores, beginning with a letter or digit, such as my-film_2"
        )
    return slug


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def _read(path: Path, kind: type[_Entry]) -> _Entry:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CatalogueError(
            f"{path} is not what the catalogue expects: {error}; correct or remove it"
        ) from error
    except OSError as error:
        raise CatalogueError(f"cannot read {path}: {error.strerror or error}") from error


def _write(path: Path, entry: _Entry, kind: type[_Entry], mode: int = 0o644) -> None:
    text = msgspec.json.format(msgspec.json.encode(entry), indent=2) + b"\n"
    try:
        msgspec.json.decode(text, type=kind)  # the limits of the fields hold for what is written, too
    except msgspec.ValidationError as error:
        raise CatalogueError(f"cannot save {path.stem!r} in {path.parent.name}: {error}") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own for each writer: a dashboard and a command may save at the same moment.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CatalogueError(f"cannot write {path}: {error.strerror or error}") from error

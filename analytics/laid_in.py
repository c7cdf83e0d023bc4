"""The catalogue as tables: what the SQL of a publish reads beside the store's own."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from analytics.catalogue import Catalogue, Comparison, Cut, Scene, Screening, Subtitle
from contract.randomised import Randomised

Column = tuple[str, str]
"""Name and DuckDB type."""
_TEXT, _INTEGER = "VARCHAR", "INTEGER"


@dataclass(frozen=True, slots=True)
class Read:
    """The catalogue, read once so that one publish does not see two of them; screenings by id."""

    films: Sequence[tuple[str, str]]
    """Id and title."""
    cuts: Sequence[Cut]
    scenes: dict[tuple[str, str], list[Scene]]
    """Of each film and cut; a cut that only a screening names counts, so that its scenes do."""
    subtitles: dict[tuple[str, str], list[Subtitle]]
    screenings: Sequence[Screening]
    comparisons: Sequence[Comparison]


def read(catalogue: Catalogue) -> Read:
    """Raises CatalogueError."""
    films = catalogue.films()
    screenings = sorted(catalogue.screenings(), key=lambda screening: screening.id)
    shown = {screening.film for screening in screenings}
    cuts = [cut for film in sorted({film.id for film in films} | shown) for cut in catalogue.cuts(film)]
    named = sorted({(cut.film, cut.id) for cut in cuts} | {(one.film, one.cut) for one in screenings})
    scenes = {(film, cut): catalogue.scenes(film, cut) for film, cut in named}
    subtitles = {(film, cut): catalogue.subtitles(film, cut) for film, cut in named}
    titles = [(film.id, film.title) for film in films]
    return Read(titles, cuts, scenes, subtitles, screenings, catalogue.comparisons())


def lay_in(
    connection: duckdb.DuckDBPyConnection, found: Read, taken_over: Container[str], settled: Container[str]
) -> None:
    """Makes the temporary tables; the screenings ``taken_over`` and ``settled`` are marked so."""
    temporary(connection, "catalogue_film", [("film", _TEXT), ("title", _TEXT)], found.films)
    temporary(
        connection,
        "catalogue_cut",
        [
            ("film", _TEXT),
            ("cut", _TEXT),
            ("frame_rate", _TEXT),
            ("start_timecode", _TEXT),
            ("duration_ms", "BIGINT"),
        ],
        [(cut.film, cut.id, cut.frame_rate, cut.start_timecode, cut.duration_ms) for cut in found.cuts],
    )
    temporary(
        connection,
        "catalogue_scene",
        [
            ("film", _TEXT),
            ("cut", _TEXT),
            ("scene", _INTEGER),
            ("name", _TEXT),
            ("start_ms", _INTEGER),
            ("end_ms", _INTEGER),
        ],
        [
            (film, cut, number, scene.name, scene.start_ms, scene.end_ms)
            for (film, cut), scenes in found.scenes.items()
            for number, scene in enumerate(scenes, start=1)
        ],
    )
    temporary(
        connection,
        "catalogue_subtitle",
        [("film", _TEXT), ("cut", _TEXT), ("start_ms", _INTEGER), ("end_ms", _INTEGER), ("text", _TEXT)],
        [
            (film, cut, one.start_ms, one.end_ms, one.text)
            for (film, cut), subtitles in found.subtitles.items()
            for one in subtitles
        ],
    )
    temporary(
        connection,
        "catalogue_screening",
        [
            ("number", _INTEGER),
            ("screening", _TEXT),
            ("film", _TEXT),
            ("cut", _TEXT),
            ("k", _INTEGER),
            ("cohort", _TEXT),
            ("epsilon", "DOUBLE"),
            ("truth", "DOUBLE"),
            ("lie", "DOUBLE"),
            ("block_ms", _INTEGER),
            ("answers", _INTEGER),
            ("taken_over", "BOOLEAN"),
            ("settled", "BOOLEAN"),
        ],
        [
            (
                *(number, one.id, one.film, one.cut, one.k, one.cohort, *_randomised(one.randomised)),
                *(one.id in taken_over, one.id in settled),
            )
            for number, one in enumerate(found.screenings)
        ],
    )


def _randomised(how: Randomised | None) -> tuple[float | int | None, ...]:
    """Epsilon, truth, lie, block_ms and answers."""
    if how is None:
        return (None,) * 5
    return (how.epsilon / 100, how.truth, how.lie, how.block_ms, how.answers)


def temporary(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Makes a temporary table; whole columns at a time, for thousands of single inserts take seconds."""
    declared = ", ".join(f"{column} {kind}" for column, kind in columns)
    connection.execute(f"CREATE TEMP TABLE {name} ({declared})")
    if rows:
        fields = [column for column, _ in columns]
        lists = [list(values) for values in zip(*rows, strict=True)]
        chosen = ", ".join(f"unnest(?::{kind}[]) AS {column}" for column, kind in columns)
        connection.execute(f"INSERT INTO {name} ({', '.join(fields)}) SELECT {chosen}", lists)

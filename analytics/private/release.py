"""A private release of one screening's scenes: from the viewers' rows to files.

1. Each viewer's figures of each scene are computed in the process that holds the store, as for a publish, but of all
   viewers: who is usable is decided by what others watched, and one viewer's coming would let another in.
2. The exact sums over viewers, and the most that one viewer can change them by: ``contributions``.
3. The cost is written down, or the release refused: ``budget``.
4. Noise is drawn: ``noise``.
5. Figures, their error, and a README in words are written.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.catalogue import Catalogue
from analytics.cells import run_step, viewers_alone
from analytics.errors import CatalogueError, StoreError, one_line
from analytics.exports.errors import ExportError
from analytics.laid_in import Read, lay_in, read
from analytics.private.budget import Release, Spent, spend
from analytics.private.contributions import WIDTHS, Group, longest, sums
from analytics.private.figures import PrivateFigure, private_figures, share_error
from analytics.private.noise import DELTA, Noise
from analytics.viewer_figures import ViewerFigures

TABLE_NAME = "private_scene.csv"
COLUMNS = ("screening", "scene", "name", "figure", "emotion", "value", "error")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release would be like; nothing of it depends on any viewer."""

    screening: str
    scenes: tuple[str, ...]
    """Their names, in film order."""
    groups: tuple[Group, ...]
    noise: Noise
    epsilon: float

    def error_of_viewers(self) -> float:
        """Half of the 95% interval of a number of viewers."""
        return next(
            one.error or 0.0 for one in private_figures(_nothing(self), self.groups, self.noise.scale)
        )

    def error_of_share(self, viewers: int) -> float:
        """Half of the 95% interval of a figure in the middle of its range, for so many viewers; 1 is the range."""
        worst = "share" if "share" in self.groups else self.groups[-1]
        return share_error(0.5, viewers, worst, self.noise.scale)


def plan(store_dir: Path, screening: str, epsilon: float, groups: Sequence[Group]) -> Plan:
    """Raises CatalogueError for a screening that is not there or a cut without scenes, MissingLibraryError."""
    found = read(Catalogue(store_dir))
    number = _number(found, screening, store_dir)
    scenes = found.scenes[found.screenings[number].film, found.screenings[number].cut]
    if not scenes:
        raise CatalogueError(
            f"the cut of {screening!r} has no scenes, and a release is of scenes: name some first"
        )
    chosen: tuple[Group, ...] = ("viewers", *(group for group in groups if group != "viewers"))
    noise = Noise(longest(len(scenes), len(chosen)), epsilon)
    return Plan(screening, tuple(scene.name for scene in scenes), chosen, noise, epsilon)


def release(
    store: duckdb.DuckDBPyConnection, store_dir: Path, wanted: Plan, folder: Path, budget: float | None = None
) -> tuple[list[PrivateFigure], Spent]:
    """Writes TABLE_NAME and README.md into ``folder``. ``store``: of the process that holds it.

    Raises PrivacyBudgetError when the budget does not allow it, ExportError when a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".private-") as beside:
            exact = sums(_figures(store, store_dir, wanted), wanted.groups)
            on = datetime.now(UTC).date().isoformat()
            cost = Release(on, list(wanted.groups), wanted.epsilon, DELTA)
            spent = spend(store_dir, wanted.screening, cost, budget)
            found = private_figures(wanted.noise.add(exact.totals), wanted.groups, wanted.noise.scale)
            _write_table(Path(beside) / TABLE_NAME, wanted, found)
            (Path(beside) / "README.md").write_text(readme(wanted, spent, on), encoding="utf-8")
            for path in sorted(Path(beside).iterdir()):
                path.replace(folder / path.name)
    except OSError as error:
        raise ExportError(f"cannot write into {folder}: {error.strerror or error}") from error
    except duckdb.Error as error:
        raise StoreError(f"cannot read the store in {store_dir}: {one_line(error)}") from error
    return found, spent


def readme(wanted: Plan, spent: Spent, on: str) -> str:
    """What the figures are, how wrong the noise makes them, and what is promised."""
    shares = [f"±{100 * wanted.error_of_share(viewers):.0f}" for viewers in (50, 200)]
    values = {
        "screening": wanted.screening,
        "on": on,
        "epsilon": f"{wanted.epsilon:g}",
        "delta": f"{DELTA:g}",
        "viewers": f"±{wanted.error_of_viewers():g}",
        "share_50": shares[0],
        "share_200": shares[1],
        "spent": f"{spent.epsilon:g}",
        "budget": f"{spent.budget:g}",
        "table": TABLE_NAME,
    }
    return Template((Path(__file__).parent / "readme.md").read_text(encoding="utf-8")).substitute(values)


def _number(found: Read, screening: str, store_dir: Path) -> int:
    names = [one.id for one in found.screenings]
    if screening not in names:
        there = ", ".join(names) or "none yet"
        raise CatalogueError(f"no screening {screening!r} in {store_dir}; there are: {there}")
    return names.index(screening)


def _figures(store: duckdb.DuckDBPyConnection, store_dir: Path, wanted: Plan) -> ViewerFigures:
    """Of every viewer; temporary tables live and die with the cursor."""
    found = read(Catalogue(store_dir))
    number = _number(found, wanted.screening, store_dir)
    shown = found.screenings[number]
    if tuple(scene.name for scene in found.scenes[shown.film, shown.cut]) != wanted.scenes:
        raise CatalogueError("the scene list was changed meanwhile: try again")
    with store.cursor() as cursor:
        run_step(cursor, "seat")
        lay_in(cursor, found, (), ())
        figures = viewers_alone(cursor, [number], judged=False)
    if number not in figures:
        raise StoreError(
            f"the store has no viewer in any scene of {wanted.screening!r}: nobody came, or their rows were removed"
        )
    return figures[number]


def _nothing(wanted: Plan) -> NDArray[np.int64]:
    return np.zeros((1, sum(WIDTHS[group] for group in wanted.groups)), np.int64)


def _write_table(path: Path, wanted: Plan, found: Sequence[PrivateFigure]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in found:
            name = wanted.scenes[one.scene - 1]
            writer.writerow(
                [
                    wanted.screening,
                    one.scene,
                    name,
                    one.figure,
                    one.emotion or "",
                    _text(one.value),
                    _text(one.error),
                ]
            )


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
